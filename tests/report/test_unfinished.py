"""A report that was cut short says so, and what that means."""

from dataclasses import replace

from kgov.model.outcome import ApplyReport
from kgov.report.markdown import apply_markdown
from kgov.report.style import Style
from kgov.report.text import apply_text
from kgov.report.unfinished import MEANING, left_unfinished

WIDE = Style(colour=False, width=1000)


def test_a_report_that_was_cut_short_says_so_in_text_and_markdown(report: ApplyReport) -> None:
    cut = replace(report, finished=None)
    assert MEANING in apply_text(cut, WIDE)
    assert f"> [!WARNING]\n> {MEANING}\n" in apply_markdown(cut)
    assert MEANING not in apply_text(report, WIDE)
    assert "did not finish" not in apply_markdown(report)


def test_who_when_and_how_far_it_came_is_told_with_what_is_not_known(report: ApplyReport) -> None:
    assert left_unfinished(report, "sha256:abc") == (
        "by ci@example.com, begun 2026-11-24 12:00:05 UTC, of this very plan, 10 changes: 5 done; "
        "1 sent, and what became of it is not known; 1 unknown; 1 failed; 1 skipped; 1 not sent"
    )


def test_a_run_of_another_plan_is_told_apart(report: ApplyReport) -> None:
    nothing = replace(report, outcomes=(), by="me\x1b[31m")
    told = left_unfinished(nothing, "sha256:other")
    assert told.endswith("of another plan, no changes")
    assert "\x1b" not in told
