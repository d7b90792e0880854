"""An apply that holds the lock is killed, or frozen: the next one is told, and the frozen one stays still."""

import signal
from pathlib import Path
from threading import Event

import pytest
from command import Repository
from guarded import Ground
from outsider import eventually
from proxy import Api, Rule
from running import Running, document, statuses


@pytest.fixture
def environment(prefix: str) -> str:
    """An environment that no other test has: its lock is its own."""
    return prefix.removesuffix(".")


def repository(ground: Ground, root: Path, environment: str, *topics: str) -> Repository:
    """Start a repository behind the proxy whose topics are created one by one."""
    made = ground.repository(root)
    made.project(f"environments: {{{environment}: {{limits: {{recordsPerRequest: 10}}}}}}")
    for topic in topics:
        made.topic(topic, "{partitions: 8}")
    return made


def refusal(repo: Repository, about: str) -> str:
    """Apply, which is refused; give what is said where it is about that."""
    run = repo.online("apply", "--yes")
    assert run.code == 4, run.said
    return run.err if about in run.err else ""


def test_a_killed_apply_is_finished_by_the_same_command(
    ground: Ground, environment: str, prefix: str, tmp_path: Path
) -> None:
    repo = repository(ground, tmp_path / "repo", environment, f"{prefix}a", f"{prefix}b")
    report = tmp_path / "report.json"
    rule = ground.proxy.add(Rule(Api.CREATE_TOPICS, prefix, after=ground.proxy.stalls()))
    with Running(repo, "apply", "--yes", report=report) as running:
        assert rule.met.wait(60)
        running.kill()
        running.ended()
    ground.proxy.forget_rules()
    lock = document(report)["lock"]
    again = repo.online("apply", "--yes")
    assert again.code == 0, again.said
    assert f"the lock {lock} was left by an apply of this machine that has ended" in " ".join(again.err.split())
    assert set(ground.truth.topics(prefix)) == {f"{prefix}a", f"{prefix}b"}
    assert repo.online("plan", "--detailed-exitcode").code == 0


def test_a_frozen_apply_whose_lock_was_broken_sends_nothing_more_when_it_wakes(
    ground: Ground, environment: str, prefix: str, tmp_path: Path
) -> None:
    repo = repository(ground, tmp_path / "repo", environment, *(f"{prefix}{n}" for n in range(3)))
    other = repository(ground, tmp_path / "other", environment, f"{prefix}other")
    report = tmp_path / "report.json"
    answered = Event()
    first = ground.proxy.add(Rule(Api.CREATE_TOPICS, f"{prefix}0", after=ground.proxy.stalls(answered)))
    with Running(repo, "apply", "--yes", report=report) as frozen:
        assert first.met.wait(60)
        lock = document(report)["lock"]
        frozen.send(signal.SIGSTOP)
        said = eventually(lambda: refusal(other, "seems to be dead"), "its lock is stale")
        assert f"--force-unlock {lock}" in said
        breaker = other.online("apply", "--yes", "--force-unlock", lock)
        assert breaker.code == 0, breaker.said
        writes = len(ground.proxy.writes(prefix))
        answered.set()
        frozen.send(signal.SIGCONT)
        run = frozen.ended()
    assert run.code == 4, run.said
    assert f"the lock {lock} of this apply was broken" in run.err
    assert len(ground.proxy.writes(prefix)) == writes
    assert statuses(report) == {f"{prefix}0": "done", f"{prefix}1": "skipped", f"{prefix}2": "skipped"}
    assert document(report)["finished"] is not None
    ground.truth.bears_out(report, prefix)
