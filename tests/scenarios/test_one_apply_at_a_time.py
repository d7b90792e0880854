"""Two applies on one environment: one of them is told about the other. Real processes on a real broker."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from io import StringIO

import pytest
from command import Repository
from confluent_kafka import TopicPartition
from confluent_kafka.admin import OffsetSpec
from grounds import connect
from outsider import Outsider
from running import Running

from kgov.apply.lock import Contest, Lock, acquire
from kgov.apply.lock_keeper import Keeper
from kgov.apply.lock_record import Claimant
from kgov.apply.lock_topic import ensure_topic
from kgov.apply.readiness import as_planned
from kgov.cli.applying import Consent, load_plan, opening_report
from kgov.cli.connection import Session
from kgov.cli.locking import Locking, locked, waking_clock
from kgov.cli.progress import Bar
from kgov.cluster.lock_log import KafkaLockLog
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.settings_reader import read_settings
from kgov.cluster.settle import Pace
from kgov.errors import RefusedError
from kgov.model.lock_topic import lock_topic
from kgov.sandbox import Sandbox

SOMEBODY = Claimant("anna\x1b[2J", "User:admin", "build-7", 4711, "0123456789abcdef", "sha256:x")


@pytest.fixture
def environment(prefix: str) -> str:
    """An environment that no other test has: its lock is its own."""
    return prefix.removesuffix(".")


@pytest.fixture
def repo(repo: Repository, environment: str, prefix: str) -> Repository:
    """A repository with one change to make."""
    repo.project(f"environments: {{{environment}: {{}}}}")
    repo.topic(f"{prefix}a", "{partitions: 1}")
    return repo


def settings(broker: Sandbox) -> ConnectionSettings:
    return read_settings(
        bootstrap_server=None,
        command_config=broker.properties_file("admin"),
        overrides=(),
        environment={},
        repository=None,
    )


@contextmanager
def held(broker: Sandbox, environment: str, *, keeps: bool = True) -> Iterator[Lock]:
    """Hold the lock of an environment as another apply would, be it alive or dead."""
    pace = Pace(waking_clock, time.sleep)
    with closing(connect(broker.properties_file("admin"))) as cluster:
        ensure_topic(cluster, lock_topic(environment), pace)
    with closing(KafkaLockLog(settings(broker), lock_topic(environment))) as log:
        lock = acquire(Contest(log, SOMEBODY, lambda: "held2345", pace, waking_clock(), print), None)
        with Keeper(lock, waking_clock) if keeps else nullcontext():
            yield lock
        lock.release()


def records(outsider: Outsider, environment: str) -> int:
    """Count what was ever written to a lock's log."""
    partition = TopicPartition(lock_topic(environment), 0)
    found = outsider.client.list_offsets({partition: OffsetSpec.latest()})[partition].result(timeout=30)
    offset: int = found.offset
    return offset


def test_a_second_apply_is_told_who_runs_and_changes_nothing(repo, broker, outsider, environment, prefix):
    with held(broker, environment):
        run = repo.online("apply", "--yes", "--format", "json")
        assert run.code == 4, run.said
        assert "another apply is running: anna\\x1b[2J on build-7 (process 4711), since 20" in run.err
        assert "lock held2345 (principal User:admin, commit 0123456789ab); its last sign of life: " in run.err
        assert [(o["status"], o["error"]["code"]) for o in run.document["outcomes"]] == [("skipped", "REFUSED")]
        assert run.document["lock"] is None
        assert not outsider.exists(f"{prefix}a")
        assert repo.online("plan").code == 0
    repo.apply()
    assert outsider.exists(f"{prefix}a")


def test_a_live_lock_is_not_broken_by_force(repo, broker, outsider, environment, prefix):
    with held(broker, environment) as lock:
        run = repo.online("apply", "--yes", "--force-unlock", "other234")
        assert run.code == 4, run.said
        assert "the lock is not other234" in run.err
        run = repo.online("apply", "--yes", "--force-unlock", "held2345")
        assert run.code == 4, run.said
        assert "watching the lock held2345" in run.err
        assert "held2345 is not abandoned" in run.err
        assert lock.lost is None
    assert not outsider.exists(f"{prefix}a")


def test_a_lock_that_a_dead_apply_of_another_machine_left_is_refused_until_it_is_broken(
    repo, broker, outsider, environment, prefix
):
    with held(broker, environment, keeps=False):
        run = repo.online("apply", "--yes")
        assert run.code == 4, run.said
        assert not outsider.exists(f"{prefix}a")
        run = repo.online("apply", "--yes", "--force-unlock", "held2345")
        assert run.code == 0, run.said
        assert "watching the lock held2345" in run.err
    assert outsider.exists(f"{prefix}a")


def test_an_apply_names_its_lock_in_the_report_and_lets_it_go(repo, outsider, environment, tmp_path):
    report = tmp_path / "report.json"
    repo.apply("--report", report)
    assert len(json.loads(report.read_text())["lock"]) == 8
    assert records(outsider, environment) == 2


def test_a_second_apply_with_nothing_to_do_writes_nothing_and_needs_no_lock(
    repo, broker, outsider, environment
):
    repo.apply()
    before = records(outsider, environment)
    assert repo.apply("--format", "json").document["lock"] is None
    assert records(outsider, environment) == before
    with held(broker, environment):
        repo.apply()


def test_an_apply_that_never_had_anything_to_do_makes_no_topic_for_its_lock(
    repo, outsider, environment, prefix
):
    outsider.create(f"{prefix}a", partitions=1)
    repo.apply()
    assert not outsider.exists(lock_topic(environment))


