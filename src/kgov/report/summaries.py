"""The one line that sums up a plan, an apply or an audit."""

from typing import Final

from kgov.model.drift import Audit, DriftState
from kgov.model.outcome import ApplyReport, Status
from kgov.plan.plan import Plan, Rollback
from kgov.policy.wording import counted
from kgov.report.grouping import Tally

_UNDONE: Final = (Status.FAILED, Status.UNKNOWN, Status.SENT, Status.PENDING, Status.SKIPPED)


def was_made(audit: Audit) -> bool:
    """Say whether a cluster was looked at at all: without, nothing may look as if all were well."""
    return bool(audit.cluster_id)


def audit_summary(audit: Audit) -> str:
    """Sum an audit up: ``Drift: 1 missing, 2 drifted, 0 undeclared, 0 blocked, 3 unmanaged, 240 in sync.``."""
    if not was_made(audit):
        errors = sum(finding.stops for finding in audit.findings)
        return f"Not audited: {counted(errors, 'error')} of the manifests must be mended first."
    counting = [drift for drift in audit.drift if drift.waived is None]
    waived = len(audit.drift) - len(counting)
    rest = f"{len(audit.unmanaged)} unmanaged, {audit.in_sync} in sync."
    if not counting:
        aside = f"{waived} waived, " if waived else ""
        strict = "Drift (--strict): " if audit.drifted else "No drift: "
        return f"{strict}{aside}{rest}"
    states = ", ".join(f"{sum(d.state is state for d in counting)} {state}" for state in DriftState)
    return f"Drift: {states}{f' ({waived} waived)' if waived else ''}, {rest}"


def plan_summary(plan: Plan) -> str:
    """Sum a plan up in one line; never "No changes" where something is blocked, waived or not."""
    errors = sum(finding.stops for finding in plan.findings)
    if errors and not plan.changes:
        return f"Not planned: {counted(errors, 'error')} of the manifests must be mended first."
    if plan.rollback is not None:
        return _rollback_summary(plan, plan.rollback)
    if not plan.changes and not plan.blocked:
        return "No changes. Live is as desired."
    return f"Plan: {Tally.of((*plan.changes, *plan.blocked)).in_words}, {plan.unchanged} unchanged."


def _rollback_summary(plan: Plan, rollback: Rollback) -> str:
    tally = Tally.of(plan.changes)
    todo = f"{tally.create} to create, {tally.update} to update, {tally.delete} to delete"
    counts = ((rollback.cannot_be_undone, "cannot be undone"), (rollback.left_alone, "left alone"))
    parts = [f"To roll back: {todo}" if plan.changes else "Nothing to roll back"]
    return ", ".join(parts + [f"{len(remarks)} {words}" for remarks, words in counts if remarks]) + "."


def apply_summary(report: ApplyReport) -> str:
    """Sum an apply up: ``Applied: 12 done, 1 failed, 2 skipped.``; failures are always counted."""
    if not report.outcomes and not report.blocked:
        return "Nothing to roll back." if report.rollback_of else "Nothing to do. Live is as desired."
    counts = {status: sum(outcome.status is status for outcome in report.outcomes) for status in Status}
    before = sum(outcome.already for outcome in report.outcomes)
    parts = [f"{counts[Status.DONE]} done" + (f" ({before} of them before this run)" if before else "")]
    parts += [f"{counts[status]} {status}" for status in _UNDONE if counts[status] or status is Status.FAILED]
    parts += [f"{report.blocked} blocked"] if report.blocked else []
    end = "." if report.finished else ". It did not finish."
    return f"Applied: {', '.join(parts)}{end}"
