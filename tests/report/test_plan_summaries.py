"""The promises that a plan's text and Markdown keep about counting, order and size."""

from dataclasses import replace

import pytest

from kgov.model.change import Change, Risk
from kgov.model.finding import Finding, Severity
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.plan.plan import Plan, Refusal, UnmanagedCount
from kgov.report.commands import continued, lifting_command
from kgov.report.grouping import principal_of
from kgov.report.markdown import plan_markdown
from kgov.report.markdown.page import LIMIT
from kgov.report.style import Style
from kgov.report.text import plan_text

PLAIN = Style(colour=False, width=80)


def many(plan: Plan, number: int, **more: object) -> tuple[Change, ...]:
    first = replace(plan.changes[0], **more)  # type: ignore[arg-type]
    return tuple(
        replace(first, id=f"m{n}", resource=ResourceId("Topic", f"iot.telemetrie.many.reading.v{n}"))
        for n in range(number)
    )


def test_something_blocked_is_never_no_changes(empty_plan: Plan, plan: Plan) -> None:
    blocked = replace(empty_plan, blocked=plan.blocked[:1])
    waived = replace(empty_plan, blocked=plan.blocked[1:])
    assert plan_text(blocked, PLAIN).endswith(
        "\n\nPlan: 0 to create, 0 to update, 0 to delete, 1 blocked, 240 unchanged.\n"
    )
    assert plan_text(waived, PLAIN).endswith(
        "\n\nPlan: 0 to create, 0 to update, 0 to delete, 0 blocked (1 waived), 240 unchanged.\n"
    )


def test_a_plan_that_was_not_made_is_never_no_changes(empty_plan: Plan, findings: tuple[Finding, ...]) -> None:
    text = plan_text(replace(empty_plan, findings=findings), PLAIN)
    assert "No changes" not in text
    assert text.endswith("\nNot planned: 2 errors of the manifests must be mended first.\n")


def test_what_was_not_looked_at_is_said_with_its_reason(empty_plan: Plan) -> None:
    unmanaged = UnmanagedCount(2, NotLookedAt("Describe on Cluster is missing"), None)
    text = plan_text(replace(empty_plan, unmanaged=unmanaged), PLAIN)
    assert "Unmanaged topics: 2\nUnmanaged ACLs: not looked at: Describe on Cluster is missing\n" in text
    markdown = plan_markdown(replace(empty_plan, unmanaged=unmanaged))
    assert "| Unmanaged ACLs: not looked at: Describe on Cluster is missing |" in markdown


def test_one_unmanaged_topic_is_told_in_the_singular(empty_plan: Plan) -> None:
    text = plan_text(replace(empty_plan, unmanaged=UnmanagedCount(1, 0, 2)), PLAIN)
    assert "1 topic is unmanaged: kgov audit lists it\n" in text
    assert "2 ACLs are of a type that the client does not know: never touched\n" in text


def test_infos_alone_are_only_counted(empty_plan: Plan, findings: tuple[Finding, ...]) -> None:
    infos = tuple(f for f in findings if f.severity is Severity.INFO)
    text = plan_text(replace(empty_plan, findings=infos), PLAIN)
    assert "\n1 finding is mere info: kgov validate shows it\n" in text
    twice = plan_text(replace(empty_plan, findings=infos * 2), PLAIN)
    assert "\n2 findings are mere info: kgov validate shows them\n" in twice


def test_blocked_access_is_shown_with_its_principal(empty_plan: Plan, plan: Plan) -> None:
    acl = replace(plan.blocked[0], resource=ResourceId("Acl", "User:a ALLOW Read on Topic LITERAL x from *"))
    text = plan_text(replace(empty_plan, blocked=(acl,)), PLAIN)
    assert "  User:a\n" in text
    assert "[blocked, KG902]" in text


def test_a_change_of_access_without_a_binding_is_still_shown(empty_plan: Plan, plan: Plan) -> None:
    bare = replace(plan.changes[4], binding=None)
    text = plan_text(replace(empty_plan, changes=(bare,)), PLAIN)
    assert bare.resource.name in " ".join(text.split())


def test_a_change_without_a_place_still_has_its_reason(empty_plan: Plan, plan: Plan) -> None:
    lone = replace(plan.changes[0], origin=None)
    text = plan_text(replace(empty_plan, changes=(lone,)), PLAIN)
    assert "\n      declared, and not there yet\n" in text


def test_a_change_with_neither_place_nor_reason_is_its_fields(empty_plan: Plan, plan: Plan) -> None:
    lone = replace(plan.changes[0], origin=None, reason="", fields=plan.changes[0].fields[:1])
    text = plan_text(replace(empty_plan, changes=(lone,)), PLAIN)
    assert "\n      partitions: 6\n\nPlan: 1 to create" in text


def test_warnings_alone_need_no_count(empty_plan: Plan, findings: tuple[Finding, ...]) -> None:
    text = plan_text(replace(empty_plan, findings=findings[2:3]), PLAIN)
    assert "in this environment [prod]\n\nNo changes. Live is as desired.\n" in text


def test_a_safe_change_that_lasts_says_so(empty_plan: Plan, plan: Plan) -> None:
    grown = replace(
        plan.changes[2], risk=Risk.SAFE, undoable=False, fields=plan.changes[2].fields[1:2], reason=""
    )
    text = plan_text(replace(empty_plan, changes=(grown,)), PLAIN)
    assert "[cannot be undone]" in text


def test_a_denial_that_changes_nothing_is_told_as_a_denial(empty_plan: Plan, plan: Plan) -> None:
    deny = replace(plan.changes[7], reason="User:order-service loses nothing new: already forbidden by x")
    assert "+ Deny of Read on topics finance.*" in plan_text(replace(empty_plan, changes=(deny,)), PLAIN)


