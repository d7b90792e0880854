"""Who may do what: answers from a set of bindings, with the bindings that give and take it."""
