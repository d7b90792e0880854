"""The offline half of a run: manifests to findings, for one environment or all."""

import pytest
from worlds import TODAY

from kgov.errors import UsageError
from kgov.manifest.repository import load_files
from kgov.plan.review import all_environments, one_environment, review

PROJECT = b"apiVersion: kgov/v1\nkind: Project\nenvironments: {dev: {}, prod: {production: true}}\n"
ALONE = b"apiVersion: kgov/v1\nkind: Project\nenvironments: {only: {}}\n"
TOPIC = b"apiVersion: kgov/v1\nkind: Topic\nmetadata: {name: orders}\nspec: {replicas: 1}\n"


def repository(project=PROJECT, topic=TOPIC):
    files = {"kgov.yaml": project, "topics/a.yaml": topic}
    return load_files({name: text for name, text in files.items() if text is not None})


def found(reviewed):
    """Give the errors: what else a bare topic leaves open is not what these tests are about."""
    return [(f.code, f.environment, str(f.severity)) for f in reviewed.findings if f.blocks]


def test_every_environment_is_judged_and_what_differs_names_its_own():
    reviewed = review(repository(), all_environments(repository()), TODAY)
    assert list(reviewed.desired) == ["dev", "prod"]
    assert found(reviewed) == [("KG204", "prod", "error")]
    assert reviewed.blocks
    assert reviewed.stops


def test_what_waits_for_an_approval_blocks_and_still_can_be_planned():
    policy = (
        b"---\napiVersion: kgov/v1\nkind: Team\nmetadata: {name: office}\n"
        b"---\napiVersion: kgov/v1\nkind: ApprovalPolicy\nmetadata: {name: p}\n"
        b"spec: {when: 'true', approvers: [office]}\n"
    )
    reviewed = review(repository(topic=TOPIC + policy), ["dev"], TODAY)
    assert found(reviewed) == [("KG506", "dev", "error")]
    assert reviewed.blocks
    assert not reviewed.stops


def test_one_environment_alone_keeps_its_name():
    reviewed = review(repository(), ["prod"], TODAY)
    assert found(reviewed) == [("KG204", "prod", "error")]
    assert found(review(repository(), ["dev"], TODAY)) == []


def test_what_holds_everywhere_belongs_to_no_environment():
    same = b"apiVersion: kgov/v1\nkind: Topic\nmetadata: {name: or ders}\nspec: {}\n"
    reviewed = review(repository(topic=same), all_environments(repository()), TODAY)
    assert [each for each in found(reviewed) if each[0] != "KG205"] == [("KG103", None, "error")]


def test_an_unreadable_project_is_a_finding_and_no_environment():
    broken = repository(project=b"kind: [")
    reviewed = review(broken, all_environments(broken), TODAY)
    assert reviewed.desired == {}
    assert [f.code for f in reviewed.findings] == ["KG001"]
    assert one_environment(broken, "dev") == ()


def test_problems_of_reading_stand_without_any_environment():
    reviewed = review(repository(topic=b"apiVersion: kgov/v1\nkind: Topik\n"), (), TODAY)
    assert "KG003" in [f.code for f in reviewed.findings]


def test_the_only_environment_need_not_be_named():
    assert one_environment(repository(project=ALONE), None) == ("only",)
    assert one_environment(repository(), "prod") == ("prod",)


@pytest.mark.parametrize(
    ("asked", "says"), [(None, "dev, prod"), ("prd", "did you mean prod?"), ("zz", "dev, prod")]
)
def test_an_environment_that_cannot_be_chosen_is_wrong_usage(asked, says):
    with pytest.raises(UsageError) as raised:
        one_environment(repository(), asked)
    assert says in raised.value.todo
