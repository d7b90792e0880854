"""A network that eats requests and answers: nothing is called done that is not, and running again converges.

The kinds of write suffer side by side, each in a process of its own, because most of the time is waiting.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from command import Repository, Run
from confluent_kafka import admin
from outsider import eventually
from proxy import Api, Rule, again, cut, half_close
from running import Running, document, statuses
from truth import Truth

SUFFERING = (Api.CREATE_TOPICS, Api.CREATE_ACLS, Api.INCREMENTAL_ALTER_CONFIGS, Api.DELETE_ACLS)


@dataclass(frozen=True)
class Case:
    """A repository of which one kind of write suffers."""

    api: Api
    prefix: str
    repository: Repository
    report: Path

    @property
    def new(self) -> str:
        return f"{self.prefix}new"

    @property
    def edited(self) -> str:
        return f"{self.prefix}edited"

    @property
    def granted(self) -> str:
        return self._binding("Read", "wide")

    @property
    def revoked(self) -> str:
        return self._binding("Read", "narrow")

    @property
    def suffers(self) -> str:
        """Name what the write that suffers is about."""
        by_api = dict(zip(SUFFERING, (self.new, self.granted, self.edited, self.revoked), strict=True))
        return by_api[self.api]

    def _binding(self, operation: str, topic: str) -> str:
        return f"User:{self.prefix}a ALLOW {operation} on Topic LITERAL {self.prefix}{topic} from *"


def case(api: Api, ground, prefix: str, folder: Path) -> Case:
    """Make what is there before, and write down what is wanted: one change for each kind of write."""
    prefix = f"{prefix}{api.name.lower().replace('_', '')}."
    repository = ground.repository(folder / prefix)
    # A lock is for an environment: the cases do not wait for each other.
    repository.project(f"environments: {{{prefix.strip('.').replace('.', '-')}: {{}}}}")
    repository.topic(f"{prefix}new", "{partitions: 2}")
    repository.topic(f"{prefix}edited", "{partitions: 1, config: {segment.ms: 120000}}")
    repository.acl("a", f"User:{prefix}a", f"{{resource: Topic, name: {prefix}wide, operations: [Read]}}")
    before(ground.truth, prefix)
    return Case(api, prefix, repository, folder / f"{prefix}report.json")


def before(truth: Truth, prefix: str) -> None:
    narrow = admin.AclBinding(
        admin.ResourceType.TOPIC,
        f"{prefix}narrow",
        admin.ResourcePatternType.LITERAL,
        f"User:{prefix}a",
        "*",
        admin.AclOperation.READ,
        admin.AclPermissionType.ALLOW,
    )
    made = truth.client.create_topics([admin.NewTopic(f"{prefix}edited", 1, 1)])
    for future in (*made.values(), *truth.client.create_acls([narrow]).values()):
        future.result(60)
    eventually(lambda: truth.topics(prefix) and truth.bindings(prefix), "it is as it was")


@pytest.fixture
def cases(ground, prefix: str, tmp_path: Path) -> list[Case]:
    return [case(api, ground, prefix, tmp_path) for api in SUFFERING]


def run_all(cases: list[Case], *arguments: object) -> list[Run]:
    """Run kgov for all cases at the same time."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(Running(each.repository, "apply", "--yes", *arguments, report=each.report))
            for each in cases
        ]
        return [each.ended() for each in running]


def suffer(ground, cases: list[Case], **harm: Any) -> list[Run]:
    """Do harm to one write of each case, and hold what kgov says of it against the cluster."""
    rules = [ground.proxy.add(Rule(each.api, each.prefix, **harm)) for each in cases]
    runs = run_all(cases)
    for each, run, rule in zip(cases, runs, rules, strict=True):
        assert rule.met.wait(5), f"{each.api.name} was not met: {run.said}"
        assert "Traceback" not in run.said
        assert document(each.report)["finished"] is not None
        assert set(statuses(each.report).values()) <= {"done", "failed", "unknown", "skipped"}
        ground.truth.bears_out(each.report, each.prefix)
    return runs


def converges(ground, cases: list[Case]) -> None:
    """Run it again without harm: all is done, and nothing is left."""
    ground.proxy.forget_rules()
    for each, run in zip(cases, run_all(cases), strict=True):
        assert run.code == 0, run.said
        assert {each.new, each.edited} == set(ground.truth.topics(each.prefix))
        assert ground.truth.topics(each.prefix)[each.edited] == (1, {"segment.ms": "120000"})
        assert ground.truth.bindings(each.prefix) == {each.granted}
        assert each.repository.online("plan", "--detailed-exitcode").code == 0


def test_a_request_that_never_arrives_is_unknown_and_made_by_the_next_run(ground, cases) -> None:
    for each, run in zip(cases, suffer(ground, cases, before=cut), strict=True):
        became = statuses(each.report)
        assert run.code == 5, run.said
        assert became.pop(each.suffers) == "unknown"
        if each.api is Api.CREATE_ACLS:
            assert became.pop(each.revoked) == "skipped"
        assert set(became.values()) == {"done"}
    converges(ground, cases)


HARM = {
    "cut": lambda proxy: {"after": cut},
    "half-closed": lambda proxy: {"after": half_close},
    "half-closed before the request goes on": lambda proxy: {"before": half_close},
    "stalled for ever": lambda proxy: {"after": proxy.stalls()},
    "stalled for a while, each of them": lambda proxy: {"after": proxy.stalls(seconds=1.0), "number": 0},
    "made twice by the broker": lambda proxy: {"after": again},
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_done_is_found_done_whatever_becomes_of_the_answer(ground, cases, harm: str) -> None:
    for each, run in zip(cases, suffer(ground, cases, **HARM[harm](ground.proxy)), strict=True):
        assert run.code == 0, run.said
        assert set(statuses(each.report).values()) == {"done"}
        assert len([write for write in ground.proxy.writes(each.prefix) if write.api is each.api]) == 1
    converges(ground, cases)
