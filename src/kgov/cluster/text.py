"""Words of a broker, made fit for one line."""

_LONGEST = 300

_DUMP = "Request Request("
"""How a broker's refusal begins that dumps its request (``AuthHelper.authorizeClusterOperation``). The client
cuts it before it comes to the point, and no two are the same."""


def is_dump(text: str) -> bool:
    """Say whether a broker's message shows a request object instead of saying anything."""
    return text.startswith(_DUMP)


def one_line(text: str) -> str:
    """Cut a broker's message to one line of sane length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
