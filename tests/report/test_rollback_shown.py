"""How a rollback is shown: what it does not put back is as visible as what it does."""

from dataclasses import replace

import pytest

from kgov.model.place import ResourceId
from kgov.plan.plan import Remark, Rollback
from kgov.report.commands import lifting_command
from kgov.report.markdown import apply_markdown, plan_markdown
from kgov.report.style import Style
from kgov.report.text import apply_text, plan_text

PLAIN = Style(colour=False, width=80)
NOTHING = Rollback("sha256:abc", (), ())
GROWN = Remark(ResourceId("Topic", "a"), "partitions grew from 3 to 6: Kafka cannot take partitions away")
CHANGED = Remark(ResourceId("Topic", "b"), "segment.ms was changed since: it is 3, not 2")


@pytest.fixture
def taking_back(plan, empty_plan):
    """A plan that takes an apply back, of one topic and one principal."""
    changes = tuple(change for change in plan.changes if change.id in ("c3", "c7"))
    rollback = Rollback("sha256:abc", (GROWN,), (CHANGED,))
    return replace(empty_plan, changes=changes, refusals=plan.refusals[:1], rollback=rollback)


def test_a_rollback_as_text(taking_back, golden):
    golden("rollback.txt", plan_text(taking_back, PLAIN))


def test_a_rollback_as_markdown(taking_back, golden):
    golden("rollback.md", plan_markdown(taking_back))


@pytest.mark.parametrize(
    ("rollback", "says"),
    [
        (NOTHING, "Nothing to roll back."),
        (replace(NOTHING, cannot_be_undone=(GROWN,)), "Nothing to roll back, 1 cannot be undone."),
        (replace(NOTHING, left_alone=(CHANGED,) * 2), "Nothing to roll back, 2 left alone."),
    ],
)
def test_an_empty_rollback_never_says_that_live_is_as_desired(empty_plan, rollback, says):
    shown = plan_text(replace(empty_plan, rollback=rollback), PLAIN)
    assert shown.splitlines()[-1] == says
    assert "as desired" not in shown
    assert f"**{says}**" in plan_markdown(replace(empty_plan, rollback=rollback))


def test_what_is_said_beside_a_rollback_cannot_steer_a_terminal_or_a_page(empty_plan):
    hostile = Remark(ResourceId("Topic", "a\x1b[2J|"), "<b>@all\n")
    made = replace(empty_plan, rollback=Rollback("x", (hostile,), (hostile,)))
    assert "\x1b" not in plan_text(made, PLAIN)
    page = plan_markdown(made)
    assert "<b>" not in page
    assert "\x1b" not in page


def test_the_command_that_lifts_refusals_is_that_of_the_rollback(taking_back):
    assert lifting_command(taking_back)[0] == "kgov rollback report.json --yes"


def test_the_report_of_a_rollback_says_what_it_is(report):
    taken_back = replace(report, rollback_of="sha256:abc")
    assert apply_text(taken_back, PLAIN).startswith("Rollback in prod by ci@example.com")
    assert apply_markdown(taken_back).startswith("## kgov rollback in ")
    empty = replace(taken_back, outcomes=(), blocked=0)
    assert apply_text(empty, PLAIN).splitlines()[-1] == "Nothing to roll back."
