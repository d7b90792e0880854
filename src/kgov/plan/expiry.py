"""What held when a plan was made and holds no longer: consents and waivers end on a day. Pure."""

from datetime import date

from kgov.model.change import BlockedChange
from kgov.model.finding import Severity
from kgov.model.policies import Lift
from kgov.plan.plan import Plan, Refusal


def expired_consents(plan: Plan, today: date) -> tuple[Refusal, ...]:
    """List why a plan that was fine when it was made is refused today; ``--allow`` lifts it as ever."""
    late = [consented for consented in plan.consents if consented.expires < today]
    return tuple(
        Refusal(
            "KG901" if lift is Lift.LIMITS else "KG904",
            f"Consent/{name} ended on {min(c.expires for c in late if c.consent == name)}",
            tuple(c.change for c in late if (c.consent, c.lift) == (name, lift)),
            lift,
            f"have a new Consent merged and plan again, or say --allow {lift} --reason TEXT",
        )
        for name, lift in sorted({(c.consent, c.lift) for c in late})
    )


def expired_waivers(plan: Plan, today: date) -> tuple[Refusal, ...]:
    """List the errors of manifests that were waived when the plan was made and are not today.

    A plan made today would not be made at all (exit 3), so that nothing lifts it.
    """
    late = [
        (finding, finding.waived)
        for finding in plan.findings
        if finding.waived is not None and finding.waived.expires < today and finding.severity is Severity.ERROR
    ]
    return tuple(
        Refusal(
            "KG905",
            f"Waiver/{waived.waiver} ended on {waived.expires}: {finding.code} on {finding.resource} stands",
            (),
            None,
            f"mend {finding.code}, or have the waiver renewed by {waived.owner}, and plan again",
        )
        for finding, waived in late
    )


def standing_blocked(plan: Plan, today: date) -> tuple[BlockedChange, ...]:
    """List the blocked changes that no waiver sets aside today."""
    return tuple(b for b in plan.blocked if b.waived is None or b.waived.expires < today)
