"""An outcome that is not known says what was found in place of what was wanted."""

import pytest
from worlds import allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.plan.sighting import leaves_doubt, sighting

READ = allow("User:a", "Read", "x")


def only(wanted, world):
    (change,) = compare(wanted, world).changes
    return change


CREATION = only(desired([topic("a", partitions=6, replicas=1, config={"segment.ms": "60000"})]), live())
UPDATE = only(
    desired([topic("a", config={"segment.ms": "1", "retention.ms": "1", "cleanup.policy": "compact"})]),
    live([live_topic("a", own={"index.interval.bytes": "1"})]),
)
DELETION = only(desired([retired("a")]), live([live_topic("a")]))
GRANT = only(desired([], [READ]), live())
REVOCATION = only(desired(principals=["User:a"]), live([], [READ]))

ONE_OF_EACH = (
    "config.cleanup.policy was unset, not compact, config.index.interval.bytes was 1, not unset, "
    "config.retention.ms was unset, not 1, and 1 more"
)


@pytest.mark.parametrize(
    ("change", "topics", "bindings", "found"),
    [
        (CREATION, [], [], "it was not there"),
        (
            CREATION,
            [live_topic("a", own={"segment.ms": "7"})],
            [],
            "partitions was 3, not 6, config.segment.ms was 7, not 60000",
        ),
        (CREATION, [live_topic("a", topic_id="other", partitions=6, own={"segment.ms": "060000"})], [], ""),
        (UPDATE, [], [], "it was not there"),
        (
            UPDATE,
            [live_topic("a", own={"index.interval.bytes": "1"})],
            [],
            ONE_OF_EACH,
        ),
        (DELETION, [live_topic("a")], [], "it was still there"),
        (DELETION, [], [], ""),
        (GRANT, [], [], "it was not there"),
        (GRANT, [], [READ], ""),
        (REVOCATION, [], [READ], "it was still there"),
        (REVOCATION, [], [], ""),
    ],
)
def test_what_is_there_in_place_of_what_was_wanted_is_named(change, topics, bindings, found):
    assert sighting(change, {t.name: t for t in topics}, frozenset(bindings)) == found


GROWTH = only(desired([topic("a", partitions=6)]), live([live_topic("a")]))


@pytest.mark.parametrize(
    ("change", "topics", "doubtful"),
    [
        (CREATION, [], True),
        (CREATION, [live_topic("a")], False),
        (GROWTH, [live_topic("a")], True),
        (GROWTH, [live_topic("a", partitions=6)], True),
        (GROWTH, [live_topic("a", partitions=8)], False),
        (GROWTH, [], False),
        (DELETION, [live_topic("a")], True),
        (DELETION, [], False),
    ],
)
def test_a_refusal_is_in_doubt_while_a_topic_is_shown_as_it_was_or_as_that_part_was_wanted(
    change, topics, doubtful
):
    assert leaves_doubt(change, {t.name: t for t in topics}) is doubtful
