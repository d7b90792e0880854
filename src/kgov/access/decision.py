"""One question, answered as Kafka's StandardAuthorizer does, with the bindings that decide.

``StandardAuthorizerData.findAclRule`` (org.apache.kafka.metadata.authorizer): super users may do everything,
which no binding shows; else a Deny that matches wins; else an Allow; else, where no binding of anybody is about
the resource, ``allow.everyone.if.no.acl.found`` decides.
"""

from dataclasses import dataclass
from enum import StrEnum

from kgov.model.access import Attempt, Bindings
from kgov.model.acl import AclBinding, Permission


class Answer(StrEnum):
    """What becomes of an attempt."""

    ALLOWED = "allowed"
    DENIED = "denied"
    NOT_GRANTED = "not-granted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer, the Allows that speak for it and the Denies that speak against it, the nearest first."""

    answer: Answer
    allows: tuple[AclBinding, ...]
    denies: tuple[AclBinding, ...]

    @property
    def allowed(self) -> bool:
        """Whether Kafka lets it through."""
        return self.answer in {Answer.ALLOWED, Answer.OPEN}


def decide(bindings: Bindings, attempt: Attempt, *, open_without_acl: bool = False) -> Decision:
    """Say whether the attempt is let through, and why."""
    allows = tuple(bindings.deciding(attempt, Permission.ALLOW))
    denies = tuple(bindings.deciding(attempt, Permission.DENY))
    if denies:
        return Decision(Answer.DENIED, allows, denies)
    if allows:
        return Decision(Answer.ALLOWED, allows, ())
    is_open = open_without_acl and not bindings.touches_name(attempt.type, attempt.name)
    return Decision(Answer.OPEN if is_open else Answer.NOT_GRANTED, (), ())
