"""What the rules say about manifests and plans."""
