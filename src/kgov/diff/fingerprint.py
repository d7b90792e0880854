"""Fingerprints: what of a live object a plan was computed from, as a short text.

They are compared, never taken apart. Operational, vendor and ignored configs are left out, so that a
reassignment under way or a key that is left to others does not make every plan stale.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from kgov.diff.untouched import touchable
from kgov.model.acl import ANYBODY, AclBinding
from kgov.model.live import LiveTopic

ABSENT = "absent"
"""The fingerprint of what does not exist."""


def _digest(document: Any) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def topic_fingerprint(topic: LiveTopic, ignored: Iterable[str]) -> str:
    """Fingerprint a live topic: its id, partitions, replicas and own configs."""
    return fingerprint_of_parts(topic.topic_id, topic.partitions, topic.replicas, topic.config.own, ignored)


def fingerprint_of_parts(
    topic_id: str, partitions: int, replicas: tuple[int, ...], own: Mapping[str, str], ignored: Iterable[str]
) -> str:
    """Fingerprint a topic that is described by its parts."""
    return _digest([topic_id, partitions, replicas, touchable(own, ignored)])


def principal_bindings(principal: str, bindings: Iterable[AclBinding]) -> frozenset[AclBinding]:
    """Pick the bindings that decide what a principal may do: its own and those of everybody."""
    return frozenset(b for b in bindings if b.principal in (principal, ANYBODY))


def bindings_fingerprint(bindings: Iterable[AclBinding]) -> str:
    """Fingerprint a set of bindings, whatever their order."""
    return _digest(sorted(str(binding) for binding in bindings))
