"""What errors of confluent-kafka prove about a request."""

from confluent_kafka import KafkaError, KafkaException

from kgov.cluster.codes import NOT_CONTROLLER, is_local
from kgov.cluster.text import is_dump, one_line
from kgov.model.request import ACCEPTED, Answer, AnswerStatus, Fault

_NOT_SENT = frozenset({"_INVALID_ARG", "_NOT_IMPLEMENTED", "_UNSUPPORTED_FEATURE"})
"""Local errors that are found before anything is sent."""

_UNCERTAIN = frozenset(
    {
        "BROKER_NOT_AVAILABLE",
        "FENCED_LEADER_EPOCH",
        "KAFKA_STORAGE_ERROR",
        "LEADER_NOT_AVAILABLE",
        "NETWORK_EXCEPTION",
        NOT_CONTROLLER,
        "NOT_LEADER_FOR_PARTITION",
        "REQUEST_TIMED_OUT",
        "STALE_CTRL_EPOCH",
        "UNKNOWN",
        "UNKNOWN_LEADER_EPOCH",
    }
)
"""Errors of the broker after which the change may have been made: the controller may have gone, or have been
slow, after it wrote its records."""

_NEWER = "ERR_"
"""How librdkafka names a code that it does not know (``rd_kafka_err2name``)."""


class LostContactError(Exception):
    """A read got no answer; ``fault`` is what the client said."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def fault_of(error: BaseException) -> Fault:
    """Name an error."""
    cause = error.args[0] if isinstance(error, KafkaException) and error.args else error
    if isinstance(cause, KafkaError):
        told = cause.str()
        return Fault(cause.name(), one_line(KafkaError(cause.code()).str() if is_dump(told) else told))
    return Fault(type(error).__name__, one_line(str(error)))


def answer_of(error: BaseException | None) -> Answer:
    """Say what the outcome of one item's future proves."""
    if error is None:
        return ACCEPTED
    fault = fault_of(error)
    proved = isinstance(error, KafkaException) and fault.code not in _UNCERTAIN
    proved = proved and not fault.code.startswith(_NEWER)
    proved = proved and (not is_local(fault.code) or fault.code in _NOT_SENT)
    return Answer(AnswerStatus.REFUSED if proved else AnswerStatus.UNKNOWN, fault)


def was_never_sent(fault: Fault) -> bool:
    """Say whether the request provably never left.

    librdkafka sends creations, deletions and ACL writes to the controller; a time-out "while waiting for
    controller" comes before the request is built (``rd_kafka_admin_worker``). A time-out "while waiting for
    response", or in the send queue, proves nothing.
    """
    return fault.code == "_TIMED_OUT" and "waiting for controller" in fault.message
