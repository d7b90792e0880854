"""What topics ask of a cluster, as sums. Pure."""
