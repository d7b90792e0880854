"""A plan for a pull request or a job summary."""

from collections.abc import Iterable

from kgov.access.wording import sentences
from kgov.model.change import Action, BlockedChange, Change, Risk
from kgov.model.finding import APPROVAL_MISSING
from kgov.model.live import NotLookedAt
from kgov.plan.plan import Plan
from kgov.policy.wording import counted
from kgov.report.assessment import statements
from kgov.report.commands import continued, lifting_command
from kgov.report.escape import markdown_fence
from kgov.report.grouping import Standing, by_principal, by_topic
from kgov.report.markdown.findings import standing_findings, waived_findings
from kgov.report.markdown.page import Section, assemble, code, row, several, text
from kgov.report.markdown.rollback import remark_sections
from kgov.report.summaries import plan_summary
from kgov.report.values import field_in_words, field_set, moment_in_words, waived_in_words

_SIGNS = {Action.CREATE: "create", Action.UPDATE: "update", Action.DELETE: "delete"}
_LONGEST_COMMAND = 4_000
_MOST_SENTENCES = 100
_REMEDY = "`kgov plan` prints everything."


def plan_markdown(plan: Plan) -> str:
    """Write a plan as Markdown of at most 64 KB; where that is too little, safe changes are left out first."""
    standing = Standing.of(plan)
    risky = [
        _risky(f"Can lose data: {{}} {Risk.DATA_LOSS}", Risk.DATA_LOSS, plan, standing),
        _risky(f"Can disrupt: {{}} {Risk.DISRUPTIVE}", Risk.DISRUPTIVE, plan, standing),
    ]
    sections = [
        _refusals(plan),
        _blocked(plan),
        *risky,
        _access(plan),
        *remark_sections(plan.rollback),
        _findings(plan),
        waived_findings(plan.findings),
        _notes(plan),
        *_safe(plan),
    ]
    return assemble(_head(plan), [section for section in sections if section.rows], _REMEDY)


def _head(plan: Plan) -> list[str]:
    commit = f"commit {code(plan.source.commit[:12])}" if plan.source.commit else "not in Git"
    dirty = " with uncommitted changes" if plan.source.dirty else ""
    cluster = f"cluster {code(plan.cluster_id)}, " if plan.cluster_id else ""
    return [
        f"## kgov {'plan' if plan.rollback is None else 'rollback'} for {code(plan.environment)}",
        "",
        f"**{plan_summary(plan)}**",
        "",
        f"{cluster}{commit}{dirty}, {moment_in_words(plan.created)}",
        "",
        *_assessment(plan),
    ]


def _assessment(plan: Plan) -> list[str]:
    lines = []
    for statement in statements(plan.assessment):
        lines.append(f"- **{statement.label}:** {text(statement.sentence)}")
        lines += [f"  - {text(line)}" for line in statement.below]
    return [*lines, ""] if lines else []


def _refusals(plan: Plan) -> Section:
    rows = [row(code(r.code), text(r.message), text(r.todo)) for r in plan.refusals]
    command = continued(lifting_command(plan))
    fits = command and sum(map(len, command)) < _LONGEST_COMMAND
    after = ("If all of it is meant:", "", markdown_fence(*command)) if fits else ()
    return Section("Apply would refuse this plan", "refusals", ("Rule", "Why", "What to do"), rows, after=after)


def _blocked(plan: Plan) -> Section:
    ordered = sorted(plan.blocked, key=lambda blocked: blocked.waived is not None)
    columns = ("Resource", "Difference", "Why", "Declared at")
    return Section("Blocked", "blocked changes", columns, [_blocked_row(blocked) for blocked in ordered])


def _blocked_row(blocked: BlockedChange) -> str:
    why = [f"{code(blocked.code)} {text(blocked.why)}"]
    why += [text(waived_in_words(blocked.waived))] if blocked.waived else []
    fields = several(code(field_in_words(field)) for field in blocked.fields)
    return row(code(str(blocked.resource)), fields, several(why), _place(blocked))


def _risky(title: str, risk: Risk, plan: Plan, standing: Standing) -> Section:
    found = [change for change in plan.changes if change.risk is risk]
    rows = [row(_named(c), _fields(c), several(_reasons(c, standing)), _place(c)) for c in found]
    columns = ("Change", "Fields", "Why", "Declared at")
    return Section(title.format(len(found)), f"{risk} changes", columns, rows)


def _reasons(change: Change, standing: Standing) -> Iterable[str]:
    yield text(change.reason) + ("" if change.undoable else " (cannot be undone)")
    for consent in standing.consents.get(change.id, ()):
        yield text(f"consent {consent.consent} of {consent.owner} until {consent.expires}: {consent.reason}")
    if codes := standing.refusals.get(change.id):
        yield f"**apply refuses it** ({', '.join(map(text, codes))})"


def _named(change: Change) -> str:
    return f"{_SIGNS[change.action]} {code(str(change.resource))}"


def _fields(change: Change) -> str:
    show = field_in_words if change.action is Action.UPDATE else field_set
    return several(code(show(field)) for field in change.fields)


def _place(item: Change | BlockedChange) -> str:
    return code(str(item.origin)) if item.origin else ""


def _access(plan: Plan) -> Section:
    """Say in words what all changes together come to, of very many the first."""
    said = [sentence for shift in plan.access for sentence in sentences(shift)]
    rows = [row(text(sentence)) for sentence in said[:_MOST_SENTENCES]]
    more = f"and {len(said) - _MOST_SENTENCES} more: `kgov plan` prints them all"
    after = (more,) if len(said) > _MOST_SENTENCES else ()
    return Section("Who gains and who loses access", "gains and losses", ("In words",), rows, after=after)


def _findings(plan: Plan) -> Section:
    refused = {refusal.code for refusal in plan.refusals} - {APPROVAL_MISSING}
    return standing_findings(finding for finding in plan.findings if finding.code not in refused)


def _notes(plan: Plan) -> Section:
    unmanaged = plan.unmanaged
    lines = [_unmanaged("topic", unmanaged.topics), _unmanaged("ACL", unmanaged.acls), *plan.notes]
    if unmanaged.unknown_acls:
        lines.append(f"{counted(unmanaged.unknown_acls, 'ACL')} of a type that the client does not know")
    return Section("Notes", "notes", ("Note",), [row(text(line)) for line in lines if line])


def _unmanaged(noun: str, found: int | NotLookedAt) -> str:
    if isinstance(found, NotLookedAt):
        return f"Unmanaged {noun}s: not looked at: {found.reason}"
    return f"{counted(found, noun)} unmanaged" if found else ""


def _safe(plan: Plan) -> Iterable[Section]:
    """Give the changes without a risk, folded: topics in one table, access in another."""
    safe = [change for change in plan.changes if change.risk is Risk.SAFE]
    topics = [change for group in by_topic(safe).values() for change in group]
    rows = [row(_named(c), _fields(c), text(c.reason), _place(c)) for c in topics]
    title = f"Topics: {counted(len(topics), 'safe change')}"
    yield Section(
        title, "safe changes of topics", ("Change", "Fields", "Why", "Declared at"), rows, folded=True
    )
    access = by_principal(safe)
    rows = [
        row(code(principal), f"{_SIGNS[c.action]}: {text(c.reason)}", _place(c))
        for principal, group in access.items()
        for c in group
    ]
    title = f"Access: {counted(len(rows), 'safe change')} of {counted(len(access), 'principal')}"
    yield Section(title, "safe changes of ACLs", ("Principal", "Change", "Declared at"), rows, folded=True)
