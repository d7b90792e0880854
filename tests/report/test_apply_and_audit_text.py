"""What an apply and an audit say last, and how long lists end."""

import json
from dataclasses import replace

import pytest

from kgov.model.assessment import Classified
from kgov.model.drift import Audit
from kgov.model.finding import Finding
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.place import ResourceId
from kgov.model.request import Fault
from kgov.report.junit import audit_junit
from kgov.report.markdown import apply_markdown, audit_markdown
from kgov.report.prometheus import audit_prometheus
from kgov.report.sarif import audit_sarif
from kgov.report.style import Style
from kgov.report.text import apply_text, audit_text

PLAIN = Style(colour=False, width=80)


def only(report: ApplyReport, *statuses: Status) -> ApplyReport:
    outcomes = tuple(outcome for outcome in report.outcomes if outcome.status in statuses)
    return replace(report, outcomes=outcomes, blocked=0, allowed=(), commit=None)


def last(text: str) -> str:
    return text.rstrip("\n").rpartition("\n")[2]


def test_nothing_to_do_is_said(report: ApplyReport) -> None:
    assert last(apply_text(only(report), PLAIN)) == "Nothing to do. Live is as desired."


def test_when_all_is_done_there_is_nothing_to_do_next(report: ApplyReport) -> None:
    text = apply_text(only(report, Status.DONE), PLAIN)
    assert last(text) == "Applied: 5 done, 0 failed."
    assert "What to do next" not in text


def test_what_was_as_wanted_before_the_run_is_not_said_to_be_its_work(report: ApplyReport) -> None:
    made, *before = only(report, Status.DONE).outcomes
    outcomes = (made, *(replace(outcome, already=True) for outcome in before))
    told = replace(only(report), outcomes=outcomes)
    text = apply_text(told, PLAIN)
    assert last(text) == "Applied: 5 done (4 of them before this run), 0 failed."
    assert "\nDone: 1\n" in text
    assert "\nAs wanted before this run: 4\n" in text
    assert apply_markdown(told).count("| as wanted before this run |") == 4


def test_nothing_tried_because_all_is_blocked_is_not_nothing_to_do(report: ApplyReport) -> None:
    text = apply_text(replace(only(report), blocked=2), PLAIN)
    assert last(text) == "Applied: 0 done, 0 failed, 2 blocked."
    assert "Blocked changes stay" in text


def test_a_report_of_a_run_that_was_cut_short_says_so(report: ApplyReport) -> None:
    text = apply_text(replace(only(report, Status.DONE, Status.PENDING), finished=None), PLAIN)
    assert last(text) == "Applied: 5 done, 0 failed, 1 pending. It did not finish."
    assert "UTC, not finished\n" in text
    assert "Run the same command again" in text


def test_every_failure_is_shown_and_long_lists_of_the_rest_end(report: ApplyReport) -> None:
    first = report.outcomes[0]

    def many(status: Status, number: int) -> tuple[Outcome, ...]:
        return tuple(
            replace(first, id=f"{status}{n}", resource=ResourceId("Topic", f"{status}-{n:03}"), status=status)
            for n in range(number)
        )

    outcomes = (*many(Status.FAILED, 150), *many(Status.SKIPPED, 30), *many(Status.DONE, 130))
    text = apply_text(replace(report, outcomes=outcomes), PLAIN)
    assert text.count("Topic/failed-") == 150
    assert text.count("Topic/skipped-") == 20
    assert "  and 10 more; --format json lists all\n" in text
    assert "  and 30 more topics; --format json lists all\n" in text


def test_what_went_wrong_in_the_same_way_is_told_once(report: ApplyReport) -> None:
    skipped = replace(
        report.outcomes[0], status=Status.SKIPPED, error=Fault("SKIPPED", "not sent: interrupted")
    )
    outcomes = tuple(replace(skipped, resource=ResourceId("Topic", name)) for name in ("a", "b"))
    text = apply_text(replace(report, outcomes=outcomes), PLAIN)
    assert "Skipped: 2\n  + Topic/a\n  + Topic/b\n      not sent: interrupted\n\n" in text


def test_an_error_without_advice_stands_for_itself(report: ApplyReport) -> None:
    failed = replace(report.outcomes[0], status=Status.FAILED, error=Fault("STRANGE", "never seen"))
    text = apply_text(replace(report, outcomes=(failed,)), PLAIN)
    assert "      STRANGE: never seen\n\nWhat to do next" in text


