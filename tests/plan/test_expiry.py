"""Consents and waivers end on their day, also those of a saved plan."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worlds import TODAY, allow, consent, desired, live, live_topic, retired, topic, waiver

from kgov.diff.compare import compare
from kgov.model.finding import Finding, Severity, Waived
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.model.project import Environment, Limits
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.consent import Allowance
from kgov.plan.expiry import expired_consents, expired_waivers, standing_blocked
from kgov.plan.plan import ManifestSource
from kgov.plan.refusals import still_refused

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)
OLD = ResourceId("Topic", "old")


def plan(wanted, world):
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    return build_plan(wanted, world, compare(wanted, world), around)


def test_a_consent_holds_through_its_day_and_not_on_the_next():
    made = plan(desired([retired("old")], consents=[consent(Lift.DATA_LOSS, OLD)]), live([live_topic("old")]))
    assert expired_consents(made, TODAY) == ()
    (refusal,) = expired_consents(made, TOMORROW)
    assert (refusal.code, refusal.changes, refusal.lift) == ("KG904", ("c1",), Lift.DATA_LOSS)
    assert refusal.message == f"Consent/agreed ended on {TODAY}"
    assert still_refused([refusal], made.changes, [Allowance.parse("data-loss=Topic/old")]) == ()
    assert still_refused([refusal], made.changes, [Allowance.parse("limits")]) == (refusal,)


def test_a_consent_to_limits_ends_too():
    no_deletes = Environment("dev", topic().place, limits=Limits(deletes=0))
    both = [consent(lift, OLD) for lift in (Lift.LIMITS, Lift.DATA_LOSS)]
    made = plan(desired([retired("old")], environment=no_deletes, consents=both), live([live_topic("old")]))
    assert made.refusals == ()
    assert {refusal.code for refusal in expired_consents(made, TOMORROW)} == {"KG901", "KG904"}


def test_a_consent_that_nothing_needed_does_not_count_and_cannot_end():
    spare = [consent(lift, ResourceId("Topic", "a")) for lift in Lift]
    made = plan(desired([topic("a", partitions=9)], consents=spare), live([live_topic("a")]))
    assert made.changes
    assert made.consents == ()
    held = [allow("User:a", "Read", "x")]
    agreed = consent(Lift.DISRUPTIVE, ResourceId("Principal", "User:a"))
    assert plan(desired(principals=["User:a"], consents=[agreed]), live([], held)).consents == ()


def test_a_waiver_holds_through_its_day_and_not_on_the_next():
    shrinking = [topic("a", partitions=1), topic("b", partitions=1)]
    waived = waiver("KG902", ResourceId("Topic", "a"))
    made = plan(desired(shrinking, waivers=[waived]), live([live_topic("a"), live_topic("b")]))
    assert [b.resource.name for b in standing_blocked(made, TODAY)] == ["b"]
    assert [b.resource.name for b in standing_blocked(made, TOMORROW)] == ["a", "b"]


def test_an_error_that_is_waived_stands_again_when_the_waiver_has_ended():
    waived = Waived("w", "team-a", TODAY, "agreed")
    error = Finding("KG101", "name-format", Severity.ERROR, "m", OLD, None, "", waived=waived)
    plain = replace(error, waived=None)
    mild = replace(error, severity=Severity.WARNING)
    made = replace(plan(desired([]), live([])), findings=(error, plain, mild))
    assert expired_waivers(made, TODAY) == ()
    (refusal,) = expired_waivers(made, TOMORROW)
    assert (refusal.code, refusal.lift) == ("KG905", None)
    assert refusal.message == f"Waiver/w ended on {TODAY}: KG101 on Topic/old stands"
    assert still_refused([refusal], (), [Allowance.parse("data-loss")]) == (refusal,)
