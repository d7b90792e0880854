"""Carry a plan out: send, wait for every answer, read back, report."""
