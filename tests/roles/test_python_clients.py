"""Producers, consumers and administrators do their work with the rights of their role, and not with fewer.

For each role: a client of its kind works, the broker asked for every right that the role gave, and refused
nothing. Then the same again with one right taken away, and the cluster refuses. Describe is taken away together
with what implies it: alone, it changes nothing.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
import refusable
from refusable import Config, RefusedError
from watched import Watched, bindings_of, right, telling

READ: Final = "roles.read"
WRITTEN: Final = "roles.written"
SCHEMAS: Final = "roles.schemas"


class Kind(NamedTuple):
    """A kind of client: the grants that it needs, where N stands for names of its own, and what it does."""

    grants: tuple[str, ...]
    does: Callable[[Config, str], None]


def write(config: Config, _: str) -> None:
    refusable.produce(config, WRITTEN)


def write_in_transaction(config: Config, name: str) -> None:
    refusable.produce_in_transaction(config, WRITTEN, f"{name}id")


def write_both_ways(config: Config, name: str) -> None:
    write(config, name)
    write_in_transaction(config, name)


def read(config: Config, name: str) -> None:
    refusable.consume(config, READ, f"{name}group", "classic")


def read_as_of_kip_848(config: Config, name: str) -> None:
    refusable.consume(config, READ, f"{name}group", "consumer")


def read_by_assignment(config: Config, _: str) -> None:
    refusable.consume_assigned(config, READ)


def transform(config: Config, name: str) -> None:
    refusable.transform(config, READ, WRITTEN, f"{name}group", f"{name}id")


def keep_schemas(config: Config, name: str) -> None:
    refusable.keep_schemas(config, SCHEMAS, f"{name}group")


def operate(config: Config, name: str) -> None:
    refusable.tune(config, f"{name}tuned")
    refusable.look_after_group(config, f"{name}ended")


def administer(config: Config, name: str) -> None:
    refusable.own_topic(config, f"{name}own")
    refusable.look_after_group(config, f"{name}ended")
    refusable.produce_in_transaction(config, f"{name}tuned", f"{name}id")


CONSUMER: Final = f"role: consumer, topic: {READ}, group: N.group"
TRANSACTIONAL: Final = f"role: transactional-producer, topic: {WRITTEN}, transactionalId: N.id"

KINDS: Final = {
    "idempotent producer": Kind((f"role: producer, topic: {WRITTEN}",), write),
    "transactional producer": Kind((TRANSACTIONAL,), write_in_transaction),
    "consumer in a classic group": Kind((CONSUMER,), read),
    "consumer in a group of KIP-848": Kind((CONSUMER,), read_as_of_kip_848),
    "consumer without a group": Kind((f"role: consumer, topic: {READ}, groupless: true",), read_by_assignment),
    "consumer that transforms in transactions": Kind((CONSUMER, TRANSACTIONAL), transform),
    "reader of schemas": Kind((f"role: schema-reader, topic: {READ}",), read_by_assignment),
    "reader of schemas in a group": Kind((f"role: schema-reader, topic: {READ}, group: N.group",), read),
    "schema registry": Kind((f"role: schema-registry, topic: {SCHEMAS}, group: N.group",), keep_schemas),
    "developer who reads": Kind((f"role: DeveloperRead, topic: {READ}, group: N.group",), read),
    "developer who writes": Kind(
        (f"role: DeveloperWrite, topic: {WRITTEN}, transactionalId: N.id",), write_both_ways
    ),
    "operator": Kind(("role: Operator, topic: N.tuned, group: N.ended",), operate),
    "administrator": Kind(("role: Admin, topicPrefix: N., group: N.ended, transactionalId: N.id",), administer),
}

TAKEN: Final = [
    pytest.param(kind, right(binding), id=f"{kind} without {right(binding)}")
    for kind, each in KINDS.items()
    for binding in telling(bindings_of("User:x", *each.grants))
]
"""Every right of every kind."""


@pytest.fixture(scope="module")
def topics(watched: Watched) -> None:
    """Topics that all may share: rights are each user's own."""
    watched.topics(READ, WRITTEN)
    watched.topics(SCHEMAS, cleanup_policy="compact")
    refusable.produce(watched.config("admin"), READ)


@pytest.fixture
def name(watched: Watched, topics: None, prefix: str, kind: str) -> str:
    """The beginning of one test's own names; administrators find a topic and a group that has ended."""
    if kind in {"operator", "administrator"}:
        watched.topics(f"{prefix}tuned")
        refusable.consume(watched.config("admin"), READ, f"{prefix}ended", "classic")
    return prefix


def named(text: str, name: str) -> str:
    return text.replace("N.", name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_works_with_exactly_the_rights_of_its_role(watched: Watched, name: str, kind: str) -> None:
    grants, does = KINDS[kind]
    client = watched.client(*(named(grant, name) for grant in grants))
    does(watched.config(client.user), name)
    assert client.not_asked_for() == set()
    assert client.refusals() == set()


@pytest.mark.parametrize(("kind", "taken"), TAKEN)
def test_a_client_is_refused_where_one_right_is_taken_away(
    watched: Watched, name: str, kind: str, taken: str
) -> None:
    grants, does = KINDS[kind]
    client = watched.client(*(named(grant, name) for grant in grants), without=[named(taken, name)])
    with pytest.raises(RefusedError):
        does(watched.config(client.user), name)
