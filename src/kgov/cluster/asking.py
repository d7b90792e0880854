"""Reading in batches, with a few requests in flight."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from kgov.cluster.batches import in_batches
from kgov.cluster.codes import is_local
from kgov.cluster.connection import Client
from kgov.cluster.faults import LostContactError, fault_of
from kgov.model.request import Fault

NAMES_PER_REQUEST = 500
IN_FLIGHT = 4
"""500 names a request and 4 requests in flight read 10,000 topics more than twice as fast as one at a time."""

READ_SECONDS = 30.0
_GRACE_SECONDS = 5.0

_Futures = Mapping[str, "Future[Any]"]
_Value = TypeVar("_Value")


def result_of(client: Client, future: "Future[Any]", seconds: float = READ_SECONDS) -> Any:
    """Wait for one answer; raises ``LostContactError`` where none comes, ``KafkaException`` for a refusal."""
    client.wait([future], seconds + _GRACE_SECONDS)
    if not future.done():
        raise LostContactError(Fault("_TIMED_OUT", f"no answer in {seconds:.0f} s"))
    error = future.exception()
    if error is not None:
        _raise_if_lost(error)
    return future.result()


def ask_for_each(
    client: Client,
    names: Sequence[str],
    start: Callable[[Sequence[str]], _Futures],
    read: Callable[[Any], _Value],
    advanced: Callable[[int], None],
) -> dict[str, _Value | Fault]:
    """Ask for every name and turn each answer into a value as soon as it is there.

    The client's own objects are large (some 35 entries a topic): only those in flight are held. Raises
    ``LostContactError`` when an answer does not come.
    """
    answers: dict[str, _Value | Fault] = {}
    flying: list[_Futures] = []
    for batch in in_batches(names, NAMES_PER_REQUEST):
        if len(flying) == IN_FLIGHT:
            _land(client, flying.pop(0), read, answers)
            advanced(len(answers))
        flying.append(start(batch))
    while flying:
        _land(client, flying.pop(0), read, answers)
        advanced(len(answers))
    return answers


def _land(
    client: Client, futures: _Futures, read: Callable[[Any], _Value], answers: dict[str, _Value | Fault]
) -> None:
    client.wait(futures.values(), READ_SECONDS * IN_FLIGHT)
    for name, future in futures.items():
        if not future.done():
            raise LostContactError(Fault("_TIMED_OUT", f"no answer in {READ_SECONDS:.0f} s"))
        error = future.exception()
        if error is None:
            answers[name] = read(future.result())
            continue
        _raise_if_lost(error)
        answers[name] = fault_of(error)


def _raise_if_lost(error: BaseException) -> None:
    fault = fault_of(error)
    if is_local(fault.code):
        raise LostContactError(fault) from error
