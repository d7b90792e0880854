"""What a rollback cannot undo is known beforehand, with the reason."""

import pytest
from worlds import DAY, allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.model.change import FieldChange, Risk
from kgov.plan.irreversible import CREATED, DELETED, GROWN, Lasting, lasting, why_irreversible


def change(wanted, world):
    (only,) = compare(wanted, world).changes
    return only


def test_a_created_topic_stays():
    made = change(desired([topic("new")]), live())
    assert lasting(made) == (Lasting(None, CREATED, value_returns=False),)


def test_the_records_of_a_deleted_topic_are_gone():
    made = change(desired([retired("old")]), live([live_topic("old")]))
    assert lasting(made) == (Lasting(None, DELETED, value_returns=False),)


def test_partitions_stay_and_lowered_retention_returns_without_its_records():
    wanted = desired([topic("a", partitions=9, config={"retention.ms": str(DAY), "segment.ms": "60000"})])
    made = change(wanted, live([live_topic("a")]))
    grown, lowered = lasting(made)
    assert grown == Lasting("partitions", GROWN, value_returns=False)
    assert (lowered.path, lowered.value_returns) == ("config.retention.ms", True)
    assert why_irreversible(made) == f"{GROWN}; records that the shorter retention deletes are gone"


def test_bindings_and_harmless_configs_come_back():
    for wanted, world in (
        (desired([], [allow("User:a", "Read", "x")]), live()),
        (desired([], principals=["User:a"]), live([], [allow("User:a", "Read", "x")])),
        (desired([topic("a", config={"max.message.bytes": "1000"})]), live([live_topic("a")])),
    ):
        assert lasting(change(wanted, world)) == ()
        assert why_irreversible(change(wanted, world)) == ""


@pytest.mark.parametrize(
    ("key", "after"),
    [
        ("retention.bytes", "1000"),
        ("cleanup.policy", "compact"),
        ("remote.storage.enable", "false"),
        ("unclean.leader.election.enable", "true"),
    ],
)
def test_every_config_that_can_lose_data_has_words_of_its_own(key, after):
    own = {"remote.storage.enable": "true"} if key == "remote.storage.enable" else {}
    made = change(desired([topic("a", config={key: after})]), live([live_topic("a", own=own)]))
    (found,) = lasting(made)
    assert found.path == f"config.{key}"
    assert "meanwhile" not in found.why


def test_a_loss_that_has_no_words_yet_is_told_all_the_same():
    made = change(desired([topic("a", config={"segment.ms": "60000"})]), live([live_topic("a")]))
    (field,) = made.fields
    risky = FieldChange(field.path, field.before, field.after, Risk.DATA_LOSS)
    assert (
        lasting(type(made)(**{name: getattr(made, name) for name in made.__slots__} | {"fields": (risky,)}))[
            0
        ].why
        == "what is lost meanwhile is gone"
    )
