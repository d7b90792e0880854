"""The command line: each command parses, calls one function, picks a renderer and an exit code."""
