"""What change management asks is answered in a few sentences, and what is not known is never "none"."""

from dataclasses import replace

import pytest

from kgov.model.assessment import (
    NO_CHANGE,
    AffectedGroup,
    Assessment,
    ChangeClass,
    Classified,
    Impact,
    Irreversible,
    RollbackStatement,
)
from kgov.model.live import NotLookedAt
from kgov.model.outcome import ApplyReport
from kgov.model.place import ResourceId
from kgov.plan.plan import Plan
from kgov.report.assessment import statements
from kgov.report.markdown import apply_markdown, plan_markdown
from kgov.report.style import Style
from kgov.report.text import apply_text, plan_text

PLAIN = Style(colour=False, width=80)
IMPACT = Impact(("a",), ("User:x",), ())


def assessment(impact: Impact = IMPACT, *irreversible: Irreversible, reason: str | None = None) -> Assessment:
    rollback = RollbackStatement(2, irreversible)
    return Assessment(Classified(ChangeClass.STANDARD, reason), "2 changes", impact, rollback)


def said(subject: Assessment) -> dict[str, str]:
    return {statement.label: statement.sentence for statement in statements(subject)}


def irreversible(number: int, why: str) -> Irreversible:
    return Irreversible(f"c{number}", ResourceId("Topic", f"t{number}"), why)


def test_nothing_is_said_of_no_change() -> None:
    assert said(NO_CHANGE) == {}


def test_a_reason_is_told_where_one_was_given() -> None:
    assert "Reason" not in said(assessment())
    assert said(assessment(reason="ticket 17"))["Reason"] == "ticket 17"


@pytest.mark.parametrize(
    ("impact", "sentence"),
    [
        (IMPACT, "1 topic and 1 principal. No consumer group uses these topics now."),
        (replace(IMPACT, topics=()), "1 principal."),
        (
            replace(IMPACT, topics=("a", "b", "c*", "d*")),
            "2 topics, 2 topic prefixes and 1 principal. No consumer group uses these topics now.",
        ),
        (
            replace(IMPACT, topics=("c*",)),
            "1 topic prefix and 1 principal. No consumer group uses these topics now.",
        ),
        (replace(IMPACT, principals=()), "1 topic. No consumer group uses these topics now."),
        (
            replace(IMPACT, topics=("*", "a"), principals=("User:*", "User:x")),
            "all topics and everybody. No consumer group uses these topics now.",
        ),
        (
            replace(IMPACT, groups=(AffectedGroup("g", ("a",), 0), AffectedGroup("h", ("a",), None))),
            (
                "1 topic and 1 principal. 2 consumer groups use these topics now: g (no members), "
                "h (members not known)."
            ),
        ),
        (
            replace(IMPACT, groups=tuple(AffectedGroup(f"g{n}", ("a",), n) for n in range(7))),
            (
                "1 topic and 1 principal. 7 consumer groups use these topics now: g6 (6 members), "
                "g5 (5 members), g4 (4 members), g3 (3 members), g2 (2 members) and 2 more."
            ),
        ),
        (
            replace(IMPACT, groups=NotLookedAt("needs Describe on Group *")),
            (
                "1 topic and 1 principal. Consumer groups that use these topics: not looked at: "
                "needs Describe on Group *."
            ),
        ),
        (
            replace(IMPACT, groups=(AffectedGroup("g", ("a",), 1),), unseen=NotLookedAt("no answer")),
            (
                "1 topic and 1 principal. 1 consumer group uses these topics now: g (1 member). "
                "Others were not looked at: no answer."
            ),
        ),
        (
            replace(IMPACT, unseen=NotLookedAt("no answer")),
            (
                "1 topic and 1 principal. None of the consumer groups that were looked at uses these topics "
                "now. Others were not looked at: no answer."
            ),
        ),
    ],
)
def test_the_impact_says_who_uses_what_is_touched(impact: Impact, sentence: str) -> None:
    assert said(assessment(impact))["Impact"] == sentence


def test_a_plan_that_can_be_undone_says_so() -> None:
    assert said(assessment())["Rollback"] == "kgov rollback can undo all of it."


def test_what_cannot_be_undone_is_gathered_by_its_reason() -> None:
    lasting = [irreversible(n, "it stays") for n in range(5)]
    lasting += [irreversible(n, f"reason {n}") for n in range(5, 10)]
    *_, rollback = statements(assessment(IMPACT, *lasting))
    assert rollback.sentence == "kgov rollback can undo 2 of 12 changes completely. What it cannot undo:"
    assert rollback.below == (
        "Topic/t0, Topic/t1, Topic/t2 and 2 more: it stays",
        "Topic/t5: reason 5",
        "Topic/t6: reason 6",
        "Topic/t7: reason 7",
        "and 2 more",
    )


def test_none_is_a_word() -> None:
    subject = replace(assessment(), rollback=RollbackStatement(0, (irreversible(1, "it stays"),)))
    assert said(subject)["Rollback"].startswith("kgov rollback can undo none of 1 change")


def test_names_of_groups_and_reasons_are_harmless_wherever_they_are_shown(
    plan: Plan, report: ApplyReport
) -> None:
    evil = "x\x1b[31m\n::error::<img src=x>@everyone|"
    groups = (AffectedGroup(evil, ("a",), 1),)
    classified = Classified(ChangeClass.URGENT, evil)
    impact = replace(plan.assessment.impact, groups=groups)
    made = replace(plan, assessment=replace(plan.assessment, classified=classified, impact=impact))
    told = replace(report, change=classified)
    for text in (plan_text(made, PLAIN), apply_text(told, PLAIN)):
        assert "\x1b" not in text
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    for page in (plan_markdown(made), apply_markdown(told)):
        assert "\x1b" not in page
        assert "<img" not in page
        assert "@everyone" not in page


def test_a_report_without_a_class_says_nothing_of_it(report: ApplyReport) -> None:
    bare = replace(report, change=Classified())
    assert "Change:" not in apply_text(bare, PLAIN) + apply_markdown(bare)
    unexplained = replace(report, change=Classified(ChangeClass.NORMAL))
    assert "Change: normal\n" in apply_text(unexplained, PLAIN)
    assert "Change: normal\n" in apply_markdown(unexplained)
