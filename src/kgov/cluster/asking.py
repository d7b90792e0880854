"""Reading over one connection: waiting for answers, and asking for many names with a few requests in flight."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from kgov.cluster.batches import in_batches
from kgov.cluster.codes import is_local
from kgov.cluster.connection import Client
from kgov.cluster.faults import LostContactError, fault_of
from kgov.model.request import Fault

NAMES_PER_REQUEST = 500
IN_FLIGHT = 4
"""500 names a request and 4 requests in flight read 10,000 topics more than twice as fast as one at a time."""

_GRACE_SECONDS = 5.0
_NO_ANSWER = Fault("_TIMED_OUT", "no answer in time")

_Futures = Mapping[str, "Future[Any]"]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Asking:
    """A client, and how many seconds each request has for its answer.

    The methods raise ``LostContactError`` where no answer comes.
    """

    client: Client
    seconds: float

    def result_of(self, future: "Future[Any]") -> Any:
        """Wait for one answer; raises ``KafkaException`` for a refusal."""
        self.client.wait([future], self.seconds + _GRACE_SECONDS)
        _raise_if_lost(future)
        return future.result()

    def for_each(
        self,
        names: Sequence[str],
        start: Callable[[Sequence[str]], _Futures],
        read: Callable[[Any], _Value],
        advanced: Callable[[int], None],
    ) -> dict[str, _Value | Fault]:
        """Ask for every name and turn each answer into a value as soon as it is there.

        The client's own objects are large (some 35 entries a topic): only those in flight are held.
        """
        answers: dict[str, _Value | Fault] = {}
        flying: list[_Futures] = []
        for batch in in_batches(names, NAMES_PER_REQUEST):
            if len(flying) == IN_FLIGHT:
                self._land(flying.pop(0), read, answers)
                advanced(len(answers))
            flying.append(start(batch))
        while flying:
            self._land(flying.pop(0), read, answers)
            advanced(len(answers))
        return answers

    def _land(
        self, futures: _Futures, read: Callable[[Any], _Value], answers: dict[str, _Value | Fault]
    ) -> None:
        self.client.wait(futures.values(), self.seconds + _GRACE_SECONDS)
        for name, future in futures.items():
            _raise_if_lost(future)
            error = future.exception()
            answers[name] = fault_of(error) if error is not None else read(future.result())


def _raise_if_lost(future: "Future[Any]") -> None:
    if not future.done():
        raise LostContactError(_NO_ANSWER)
    error = future.exception()
    if error is not None and is_local(fault_of(error).code):
        raise LostContactError(fault_of(error)) from error
