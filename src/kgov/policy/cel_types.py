"""What expressions see: the types of ``object``, ``oldObject``, ``environment``, ``team`` and ``all``.

They follow the manifests, with what kgov works out besides. A field that is not here is a mistake of the
expression. Names and order are public: fields are added at the end, never renamed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scalar(StrEnum):
    """What a field holds that is no message. Durations are milliseconds, sizes bytes, unlimited the largest."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    DURATION = "duration"
    SIZE = "size"
    TEXTS = "texts"
    """A list of texts that is the value of a map."""


class Shape(StrEnum):
    """How many a field holds."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class CelField:
    """One field; ``holds`` is a scalar or the name of a message."""

    name: str
    holds: Scalar | str
    shape: Shape = Shape.ONE


def _one(holds: Scalar | str, *names: str) -> tuple[CelField, ...]:
    return tuple(CelField(name, holds) for name in names)


def _list(holds: Scalar | str, *names: str) -> tuple[CelField, ...]:
    return tuple(CelField(name, holds, Shape.LIST) for name in names)


def _map(holds: Scalar | str, *names: str) -> tuple[CelField, ...]:
    return tuple(CelField(name, holds, Shape.MAP) for name in names)


_TEXT, _INTEGER, _TRUTH = Scalar.TEXT, Scalar.INTEGER, Scalar.TRUTH

MESSAGES: Final[Mapping[str, tuple[CelField, ...]]] = MappingProxyType(
    {
        "Metadata": _one(_TEXT, "name", "owner"),
        "Topic": (
            *_one(_TEXT, "kind"),
            *_one("Metadata", "metadata"),
            *_one("TopicSpec", "spec"),
            *_map(_TEXT, "segments"),
        ),
        "TopicSpec": (
            *_one(_TEXT, "purpose", "category", "criticality"),
            *_one(_INTEGER, "partitions", "replicas"),
            *_one(Scalar.DURATION, "retention"),
            *_map(_TEXT, "config", "labels"),
            *_list(_TEXT, "ignoreConfig"),
            *_one(_TRUTH, "keyed"),
            *_one("Volume", "volume"),
            *_list("Consumer", "consumers"),
            *_one("Data", "data"),
            *_one("SchemaFiles", "schema"),
            *_one("Lifecycle", "lifecycle"),
            *_one("Archive", "archive"),
        ),
        "Volume": (
            *_one(Scalar.NUMBER, "recordsPerSecond", "bytesPerSecond", "peak"),
            *_one(Scalar.SIZE, "messageSize"),
        ),
        "Consumer": (*_one(_TEXT, "principal", "team"), *_one(_INTEGER, "parallel")),
        "Data": (
            *_one(_TEXT, "classification", "legalBasis", "encrypted"),
            *_one(_TRUTH, "personal"),
            *_list(_TEXT, "subjects", "categories"),
            *_list("Transfer", "transfers"),
        ),
        "Transfer": _one(_TEXT, "to", "safeguard"),
        "SchemaFiles": _one(_TEXT, "key", "value", "compatibility"),
        "Lifecycle": _one(_TEXT, "state", "since", "replacedBy"),
        "Archive": (*_one(_TEXT, "target"), *_one(Scalar.DURATION, "keep")),
        "Access": (
            *_one(_TEXT, "kind"),
            *_one("Metadata", "metadata"),
            *_one("AccessSpec", "spec"),
            *_list("Binding", "bindings"),
        ),
        "AccessSpec": (
            *_one(_TEXT, "principal", "team"),
            *_list(_TEXT, "principals"),
            *_list("Grant", "grants"),
        ),
        "Grant": (
            *_one(_TEXT, "role", "host"),
            *_one(_TRUTH, "groupless"),
            *_map(Scalar.TEXTS, "parameters"),
        ),
        "Acl": (
            *_one(_TEXT, "kind"),
            *_one("Metadata", "metadata"),
            *_one("AclSpec", "spec"),
            *_list("Binding", "bindings"),
        ),
        "AclSpec": (*_one(_TEXT, "principal"), *_list("AclEntry", "bindings")),
        "AclEntry": (
            *_one(_TEXT, "resource", "name", "pattern"),
            *_list(_TEXT, "operations"),
            *_one(_TEXT, "host", "permission"),
            *_one(_TRUTH, "groupless"),
        ),
        "Binding": _one(
            _TEXT, "principal", "permission", "operation", "resource", "name", "pattern", "host", "role"
        ),
        "Team": (*_one("Metadata", "metadata"), *_one("TeamSpec", "spec")),
        "TeamSpec": (
            *_list(_TEXT, "members", "principals"),
            *_one("Owns", "owns"),
            *_one(_TRUTH, "operators"),
            *_map(_TEXT, "accounts"),
        ),
        "Owns": _list(_TEXT, "domains", "prefixes"),
        "Environment": (
            *_one(_TEXT, "name", "clusterId", "kafka"),
            *_one(_TRUTH, "production"),
            *_one(_INTEGER, "minReplicas"),
        ),
        "All": (
            *_map("Topic", "topics"),
            *_map("Access", "access"),
            *_map("Acl", "acls"),
            *_map("Team", "teams"),
            # So that nobody need loop over all topics for each of them.
            *_map(Scalar.TEXTS, "topicsByOwner", "topicsByLowerName"),
        ),
    }
)
"""The fields of every message, in the order of their numbers."""

KINDS: Final = ("Topic", "Access", "Acl")
"""What ``object`` may be."""

LARGEST: Final = 2**63 - 1
"""What stands for unlimited, and for whatever does not fit 64 bits."""

LONGEST_TEXT: Final = 4_096
"""Letters of one text that expressions may look at; an object with a longer one cannot be judged."""
