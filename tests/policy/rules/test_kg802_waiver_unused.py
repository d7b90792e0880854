import pytest
from governed import ONE, TODAY, TWO, access, findings, team, topic
from manifests import manifest

from kgov.manifest.repository import load_files
from kgov.plan.review import review

ONE_REPLICA = topic("t", spec="{replicas: 1}")
TEAM = team("team-a")


def waiver(rule: str, resource: str = "Topic/t", expires: str = "2027-01-31", name: str = "w") -> str:
    terms = f"reason: until the new cluster is there, owner: team-a, expires: {expires}"
    return manifest("Waiver", name, f"{{rule: {rule}, resource: {resource}, {terms}}}")


def test_a_waiver_of_what_is_not_found_is_unused() -> None:
    (finding,) = findings("KG802", TEAM, topic("t"), waiver("KG204"))
    assert finding.message == "KG204 finds nothing on Topic/t: the waiver sets nothing aside"
    assert (str(finding.resource), finding.environment, finding.place.line) == ("Waiver/w", None, 13)


def test_a_waiver_that_sets_something_aside_is_used() -> None:
    assert findings("KG802", TEAM, ONE_REPLICA, waiver("KG204")) == []
    assert len(findings("KG802", TEAM, ONE_REPLICA, topic("u"), waiver("KG204", "Topic/u"))) == 1


def test_used_in_any_environment_is_used() -> None:
    overlaid = topic("t", spec="{replicas: 3, environments: {dev: {config: {retention.ms: -5}}}}")
    assert findings("KG802", TEAM, overlaid, waiver("KG202"), project=TWO) == []
    assert len(findings("KG802", TEAM, topic("t"), waiver("KG202"), project=TWO)) == 1


def test_one_environment_of_several_cannot_tell() -> None:
    files = {"kgov.yaml": TWO, "topics/a.yaml": "---\n".join((TEAM, topic("t"), waiver("KG204")))}
    repository = load_files({path: text.encode() for path, text in files.items()})
    assert "KG802" not in {f.code for f in review(repository, ["dev"], TODAY).findings}
    assert "KG802" in {f.code for f in review(repository, ["dev", "prod"], TODAY).findings}


def test_a_rule_that_is_off_makes_its_waivers_needless() -> None:
    project = ONE.replace("production: true", "production: true, rules: {KG204: 'off'}")
    assert len(findings("KG802", TEAM, ONE_REPLICA, waiver("KG204"), project=project)) == 1


@pytest.mark.parametrize("rule", ["KG102", "KG313", "KG902", "KG903"])
def test_what_only_a_cluster_shows_is_not_judged_offline(rule) -> None:
    assert findings("KG802", TEAM, topic("t"), waiver(rule)) == []


def test_expired_waivers_and_those_that_go_astray_are_other_rules() -> None:
    assert findings("KG802", TEAM, topic("t"), waiver("KG204", expires="2020-01-31")) == []
    assert findings("KG802", TEAM, topic("t"), waiver("KG204", "Topic/u")) == []
    assert findings("KG802", TEAM, topic("t"), waiver("KG2O4")) == []
    assert findings("KG802", TEAM, topic("t"), waiver("KG801", "Team/team-a")) == []


def test_what_gives_way_to_another_finding_is_there_all_the_same() -> None:
    # KG203 is left out beside KG204, and comes forth when that one is mended.
    both = topic("t", spec="{replicas: 2, config: {min.insync.replicas: 2}}")
    assert findings("KG802", TEAM, both, waiver("KG203")) == []


def test_a_waiver_of_an_access_is_judged_alike() -> None:
    shared = [access(name, f"User:{name}", "role: DeveloperRead, group: g") for name in ("a", "b")]
    assert findings("KG802", TEAM, *shared, waiver("KG310", "Access/b")) == []
    assert len(findings("KG802", TEAM, *shared, waiver("KG310", "Access/a"))) == 1


def test_of_two_waivers_the_one_that_ends_first_is_not_needed() -> None:
    two = (waiver("KG204"), waiver("KG204", expires="2026-12-31", name="short"))
    (finding,) = findings("KG802", TEAM, ONE_REPLICA, *two)
    assert finding.message == (
        "Waiver/w sets KG204 aside on Topic/t until 2027-01-31: this one sets nothing aside"
    )
    assert str(finding.resource) == "Waiver/short"
    assert len(findings("KG802", TEAM, topic("t"), waiver("KG902"), waiver("KG902", name="x"))) == 1


def test_of_two_waivers_one_of_which_has_ended_or_goes_astray_nothing_is_said() -> None:
    assert (
        findings("KG802", TEAM, ONE_REPLICA, waiver("KG204"), waiver("KG204", expires="2020-01-31", name="o"))
        == []
    )
    assert findings("KG802", TEAM, ONE_REPLICA, waiver("KG904"), waiver("KG904", name="o")) == []


def limited(where: str, name: str = "w") -> str:
    return waiver("KG204", name=name).replace("{rule:", f"{{environments: [{where}], rule:")


def test_a_waiver_is_used_only_where_it_holds() -> None:
    in_prod = topic("t", spec="{replicas: 3, environments: {prod: {replicas: 1}}}")
    assert findings("KG802", TEAM, in_prod, limited("prod"), project=TWO) == []
    assert len(findings("KG802", TEAM, in_prod, limited("dev"), project=TWO)) == 1
    assert findings("KG802", TEAM, in_prod, limited("prod"), limited("dev", "v"), project=TWO) != []
    assert findings("KG802", TEAM, ONE_REPLICA, limited("prod, prd"), project=ONE) == []


def test_a_waiver_for_one_environment_leaves_the_finding_of_another() -> None:
    (dev, prod) = findings(
        "KG204", TEAM, topic("t", spec="{replicas: 1, criticality: critical}"), limited("dev"), project=TWO
    )
    assert (dev.environment, dev.waived is not None) == ("dev", True)
    assert (prod.environment, prod.waived) == ("prod", None)
