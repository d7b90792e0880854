from dataclasses import replace
from datetime import timedelta

from kgov.model.acl import Operation
from kgov.model.finding import Problem, Severity
from kgov.model.place import Place, ResourceId
from kgov.policy.engine import merge, reading_findings, weigh

ORDERS = ResourceId("Topic", "orders")


def test_a_finding_carries_name_severity_environment_place_and_help(world) -> None:
    topic = world.topic(replicas=1)
    (finding,) = world.judge()
    assert (finding.code, finding.name, finding.severity) == ("KG204", "too-few-replicas", Severity.ERROR)
    assert (finding.environment, finding.resource) == ("prod", ORDERS)
    assert finding.place == topic.sources["replicas"].place
    assert finding.help == "set replicas to 3 or more (see kgov explain KG204)"
    assert finding.waived is None


def test_without_a_hint_help_is_where_to_read_on(world) -> None:
    world.topic(config={"compression.type": "zip"}, bad={"compression.type": "no such"})
    assert [finding.help for finding in world.judge()] == ["see kgov explain KG202"]


def test_what_composing_has_met_is_judged_as_well(world, codes) -> None:
    world.problems.append(Problem("KG008", "no such team", Place("a.yaml", 1, 1)))
    assert codes(world.judge()) == ["KG008"]


def test_equal_problems_are_one_finding(world, codes) -> None:
    world.problems += [Problem("KG008", "no such team", Place("a.yaml", 1, 1))] * 2
    assert codes(world.judge()) == ["KG008"]


def test_what_others_have_met_says_nothing_either_where_its_rule_is_off(world) -> None:
    world.tune(KG204="off")
    world.problems.append(Problem("KG204", "too few", Place("a.yaml", 1, 1), ORDERS))
    assert world.judge() == ()


def test_a_rule_that_is_off_says_nothing(world) -> None:
    world.tune(KG204="off")
    world.topic(replicas=1)
    assert world.judge() == ()


def test_a_tuned_rule_has_the_severity_that_was_asked_for(world) -> None:
    world.tune(KG204="info")
    world.topic(replicas=1)
    assert [finding.severity for finding in world.judge()] == [Severity.INFO]


def test_a_waived_finding_stays_and_does_not_count(world) -> None:
    world.topic(replicas=1)
    world.waiver("KG204", ORDERS)
    (finding,) = world.judge()
    assert finding.waived is not None
    assert finding.waived.waiver == "w"
    assert not finding.counts


def test_an_expired_waiver_stands_beside_what_it_no_longer_covers(world, codes, today) -> None:
    world.topic(replicas=1)
    world.waiver("KG204", ORDERS, today - timedelta(days=1))
    findings = world.judge()
    assert codes(findings) == ["KG801", "KG204"]
    assert all(finding.counts for finding in findings)


def test_unknown_settings_and_waivers_are_findings(world, codes) -> None:
    world.tune(KG999="off")
    world.waiver("KG998", ORDERS)
    assert sorted(codes(world.judge())) == ["KG004", "KG008"]


def test_findings_stand_in_order_of_file_line_column_and_code(world) -> None:
    places = [Place("b", 1, 1), Place("a", 10, 1), Place("a", 2, 5), Place("a", 2, 1), None]
    world.problems += [Problem("KG004", "wrong", place) for place in places]
    world.problems.append(Problem("KG003", "wrong", Place("a", 2, 5)))
    assert [(finding.place, finding.code) for finding in world.judge()] == [
        (None, "KG004"),
        (Place("a", 2, 1), "KG004"),
        (Place("a", 2, 5), "KG003"),
        (Place("a", 2, 5), "KG004"),
        (Place("a", 10, 1), "KG004"),
        (Place("b", 1, 1), "KG004"),
    ]


def test_one_fault_is_one_finding(world, codes) -> None:
    # Too few replicas is the cause; that min.insync.replicas is then not below them follows.
    world.topic(replicas=2, config={"min.insync.replicas": "2"})
    assert codes(world.judge()) == ["KG204"]


def test_what_follows_stands_where_its_cause_is_waived(world) -> None:
    world.topic(replicas=2, config={"min.insync.replicas": "2"})
    world.waiver("KG204", ORDERS)
    assert {finding.code: finding.counts for finding in world.judge()} == {"KG204": False, "KG203": True}


def test_what_follows_stands_where_its_cause_weighs_less(world, codes) -> None:
    world.tune(KG204="warning")
    world.topic(replicas=2, config={"min.insync.replicas": "2"})
    assert sorted(codes(world.judge())) == ["KG203", "KG204"]


def test_a_cause_of_another_resource_hides_nothing(world, codes) -> None:
    world.topic("a", replicas=1)
    world.topic("b", replicas=3, config={"min.insync.replicas": "3"})
    assert sorted(codes(world.judge())) == ["KG203", "KG204"]


def test_problems_of_a_plan_are_weighed_alike(world, today) -> None:
    problem = Problem("KG902", "fewer than live", None, ORDERS)
    waiver = world.waiver("KG902", ORDERS)
    (finding,) = weigh([problem], world.environment, [waiver], today)
    assert (finding.environment, finding.counts, finding.blocks) == ("prod", False, False)


def test_what_was_met_while_reading_belongs_to_no_environment(world) -> None:
    world.tune(KG005="off")
    problems = [Problem("KG005", "quote it", Place("b", 1, 1)), Problem("KG001", "no YAML", Place("a", 1, 1))]
    (finding,) = reading_findings(problems, [world.environment])
    assert (finding.code, finding.environment) == ("KG001", None)
    assert [f.code for f in reading_findings(problems, [])] == ["KG001", "KG005"]


def test_findings_of_every_environment_belong_to_none_of_them(world) -> None:
    world.topic(replicas=1)
    prod = world.judge()
    dev = tuple(replace(finding, environment="dev") for finding in prod)
    (finding,) = merge({"prod": prod, "dev": dev})
    assert finding.environment is None


def test_a_finding_that_differs_in_severity_stays_with_its_environment(world) -> None:
    world.topic(replicas=1)
    prod = world.judge()
    world.environment = replace(world.environment, name="dev", production=False)
    dev = world.judge()
    merged = merge({"prod": prod, "dev": dev})
    assert [(finding.environment, finding.severity) for finding in merged] == [
        ("dev", Severity.WARNING),
        ("prod", Severity.ERROR),
    ]


def test_a_finding_of_some_environments_names_each(world) -> None:
    world.topic(replicas=1)
    prod = world.judge()
    stage = tuple(replace(finding, environment="stage") for finding in prod)
    merged = merge({"prod": prod, "stage": stage, "dev": ()})
    assert [finding.environment for finding in merged] == ["prod", "stage"]


def test_broad_access_of_everybody_is_one_finding(world, codes) -> None:
    world.grant("User:*", "*", Operation.READ)
    assert codes(world.judge()) == ["KG301"]


def test_of_one_grant_a_finding_gives_way_to_a_graver_one_at_the_same_place_only(world, codes, today) -> None:
    at, beside = Place("acls/a.yaml", 7, 5), Place("acls/a.yaml", 8, 5)
    grants = ResourceId("Acl", "grants")
    too_wide = Problem("KG302", "too wide", at, grants)
    for place, told in ((at, ["KG302"]), (beside, ["KG302", "KG314"])):
        foreign = Problem("KG314", "foreign", place, grants)
        found = weigh([too_wide, foreign], world.environment, (), today)
        assert codes(found) == told
