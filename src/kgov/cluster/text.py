"""Words of a broker, made fit for one line."""

_LONGEST = 300


def one_line(text: str) -> str:
    """Cut a broker's message to one line of sane length: some dump a whole request object."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
