"""Reading consumer groups through confluent-kafka: classic ones and those of KIP-848.

The client lists no share groups (KIP-932) and no Streams groups of the new protocol (KIP-1071).
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from time import monotonic
from typing import Any

from confluent_kafka import ConsumerGroupTopicPartitions, admin

from kgov.cluster.asking import Asking
from kgov.cluster.batches import in_batches
from kgov.cluster.faults import fault_of
from kgov.cluster.interface import GroupUse
from kgov.model.request import Fault

_IN_FLIGHT = 50
"""Groups that are asked about at a time; each costs some five small requests to its coordinator."""

_SECONDS = 20.0
"""For all of them together: what they use is good to know, and nobody waits for it for long."""

_SHORTEST = 1.0
"""Seconds; with less there is no sense in asking."""

_LATE = Fault("_TIMED_OUT", "no answer in time")


def list_names(asking: Asking) -> frozenset[str] | Fault:
    """List the groups that we are shown; a fault where one of the brokers does not list its own."""
    future = asking.client.admin.list_consumer_groups(request_timeout=asking.seconds)
    listed: admin.ListConsumerGroupsResult = asking.result_of(future)
    for error in listed.errors or ():
        return fault_of(error)
    return frozenset(group.group_id for group in listed.valid or ())


def look_into(
    asking: Asking, names: Collection[str], advanced: Callable[[int], None]
) -> Mapping[str, GroupUse | Fault]:
    """Ask what each group uses. A group without an answer is a fault of its own: the others are told."""
    deadline = monotonic() + _SECONDS
    answers: dict[str, GroupUse | Fault] = {}
    for batch in in_batches(sorted(names), _IN_FLIGHT):
        left = min(deadline - monotonic(), asking.seconds)
        if left < _SHORTEST:
            answers |= dict.fromkeys(batch, _LATE)
            continue
        client = asking.client.admin
        described = client.describe_consumer_groups(list(batch), request_timeout=left)
        committed = {
            name: client.list_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(name)], request_timeout=left
            )[name]
            for name in batch
        }
        asking.client.wait([*described.values(), *committed.values()], left)
        answers |= {name: _use(described[name], committed[name]) for name in batch}
        advanced(len(answers))
    return answers


def _use(described: "Future[Any]", committed: "Future[Any]") -> GroupUse | Fault:
    for future in (described, committed):
        if not future.done():
            return _LATE
        if error := future.exception():
            return fault_of(error)
    group: admin.ConsumerGroupDescription = described.result()
    assigned = (at for member in group.members for at in member.assignment.topic_partitions)
    offsets: ConsumerGroupTopicPartitions = committed.result()
    used = frozenset(at.topic for at in (*assigned, *(offsets.topic_partitions or ())))
    return GroupUse(used, len(group.members))
