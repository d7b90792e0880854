"""Text of manifests and clusters can do no harm in any format, and no format breaks on it."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgov.model.drift import Audit
from kgov.model.finding import Finding
from kgov.model.outcome import ApplyReport
from kgov.plan.plan import Plan
from kgov.report.escape import visible
from kgov.report.github import findings_github
from kgov.report.gitlab import findings_gitlab
from kgov.report.junit import audit_junit, findings_junit
from kgov.report.markdown import audit_markdown, plan_markdown
from kgov.report.markdown.page import LIMIT
from kgov.report.prometheus import audit_prometheus
from kgov.report.sarif import audit_sarif, findings_sarif
from kgov.report.style import Style
from kgov.report.text import apply_text, audit_text, findings_concise, findings_full, plan_text

NASTY = (
    "\x1b[2J\x1b]0;title\x07",
    "a\r\nb\tc\x00",
    "\u202egnp.exe\u2066",
    "\ud800\udc80",
    "\ufffe\uffff\U0001fffe",
    "::add-mask::x ::error::y",
    "##[add-mask]x ##vso[task.setvariable]y",
    "]]></failure><script>alert(1)</script>",
    '"quoted\\" \\',
    "| pipe | `tick` ``` @everyone #1 <b> [x](https://evil.example) ![](x)",
    "%0A::error::",
    "\u2028\u2029\x85\x0b\x0c",
    "日本語のトピック" * 20,
    "e\u0301" * 40,
)
hostile = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.characters(codec=None), max_size=60),
    st.just(""),  # type: ignore[arg-type]
)
Spoil = Callable[[Any, str], Any]


def spoil(value: Any, text: str) -> Any:
    """Put a text before every text of a value, whatever it is nested in; closed sets excepted."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text + value
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(spoil(item, text) for item in value)
    if isinstance(value, tuple):
        return tuple(spoil(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"code", "id", "changes", "change"}
        return replace(
            value,
            **{
                field.name: spoil(getattr(value, field.name), text)
                for field in fields(value)
                if field.name not in kept
                or not isinstance(getattr(value, field.name), str | tuple)
                or is_changes(value, field.name)
            },
        )
    return value


def is_changes(value: Any, name: str) -> bool:
    """Tell a plan's changes from the ids of changes that a refusal holds."""
    return isinstance(value, Plan) and name == "changes"


def assert_harmless(text: str) -> None:
    """Assert that nothing but ends of lines moves or hides anything."""
    for letter in set(text) - {"\n", "\u200b"}:
        assert unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}, repr(letter)
    text.encode("utf-8")
    assert "##[" not in text
    assert "##vso[" not in text


def assert_no_commands(text: str) -> None:
    """Assert that no line is one that GitHub's runner takes for a command."""
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@slow
@given(text=hostile, width=st.integers(1, 120))
def test_no_control_comes_through_to_a_terminal(
    plan: Plan, report: ApplyReport, audit: Audit, findings: tuple[Finding, ...], text: str, width: int
) -> None:
    style = Style(colour=False, width=width)
    spoilt = spoil(findings, text)
    sources = {f.place.file: f"{text}\n" * 9 for f in spoilt if f.place}
    for rendered in (
        plan_text(spoil(plan, text), style),
        apply_text(spoil(report, text), style),
        audit_text(spoil(audit, text), style),
        findings_full(spoilt, sources, style),
        findings_concise(spoilt, style),
    ):
        assert_harmless(rendered)
        assert_no_commands(rendered)


@slow
@given(text=hostile)
def test_colour_changes_nothing_but_colour(plan: Plan, audit: Audit, text: str) -> None:
    for render, value in ((plan_text, spoil(plan, text)), (audit_text, spoil(audit, text))):
        coloured = render(value, Style(colour=True, width=80))
        plain = render(value, Style(colour=False, width=80))
        assert re.sub(r" *$", "", re.sub(r"\x1b\[[0-9;]*m", "", coloured), flags=re.MULTILINE) == plain


@slow
@given(text=hostile)
def test_markdown_holds_no_markup_of_others(plan: Plan, audit: Audit, text: str) -> None:
    for rendered in (plan_markdown(spoil(plan, text)), audit_markdown(spoil(audit, text))):
        assert_harmless(rendered)
        assert len(rendered.encode()) <= LIMIT
        outside = re.sub(r"^(`{3,})sh\n.*?\n\1$", "", rendered, flags=re.MULTILINE | re.DOTALL)
        assert set(re.findall(r"<[^>]*>", outside)) <= {
            "<code>", "</code>", "<br>", "<details>", "</details>", "<summary>", "</summary>",
        }  # fmt: skip
        assert not re.search(r"@\w|https?://\w|\]\(|!\[", re.sub(r"<code>.*?</code>", "", outside))
        for line in outside.splitlines():
            assert not line.startswith("|") or line.endswith("|")


@slow
@given(text=hostile)
def test_workflow_commands_stay_one_line_each(findings: tuple[Finding, ...], text: str) -> None:
    spoilt = spoil(findings, text)
    lines = findings_github(spoilt).split("\n")[:-1]
    assert len(lines) == len(spoilt)
    for line in lines:
        command = re.fullmatch(r"::(error|warning|notice) ([a-z]+=[^:,]*(?:,[a-z]+=[^:,]*)*)::.*", line)
        assert command
        assert_harmless(line)


@slow
@given(text=hostile)
def test_json_and_xml_read_back(audit: Audit, findings: tuple[Finding, ...], text: str) -> None:
    spoilt, found = spoil(findings, text), spoil(audit, text)
    for document in (findings_gitlab(spoilt), findings_sarif(spoilt, "1"), audit_sarif(found, "1")):
        assert json.loads(document)
        assert_harmless(document)
    for document in (findings_junit(spoilt), audit_junit(found)):
        suite = ET.fromstring(document.encode("utf-8"))[0]
        assert int(suite.get("tests", "")) == len(suite)
        assert_harmless(document)


@slow
@given(text=hostile)
def test_labels_of_metrics_read_back(audit: Audit, text: str) -> None:
    rendered = audit_prometheus(spoil(audit, text))
    assert_harmless(rendered)
    for line in rendered.splitlines():
        assert re.fullmatch(r'# .*|[a-z_]+\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\} \d+', line)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain été 日本", "plain été 日本"),
        ("a\nb\r\t", r"a\nb\r\t"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\u202e", r"\u202e"),
        ("\U000e0041", r"\U000e0041"),
        ("\udc80", r"\udc80"),
        ("\u3164", r"\u3164"),
        ("##[group]", r"#\#[group]"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown
