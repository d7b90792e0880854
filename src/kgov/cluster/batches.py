"""Splitting requests so that the cluster takes them. Pure.

The controller takes 10,000 records in one request (``QuorumController.MAX_RECORDS_PER_USER_OP``) and refuses
the whole request beyond that, with the same POLICY_VIOLATION as a custom policy. So requests are sized
beforehand, never after an error.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, assert_never

from kgov.model.project import RECORDS_PER_REQUEST
from kgov.model.request import (
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)

_Item = TypeVar("_Item")

ASSUMED_PARTITIONS = 100
"""What a topic counts for whose number of partitions is left to the broker (``num.partitions``), which kgov
need not be able to see: more than any sane default, and small requests cost little."""


_CLEARING = "min.insync.replicas"
"""With it the controller also writes that the eligible leader replicas are void (KIP-966, ClearElrRecord)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes into one request.

    ``records`` leaves a margin under the controller's 10,000; clusters may take less. ``topics`` is for
    deletions, ``new_acls`` for grants, which are a record each, ``acl_filters`` for removals; of both, an apply
    sends fewer at once where the controller is slow.
    """

    records: int = RECORDS_PER_REQUEST
    topics: int = 1_000
    new_acls: int = RECORDS_PER_REQUEST
    acl_filters: int = 500

    @classmethod
    def of_records(cls, records: int) -> "Limits":
        """Keep every request to so many records; a deletion and an ACL are one each."""
        usual = cls()
        return cls(
            records=records,
            topics=min(usual.topics, records),
            new_acls=min(usual.new_acls, records),
            acl_filters=min(usual.acl_filters, records),
        )


DEFAULT_LIMITS = Limits()


def topic_records(topic: NewTopic) -> int:
    """Count the controller's records of a creation: the topic, each partition, each config."""
    partitions = ASSUMED_PARTITIONS if topic.partitions is None else topic.partitions
    return 1 + partitions + len(topic.config) + (_CLEARING in topic.config)


def growth_records(growth: Growth) -> int:
    """Count the controller's records of a growth: each new partition."""
    return growth.added


def edit_records(edit: ConfigEdit) -> int:
    """Count the controller's records of an edit: each entry."""
    return len(edit.set) + len(edit.unset) + (_CLEARING in edit.set or _CLEARING in edit.unset)


def _one(_item: object) -> int:
    return 1


def in_batches(
    items: Sequence[_Item], limit: int, weight: Callable[[_Item], int] = _one
) -> Iterator[tuple[_Item, ...]]:
    """Cut items, in order, into batches of at most ``limit`` in weight; a heavier item goes alone."""
    batch: list[_Item] = []
    carried = 0
    for item in items:
        if batch and carried + weight(item) > limit:
            yield tuple(batch)
            batch, carried = [], 0
        batch.append(item)
        carried += weight(item)
    if batch:
        yield tuple(batch)


def split(request: Request, limits: Limits = DEFAULT_LIMITS) -> Iterator[Request]:
    """Split a request into requests of the same kind that the cluster takes, in the order of the items."""
    match request:
        case CreateTopics(items):
            yield from map(CreateTopics, in_batches(items, limits.records, topic_records))
        case GrowPartitions(items):
            yield from map(GrowPartitions, in_batches(items, limits.records, growth_records))
        case EditConfigs(items):
            yield from map(EditConfigs, in_batches(items, limits.records, edit_records))
        case CreateAcls(items):
            yield from map(CreateAcls, in_batches(items, limits.new_acls))
        case DeleteAcls(items):
            yield from map(DeleteAcls, in_batches(items, limits.acl_filters))
        case DeleteTopics(items):
            yield from map(DeleteTopics, in_batches(items, limits.topics))
        case _:
            assert_never(request)


def seconds_for(request: Request) -> float:
    """Say how long to wait for the answer to one (already split) request, in seconds.

    Half a minute for a busy controller, and as much again as the slowest that was measured for its size: 1.2 s
    for an exact ACL filter at 50,000 ACLs, and 100 records a second.
    """
    match request:
        case CreateTopics(items):
            return 30 + sum(map(topic_records, items)) / 100
        case GrowPartitions(items):
            return 30 + sum(map(growth_records, items)) / 100
        case EditConfigs(items):
            return 30 + sum(map(edit_records, items)) / 100
        case CreateAcls(items):
            return 30 + len(items) / 100
        case DeleteAcls(items):
            return 30 + len(items) * 1.2
        case DeleteTopics(items):
            return 30 + len(items) / 20
    assert_never(request)
