"""Desired against live: the differences, as values. Pure."""
