"""Registers for people who answer for data: made of the manifests, and held against live where asked. Pure."""
