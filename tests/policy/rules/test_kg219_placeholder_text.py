from dataclasses import replace

from kgov.model.finding import Severity
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Team
from kgov.model.topic import LifecycleState

TEAM_A = Team("team-a", Place("policies/teams.yaml", 3, 18))


def test_a_purpose_that_a_template_left_behind_is_an_error(world) -> None:
    topic = world.topic(purpose="TODO: what is it for?")
    (finding,) = world.judge()
    assert (finding.code, finding.severity, finding.resource) == ("KG219", Severity.ERROR, topic.resource)
    assert finding.message == 'purpose is a template\'s left-over: "TODO"'


def test_an_owner_is_one_where_no_such_team_is_declared(world) -> None:
    world.topic("a", owner="your-team")
    world.topic("b", owner="my-team")
    world.teams["my-team"] = replace(TEAM_A, name="my-team")
    (finding,) = world.judge()
    assert finding.message == 'owner is a template\'s left-over: "your-team"'


def test_reasons_and_owners_of_waivers_and_consents_are_read(world) -> None:
    world.tune(KG804="off")
    orders = ResourceId("Topic", "orders")
    waiver = world.waiver("KG101", orders)
    consent = world.consent(orders, waiver.expires)
    world.waivers = [replace(waiver, reason="because ...", owner="<team>", where={})]
    world.consents = [replace(consent, reason="example", owner="your-team", where={})]
    world.topic("orders")
    found = [f for f in world.judge() if f.code == "KG219"]
    assert sorted((str(f.resource), f.message) for f in found) == [
        ("Consent/c", 'owner is a template\'s left-over: "your-team"'),
        ("Consent/c", 'reason is a template\'s left-over: "example"'),
        ("Waiver/w", 'owner is a template\'s left-over: "<team>"'),
        ("Waiver/w", 'reason is a template\'s left-over: "because ..."'),
    ]
    assert {f.place for f in found} == {waiver.place, consent.place}


def test_a_reason_that_gives_none_is_one_finding(world, codes) -> None:
    waiver = world.waiver("KG101", ResourceId("Topic", "orders"))
    world.waivers = [replace(waiver, reason="because ...")]
    world.topic("orders")
    assert codes(f for f in world.judge() if f.code in {"KG219", "KG804"}) == ["KG804"]


def test_what_people_wrote_and_what_is_not_there_are_fine(world) -> None:
    world.teams["team-a"] = TEAM_A
    world.topic("orders", owner="team-a", purpose="One event for every order.")
    world.topic("others", owner="nobody", purpose="")
    world.topic("gone", purpose="TODO", state=LifecycleState.RETIRED)
    world.waiver("KG101", ResourceId("Topic", "orders"))
    assert [f for f in world.judge() if f.code == "KG219"] == []


def test_a_cluster_id_that_a_template_left_behind_is_told_in_kgov_yaml(world) -> None:
    at = Place("kgov.yaml", 7, 16)
    world.environment = replace(world.environment, cluster_id="your-prod-cluster-id", where={"clusterId": at})
    (finding,) = world.judge()
    assert (finding.code, finding.place, finding.resource) == ("KG219", at, None)
    assert finding.message == 'clusterId is a template\'s left-over: "your-prod-cluster-id"'
