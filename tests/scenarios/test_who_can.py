"""Who may do what on a real broker, and the broker's own word for it."""

import random

from confluent_kafka import KafkaException, TopicCollection, admin
from outsider import eventually

from kgov.access.operations import known_on
from kgov.cluster.acl_translation import OPERATIONS, to_client
from kgov.model.access import Attempt, Bindings
from kgov.model.acl import (
    ANYBODY,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)

TOPIC = ResourceType.TOPIC


def test_answers_come_from_the_cluster_with_what_no_manifest_grants(
    repo, broker, outsider, prefix, service, user
):
    name = f"{prefix}orders"
    repo.topic(name)
    repo.acl("crm", f"'{service}'", f"{{resource: Topic, name: {name}, operations: [Read]}}")
    outsider.grant(f"User:{user}", "DESCRIBE", "kafka-cluster", type_="BROKER")
    outsider.grant(service, "READ", name)
    outsider.grant(f"{service}-spy", "ALL", prefix, pattern="PREFIXED")
    repo.properties = broker.properties_file(user)

    run = repo.online("access", "who-can", "Read", f"Topic/{name}", "--live", "--format", "json")
    assert run.code == 0, run.said
    able = {each["principal"]: each for each in run.document["able"]}
    assert able[service]["allows"][0]["declared"][0]["resource"] == {"kind": "Acl", "name": "crm"}
    assert able[f"{service}-spy"]["allows"][0]["declared"] == []
    # Whether resources without ACLs are open is shown to those with DescribeConfigs only.
    assert run.document["openWithoutAcl"] is None

    run = repo.online("access", "of", f"{service}-spy", "--live")
    assert f"All on {prefix}*" in run.out
    assert "no manifest grants it" in run.out


def test_without_the_right_to_see_acls_nothing_is_answered(repo, broker, prefix, user):
    repo.topic(f"{prefix}orders")
    repo.properties = broker.properties_file(user)
    for question in (("who-can", "Read", f"Topic/{prefix}orders"), ("of", "User:a")):
        run = repo.online("access", *question, "--live")
        assert (run.code, run.out) == (6, "")
        assert "Describe on Cluster kafka-cluster" in run.err


def test_as_the_principal_itself_a_broker_allows_what_kgov_says(broker, outsider, prefix, user):
    draw = random.Random(20261124)
    names = [f"{prefix}{name}" for name in ("a", "ab", "abc", "a.b", "a.bc", "b", "b.a", "c")]
    outsider.client.create_topics([admin.NewTopic(name, 1, 1) for name in names])
    bindings = frozenset(_binding(draw, f"User:{user}", [*names, prefix]) for _ in range(24))
    for future in outsider.client.create_acls([to_client(binding) for binding in bindings]).values():
        future.result(timeout=30)
    theirs = admin.AdminClient(broker.client_config(user) | {"log_level": "0"})

    def as_the_broker_says() -> dict[str, frozenset[Operation]]:
        asked = theirs.describe_topics(TopicCollection(names), include_authorized_operations=True)
        return {name: _operations(future) for name, future in asked.items()}

    index = Bindings.of(bindings)
    expected = {
        name: frozenset(
            operation
            for operation in known_on(TOPIC)
            if index.permits(Attempt(f"User:{user}", operation, TOPIC, name, "127.0.0.1"))
        )
        for name in names
    }
    # Who may not describe a topic is told nothing of it.
    expected = {name: found if Operation.DESCRIBE in found else frozenset() for name, found in expected.items()}
    assert len(set(expected.values())) > 3
    # Brokers learn of bindings one after the other: what holds is what they say in the end.
    eventually(lambda: as_the_broker_says() == expected, f"{expected}, and not {as_the_broker_says()}")


def _binding(draw: random.Random, user: str, names: list[str]) -> AclBinding:
    return AclBinding(
        draw.choice((user, user, ANYBODY)),
        draw.choice((Permission.ALLOW, Permission.ALLOW, Permission.DENY)),
        draw.choice((Operation.ALL, *known_on(TOPIC))),
        ResourcePattern(TOPIC, draw.choice(tuple(PatternType)), draw.choice(names)),
        draw.choice(("*", "*", "127.0.0.1", "10.0.0.1")),
    )


def _operations(future) -> frozenset[Operation]:
    ours = {theirs: operation for operation, theirs in OPERATIONS.items()}
    try:
        return frozenset(ours[each] for each in future.result(timeout=30).authorized_operations)
    except KafkaException:
        return frozenset()
