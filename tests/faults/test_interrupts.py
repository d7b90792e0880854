"""Somebody presses Ctrl-C, or a scheduler ends the job: the report is true, and nothing new is sent."""

import signal
from pathlib import Path
from threading import Event

import pytest
from command import Repository
from proxy import Api, Rule, cut
from running import Running, document, outcomes, statuses


@pytest.fixture
def repo(ground, prefix: str, tmp_path: Path) -> Repository:
    """A repository whose plan has two writes."""
    repository = ground.repository(tmp_path / "repo")
    repository.project(f"environments: {{{prefix.strip('.')}: {{}}}}")
    repository.topic(f"{prefix}new", "{partitions: 2}")
    repository.acl("a", f"User:{prefix}a", f"{{resource: Topic, name: {prefix}new, operations: [Read]}}")
    return repository


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def granted(prefix: str) -> str:
    return f"User:{prefix}a ALLOW Read on Topic LITERAL {prefix}new from *"


def kinds(ground, prefix: str) -> list[Api]:
    return [write.api for write in ground.proxy.writes(prefix)]


def converges(ground, repo: Repository, prefix: str) -> None:
    ground.proxy.forget_rules()
    repo.apply()
    assert set(ground.truth.topics(prefix)) == {f"{prefix}new"}
    assert ground.truth.bindings(prefix) == {granted(prefix)}
    assert repo.online("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_request_under_way_is_waited_for_and_nothing_new_is_sent(
    ground, repo: Repository, report: Path, prefix: str, number: signal.Signals
) -> None:
    released = Event()
    rule = ground.proxy.add(Rule(Api.CREATE_TOPICS, prefix, after=ground.proxy.stalls(released)))
    with Running(repo, "apply", "--yes", report=report) as running:
        assert rule.met.wait(60)
        running.send(number)
        running.says("stopping")
        released.set()
        run = running.ended()
    assert run.code == 130, run.said
    assert kinds(ground, prefix) == [Api.CREATE_TOPICS]
    assert document(report)["finished"] is not None
    assert statuses(report) == {f"{prefix}new": "done", granted(prefix): "skipped"}
    ground.truth.bears_out(report, prefix)
    converges(ground, repo, prefix)


def test_a_request_that_is_never_answered_is_not_waited_for_without_end(
    ground, repo: Repository, report: Path, prefix: str
) -> None:
    rule = ground.proxy.add(Rule(Api.CREATE_TOPICS, prefix, after=ground.proxy.stalls()))
    with Running(repo, "apply", "--yes", report=report) as running:
        assert rule.met.wait(60)
        running.send(signal.SIGINT)
        run = running.ended()
    assert run.code == 130, run.said
    assert kinds(ground, prefix) == [Api.CREATE_TOPICS]
    assert document(report)["finished"] is not None
    assert statuses(report) == {f"{prefix}new": "done", granted(prefix): "skipped"}
    ground.truth.bears_out(report, prefix)


def test_the_second_time_stops_at_once_and_calls_nothing_done(
    ground, repo: Repository, report: Path, prefix: str
) -> None:
    rule = ground.proxy.add(Rule(Api.CREATE_TOPICS, prefix, after=ground.proxy.stalls()))
    with Running(repo, "apply", "--yes", report=report) as running:
        assert rule.met.wait(60)
        assert document(report)["finished"] is None
        assert statuses(report) == {f"{prefix}new": "sent", granted(prefix): "pending"}
        running.send(signal.SIGINT)
        running.says("stopping")
        running.send(signal.SIGINT)
        run = running.ended()
    assert run.code == 130, run.said
    assert "stopped at once: what was sent may have been made" in run.err
    assert kinds(ground, prefix) == [Api.CREATE_TOPICS]
    assert document(report)["finished"] is not None
    assert statuses(report) == {f"{prefix}new": "unknown", granted(prefix): "skipped"}
    # Had it waited for the answer, it would have looked whether the topic is there.
    assert "stopped before" in outcomes(report)[0]["error"]["message"]
    ground.truth.bears_out(report, prefix)
    converges(ground, repo, prefix)


def test_the_waiting_for_what_is_not_seen_ends_soon(
    ground, repo: Repository, report: Path, prefix: str
) -> None:
    # So many partitions would be waited for for minutes.
    repo.topic(f"{prefix}new", "{partitions: 8000}")
    rule = ground.proxy.add(Rule(Api.CREATE_TOPICS, prefix, before=cut))
    with Running(repo, "apply", "--yes", report=report) as running:
        assert rule.met.wait(60)
        running.noted(lambda noted: noted[0]["status"] == "unknown", "the connection is lost")
        running.send(signal.SIGTERM)
        run = running.ended()
    assert run.code == 130, run.said
    assert kinds(ground, prefix) == [Api.CREATE_TOPICS]
    assert statuses(report) == {f"{prefix}new": "unknown", granted(prefix): "skipped"}
    ground.truth.bears_out(report, prefix)
