"""Findings for people: in full with the source line, or one line each."""

from collections.abc import Iterable, Mapping

from kgov.model.finding import Finding, Severity
from kgov.policy.summary import count
from kgov.policy.wording import counted
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style
from kgov.report.text.excerpt import Sources, excerpt
from kgov.report.text.marks import heading
from kgov.report.values import waived_in_words

SEVERITY_INK = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING, Severity.INFO: Ink.INFO}


def findings_full(findings: Iterable[Finding], sources: Mapping[str, str], style: Style) -> str:
    """Write each finding with its source line and a caret under the value, then how many there are.

    ``sources`` maps files to their texts; a finding whose file is not among them goes without its line.
    """
    listed = tuple(findings)
    sheet, known = Sheet(style), Sources(sources)
    for finding in listed:
        _full(sheet, finding, known)
        sheet.gap()
    summary(sheet, listed)
    return sheet.text()


def findings_concise(findings: Iterable[Finding], style: Style) -> str:
    """Write each finding on one line, however long, and nothing else."""
    sheet = Sheet(style)
    for finding in findings:
        sheet.row(*concise(finding))
    return sheet.text()


def concise(finding: Finding) -> tuple[str | Piece, ...]:
    """Make the pieces of one line: ``file:line:column: error KG101 name-format: message [prod]``."""
    ink = SEVERITY_INK[finding.severity] if finding.counts else Ink.FAINT
    where = finding.place or finding.resource
    return (
        f"{where}: " if where else "",
        Piece(f"{finding.severity} {finding.code}", ink),
        f"{finding.title.removeprefix(finding.code)}: {finding.message}",
        f" [{finding.environment}]" if finding.environment else "",
        Piece(f" ({waived_in_words(finding.waived)})" if finding.waived else "", Ink.FAINT),
    )


def waived_section(sheet: Sheet, findings: Iterable[Finding]) -> None:
    """List under a title what Waivers set aside: never left out, whatever else is."""
    waived = [finding for finding in findings if finding.waived]
    if waived:
        heading(sheet, "Waived")
    for finding in waived:
        sheet.line(*concise(finding), indent=2, hang=4)


def summary(sheet: Sheet, findings: tuple[Finding, ...]) -> None:
    """Write how many there are of each severity; waived ones are counted apart."""
    counts = count(findings)
    pieces: list[str | Piece] = []
    for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning")):
        if counts[severity]:
            pieces += [", " if pieces else "", Piece(counted(counts[severity], noun), SEVERITY_INK[severity])]
    if infos := counts[Severity.INFO]:
        pieces += [", " if pieces else "", Piece(f"{infos} info", Ink.INFO)]
    waived = sum(not finding.counts for finding in findings)
    aside = f" {waived} waived." if waived else ""
    if pieces:
        sheet.line("Found ", *pieces, "." + aside)
    else:
        sheet.line(Piece("No findings.", Ink.GOOD), aside)


def _full(sheet: Sheet, finding: Finding, sources: Sources) -> None:
    faint = Ink.PLAIN if finding.counts else Ink.FAINT
    ink = SEVERITY_INK[finding.severity] if finding.counts else Ink.FAINT
    sheet.line(
        Piece("" if finding.counts else "waived ", Ink.FAINT),
        Piece(f"{finding.severity}[{finding.code}]", ink),
        Piece(f"{finding.title.removeprefix(finding.code)}: ", faint),
        Piece(finding.message, Ink.STRONG if finding.counts else Ink.FAINT),
    )
    gutter = _gutter(finding)
    where = finding.place or finding.resource
    if where:
        sheet.row(
            Piece("-->", Ink.INFO if finding.counts else Ink.FAINT), name(f" {where}", faint), indent=gutter
        )
    _source_line(sheet, finding, sources, gutter, ink)
    for text in finding.help.split("\n"):
        if text:
            _fact(sheet, "help", text, gutter, faint)
    if finding.environment:
        _fact(sheet, "environment", finding.environment, gutter, faint)
    if finding.waived:
        _fact(sheet, "waived", waived_in_words(finding.waived).removeprefix("waived "), gutter, faint)


def _gutter(finding: Finding) -> int:
    """Say how wide line numbers are, and so where the bar stands."""
    return len(str(finding.place.line)) if finding.place else 1


def _source_line(sheet: Sheet, finding: Finding, sources: Sources, gutter: int, ink: Ink) -> None:
    place = finding.place
    line = sources.line_at(place) if place else None
    if place is None or line is None:
        return
    bar = Ink.INFO if finding.counts else Ink.FAINT
    shown = excerpt(line, place.column, max(20, sheet.width - gutter - 3))
    text = Ink.PLAIN if finding.counts else Ink.FAINT
    sheet.row(Piece("|", bar), indent=gutter + 1)
    sheet.row(Piece(f"{place.line} |", bar), Piece(f" {shown.line}", text))
    sheet.row(Piece("|", bar), Piece(f" {shown.marker}", ink), indent=gutter + 1)


def _fact(sheet: Sheet, label: str, text: str, gutter: int, ink: Ink) -> None:
    sheet.line(
        Piece("= ", Ink.INFO if ink is Ink.PLAIN else ink),
        Piece(f"{label}: ", Ink.STRONG if ink is Ink.PLAIN else ink),
        Piece(text, ink),
        indent=gutter + 1,
        hang=len(label) + 4,
    )
