"""What an audit found: what differs, since when, where it is declared."""

from collections.abc import Sequence
from typing import Final

from kgov.model.drift import DOUBTING, Audit, Drift, DriftState
from kgov.model.finding import Severity
from kgov.policy.wording import counted
from kgov.report.grouping import by_principal, by_topic
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style
from kgov.report.summaries import audit_summary, was_made
from kgov.report.text.findings import concise, waived_section
from kgov.report.text.marks import GLUE, heading, reason_line
from kgov.report.values import field_drift, field_set, moment_in_words, waived_in_words

_MOST_UNMANAGED: Final = 20

_MARKS = {
    DriftState.MISSING: ("-", Ink.DELETE, "desired, but not on the cluster"),
    DriftState.DRIFTED: ("~", Ink.UPDATE, ""),
    DriftState.UNDECLARED: ("+", Ink.WARNING, "on the cluster, but not desired"),
    DriftState.BLOCKED: ("!", Ink.BLOCKED, ""),
}
"""Sign, ink and meaning: what is on the cluster and should not be is a plus."""


def audit_text(audit: Audit, style: Style) -> str:
    """Write an audit, grouped by topic and by principal; the last line sums it up."""
    sheet = Sheet(style)
    cluster = f" on cluster {audit.cluster_id}" if audit.cluster_id else ""
    sheet.line(Piece(f"Audit of {audit.environment}", Ink.STRONG), cluster)
    sheet.line(Piece(moment_in_words(audit.at), Ink.FAINT))
    _doubts(sheet, audit)
    _topics(sheet, audit)
    _access(sheet, audit)
    _unmanaged(sheet, audit)
    _findings(sheet, audit)
    _notes(sheet, audit)
    sheet.gap()
    calm = was_made(audit) and not audit.drifted
    sheet.row(Piece(audit_summary(audit), Ink.GOOD if calm else Ink.WARNING))
    return sheet.text()


def _doubts(sheet: Sheet, audit: Audit) -> None:
    """Say first what makes all that follows doubtful."""
    if audit.doubts:
        heading(sheet, "This may not be the cluster that it should be")
    for finding in audit.doubts:
        sheet.line(*concise(finding), indent=2, hang=4)
        sheet.line(Piece("what to do: ", Ink.STRONG), finding.help, indent=6)


def _topics(sheet: Sheet, audit: Audit) -> None:
    groups = by_topic(audit.drift)
    if groups:
        heading(sheet, "Topics")
    for group in groups.values():
        for drift in group:
            _drift(sheet, drift, name(drift.resource.name, Ink.STRONG), indent=2)
        sheet.gap()


def _access(sheet: Sheet, audit: Audit) -> None:
    groups = by_principal(audit.drift)
    if groups:
        heading(sheet, "Access")
    for principal, group in groups.items():
        sheet.line(name(principal, Ink.STRONG), indent=2)
        for drift in group:
            _drift(sheet, drift, Piece(drift.resource.name.removeprefix(principal).lstrip(" ")), indent=4)
        sheet.gap()


def _drift(sheet: Sheet, drift: Drift, title: Piece, indent: int) -> None:
    sign, ink, meaning = _MARKS[drift.state]
    state = Piece("waived", Ink.GOOD) if drift.waived else Piece(drift.state, ink)
    sheet.line(Piece(sign, ink), GLUE, title, "  [", state, "]", indent=indent, hang=4)
    for field in drift.fields:
        text = field_set(field) if drift.state is DriftState.MISSING else field_drift(field)
        sheet.line(text, indent=indent + 4, hang=4)
    reason_line(sheet, drift.why or meaning, drift.origin, indent + 4)
    if drift.waived:
        sheet.line(waived_in_words(drift.waived), indent=indent + 4)
    sheet.line(Piece(f"since {moment_in_words(drift.first_seen)}", Ink.FAINT), indent=indent + 4)


def _unmanaged(sheet: Sheet, audit: Audit) -> None:
    topics, principals = by_topic(audit.unmanaged), by_principal(audit.unmanaged)
    if topics or principals:
        heading(sheet, "Unmanaged", "on the cluster, and no manifest declares it")
    _capped(sheet, [found.resource.name for group in topics.values() for found in group], "topics")
    acls = [found.resource.name for group in principals.values() for found in group]
    if len(acls) > _MOST_UNMANAGED:
        # So many are not read one by one: whose they are says more.
        counts = [f"{principal}: {counted(len(group), 'ACL')}" for principal, group in principals.items()]
        _capped(sheet, counts, "principals")
        if len(counts) <= _MOST_UNMANAGED:
            sheet.line("--format json lists each ACL", indent=2)
    else:
        _capped(sheet, acls, "ACLs")


def _capped(sheet: Sheet, names: Sequence[str], noun: str) -> None:
    for text in names[:_MOST_UNMANAGED]:
        sheet.line(Piece("?", Ink.INFO), GLUE, text, indent=2, hang=4)
    if len(names) > _MOST_UNMANAGED:
        sheet.line(f"and {len(names) - _MOST_UNMANAGED} more {noun}; --format json lists all", indent=2)


def _findings(sheet: Sheet, audit: Audit) -> None:
    others = [finding for finding in audit.findings if finding.code not in DOUBTING]
    shown = [f for f in others if f.counts and f.severity is not Severity.INFO]
    if shown:
        heading(sheet, "Findings")
    for finding in shown:
        sheet.line(*concise(finding), indent=2, hang=4)
    waived_section(sheet, audit.findings)


def _notes(sheet: Sheet, audit: Audit) -> None:
    lines = [f"Note: {note}" for note in audit.notes]
    lines += [f"Not looked at: {missing.reason}" for missing in audit.not_looked_at]
    if audit.unknown_acls:
        acls = counted(audit.unknown_acls, "ACL")
        are = "is" if audit.unknown_acls == 1 else "are"
        lines.append(f"{acls} {are} of a type that the client does not know")
    if lines:
        sheet.gap()
    for line in lines:
        sheet.line(line)
