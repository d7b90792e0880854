"""Small files that stand for very much: refused with their place, in little time and memory."""

import time
from collections.abc import Iterator
from datetime import date

import pytest
from manifests import HEAD, PROJECT, TEAM, load_texts, manifest

from kgov.manifest.bindings import MOST_BINDINGS
from kgov.model.finding import Finding, Severity
from kgov.plan.review import all_environments, review

TODAY = date(2026, 8, 1)


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Insist that a test takes seconds of work, even where every line of it is counted."""
    started = time.process_time()
    yield
    assert time.process_time() - started < 60


def errors(*documents: str, project: str = PROJECT) -> list[Finding]:
    """Judge a repository for all environments."""
    repository = load_texts({"kgov.yaml": project, "topics/a.yaml": "---\n".join(documents)})
    findings = review(repository, all_environments(repository), TODAY).findings
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def only(*documents: str, project: str = PROJECT) -> tuple[str, str]:
    """Judge a repository with one error, and return its code and message."""
    (finding,) = errors(*documents, project=project)
    assert finding.place is not None
    return finding.code, finding.message


def names(prefix: str, many: int) -> str:
    return ", ".join(f"{prefix}{number}" for number in range(many))


TOO_MANY = f"with this manifest there are more than {MOST_BINDINGS:,} bindings in one environment"


def test_principals_times_topics_are_bounded():
    grants = f"[{{role: consumer, group: g, topic: [{names('t', 5_000)}]}}]"
    found = errors(manifest("Access", "x", f"{{principals: [{names('User:u', 5_000)}], grants: {grants}}}"))
    assert [(f.code, f.message) for f in found] == [("KG004", TOO_MANY)]
    assert found[0].place is not None
    assert (found[0].place.file, found[0].place.line) == ("topics/a.yaml", 3)


def test_bindings_of_a_role_times_topics_are_bounded():
    bindings = ", ".join(
        f"{{resource: Topic, name: '{{t}}{number}', operations: [Read, Write]}}" for number in range(2_000)
    )
    role = manifest("Role", "r", f"{{parameters: [t], bindings: [{bindings}]}}")
    grants = f"[{{role: r, t: [{names('t', 10_000)}]}}]"
    assert only(role, manifest("Access", "x", f"{{principal: 'User:x', grants: {grants}}}")) == (
        "KG004",
        TOO_MANY,
    )


def test_members_of_a_team_times_manifests_are_bounded():
    team = manifest("Team", "t", f"{{principals: [{names('User:u', 5_000)}]}}")
    manifests = (manifest("Access", f"x{number}", "{team: t, grants: []}") for number in range(2_000))
    assert only(team, *manifests) == ("KG004", TOO_MANY)


def test_raw_bindings_are_counted_as_well(monkeypatch):
    monkeypatch.setattr("kgov.manifest.bindings.MOST_BINDINGS", 3)
    acls = [
        manifest(
            "Acl",
            f"x{number}",
            "{principal: 'User:x', bindings: [{resource: Topic, name: t, operations: [Read, Write]}]}",
        )
        for number in range(3)
    ]
    found = errors(*acls)
    assert [str(f.resource) for f in found] == ["Acl/x1"]


def test_very_many_environments_are_refused():
    many = ", ".join(f"e{number}: {{}}" for number in range(10_000))
    project = f"{HEAD}kind: Project\nenvironments: {{{many}}}\n"
    topics = (manifest("Topic", f"t{number}", "{config: {foo: 1}}") for number in range(200))
    assert only(*topics, project=project) == ("KG004", "environments must hold at most 100 entries")


def test_very_many_overlays_are_refused_and_not_all_checked():
    bindings = ", ".join(f"{{resource: Topic, name: t{number}, operations: [Read]}}" for number in range(2_000))
    overlays = ", ".join(f"k{number}: {{}}" for number in range(20_000))
    found = errors(
        manifest(
            "Acl",
            "x",
            f"{{principal: 'User:x', bindings: [{bindings}], environments: {{{overlays}}}}}",
        )
    )
    assert found[-1].message == "spec.environments must hold at most 100 entries, not 20000"
    assert {f.code for f in found[:-1]} == {"KG008"}
    assert len(found) == 101


def test_very_many_configs_of_one_topic_are_refused():
    keys = ", ".join(f"k{number}: 1" for number in range(20_000))
    assert only(manifest("Topic", "a", f"{{config: {{{keys}}}}}")) == (
        "KG004",
        "spec.config must hold at most 200 entries",
    )


def test_very_many_unknown_configs_are_all_told_though_few_get_a_guess():
    topics = (
        manifest("Topic", f"t{number}", f"{{config: {{retention.mz{number}: 1}}}}") for number in range(2_000)
    )
    found = [f for f in errors(*topics) if f.code == "KG201"]
    assert len(found) == 2_000
    assert any("did you mean" in f.message for f in found)


def test_very_many_slips_among_very_many_names_are_all_told_though_few_get_a_guess():
    teams = (manifest("Team", f"team-{number}", "{}") for number in range(1_000))
    topics = (
        f"{HEAD}kind: Topic\nmetadata: {{name: t{number}, owner: team--{number}x}}\nspec: {{}}\n"
        for number in range(2_000)
    )
    found = [f for f in errors(*teams, *topics) if f.code == "KG008"]
    assert len(found) == 2_000
    assert found[0].help.startswith("did you mean team-")
    assert found[-1].help.startswith("declare it")


def test_long_names_times_long_lists_are_refused():
    grants = f"[{{role: producer, topic: {'x' * 100_000}}}]"
    assert only(manifest("Access", "x", f"{{principal: 'User:x', grants: {grants}}}")) == (
        "KG004",
        "spec.grants[0].topic is 100000 letters long, more than 1000",
    )


def test_very_many_parameters_are_refused():
    given = ", ".join(f"p{number}: x" for number in range(20_000))
    code, _ = only(manifest("Access", "x", f"{{principal: 'User:x', grants: [{{role: producer, {given}}}]}}"))
    assert code == "KG004"
    role = f"{{parameters: [{names('p', 20_000)}], bindings: [{{resource: Cluster, operations: [Describe]}}]}}"
    found = errors(TEAM, manifest("Role", "r", role), manifest("Topic", "a", "{}"))
    assert found[0].message == "spec.parameters must hold at most 50 entries"
