"""A cluster that throttles kgov (KIP-599): it takes longer, and that is all."""

import signal
import struct
from pathlib import Path

from command import Repository
from guarded import SLOW, SLOWER
from proxy import Api, Rule, Write
from running import Running, statuses
from wire import set_quota

EACH = 5
"""Topics in a request: 50 partitions."""


def repository_of(user: str, ground, prefix: str, folder: Path) -> Repository:
    repository = ground.repository(folder / "repo", user)
    repository.project(f"environments: {{{prefix.strip('.')}: {{limits: {{recordsPerRequest: 55}}}}}}")
    return repository


def declare(repository: Repository, prefix: str, topics: int) -> None:
    for n in range(topics):
        repository.topic(f"{prefix}t{n:02}", "{partitions: 10}")
    repository.acl("a", f"User:{prefix}a", f"{{resource: Topic, name: {prefix}t, operations: [Read]}}")


def throttled(write: Write) -> float:
    """Read the seconds for which the broker reads nothing more from this connection (CreateTopics 2 to 4)."""
    (milliseconds,) = struct.unpack_from(">i", write.answer, 8)
    return float(milliseconds) / 1000


def test_under_a_quota_all_is_done_only_slower(ground, prefix: str, tmp_path: Path) -> None:
    repo = repository_of(SLOW, ground, prefix, tmp_path)
    declare(repo, prefix, 5 * EACH)
    set_quota(ground.open_address, SLOW, controller_mutation_rate=10.0)
    with Running(repo, "apply", "--yes", report=tmp_path / "report.json") as running:
        run = running.ended()
    assert run.code == 0, run.said
    assert "throttles us" in run.err
    assert set(statuses(tmp_path / "report.json").values()) == {"done"}
    writes = ground.proxy.writes(prefix)
    assert [write.api for write in writes] == [Api.CREATE_TOPICS] * 5 + [Api.CREATE_ACLS]
    waits = [throttled(write) for write in writes[:5]]
    assert max(waits) > 1
    for write, wait, following in zip(writes[:5], waits, writes[1:], strict=True):
        # What is sent earlier lies unread until it times out.
        assert following.came - write.answered >= wait
    assert repo.online("plan", "--detailed-exitcode").code == 0


def test_an_interrupt_is_heard_while_a_quota_is_waited_for(ground, prefix: str, tmp_path: Path) -> None:
    repo = repository_of(SLOWER, ground, prefix, tmp_path)
    declare(repo, prefix, 2 * EACH)
    set_quota(ground.open_address, SLOWER, controller_mutation_rate=1.0)
    rule = ground.proxy.add(Rule(Api.CREATE_TOPICS, prefix))
    with Running(repo, "apply", "--yes", report=tmp_path / "report.json") as running:
        assert rule.met.wait(60)
        running.says("throttles us")
        running.send(signal.SIGINT)
        run = running.ended()
    assert run.code == 130, run.said
    assert [write.api for write in ground.proxy.writes(prefix)] == [Api.CREATE_TOPICS]
    assert sorted(statuses(tmp_path / "report.json").values()) == ["done"] * EACH + ["skipped"] * (EACH + 1)
