"""Requests to the cluster and their answers: the closed set of what kgov ever writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kgov.model.acl import AclBinding


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic to create; ``None`` leaves partitions or replicas to the broker's default (KIP-464)."""

    name: str
    partitions: int | None
    replicas: int | None
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Growth:
    """A topic that shall have ``partitions`` partitions in all."""

    name: str
    partitions: int
    added: int


@dataclass(frozen=True, slots=True)
class ConfigEdit:
    """Entries to set and keys to unset on one topic (incremental, KIP-339); all other entries stay."""

    name: str
    set: Mapping[str, str]
    unset: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreateTopics:
    """Create topics."""

    items: tuple[NewTopic, ...]


@dataclass(frozen=True, slots=True)
class GrowPartitions:
    """Add partitions."""

    items: tuple[Growth, ...]


@dataclass(frozen=True, slots=True)
class EditConfigs:
    """Set and unset topic configs."""

    items: tuple[ConfigEdit, ...]


@dataclass(frozen=True, slots=True)
class CreateAcls:
    """Add bindings; one that exists already is a success."""

    items: tuple[AclBinding, ...]


@dataclass(frozen=True, slots=True)
class DeleteAcls:
    """Remove exactly these bindings; one that does not exist is a success."""

    items: tuple[AclBinding, ...]


@dataclass(frozen=True, slots=True)
class DeleteTopics:
    """Delete topics by name."""

    items: tuple[str, ...]


TopicRequest = CreateTopics | GrowPartitions | EditConfigs
"""What the broker can also check without doing it (``validate_only``)."""

Request = TopicRequest | CreateAcls | DeleteAcls | DeleteTopics


class AnswerStatus(StrEnum):
    """What the cluster's answer proves."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the cluster: Kafka's or the client's code by name, and one line of text."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item of a request; ``fault`` is ``None`` exactly where it was accepted."""

    status: AnswerStatus
    fault: Fault | None = None


ACCEPTED = Answer(AnswerStatus.ACCEPTED)
