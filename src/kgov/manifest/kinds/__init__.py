"""One file a kind: what its YAML may hold, and the model value that comes of it."""
