import pytest

from kgov.model.project import Scope
from kgov.model.topic import LifecycleState


@pytest.mark.parametrize(
    "name",
    [
        "__consumer_offsets",
        "_schemas",
        "_confluent-metrics",
        "shop-counts-changelog",
        "shop-KSTREAM-AGGREGATE-STATE-STORE-0000000003-repartition",
        "shop-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000006-topic",
        "connect-configs",
        "docker-connect-offsets",
        "connect-cluster-status",
        "mm2-offset-syncs.backup.internal",
        "backup.checkpoints.internal",
    ],
)
def test_names_of_others_are_refused(world, codes, name) -> None:
    world.topic(name)
    assert codes(world.judge()) == ["KG104"]


@pytest.mark.parametrize(
    "name", ["_orders", "changelog", "repartition.done", "connect-status-page", "connections", "users.status"]
)
def test_names_that_merely_sound_alike_are_fine(world, name) -> None:
    world.topic(name)
    assert world.judge() == ()


def test_what_kgov_yaml_protects_cannot_be_declared(world) -> None:
    world.scope = Scope(protects_topics=("old.*", "legacy.*"))
    world.topic("legacy.orders")
    (finding,) = world.judge()
    assert finding.message == '"legacy.orders" matches "legacy.*", which kgov.yaml protects'
    assert "protects.topics" in finding.help


def test_retiring_a_topic_of_kafka_is_refused_too(world, codes) -> None:
    world.topic("__consumer_offsets", state=LifecycleState.RETIRED)
    assert codes(world.judge()) == ["KG104"]
