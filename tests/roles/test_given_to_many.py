"""Roles, built in or of one's own, given to teams and to several principals: kgov applies, and clients try."""

from pathlib import Path

import pytest
import refusable
from command import Repository
from refusable import RefusedError
from watched import Watched


@pytest.fixture
def name(watched: Watched, prefix: str) -> str:
    """The beginning of one test's own names, with a topic."""
    watched.topics(f"{prefix}orders")
    return prefix


@pytest.fixture
def repo(watched: Watched, name: str, tmp_path: Path) -> Repository:
    sandbox = watched.sandbox
    repository = Repository(tmp_path / "repo", sandbox.bootstrap_servers, sandbox.properties_file("admin"))
    repository.project()
    repository.topic(f"{name}orders")
    return repository


def may_read(watched: Watched, user: str, name: str) -> bool:
    """Try it on a record that nobody of the group has read."""
    refusable.produce(watched.config("admin"), f"{name}orders")
    try:
        refusable.consume(watched.config(user), f"{name}orders", f"{name}readers", "classic")
    except RefusedError:
        return False
    return True


def team(repo: Repository, *users: str) -> None:
    listed = ", ".join(f"'User:{user}'" for user in users)
    text = f"apiVersion: kgov/v1\nkind: Team\nmetadata: {{name: team-a}}\nspec: {{principals: [{listed}]}}\n"
    repo.write("policies/team.yaml", text)


def given(name: str, who: str, role: str = "consumer") -> str:
    return f"{{{who}, grants: [{{role: {role}, topic: {name}orders, group: {name}readers}}]}}"


def test_a_team_gets_what_it_is_given_and_nobody_else(watched: Watched, repo: Repository, name: str) -> None:
    one, other, stranger = watched.user(), watched.user(), watched.user()
    team(repo, one, other)
    repo.access("readers", given(name, "team: team-a"))
    repo.apply()
    assert [may_read(watched, user, name) for user in (one, other, stranger)] == [True, True, False]


def test_whoever_leaves_a_team_loses_what_it_gave(watched: Watched, repo: Repository, name: str) -> None:
    stays, leaves = watched.user(), watched.user()
    team(repo, stays, leaves)
    repo.access("readers", given(name, "team: team-a"))
    repo.access("own", f"{{principal: 'User:{leaves}', grants: [{{role: producer, topic: {name}other}}]}}")
    repo.apply()
    team(repo, stays)
    repo.apply("--allow", "disruptive", "--reason", "left the team")
    assert [may_read(watched, user, name) for user in (stays, leaves)] == [True, False]


def test_a_role_of_ones_own_is_given_to_several_with_its_defaults(
    watched: Watched, repo: Repository, name: str
) -> None:
    one, other = watched.user(), watched.user()
    repo.write(
        "policies/role.yaml",
        f"""
        apiVersion: kgov/v1
        kind: Role
        metadata: {{name: reader}}
        spec:
          parameters: [topic, {{name: group, default: {name}readers}}]
          bindings:
            - {{resource: Topic, name: "{{topic}}", operations: [Read]}}
            - {{resource: Group, name: "{{group}}", operations: [Read]}}
        """,
    )
    who = f"principals: ['User:{one}', 'User:{other}']"
    repo.access("readers", f"{{{who}, grants: [{{role: reader, topic: {name}orders}}]}}")
    repo.apply()
    assert [may_read(watched, user, name) for user in (one, other)] == [True, True]


def test_an_operator_reads_and_writes_no_records(watched: Watched, name: str) -> None:
    client = watched.client(f"role: Operator, topic: {name}orders, group: {name}readers")
    with pytest.raises(RefusedError):
        refusable.consume_assigned(watched.config(client.user), f"{name}orders")
    with pytest.raises(RefusedError):
        refusable.produce(watched.config(client.user), f"{name}orders")
