"""DescribeCluster (KIP-700): who the cluster is, and what we may do on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kgov.cluster.bootstrap import Address
from kgov.cluster.interface import Identity
from kgov.cluster.wire.codec import NO_TAGS, Frame
from kgov.cluster.wire.error_codes import NO_ERROR, fault
from kgov.cluster.wire.question import DESCRIBE_CLUSTER, Question
from kgov.model.request import Fault

_OPERATIONS = {
    3: "READ",
    4: "WRITE",
    5: "CREATE",
    6: "DELETE",
    7: "ALTER",
    8: "DESCRIBE",
    9: "CLUSTER_ACTION",
    10: "DESCRIBE_CONFIGS",
    11: "ALTER_CONFIGS",
    12: "IDEMPOTENT_WRITE",
}
"""Bits of ``ClusterAuthorizedOperations`` (``AclOperation``)."""

_WITH_OPERATIONS = b"\1"


@dataclass(frozen=True, slots=True)
class Description:
    """A cluster, and where its live brokers say that they can be reached."""

    identity: Identity
    addresses: Mapping[int, Address]


def describe() -> Question[Description | Fault]:
    """Ask, our operations on the cluster included."""
    return Question(DESCRIBE_CLUSTER, _WITH_OPERATIONS + NO_TAGS, _read)


def _read(frame: Frame) -> Description | Fault:
    code, said = frame.int16(), frame.text_or_none()
    cluster_id = frame.text()
    frame.skip(4)  # a random live broker in place of the controller
    addresses: dict[int, Address] = {}
    for _ in range(frame.count()):
        broker = frame.int32()
        addresses[broker] = Address(frame.text(), frame.int32())
        frame.text_or_none()
        frame.skip_tags()
    allowed = frame.int32()
    frame.skip_tags()
    if code != NO_ERROR:
        return fault(code, said)
    operations = frozenset(name for bit, name in _OPERATIONS.items() if allowed > 0 and allowed >> bit & 1)
    return Description(Identity(cluster_id, tuple(sorted(addresses)), operations or None), addresses)
