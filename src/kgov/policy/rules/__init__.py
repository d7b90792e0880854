"""One file a rule; the registry lists them."""
