"""Benchmarks: kgov as whole processes beside the floor, the least that the same work can cost here."""
