"""kgov is killed at each write of a plan that has every kind of write: its report is true, and it converges.

Twice at each write: when the cluster has carried it out and kgov waits for the answer, and right after the
answer has gone to kgov. And once before the first write has left. Each write carries one change.
"""

from pathlib import Path
from queue import Queue

import pytest
from command import Repository
from confluent_kafka import admin
from outsider import eventually
from proxy import Api, Proxy, Reaction, Rule, then_cut
from running import Running, document, statuses
from truth import Truth

WRITES = [
    Api.CREATE_TOPICS,
    Api.CREATE_TOPICS,
    Api.CREATE_PARTITIONS,
    Api.INCREMENTAL_ALTER_CONFIGS,
    Api.CREATE_ACLS,
    Api.CREATE_ACLS,
    Api.DELETE_ACLS,
    Api.DELETE_ACLS,
    Api.DELETE_TOPICS,
]
"""What is written, in order."""

CONSENT = ("--allow", "data-loss", "--reason", "it is retired")


def as_it_was(truth: Truth, prefix: str) -> None:
    """Make what the plan will find."""
    topics = [
        admin.NewTopic(f"{prefix}grown", 2, 1),
        admin.NewTopic(f"{prefix}edited", 1, 1, config={"segment.ms": "60000"}),
        admin.NewTopic(f"{prefix}old", 1, 1),
    ]
    bindings = [binding(prefix, *each) for each in (("ALLOW", "WRITE"), ("ALLOW", "READ"), ("DENY", "DELETE"))]
    for future in (*truth.client.create_topics(topics).values(), *truth.client.create_acls(bindings).values()):
        future.result(60)
    eventually(lambda: len(truth.topics(prefix)) == 3 and len(truth.bindings(prefix)) == 3, "it is as it was")


def binding(prefix: str, permission: str, operation: str) -> admin.AclBinding:
    return admin.AclBinding(
        admin.ResourceType.TOPIC,
        f"{prefix}x",
        admin.ResourcePatternType.LITERAL,
        f"User:{prefix}a",
        "*",
        admin.AclOperation[operation],
        admin.AclPermissionType[permission],
    )


def declare(repository: Repository, prefix: str) -> None:
    """Write down what is wanted."""
    # Each of the new topics has too many partitions to share a request.
    repository.project(f"environments: {{{prefix.strip('.')}: {{limits: {{recordsPerRequest: 10}}}}}}")
    repository.topic(f"{prefix}new1", "{partitions: 6}")
    repository.topic(f"{prefix}new2", "{partitions: 6, config: {segment.ms: 60000}}")
    repository.topic(f"{prefix}grown", "{partitions: 4, keyed: false}")
    repository.topic(f"{prefix}edited", "{partitions: 1, config: {segment.ms: 120000}}")
    repository.topic(f"{prefix}old", "{lifecycle: {state: retired, since: 2026-01-31}}")
    repository.acl(
        "a",
        f"User:{prefix}a",
        f"{{resource: Topic, name: {prefix}x, operations: [Read]}}",
        f"{{resource: Topic, name: {prefix}x, operations: [Describe]}}",
        f"{{resource: Topic, name: {prefix}x, operations: [Alter], permission: deny}}",
    )


def in_order(prefix: str) -> list[str]:
    """Name what each write changes."""
    topics = [f"{prefix}{name}" for name in ("new1", "new2", "grown", "edited", "old")]
    added, removed = ("DENY Alter", "ALLOW Describe"), ("ALLOW Write", "DENY Delete")
    return [*topics[:4], *(named(prefix, each) for each in (*added, *removed)), topics[4]]


def named(prefix: str, right: str) -> str:
    return f"User:{prefix}a {right} on Topic LITERAL {prefix}x from *"


def as_wanted(prefix: str) -> tuple[dict[str, tuple[int, dict[str, str]]], frozenset[str]]:
    """Say how it is to be in the end."""
    topics = {
        f"{prefix}new1": (6, {}),
        f"{prefix}new2": (6, {"segment.ms": "60000"}),
        f"{prefix}grown": (4, {}),
        f"{prefix}edited": (1, {"segment.ms": "120000"}),
    }
    held = ("ALLOW Read", "ALLOW Describe", "DENY Alter")
    return topics, frozenset(named(prefix, each) for each in held)


class Killer:
    """Kills the process that it is told of."""

    def __init__(self) -> None:
        self.victims: Queue[Running] = Queue()

    def strike(self) -> None:
        self.victims.get(timeout=60).kill()


def harm(moment: str, killer: Killer, proxy: Proxy) -> dict[str, Reaction]:
    """Say when to kill: before the write goes on, before its answer does, or when kgov acts upon the answer."""
    match moment:
        case "before it is sent":
            return {"before": then_cut(killer.strike)}
        case "before the answer":
            return {"after": then_cut(killer.strike)}
        case _:
            return {"after": proxy.at_next_frame(killer.strike)}


MOMENTS = ("before the answer", "after the answer")
CASES = [(1, "before it is sent"), *((n, moment) for n in range(1, len(WRITES) + 1) for moment in MOMENTS)]


@pytest.mark.parametrize(("number", "moment"), CASES)
def test_killed_at_any_write_the_report_is_true_and_it_converges(
    ground, prefix: str, tmp_path: Path, number: int, moment: str
) -> None:
    as_it_was(ground.truth, prefix)
    repository = ground.repository(tmp_path / "repo")
    declare(repository, prefix)
    if moment == "before the answer":
        saved = tmp_path / "plan.json"
        repository.plan("-o", saved)
        command: tuple[object, ...] = ("apply", saved, *CONSENT)
    else:
        command = ("apply", "--yes", *CONSENT)
    killer = Killer()
    ground.proxy.add(Rule(about=prefix, number=number, **harm(moment, killer, ground.proxy)))
    with Running(repository, *command, report=tmp_path / "report.json") as running:
        killer.victims.put(running)
        assert running.ended().code == -9
    found = document(tmp_path / "report.json")
    assert found["finished"] is None
    became = statuses(tmp_path / "report.json")
    noted = [became.pop(name) for name in in_order(prefix)]
    assert not became
    assert set(noted[: number - 1]) <= {"sent", "done"}
    assert noted[number - 1] in ({"sent", "done"} if moment == "after the answer" else {"sent"})
    assert set(noted[number:]) <= ({"pending", "sent"} if moment == "after the answer" else {"pending"})
    ground.truth.bears_out(tmp_path / "report.json", prefix)
    ground.proxy.forget_rules()
    # To take the lock of a dead process over takes seconds, which are spent once.
    lock = () if number == 1 else ("--no-lock",)
    with Running(repository, *command, *lock, report=tmp_path / "again.json") as running:
        run = running.ended()
    assert run.code == 0, run.said
    assert set(statuses(tmp_path / "again.json").values()) <= {"done"}
    assert ground.truth.all(prefix) == as_wanted(prefix)
    assert repository.online("plan", "--detailed-exitcode").code == 0


def test_the_plan_has_every_kind_of_write(ground, prefix: str, tmp_path: Path) -> None:
    as_it_was(ground.truth, prefix)
    repository = ground.repository(tmp_path / "repo")
    declare(repository, prefix)
    repository.apply(*CONSENT)
    assert [write.api for write in ground.proxy.writes(prefix)] == WRITES
    assert set(WRITES) == set(Api)
    assert ground.truth.all(prefix) == as_wanted(prefix)
