"""Renderers: values in, text out. Nothing here prints, reads a clock or looks for a terminal."""
