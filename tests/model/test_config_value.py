"""Values of topic configs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgov.model.config_key import ConfigKey, ValueType
from kgov.model.config_value import canonical_text
from kgov.model.topic_configs import (
    KAFKA_VERSIONS,
    NEWEST,
    BadValue,
    canonical_value,
    config_key,
    config_names,
    same_value,
)

CODECS = "gzip, lz4, producer, snappy, uncompressed, zstd"


@pytest.mark.parametrize(
    ("name", "written", "text"),
    [
        ("retention.ms", "7d", "604800000"),
        ("retention.ms", "unlimited", "-1"),
        ("retention.ms", -1, "-1"),
        ("retention.ms", 604800000, "604800000"),
        ("retention.ms", " 0604800000 ", "604800000"),
        ("retention.ms", "+5", "5"),
        ("local.retention.ms", "-2", "-2"),
        ("min.compaction.lag.ms", "1h30m", "5400000"),
        ("retention.bytes", "50GiB", "53687091200"),
        ("segment.bytes", "1MiB", "1048576"),
        ("max.message.bytes", "1MB", "1000000"),
        ("min.insync.replicas", "2", "2"),
        ("flush.messages", 10, "10"),
        ("preallocate", True, "true"),
        ("preallocate", " FALSE ", "false"),
        ("min.cleanable.dirty.ratio", ".5", "0.5"),
        ("min.cleanable.dirty.ratio", 1, "1.0"),
        ("min.cleanable.dirty.ratio", 0.25, "0.25"),
        ("min.cleanable.dirty.ratio", "5e-4", "5.0E-4"),
        ("min.cleanable.dirty.ratio", 0.000125, "1.25E-4"),
        ("min.cleanable.dirty.ratio", "-0.0", "0.0"),
        ("compression.type", " zstd ", "zstd"),
        ("compression.gzip.level", "9", "9"),
        ("compression.gzip.level", -1, "-1"),
        ("message.timestamp.type", "LogAppendTime", "LogAppendTime"),
        ("message.format.version", 3.0, "3.0"),
        ("cleanup.policy", "delete", "delete"),
        ("cleanup.policy", "delete, compact", "compact,delete"),
        ("cleanup.policy", ["delete", "compact"], "compact,delete"),
        ("cleanup.policy", ("delete", "delete"), "delete"),
        ("leader.replication.throttled.replicas", "0:1, 1:2", "0:1,1:2"),
        ("leader.replication.throttled.replicas", "*", "*"),
        ("leader.replication.throttled.replicas", "", ""),
    ],
)
def test_a_value_is_written_as_kafka_shows_it(name: str, written: object, text: str) -> None:
    assert canonical_value(name, written, "4.3") == text


@pytest.mark.parametrize(
    ("name", "written", "message"),
    [
        ("segment.bytes", 13, "segment.bytes takes at least 1048576 (1MiB), not 13"),
        ("segment.bytes", "50GiB", 'segment.bytes takes at most 2147483647, not "50GiB"'),
        ("segment.ms", "unlimited", 'segment.ms takes at least 1, not "unlimited"'),
        ("retention.ms", -5, "retention.ms takes at least -1 (unlimited), not -5"),
        ("retention.bytes", -5, "retention.bytes takes at least -1 (unlimited), not -5"),
        ("min.insync.replicas", 0, "min.insync.replicas takes at least 1, not 0"),
        ("min.insync.replicas", "two", 'min.insync.replicas takes a whole number, not "two"'),
        ("min.insync.replicas", 1.5, "min.insync.replicas takes a whole number, not 1.5"),
        ("min.insync.replicas", True, "min.insync.replicas takes a whole number, not true"),
        ("min.insync.replicas", None, "min.insync.replicas takes a whole number, not null"),
        (
            "min.insync.replicas",
            10**1000,
            "min.insync.replicas takes at most 2147483647, not so large a number",
        ),
        ("flush.messages", "1d", 'flush.messages takes a whole number, not "1d"'),
        ("compression.lz4.level", 40, "compression.lz4.level takes 1 to 17, not 40"),
        (
            "compression.gzip.level",
            0,
            "compression.gzip.level takes one of -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, not 0",
        ),
        ("preallocate", "yes", 'preallocate takes true or false, not "yes"'),
        ("preallocate", 1, "preallocate takes true or false, not 1"),
        ("preallocate", {}, "preallocate takes true or false, not a mapping"),
        ("preallocate", [{}], "preallocate takes true or false, not a list of more than texts and numbers"),
        ("min.cleanable.dirty.ratio", 2, "min.cleanable.dirty.ratio takes 0 to 1, not 2"),
        ("min.cleanable.dirty.ratio", "NaN", 'min.cleanable.dirty.ratio takes a number such as 0.5, not "NaN"'),
        ("min.cleanable.dirty.ratio", "1_0", 'min.cleanable.dirty.ratio takes a number such as 0.5, not "1_0"'),
        ("min.cleanable.dirty.ratio", "1e", 'min.cleanable.dirty.ratio takes a number such as 0.5, not "1e"'),
        (
            "min.cleanable.dirty.ratio",
            math.inf,
            "min.cleanable.dirty.ratio takes a number such as 0.5, not inf",
        ),
        ("min.cleanable.dirty.ratio", [], 'min.cleanable.dirty.ratio takes a number such as 0.5, not ""'),
        (
            "compression.type",
            "ZSTD",
            f'compression.type takes one of {CODECS}, not "ZSTD"; did you mean zstd?',
        ),
        (
            "compression.type",
            "none",
            f'compression.type takes one of {CODECS}, not "none"',
        ),
        ("compression.type", ["zstd"], 'compression.type takes a text, not "zstd"'),
        (
            "cleanup.policy",
            "DELETE",
            'cleanup.policy takes at least one of compact, delete, not "DELETE"; did you mean delete?',
        ),
        ("cleanup.policy", "", 'cleanup.policy takes at least one of compact, delete, not ""'),
        ("cleanup.policy", [], 'cleanup.policy takes at least one of compact, delete, not ""'),
        (
            "cleanup.policy",
            "delete,",
            'cleanup.policy takes names with single commas between them, not "delete,"',
        ),
        ("cleanup.policy", {}, "cleanup.policy takes names with single commas between them, not a mapping"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(name: str, written: object, message: str) -> None:
    assert canonical_value(name, written, "4.3") == BadValue(message)


@pytest.mark.parametrize(
    ("name", "written", "part"),
    [
        ("retention.ms", "-5h", '"-5h" is no duration: it is negative'),
        ("retention.ms", "1M", "M could be minutes, months or megabytes"),
        ("retention.bytes", "50Gi", '"50Gi" is no size'),
        ("retention.ms", "9" * 5000, "is no duration"),
    ],
)
def test_a_wrong_unit_is_refused_with_the_units(name: str, written: str, part: str) -> None:
    refused = canonical_value(name, written, "4.3")
    assert isinstance(refused, BadValue)
    assert part in refused.message
    assert refused.message.startswith(f"{name}: ")
    assert len(refused.message) < 250


def test_a_number_that_python_would_not_write_is_refused() -> None:
    assert isinstance(canonical_value("retention.ms", 10**6000, "4.3"), BadValue)


def test_a_long_text_is_cut_in_the_message() -> None:
    refused = canonical_value("compression.type", "x" * 10_000, "4.3")
    assert isinstance(refused, BadValue)
    assert len(refused.message) < 200


def test_the_limits_are_those_of_the_version() -> None:
    assert canonical_value("segment.bytes", 14, "4.0") == "14"
    assert isinstance(canonical_value("segment.bytes", 14, "4.1"), BadValue)


def test_a_key_of_another_version_is_read_as_that_version_has_it() -> None:
    assert canonical_value("message.timestamp.difference.max.ms", "7d", "4.3") == "604800000"
    assert canonical_value("remote.copy.lag.ms", "1h", "3.9") == "3600000"


@pytest.mark.parametrize(
    ("written", "text"), [("7d", "7d"), (7, "7"), (0.5, "0.5"), (True, "true"), (["a", 1], "a,1"), ([], "")]
)
def test_the_value_of_an_unknown_key_stays_as_it_is(written: object, text: str) -> None:
    assert canonical_value("confluent.tier.enable", written, "4.3") == text


@pytest.mark.parametrize("written", [None, {}, [[]], [None], 10**1000, [10**1000]])
def test_the_value_of_an_unknown_key_must_be_text_or_numbers(written: object) -> None:
    assert canonical_value("no.such.key", written, "4.3") == BadValue(
        '"no.such.key" takes a text, a number or a list of them'
    )


def test_numbers_outside_everyday_range_are_written_as_java_does() -> None:
    ratio = ConfigKey("some.ratio", ValueType.DOUBLE, default="1.0", doc="")
    assert canonical_text(ratio, "12345678") == "1.2345678E7"
    assert canonical_text(ratio, 1e7) == "1.0E7"
    assert canonical_text(ratio, -9999999.5) == "-9999999.5"


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("retention.ms", "7d", "604800000"),
        ("retention.ms", "0604800000", " 604800000"),
        ("preallocate", "TRUE", "true"),
        ("min.cleanable.dirty.ratio", ".5", "0.50"),
        ("cleanup.policy", "compact,delete", "delete, compact"),
        ("compression.type", "zstd", "zstd"),
        ("segment.bytes", "014", "14"),
        ("no.such.key", "a", "a"),
        ("retention.ms", "junk", "junk"),
    ],
)
def test_values_that_mean_the_same_are_the_same(name: str, left: str, right: str) -> None:
    assert same_value(name, left, right)
    assert same_value(name, right, left)


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("retention.ms", "7d", "8d"),
        ("retention.ms", "junk", "7d"),
        ("retention.ms", "x" * 100 + "a", "x" * 100 + "b"),
        ("cleanup.policy", "compact", "compact,delete"),
        ("preallocate", "true", "false"),
        ("no.such.key", "1", "01"),
        ("confluent.tier.enable", "true", "TRUE"),
    ],
)
def test_values_that_differ_are_told_apart(name: str, left: str, right: str) -> None:
    assert not same_value(name, left, right)
    assert not same_value(name, right, left)


ANY_NAME = st.sampled_from(config_names(NEWEST))
ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.sampled_from(["compact", "delete", ""])),
    st.sampled_from(["7d", "50GiB", "TRUE", ".5", " 1 ", "zstd", "CreateTime", "delete,compact"]),
)


@given(ANY_NAME, ANY_VALUE, st.sampled_from(KAFKA_VERSIONS))
def test_canonical_is_stable_and_the_same_as_what_was_written(name: str, written: object, version: str) -> None:
    text = canonical_value(name, written, version)
    if isinstance(text, str):
        assert canonical_value(name, text, version) == text
        if isinstance(written, str):
            assert same_value(name, written, text)
    else:
        assert text.message.startswith(name)
        assert "\n" not in text.message.replace(str(written), "")


@given(st.floats(min_value=0, max_value=1))
def test_a_ratio_keeps_its_exact_number(ratio: float) -> None:
    text = canonical_value("min.cleanable.dirty.ratio", ratio, NEWEST)
    assert isinstance(text, str)
    assert float(text) == ratio


@given(st.integers(min_value=-1, max_value=2**63 - 1))
def test_every_retention_that_kafka_can_hold_is_taken(number: int) -> None:
    assert canonical_value("retention.ms", number, NEWEST) == str(number)


def test_every_limit_is_inclusive() -> None:
    for name in config_names(NEWEST):
        key = config_key(name, NEWEST)
        assert isinstance(key, ConfigKey)
        for limit, outside in ((key.minimum, -1), (key.maximum, 1)):
            if limit is not None:
                assert isinstance(canonical_value(name, limit, NEWEST), str)
                assert isinstance(canonical_value(name, limit + outside, NEWEST), BadValue)
