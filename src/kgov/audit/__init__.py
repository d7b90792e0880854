"""Look for drift; never writes."""
