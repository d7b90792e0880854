"""What ``--allow`` names must be there, and what it lifts is said."""

from datetime import UTC, datetime

import pytest
from worlds import access, allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.model.place import ResourceId
from kgov.plan.allowed import idle, unknown
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.consent import Allowance
from kgov.plan.plan import ManifestSource
from kgov.plan.refusals import still_refused

DECLARED = {ResourceId("Topic", "orders"): (), access("billing"): ("User:billing",)}


@pytest.fixture
def made():
    wanted = desired(
        [retired("old"), topic("fewer", partitions=1), topic("new")], [allow("User:a", "Read", "x")]
    )
    world = live([live_topic("old"), live_topic("fewer")])
    source = ManifestSource("abc", dirty=False, digest="d")
    around = Circumstances("0.1.0", datetime(2026, 11, 24, tzinfo=UTC), source, None)
    return build_plan(wanted, world, compare(wanted, world), around)


def known(text, plan=None, declared=DECLARED):
    return list(unknown([Allowance.parse(text)], lambda: declared, plan))


@pytest.mark.parametrize(
    "text",
    [
        "data-loss",
        "limits",
        "data-loss=Topic/orders",
        "disruptive=Principal/User:billing",
        "disruptive=Acl/User:billing ALLOW Read on Topic LITERAL orders from *",
        "disruptive=Acl/User:billing DENY Read on Topic LITERAL orders from *",
    ],
)
def test_what_a_manifest_declares_may_be_named(text):
    assert known(text) == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("data-loss=Topic/ordres", "; did you mean Topic/orders?"),
        ("disruptive=Principal/User:biling", "; did you mean Principal/User:billing?"),
        ("data-loss=Topic/zzzzzzzzz", ""),
    ],
)
def test_what_is_nowhere_is_told(text, end):
    (said,) = known(text)
    assert said.startswith(f"--allow {text}: no manifest declares ")
    assert said.endswith(f"and no change is about it{end}")


@pytest.mark.parametrize("name", ["Topic/old", "Topic/fewer", "Principal/User:a"])
def test_what_a_saved_plan_is_about_may_be_named_without_manifests(made, name):
    assert known(f"data-loss={name}", made, {}) == []


def test_what_lifts_nothing_is_listed(made):
    given = ["data-loss=Topic/old", "data-loss", "data-loss=Topic/new", "limits", "disruptive=Topic/old"]
    left = idle([Allowance.parse(text) for text in given], made.refusals, made.changes)
    assert [str(allowance) for allowance in left] == given[2:]


def test_nobody_is_asked_about_what_is_in_force_already(made):
    (refusal,) = made.refusals
    assert still_refused(made.refusals, made.changes, [], refusal.changes) == ()
    assert still_refused(made.refusals, made.changes, [], ["c-other"]) == made.refusals
