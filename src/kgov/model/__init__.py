"""The nouns of kgov: frozen values without any input or output."""
