"""A progress bar on standard error, on a terminal only."""

import time
from typing import TextIO

_WIDTH = 24
_EVERY = 0.1


class Bar:
    """One line that is drawn over itself; nothing at all where the stream is no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._drawn_at = 0.0
        self._drawn = 0
        self._doing = ""
        self._done = 0
        self._since = 0.0

    def show(self, doing: str, done: int, total: int) -> None:
        """Draw how far something is; cheap to call often."""
        now = time.monotonic()
        # The same may be done again from the start, as when what was written is read until it is seen.
        if doing != self._doing or done < self._done:
            self._doing, self._since = doing, now
        self._done = done
        if not self._live or (now - self._drawn_at < _EVERY and done < total):
            return
        self._drawn_at = now
        filled = _WIDTH * done // max(total, 1)
        left = self._left(now - self._since, done, total)
        self._draw(f"{doing} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}{left}")

    def clear(self) -> None:
        """Take the line away again."""
        if self._drawn:
            self._draw("")
            self._stream.write("\r")
            self._drawn = 0

    @staticmethod
    def _left(elapsed: float, done: int, total: int) -> str:
        if not 0 < done < total or elapsed < 1:
            return ""
        return f", {elapsed / done * (total - done):.0f} s left"

    def _draw(self, line: str) -> None:
        self._stream.write("\r" + line + " " * max(self._drawn - len(line), 0))
        self._stream.flush()
        self._drawn = len(line)