@pytest.mark.parametrize(
    "said",
    [
        "Excessively large number of partitions per request.",
        "Unable to perform excessively large batch operation.",
    ],
)
def test_a_request_with_too_many_records_names_the_setting_that_makes_it_smaller(
    report: ApplyReport, said: str
) -> None:
    failed = replace(report.outcomes[0], status=Status.FAILED, error=Fault("POLICY_VIOLATION", said))
    text = apply_text(replace(report, outcomes=(failed,)), PLAIN)
    assert "limits.recordsPerRequest" in text
    assert "a policy of the brokers" not in text


@pytest.mark.parametrize(("number", "words"), [(1, "1 ACL removed"), (2, "2 ACLs removed")])
def test_revocations_are_counted_by_principal(report: ApplyReport, number: int, words: str) -> None:
    gone = next(o for o in report.outcomes if o.resource.kind == "Acl" and o.action == "delete")
    text = apply_text(replace(report, outcomes=(replace(gone, status=Status.DONE),) * number), PLAIN)
    assert f"  User:order-service: {words}\n" in text


def test_what_came_and_went_is_counted_together(report: ApplyReport) -> None:
    acls = [replace(o, status=Status.DONE) for o in report.outcomes if "order-service" in o.resource.name]
    text = apply_text(replace(report, outcomes=tuple(acls)), PLAIN)
    assert "  User:order-service: 1 ACL added, 2 removed\n" in text


def test_an_audit_without_drift_says_so_whatever_is_unmanaged(audit: Audit) -> None:
    calm = replace(audit, drift=())
    assert last(audit_text(calm, PLAIN)) == "No drift: 24 unmanaged, 240 in sync."
    strict = replace(calm, strict=True)
    assert last(audit_text(strict, PLAIN)) == "Drift (--strict): 24 unmanaged, 240 in sync."
    waived = replace(audit, drift=audit.drift[3:4], unmanaged=())
    assert last(audit_text(waived, PLAIN)) == "No drift: 1 waived, 0 unmanaged, 240 in sync."


def test_an_audit_with_nothing_to_say_is_short(audit: Audit) -> None:
    empty = replace(
        audit, cluster_id="x", drift=(), unmanaged=(), findings=(), notes=(), not_looked_at=(), unknown_acls=0
    )
    assert audit_text(empty, PLAIN) == (
        "Audit of prod on cluster x\n2026-11-24 12:00:05 UTC\n\nNo drift: 0 unmanaged, 240 in sync.\n"
    )
    assert audit_markdown(empty) == (
        "## kgov audit of <code>prod</code>\n\n"
        "**No drift: 0 unmanaged, 240 in sync.**\n\n"
        "cluster <code>x</code>, 2026-11-24 12:00:05 UTC\n"
    )


def test_an_audit_that_was_not_made_never_looks_like_no_drift(
    audit: Audit, findings: tuple[Finding, ...]
) -> None:
    unmade = replace(audit, cluster_id="", drift=(), unmanaged=(), findings=findings)
    summary = "Not audited: 2 errors of the manifests must be mended first."
    assert last(audit_text(unmade, PLAIN)) == summary
    assert f"**{summary}**" in audit_markdown(unmade)
    assert f'<failure type="" message="{summary}">' in audit_junit(unmade)
    invocation = json.loads(audit_sarif(unmade, "1"))["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == summary
    metrics = audit_prometheus(unmade)
    assert 'kgov_audit_made{environment="prod"} 0\n' in metrics
    assert "kgov_drift" not in metrics
    assert "kgov_audit_timestamp_seconds" not in metrics


def test_many_unmanaged_acls_are_counted_by_principal(audit: Audit) -> None:
    def text(principals: int, topics: int) -> str:
        acls = tuple(
            replace(
                audit.unmanaged[-1],
                resource=ResourceId("Acl", f"User:u{n:02} ALLOW Read on Topic LITERAL x{k} from *"),
            )
            for n in range(principals)
            for k in range(topics)
        )
        return audit_text(replace(audit, unmanaged=acls, unknown_acls=2), PLAIN)

    assert "  ? User:u01 ALLOW Read on Topic LITERAL x3 from *\n" in text(2, 10)
    assert "  ? User:u01: 11 ACLs\n  --format json lists each ACL\n" in text(2, 11)
    assert "  and 5 more principals; --format json lists all\n" in text(25, 1)
    assert "2 ACLs are of a type that the client does not know\n" in text(1, 1)


def test_a_job_summary_names_no_consent_where_none_was_needed(report: ApplyReport) -> None:
    assert "Allowed:" in apply_markdown(report)
    assert "Allowed:" not in apply_markdown(replace(report, allowed=()))


def test_of_an_apply_without_class_and_reason_neither_is_told(report: ApplyReport) -> None:
    bare = replace(report, change=Classified(None), reason="", allowed=())
    for text in (apply_text(bare, PLAIN), apply_markdown(bare)):
        assert "Change:" not in text
        assert "Reason:" not in text
