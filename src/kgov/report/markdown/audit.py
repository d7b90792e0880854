"""An audit for a job summary or an issue."""

from collections.abc import Iterable

from kgov.model.drift import DOUBTING, Audit, Drift, DriftState
from kgov.policy.wording import counted
from kgov.report.markdown.findings import standing_findings, waived_findings
from kgov.report.markdown.page import Section, assemble, code, row, several, text
from kgov.report.summaries import audit_summary
from kgov.report.values import field_drift, moment_in_words, waived_in_words

_TITLES = {
    DriftState.BLOCKED: "Blocked",
    DriftState.DRIFTED: "Drifted",
    DriftState.MISSING: "Missing: desired, but not on the cluster",
    DriftState.UNDECLARED: "Undeclared: on the cluster, but not desired",
}
"""The states in the order of importance."""


def audit_markdown(audit: Audit) -> str:
    """Write an audit as Markdown of at most 64 KB; where that is too little, unmanaged objects go first."""
    sections = [
        _doubts(audit),
        *_drift(audit),
        standing_findings(finding for finding in audit.findings if finding.code not in DOUBTING),
        waived_findings(audit.findings),
        _notes(audit),
        _unmanaged(audit),
    ]
    remedy = "`kgov audit --format json` lists everything."
    return assemble(_head(audit), [section for section in sections if section.rows], remedy)


def _head(audit: Audit) -> list[str]:
    cluster = f"cluster {code(audit.cluster_id)}, " if audit.cluster_id else ""
    return [
        f"## kgov audit of {code(audit.environment)}",
        "",
        f"**{audit_summary(audit)}**",
        "",
        f"{cluster}{moment_in_words(audit.at)}",
        "",
    ]


def _doubts(audit: Audit) -> Section:
    rows = [row(code(finding.code), text(finding.message), text(finding.help)) for finding in audit.doubts]
    title = "This may not be the cluster that it should be"
    return Section(title, "doubts", ("Rule", "Why", "What to do"), rows)


def _drift(audit: Audit) -> Iterable[Section]:
    columns = ("Resource", "Difference", "Since", "Declared at")
    for state, title in _TITLES.items():
        found = [drift for drift in audit.drift if drift.state is state]
        rows = [_drift_row(drift) for drift in sorted(found, key=lambda drift: drift.waived is not None)]
        yield Section(title, f"{state} objects", columns, rows)


def _drift_row(drift: Drift) -> str:
    facts = [code(field_drift(field)) for field in drift.fields]
    facts += [text(drift.why)] if drift.why else []
    facts += [text(waived_in_words(drift.waived))] if drift.waived else []
    place = code(str(drift.origin)) if drift.origin else ""
    return row(code(str(drift.resource)), several(facts), moment_in_words(drift.first_seen), place)


def _notes(audit: Audit) -> Section:
    lines = [f"Not looked at: {missing.reason}" for missing in audit.not_looked_at] + list(audit.notes)
    if audit.unknown_acls:
        lines.append(f"{counted(audit.unknown_acls, 'ACL')} of a type that the client does not know")
    return Section("Notes", "notes", ("Note",), [row(text(line)) for line in lines])


def _unmanaged(audit: Audit) -> Section:
    rows = [row(code(str(u.resource)), moment_in_words(u.first_seen)) for u in audit.unmanaged]
    title = f"Unmanaged: {counted(len(rows), 'object')} that no manifest declares"
    return Section(title, "unmanaged objects", ("Resource", "Since"), rows, folded=True)
