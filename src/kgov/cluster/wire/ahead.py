"""One question that is asked ahead, on a connection of its own, while others are being asked."""

from collections.abc import Callable
from threading import Thread
from typing import Generic

from kgov.cluster.wire.connection import Connection
from kgov.cluster.wire.errors import WireError
from kgov.cluster.wire.question import Question, Value


class AskedAhead(Generic[Value]):
    """Asks at once; ``take`` gives the answer, once.

    The broker works on the requests of one connection one after the other, and while it works on those of
    another our time goes into reading this answer.
    """

    def __init__(self, open_: Callable[[], Connection], question: Question[Value], seconds: float) -> None:
        self._open = open_
        self._question = question
        self._seconds = seconds
        self._answers: list[Value] = []
        self._thread = Thread(target=self._ask, daemon=True)
        self._thread.start()

    def take(self) -> list[Value]:
        """Wait for the answer; an empty list where there is none and it has to be asked for as usual."""
        self._thread.join()
        answers, self._answers = self._answers, []
        return answers

    def _ask(self) -> None:
        try:
            connection = self._open()
            try:
                self._answers.append(connection.ask(self._question, self._seconds))
            finally:
                connection.close()
        except WireError:
            # Whatever is wrong meets whoever asks as usual, who can tell it.
            return