def test_the_topic_of_the_lock_is_never_unmanaged_and_never_planned(repo, outsider, environment):
    repo.apply()
    assert outsider.exists(lock_topic(environment))
    assert outsider.own(lock_topic(environment))["message.timestamp.type"] == "LogAppendTime"
    audit = repo.online("audit", "--format", "json").document
    assert lock_topic(environment) not in [each["resource"]["name"] for each in audit["unmanaged"]]


def test_with_no_lock_nobody_is_asked_and_the_report_says_so(repo, broker, outsider, environment, prefix):
    with held(broker, environment):
        run = repo.online("apply", "--yes", "--no-lock", "--format", "json")
    assert run.code == 0, run.said
    assert "without a lock" in run.err
    assert run.document["lock"] is None
    assert outsider.exists(f"{prefix}a")
    assert repo.online("apply", "--yes", "--no-lock", "--force-unlock", "held2345").code == 64


def test_without_rights_on_the_lock_they_are_named_and_no_lock_goes_on(
    repo, broker, outsider, environment, prefix, user
):
    for operation in ("CREATE", "DESCRIBE", "DESCRIBE_CONFIGS"):
        outsider.grant(f"User:{user}", operation, f"{prefix}", pattern="PREFIXED")
    repo.properties = broker.properties_file(user)
    run = repo.online("apply", "--yes", "--only", "topics")
    assert run.code == 4, run.said
    assert f"Describe, Read and Write on Topic {lock_topic(environment)}, and Create" in run.err
    assert "--no-lock" in run.err
    assert not outsider.exists(f"{prefix}a")
    assert repo.online("apply", "--yes", "--only", "topics", "--no-lock").code == 0
    assert outsider.exists(f"{prefix}a")


def test_with_exactly_the_rights_that_are_documented_the_lock_is_had(
    repo, broker, outsider, environment, prefix, user
):
    for operation in ("CREATE", "DESCRIBE", "DESCRIBE_CONFIGS"):
        outsider.grant(f"User:{user}", operation, f"{prefix}", pattern="PREFIXED")
    for operation in ("CREATE", "READ", "WRITE"):
        outsider.grant(f"User:{user}", operation, lock_topic(environment))
    repo.properties = broker.properties_file(user)
    run = repo.online("apply", "--yes", "--only", "topics", "--format", "json")
    assert run.code == 0, run.said
    assert run.document["lock"]


def test_a_rollback_is_an_apply_too(repo, broker, environment, prefix, service, tmp_path):
    repo.acl("a", f"'{service}'", f"{{resource: Topic, name: {prefix}a, operations: [Read]}}")
    report = tmp_path / "report.json"
    repo.apply("--report", report)
    with held(broker, environment):
        run = repo.online("rollback", report, "--yes")
        assert run.code == 4, run.said
        assert "another apply is running" in run.err
    run = repo.online("rollback", report, "--yes", "--format", "json")
    assert run.code == 0, run.said
    assert run.document["lock"]


def test_an_interrupt_while_a_lock_is_watched_leaves_nothing_behind(
    repo, broker, outsider, environment, prefix, tmp_path
):
    report = tmp_path / "report.json"
    with held(broker, environment, keeps=False) as lock:
        with Running(repo, "apply", "--yes", "--force-unlock", lock.id, "--report", report) as running:
            running.says(f"watching the lock {lock.id}")
            running.send(signal.SIGINT)
            run = running.ended()
        assert run.code == 130, run.said
        assert "nothing was changed" in run.err
        kept = json.loads(report.read_text())
        assert kept["finished"]
        assert {outcome["status"] for outcome in kept["outcomes"]} == {"skipped"}
        assert not outsider.exists(f"{prefix}a")
    repo.apply()


def test_what_another_apply_may_have_changed_meanwhile_is_read_again(
    repo, broker, outsider, environment, prefix, tmp_path
):
    """In this process: another apply comes and goes after the plan was made, and before it has the lock."""
    repo.plan("-o", tmp_path / "plan.json")
    plan = load_plan(tmp_path / "plan.json")
    locking = Locking(settings(broker), no_lock=False, force=None, began=waking_clock())
    opening = opening_report(plan, Consent((), ""))
    with closing(connect(broker.properties_file("admin"))) as cluster:
        session = Session(cluster, Bar(StringIO()), float)
        with locked(locking, plan, as_planned(plan), session, opening) as ours:
            assert ours.fresh.todo == plan.changes
        outsider.create(f"{prefix}a", partitions=2)
        with (
            pytest.raises(RefusedError) as caught,
            locked(locking, plan, as_planned(plan), session, opening),
        ):
            pass
        assert caught.value.code == "KG905"
    with held(broker, environment):
        pass


def test_two_who_start_at_once_do_it_one_after_the_other_or_one_of_them_is_told(
    repo, broker, outsider, environment, prefix, tmp_path
):
    other = Repository(tmp_path / "other", broker.bootstrap_servers, repo.properties)
    other.project(f"environments: {{{environment}: {{}}}}")
    other.topic(f"{prefix}b", "{partitions: 1}")
    with Running(repo, "apply", "--yes") as one, Running(other, "apply", "--yes") as two:
        runs = {f"{prefix}a": one.ended(), f"{prefix}b": two.ended()}
    assert {run.code for run in runs.values()} in ({0}, {0, 4}), [run.said for run in runs.values()]
    for topic, run in runs.items():
        assert outsider.exists(topic) is (run.code == 0)
        assert run.code == 0 or "another apply is running" in run.err
