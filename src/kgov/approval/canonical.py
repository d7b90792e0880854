"""The bytes that an approval is bound to: the effective content of one resource in one environment. Pure.

They are JSON in ASCII, keys sorted, without blanks, and hold what the environment makes of the manifest:
category, defaults, overlay and roles worked in, values as Kafka shows them. Neither the file, nor the order or
the form of what is written there, nor comments make a difference. What is not said is left out, so that what
later versions of kgov may say in addition changes nothing. Lists whose order means nothing are sorted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kgov.model.approval import Subject
from kgov.model.desired import Desired
from kgov.model.place import ResourceId
from kgov.model.topic import LifecycleState, Topic

FORMAT: Final = "kgov-resource/1"

_EMPTY_SAYS_SOMETHING: Final = ("bindings", "transfers")
"""Lists that are another thing when they are empty than when nobody says them: none at all."""

Content = Mapping[str, Any]
"""What is agreed to, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What one Access or Acl gives in one environment: canonical texts of bindings."""

    owner: str | None
    principals: frozenset[str]
    bindings: frozenset[str]


class Contents:
    """What every Topic, Access and Acl of one environment says, made when it is asked for."""

    def __init__(self, desired: Desired) -> None:
        self.desired = desired
        self.environment = desired.environment.name
        self._topics = desired.topics
        self._ignored = frozenset(desired.project.scope.ignore_config)
        self._granted = _granted(desired)
        self._digests: dict[ResourceId, str] = {}

    @property
    def resources(self) -> tuple[ResourceId, ...]:
        """Every resource that can be agreed to: topics in their order, then access."""
        return (*(topic.resource for topic in self._topics.values()), *self._granted)

    def has(self, resource: ResourceId) -> bool:
        """Say whether the environment has it."""
        return resource in self._granted or (resource.kind == "Topic" and resource.name in self._topics)

    def owner(self, resource: ResourceId) -> str | None:
        """Say whose it is."""
        granted = self._granted.get(resource)
        return granted.owner if granted else self._topics[resource.name].owner

    def content(self, resource: ResourceId) -> Content:
        """Write out what is agreed to. Raises ``KeyError`` where there is no such resource."""
        granted = self._granted.get(resource)
        spec = _access_spec(granted) if granted else _topic_spec(self._topics[resource.name], self._ignored)
        return _said(
            {
                "format": FORMAT,
                "environment": self.environment,
                "kind": resource.kind,
                "name": resource.name,
                "owner": self.owner(resource),
                "spec": spec,
            }
        )

    def subject(self, resource: ResourceId) -> Subject:
        """Name what is agreed to, by its digest. Raises ``KeyError`` where there is no such resource."""
        if resource not in self._digests:
            self._digests[resource] = digest(self.content(resource))
        return Subject(self.environment, resource, self._digests[resource])


def canonical_bytes(content: Content) -> bytes:
    """Write the bytes whose SHA-256 is agreed to."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def digest(content: Content) -> str:
    """Write the digest as ``sha256:`` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(canonical_bytes(content)).hexdigest()


def _granted(desired: Desired) -> dict[ResourceId, Granted]:
    owners: dict[ResourceId, str | None] = {}
    principals: dict[ResourceId, set[str]] = {}
    bindings: dict[ResourceId, set[str]] = {}
    for principal, declarations in desired.principals.items():
        for declaration in declarations:
            owners[declaration.resource] = declaration.owner
            principals.setdefault(declaration.resource, set()).add(principal)
    for binding, grants in desired.bindings.items():
        for grant in grants:
            bindings.setdefault(grant.resource, set()).add(str(binding))
    return {
        resource: Granted(
            owners[resource], frozenset(principals[resource]), frozenset(bindings.get(resource, ()))
        )
        for resource in sorted(owners)
    }


def _access_spec(granted: Granted) -> Content:
    return {"principals": sorted(granted.principals), "bindings": sorted(granted.bindings)}


def _topic_spec(topic: Topic, ignored: frozenset[str]) -> Content:
    life, data, volume, schema, archive = (
        topic.lifecycle,
        topic.data,
        topic.volume,
        topic.schema,
        topic.archive,
    )
    return {
        "purpose": topic.purpose,
        "category": topic.category,
        "partitions": topic.partitions,
        "replicas": topic.replicas,
        "config": {key: value.text for key, value in topic.config.items()},
        "ignoreConfig": sorted(ignored.union(topic.ignore_config)),
        "keyed": topic.keyed,
        "criticality": topic.criticality,
        "lifecycle": {
            "state": None if life.state is LifecycleState.ACTIVE else life.state,
            "since": life.since and life.since.isoformat(),
            "replacedBy": life.replaced_by,
        },
        "labels": dict(topic.labels),
        "volume": volume
        and {
            "recordsPerSecond": volume.records_per_second,
            "bytesPerSecond": volume.bytes_per_second,
            "messageSize": volume.message_size,
            "peak": volume.peak,
        },
        "consumers": _sorted(
            {"principal": each.principal, "team": each.team, "parallel": each.parallel}
            for each in topic.consumers
        ),
        "data": {
            "classification": data.classification,
            "personal": data.personal,
            "legalBasis": data.legal_basis,
            "subjects": sorted(data.subjects),
            "encrypted": data.encrypted,
            "categories": sorted(data.categories),
            "transfers": None
            if data.transfers is None
            else _sorted({"to": each.to, "safeguard": each.safeguard} for each in data.transfers),
        },
        "schema": schema and {"key": schema.key, "value": schema.value, "compatibility": schema.compatibility},
        "archive": archive and {"target": archive.target, "keep": archive.keep},
    }


def _sorted(parts: Iterable[Content]) -> list[Content]:
    return sorted((_said(part) for part in parts), key=canonical_bytes)


def _said(content: Content) -> Content:
    """Leave out what is not said, at every depth."""
    kept = {}
    for key, value in content.items():
        inner = _said(value) if isinstance(value, Mapping) else value
        if inner is not None and (inner not in ({}, []) or key in _EMPTY_SAYS_SOMETHING):
            kept[key] = inner
    return kept
