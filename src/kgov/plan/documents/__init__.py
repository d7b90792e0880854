"""The JSON documents that scripts rely on: versioned; fields are added, never renamed."""
