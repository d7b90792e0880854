"""The floor: the least that the same work costs a Python process here. No checks, no retries, one broker."""
