"""A cluster that was full yesterday and is empty today: nobody has to notice, kgov does."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import Repository
from outsider import Outsider, eventually

from kgov.sandbox import Sandbox

pytestmark = pytest.mark.broker

TOPICS = tuple(f"a.t{n}" for n in range(12))
PRINCIPAL = "User:reader"


@dataclass(frozen=True)
class Emptied:
    """What was kept of a healthy cluster, and that cluster now: without its topics and its ACLs."""

    repo: Repository
    outsider: Outsider
    audit: Path
    report: Path
    saved: Path


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emptied]:
    folder = tmp_path_factory.mktemp("emptied")
    with Sandbox() as sandbox:
        repo = Repository(folder / "repo", sandbox.bootstrap_servers, sandbox.properties_file("admin"))
        repo.project()
        for name in TOPICS:
            repo.topic(name, "{partitions: 1}")
        repo.access("reader", f"{{principal: '{PRINCIPAL}', grants: [{{role: consumer, topicPrefix: a.}}]}}")
        found = Emptied(repo, Outsider(sandbox), *(folder / f"{n}.json" for n in ("audit", "report", "plan")))
        repo.apply("--report", found.report)
        assert repo.online("audit", "--format", "json", "-o", found.audit).code == 0
        repo.topic("a.new", "{partitions: 1}")
        repo.plan("-o", found.saved)
        _empty(found.outsider)
        yield found


def _empty(outsider: Outsider) -> None:
    for future in outsider.client.delete_topics(list(TOPICS)).values():
        future.result(timeout=60)
    for operation in ("READ", "DESCRIBE"):
        outsider.revoke(PRINCIPAL, operation, "a.", pattern="PREFIXED")
    eventually(lambda: not outsider.exists(TOPICS[-1]), "the topics are gone")


@pytest.mark.parametrize("memory", ["audit", "report"])
@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]])
def test_an_emptied_cluster_is_not_planned_for_and_not_filled(emptied, memory, command):
    run = emptied.repo.online(*command, "--previous", getattr(emptied, memory))
    assert run.code == 4, run.said
    assert "KG909" in run.err
    assert "none of the 12 topics that were known is there" in run.err
    assert "none of the 2 ACLs that were known is there" in run.err
    assert "listener" in run.err
    assert run.out == ""
    assert not emptied.outsider.exists(TOPICS[0])


def test_a_plan_of_the_healthy_cluster_is_not_applied_on_the_emptied_one(emptied, tmp_path):
    report = tmp_path / "report.json"
    run = emptied.repo.online("apply", emptied.saved, "--report", report)
    assert run.code == 4, run.said
    assert "none of the 12 topics that were known is there" in run.err
    assert "plan again" in run.err
    assert {o["error"]["code"] for o in json.loads(report.read_text())["outcomes"]} == {"KG909"}
    assert not emptied.outsider.exists("a.new")


def test_a_saved_plan_is_held_against_the_memory_before_the_cluster_is_called(emptied, tmp_path):
    memory = json.loads(emptied.audit.read_text())
    memory["live"]["topics"] = 1000
    larger = tmp_path / "larger.json"
    larger.write_text(json.dumps(memory))
    run = emptied.repo.kgov("apply", emptied.saved, "--previous", larger, "--bootstrap-server", "127.0.0.1:1")
    assert run.code == 4, run.said
    assert "12 of the 1000 topics" in run.err


def test_an_audit_goes_on_says_so_first_and_remembers_what_was_known(emptied, tmp_path):
    tonight, tomorrow = tmp_path / "tonight.json", tmp_path / "tomorrow.json"
    shutil.copy(emptied.audit, tonight)
    for _ in range(2):
        arguments = ("--previous", tonight, "--format", "json", "-o", tomorrow)
        assert emptied.repo.online("audit", *arguments).code == 2
        document = json.loads(tomorrow.read_text())
        assert document["findings"][0]["code"] == "KG909"
        assert document["live"]["topics"] == 0
        assert document["known"]["live"]["topics"] == 12
        shutil.copy(tomorrow, tonight)
    text = emptied.repo.kgov("show", tonight).out
    assert text.index("KG909") < text.index("a.t0")


def test_a_memory_of_another_cluster_is_refused_and_of_another_environment_is_wrong_usage(emptied, tmp_path):
    other = tmp_path / "other.json"
    memory = json.loads(emptied.audit.read_text())
    other.write_text(json.dumps(memory | {"cluster": {"id": "9hXcf256Rum0yxZxOcBilA"}}))
    run = emptied.repo.online("plan", "--previous", other)
    assert run.code == 4, run.said
    assert "KG906" in run.err
    assert emptied.repo.online("apply", emptied.saved, "--previous", other).code == 64
    audited = emptied.repo.online("audit", "--previous", other, "--format", "json")
    assert audited.document["findings"][0]["code"] == "KG906"
    other.write_text(json.dumps(memory | {"environment": "prod"}))
    for command in (["plan"], ["apply", "--yes"], ["apply", emptied.saved], ["audit"]):
        assert emptied.repo.online(*command, "--previous", other).code == 64


def test_without_a_memory_and_where_it_is_true_it_goes_on(emptied, tmp_path):
    assert emptied.repo.online("plan", "--detailed-exitcode").code == 2
    new = tmp_path / "new.json"
    emptied.repo.online("audit", "--format", "json", "-o", new)
    assert emptied.repo.online("plan", "--previous", new, "--detailed-exitcode").code == 2
