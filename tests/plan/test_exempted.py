"""What the report of an apply keeps of waivers and consents."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worlds import TODAY, consent, desired, live, live_topic, retired, topic, waiver

from kgov.diff.compare import compare
from kgov.model.exempted import SetAside
from kgov.model.finding import Finding, Severity, Waived
from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.exempted import let_through, set_aside
from kgov.plan.plan import ManifestSource

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)
A, OLD, OLDER = (ResourceId("Topic", name) for name in ("a", "old", "older"))


def plan(wanted, world):
    around = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)
    return build_plan(wanted, world, compare(wanted, world), around)


def test_what_waivers_set_aside_is_kept_once_for_a_rule_and_a_resource():
    shrinking = desired([topic("a", partitions=1)], waivers=[waiver("KG902", A)])
    made = plan(shrinking, live([live_topic("a")]))
    waived = Waived("w", "team-a", TODAY, "agreed")
    name = Finding("KG101", "name-format", Severity.ERROR, "m", A, None, "", waived=waived)
    made = replace(made, findings=(name, replace(name, message="n"), replace(name, waived=None)))
    first, second = set_aside(made, TODAY)
    assert first == SetAside("KG101", A, waived)
    assert (second.code, second.resource, second.waived.expires) == ("KG902", A, TODAY)
    assert set_aside(made, TOMORROW) == ()


def test_a_consent_is_kept_with_the_changes_that_it_lets_through():
    consents = [consent(Lift.DATA_LOSS, OLD), replace(consent(Lift.DATA_LOSS, OLDER), name="other")]
    made = plan(
        desired([retired("old"), retired("older")], consents=consents),
        live([live_topic("old"), live_topic("older")]),
    )
    agreed, other = let_through(made, TODAY)
    assert (agreed.consent, agreed.lift, agreed.changes) == ("agreed", Lift.DATA_LOSS, ("c1",))
    assert (other.consent, other.changes) == ("other", ("c2",))
    assert (agreed.owner, agreed.reason, agreed.expires) == ("team", consents[0].reason, TODAY)
    assert let_through(made, TOMORROW) == ()
