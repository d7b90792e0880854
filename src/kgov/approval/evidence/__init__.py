"""Where it shows that somebody agreed: one file for each source."""
