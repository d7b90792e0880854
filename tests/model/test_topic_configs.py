"""The catalogue of topic configs."""

import pytest

from kgov.model.topic_configs import (
    KAFKA_VERSIONS,
    NEWEST,
    ConfigKey,
    LaterKey,
    RemovedKey,
    UnknownKey,
    UnknownVersion,
    canonical_value,
    config_key,
    config_names,
    default_value,
    is_operational,
    is_vendor,
    parse_kafka_version,
)
from kgov.model.topic_configs_data import DEFINITIONS


def test_versions_ascend_and_the_newest_is_last() -> None:
    assert KAFKA_VERSIONS == ("3.9", "4.0", "4.1", "4.2", "4.3", "4.4")
    assert NEWEST == "4.4"


@pytest.mark.parametrize(("text", "version"), [("4.3", "4.3"), ("4.3.1", "4.3"), (" 3.9.2 ", "3.9")])
def test_a_version_is_found_whatever_its_patch(text: str, version: str) -> None:
    assert parse_kafka_version(text) == version


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("3.8", "3.9"),
        ("2.8.0", "3.9"),
        ("5.0", "4.4"),
        ("4.10", "4.4"),
        ("3.10", "3.9"),
        ("4", "4.4"),
        ("4.3.1.2", "4.4"),
        ("4.x", "4.4"),
        ("", "4.4"),
        ("\u0664.\u0663", "4.4"),
        ("4." + "9" * 5000, "4.4"),
    ],
)
def test_another_version_is_refused_with_the_nearest(text: str, near: str) -> None:
    unknown = parse_kafka_version(text)
    assert isinstance(unknown, UnknownVersion)
    assert unknown.nearest == near
    assert unknown.message.endswith(f"it knows 3.9, 4.0, 4.1, 4.2, 4.3, 4.4; the nearest is {near}")
    assert len(unknown.message) < 200


def test_a_known_key_carries_kafkas_facts() -> None:
    key = config_key("max.message.bytes", "4.3")
    assert isinstance(key, ConfigKey)
    assert (key.type, key.default, key.minimum, key.server) == ("int", "1048588", 0, "message.max.bytes")
    assert key.doc.startswith("The largest record batch size")


def test_a_range_that_changed_is_told_by_version() -> None:
    old, new = config_key("segment.bytes", "4.0"), config_key("segment.bytes", "4.1")
    assert isinstance(old, ConfigKey)
    assert isinstance(new, ConfigKey)
    assert (old.minimum, new.minimum) == (14, 1024**2)


def test_a_default_that_changed_is_told_by_version() -> None:
    name = "message.timestamp.after.max.ms"
    assert default_value(name, "3.9") == "9223372036854775807"
    assert default_value(name, "4.0") == "3600000"


def test_there_is_no_default_without_a_key() -> None:
    assert default_value("no.such.key", NEWEST) is None
    assert default_value("message.format.version", NEWEST) is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("retention.millis", "retention.ms"),
        ("retention_ms", "retention.ms"),
        ("minInsyncReplicas", "min.insync.replicas"),
        ("cleanup.policies", "cleanup.policy"),
        ("message.max.bytes", "max.message.bytes"),
        ("log.roll.ms", "segment.ms"),
    ],
)
def test_an_unknown_key_names_what_was_meant(name: str, meant: str) -> None:
    unknown = config_key(name, "4.3")
    assert isinstance(unknown, UnknownKey)
    assert unknown.nearest[0] == meant
    assert unknown.message == f'Kafka 4.3 has no topic config "{name}"; did you mean {meant}?'


def test_an_unknown_key_that_is_near_to_nothing_says_so() -> None:
    unknown = config_key("zzz", "4.3")
    assert unknown == UnknownKey("zzz", "4.3")
    assert isinstance(unknown, UnknownKey)
    assert unknown.message == 'Kafka 4.3 has no topic config "zzz"'


def test_a_removed_key_says_since_when_and_what_instead() -> None:
    removed = config_key("message.timestamp.difference.max.ms", "4.2")
    assert isinstance(removed, RemovedKey)
    assert removed.message == (
        "message.timestamp.difference.max.ms is gone since Kafka 4.0 (KIP-937): "
        "use message.timestamp.before.max.ms and message.timestamp.after.max.ms"
    )


def test_a_removed_key_without_successor_is_left_out() -> None:
    removed = config_key("message.format.version", "4.0")
    assert isinstance(removed, RemovedKey)
    assert removed.message.endswith("(KIP-724): leave it out, nothing replaces it")


@pytest.mark.parametrize("name", ["remote.copy.lag.ms", "max.decompressed.message.bytes"])
def test_a_key_of_a_later_version_says_which(name: str) -> None:
    later = config_key(name, "4.3")
    assert isinstance(later, LaterKey)
    assert later.since == "4.4"
    assert later.message.startswith(f"{name} comes with Kafka 4.4, not with 4.3")


def test_names_are_sorted_and_without_private_ones() -> None:
    for version in KAFKA_VERSIONS:
        names = config_names(version)
        assert list(names) == sorted(set(names))
        assert not any(name.startswith("internal.") for name in names)
        assert all(isinstance(config_key(name, version), ConfigKey) for name in names)


def test_every_gone_key_can_be_explained_in_every_version() -> None:
    for name in {definition.key.name for definition in DEFINITIONS}:
        for version in KAFKA_VERSIONS:
            assert not isinstance(config_key(name, version), UnknownKey)


def test_no_version_defines_a_key_twice() -> None:
    said = [(definition.key.name, version) for definition in DEFINITIONS for version in definition.versions]
    assert len(said) == len(set(said))


def test_every_default_is_a_value_of_its_key_in_canonical_form() -> None:
    for definition in DEFINITIONS:
        for version in definition.versions:
            key = definition.key
            assert canonical_value(key.name, key.default, version) == key.default


def test_operational_keys_are_the_throttled_replicas() -> None:
    operational = {name for name in config_names(NEWEST) if is_operational(name)}
    assert operational == {
        "follower.replication.throttled.replicas",
        "leader.replication.throttled.replicas",
    }
    assert not is_operational("no.such.key")


def test_vendor_keys_are_known_by_their_prefix() -> None:
    assert is_vendor("confluent.placement.constraints")
    assert is_vendor("redpanda.remote.read")
    assert not is_vendor("retention.ms")
