"""A plan for people, like Terraform's: what would be done, what would not, and what stands against it."""

from kgov.model.change import Action, Risk
from kgov.model.finding import APPROVAL_MISSING, Finding, Severity
from kgov.model.live import NotLookedAt
from kgov.model.place import ResourceId
from kgov.plan.plan import Plan, Refusal
from kgov.policy.wording import counted
from kgov.report.assessment import statements
from kgov.report.commands import continued, lifting_command
from kgov.report.grouping import ACL, Standing, principal_of
from kgov.report.sheet import Piece, Sheet, text_width
from kgov.report.style import Ink, Style
from kgov.report.summaries import plan_summary
from kgov.report.text.access import access_section, gains_and_losses
from kgov.report.text.findings import concise, waived_section
from kgov.report.text.marks import BLOCKED_SIGN, RISK_INK, SIGNS, heading
from kgov.report.text.rollback import remarks_section
from kgov.report.text.topics import topics_section
from kgov.report.values import moment_in_words

_MOST_NAMED = 5


def plan_text(plan: Plan, style: Style) -> str:
    """Write a plan, grouped by topic and by principal; the last line sums it up."""
    sheet, standing = Sheet(style), Standing.of(plan)
    _head(sheet, plan)
    topics_section(sheet, plan, standing)
    access_section(sheet, plan, standing)
    gains_and_losses(sheet, plan)
    if plan.rollback is not None:
        remarks_section(sheet, plan.rollback)
    _findings(sheet, plan)
    _notes(sheet, plan)
    _refusals(sheet, plan)
    sheet.gap()
    _assessment(sheet, plan)
    _risks(sheet, plan)
    calm = not plan.changes and not plan.blocked and not any(finding.blocks for finding in plan.findings)
    sheet.row(Piece(plan_summary(plan), Ink.GOOD if calm else Ink.STRONG))
    return sheet.text()


def _head(sheet: Sheet, plan: Plan) -> None:
    cluster = f" on cluster {plan.cluster_id}" if plan.cluster_id else ""
    kind = "Plan" if plan.rollback is None else "Rollback"
    sheet.line(Piece(f"{kind} for {plan.environment}", Ink.STRONG), cluster)
    commit = f"commit {plan.source.commit[:12]}" if plan.source.commit else "not in Git"
    dirty = " with uncommitted changes" if plan.source.dirty else ""
    sheet.line(Piece(f"{commit}{dirty}, {moment_in_words(plan.created)}", Ink.FAINT))
    legend: list[str | Piece] = []
    for action in Action:
        if any(change.action is action for change in plan.changes):
            legend += ["  " if legend else "", SIGNS[action], f" {action}"]
    if plan.blocked:
        legend += ["  " if legend else "", BLOCKED_SIGN, " blocked"]
    if legend:
        sheet.line(*legend)


def _findings(sheet: Sheet, plan: Plan) -> None:
    """List errors and warnings, then what is waived; what a refusal says already and mere info is not."""
    shown, quiet = _told(plan)
    if shown:
        heading(sheet, "Findings")
    for finding in shown:
        sheet.line(*concise(finding), indent=2, hang=4)
    if shown and quiet:
        sheet.line(f"{quiet} more of severity info: kgov validate shows all", indent=2)
    waived_section(sheet, plan.findings)


def _told(plan: Plan) -> tuple[list[Finding], int]:
    """Split the findings that no refusal tells: those to show, and how many are counted only."""
    # What waits for an approval is told of every resource, changed by this plan or not.
    refused = {refusal.code for refusal in plan.refusals} - {APPROVAL_MISSING}
    others = [finding for finding in plan.findings if finding.counts and finding.code not in refused]
    shown = [finding for finding in others if finding.severity is not Severity.INFO]
    return shown, len(others) - len(shown)


def _notes(sheet: Sheet, plan: Plan) -> None:
    unmanaged = plan.unmanaged
    lines = [f"Note: {note}" for note in plan.notes]
    if isinstance(unmanaged.topics, int) and isinstance(unmanaged.acls, int):
        counts = ((unmanaged.topics, "topic"), (unmanaged.acls, "ACL"))
        found = " and ".join(counted(number, noun) for number, noun in counts if number)
        are, them = ("is", "it") if unmanaged.topics + unmanaged.acls == 1 else ("are", "them")
        lines += [f"{found} {are} unmanaged: kgov audit lists {them}"] if found else []
    else:
        lines += [_unmanaged("topics", unmanaged.topics), _unmanaged("ACLs", unmanaged.acls)]
    if unmanaged.unknown_acls:
        are = "is" if unmanaged.unknown_acls == 1 else "are"
        acls = counted(unmanaged.unknown_acls, "ACL")
        lines.append(f"{acls} {are} of a type that the client does not know: never touched")
    shown, quiet = _told(plan)
    if quiet and not shown:
        is_, it = ("is", "it") if quiet == 1 else ("are", "them")
        lines.append(f"{counted(quiet, 'finding')} {is_} mere info: kgov validate shows {it}")
    if lines:
        sheet.gap()
    for line in lines:
        sheet.line(line)


def _unmanaged(what: str, found: int | NotLookedAt) -> str:
    return f"Unmanaged {what}: " + (
        f"not looked at: {found.reason}" if isinstance(found, NotLookedAt) else str(found)
    )


def _refusals(sheet: Sheet, plan: Plan) -> None:
    if not plan.refusals:
        return
    sheet.gap()
    sheet.line(Piece("Apply would refuse this plan (exit 4):", Ink.ERROR))
    sheet.gap()
    names = {change.id: change.resource for change in plan.changes}
    for refusal in plan.refusals:
        sheet.line(Piece(refusal.code, Ink.ERROR), f" {refusal.message}", indent=2, hang=6)
        _about(sheet, refusal, names)
        sheet.line(Piece("what to do: ", Ink.STRONG), refusal.todo, indent=8)
        sheet.gap()
    if command := lifting_command(plan):
        lasting = any(refusal.lift is None for refusal in plan.refusals)
        sheet.line("To allow what can be allowed:" if lasting else "If all of it is meant:", indent=2)
        one = " ".join(command)
        for line in (one,) if text_width(one) + 4 <= sheet.width else continued(command):
            sheet.row(Piece(line, Ink.STRONG), indent=4)


def _about(sheet: Sheet, refusal: Refusal, names: dict[str, ResourceId]) -> None:
    """Name the changes that the message itself names neither by themselves nor by their principal."""
    about = [names[change] for change in refusal.changes if change in names]
    said = refusal.message.split()
    unnamed = [
        resource
        for resource in about
        if str(resource) not in refusal.message and (resource.kind != ACL or principal_of(resource) not in said)
    ]
    for resource in unnamed[:_MOST_NAMED]:
        sheet.line(str(resource), indent=8, hang=4)
    if len(unnamed) > _MOST_NAMED:
        sheet.line(f"and {len(unnamed) - _MOST_NAMED} more", indent=8)


def _assessment(sheet: Sheet, plan: Plan) -> None:
    for statement in statements(plan.assessment):
        sheet.line(Piece(f"{statement.label}: ", Ink.STRONG), statement.sentence)
        for line in statement.below:
            sheet.line(line, indent=2)


def _risks(sheet: Sheet, plan: Plan) -> None:
    pieces: list[str | Piece] = []
    for risk in (Risk.DATA_LOSS, Risk.DISRUPTIVE):
        if number := sum(change.risk is risk for change in plan.changes):
            pieces += [", " if pieces else "", f"{number} ", Piece(risk, RISK_INK[risk])]
    if pieces:
        sheet.line("Risks: ", *pieces, ".")