def test_changes_that_a_refusal_does_not_name_are_listed(plan: Plan) -> None:
    changes = many(plan, 8)
    ids = tuple(change.id for change in changes)
    refusal = Refusal("KG901", "8 topic deletions, at most 5 are allowed", ids, Lift.LIMITS, "look at each")
    text = plan_text(replace(plan, changes=changes, refusals=(refusal,)), PLAIN)
    assert "        Topic/iot.telemetrie.many.reading.v4\n        and 3 more\n" in text
    assert "apply refuses it" not in text
    assert "\n    kgov apply --env prod --allow limits --reason 'why this is meant'\n" in text


def test_what_nothing_lifts_is_told_apart_from_what_can_be_allowed(plan: Plan) -> None:
    lasting = Refusal("KG910", "protected: Topic/x", (), None, "take it out of the manifests")
    alone = plan_text(replace(plan, refusals=(lasting,)), PLAIN)
    assert "--reason '" not in alone
    assert "To allow what can be allowed:" in plan_text(
        replace(plan, refusals=(lasting, *plan.refusals)), PLAIN
    )


def test_the_command_names_few_resources_and_allows_a_risk_of_many(plan: Plan) -> None:
    many_lost = tuple(change.id for change in plan.changes)
    everything = Refusal("KG904", "x", many_lost, Lift.DATA_LOSS, "")
    command = lifting_command(replace(plan, refusals=(*plan.refusals, everything)))
    assert command == (
        "kgov apply --env prod",
        "--allow data-loss",
        "--allow disruptive=Principal/User:order-service",
        "--reason 'why this is meant'",
    )
    assert continued(command[:2]) == ("kgov apply --env prod \\", "    --allow data-loss")


def test_names_in_the_command_are_quoted_for_a_shell(plan: Plan) -> None:
    odd = replace(plan.changes[0], resource=ResourceId("Topic", "a; rm -rf $HOME"))
    refusal = Refusal("KG904", "x", (odd.id,), Lift.DATA_LOSS, "")
    command = lifting_command(replace(plan, changes=(odd,), refusals=(refusal,)))
    assert command[1] == "--allow 'data-loss=Topic/a; rm -rf $HOME'"


@pytest.mark.parametrize(
    ("name", "principal"),
    [
        ("User:a ALLOW Read on Topic LITERAL x from *", "User:a"),
        ("User:CN=a b DENY All on Topic LITERAL y ALLOW z from *", "User:CN=a b"),
        ("no binding at all", "no binding at all"),
    ],
)
def test_the_principal_of_an_acl_is_read_from_its_name(name: str, principal: str) -> None:
    assert principal_of(ResourceId("Acl", name)) == principal


def test_markdown_leaves_out_safe_changes_first_and_says_so(plan: Plan) -> None:
    markdown = plan_markdown(replace(plan, changes=(*many(plan, 2000), *plan.changes)))
    assert len(markdown.encode()) <= LIMIT
    for shown in (*plan.blocked, *(change for change in plan.changes if change.risk is not Risk.SAFE)):
        assert f"<code>{str(shown.resource).replace('*', '&#42;')}</code>" in markdown
    notice = next(line for line in markdown.splitlines() if line.startswith("> Left out"))
    assert "of 2002 safe changes of topics, 4 of 4 safe changes of ACLs" in notice
    assert markdown.rstrip().endswith("</details>")


def test_markdown_shows_nothing_lesser_in_place_of_what_was_left_out(plan: Plan) -> None:
    markdown = plan_markdown(replace(plan, changes=many(plan, 2000, risk=Risk.DATA_LOSS)))
    assert len(markdown.encode()) <= LIMIT
    assert "### Findings" not in markdown
    assert "1 of 1 findings" in markdown


def test_one_long_text_does_not_crowd_out_the_rest(plan: Plan) -> None:
    long = replace(plan.changes[0], reason="x" * 100_000, fields=plan.changes[0].fields * 40)
    markdown = plan_markdown(replace(plan, changes=(long, *plan.changes)))
    assert f"{'x' * 499}…" in markdown
    assert "<br>and 170 more |" in markdown
    assert "Left out" not in markdown


def test_a_command_that_is_too_long_is_left_out_of_markdown(plan: Plan) -> None:
    odd = replace(plan.changes[0], resource=ResourceId("Topic", "x" * 5_000))
    refusal = Refusal("KG904", "m", (odd.id,), Lift.DATA_LOSS, "")
    assert "```" not in plan_markdown(replace(plan, changes=(odd,), refusals=(refusal,)))


def test_a_fence_is_longer_than_any_run_of_backticks(plan: Plan) -> None:
    odd = replace(plan.changes[0], resource=ResourceId("Topic", "a ```` b"))
    refusal = Refusal("KG904", "m", (odd.id,), Lift.DATA_LOSS, "")
    assert "\n`````sh\n" in plan_markdown(replace(plan, changes=(odd,), refusals=(refusal,)))


def test_of_very_many_gains_a_pull_request_shows_the_first_and_says_how_many_more(plan: Plan) -> None:
    shifts = tuple(replace(plan.access[0], principal=f"User:p{number}") for number in range(60))
    page = plan_markdown(replace(plan, access=shifts))
    assert page.count("| User:p") == 100
    assert "and 20 more: `kgov plan` prints them all" in page


def test_hostile_principals_are_harmless_where_gains_are_told(plan: Plan) -> None:
    hostile = (replace(plan.access[0], principal="User:\x1b[2J|<img>"),)
    for page in (plan_text(replace(plan, access=hostile), PLAIN), plan_markdown(replace(plan, access=hostile))):
        assert "\x1b" not in page
    assert "<img>" not in plan_markdown(replace(plan, access=hostile))
