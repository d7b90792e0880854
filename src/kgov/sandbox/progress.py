"""What the sandbox says while it works: on standard error, as standard output belongs to data."""

import sys


def say(text: str) -> None:
    """Say one line."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
