"""Steps: one request each, in order, with the change behind each item."""

from worlds import allow, deny, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
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
)
from kgov.plan.order import in_order
from kgov.plan.steps import steps


def made(wanted, world):
    return steps(in_order(compare(wanted, world).changes))


def test_nothing_to_do_is_no_step():
    assert made(desired(), live()) == ()


def test_every_kind_of_change_becomes_its_request():
    read, forbid = allow("User:a", "Read", "x"), deny("User:a", "Read", "y")
    old_read, old_forbid = allow("User:a", "Write", "x"), deny("User:a", "Write", "y")
    wanted = desired(
        [
            topic("new", partitions=2, replicas=1, config={"segment.ms": "1"}),
            topic("bare"),
            topic("both", partitions=5, config={"segment.ms": "1"}),
            topic("set", config={"segment.ms": "2"}),
            retired("old"),
        ],
        [read, forbid],
    )
    world = live(
        [live_topic("both", own={"segment.bytes": "9"}), live_topic("set"), live_topic("old")],
        [old_read, old_forbid],
    )
    assert [(step.request, step.changes) for step in made(wanted, world)] == [
        (
            CreateTopics((NewTopic("bare", None, None, {}), NewTopic("new", 2, 1, {"segment.ms": "1"}))),
            ("c1", "c2"),
        ),
        (GrowPartitions((Growth("both", 5, 2),)), ("c3",)),
        (
            EditConfigs(
                (
                    ConfigEdit("both", {"segment.ms": "1"}, ("segment.bytes",)),
                    ConfigEdit("set", {"segment.ms": "2"}, ()),
                )
            ),
            ("c3", "c4"),
        ),
        (CreateAcls((forbid,)), ("c5",)),
        (CreateAcls((read,)), ("c6",)),
        (DeleteAcls((old_read,)), ("c7",)),
        (DeleteAcls((old_forbid,)), ("c8",)),
        (DeleteTopics(("old",)), ("c9",)),
    ]


def test_growth_alone_sets_no_config():
    (step,) = made(desired([topic("a", partitions=5)]), live([live_topic("a")]))
    assert step.request == GrowPartitions((Growth("a", 5, 2),))
