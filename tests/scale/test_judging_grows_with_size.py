"""Three times as much to judge is three times the work, also where nearly everything is at fault."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise

from multiplied import multiplied
from work import counted, out_of_proportion

from bench.manifests import Size, files, topic_name
from kgov.manifest.compose import compose
from kgov.manifest.repository import load_files
from kgov.model.desired import Desired
from kgov.model.finding import Finding, Problem
from kgov.model.live import Live, LiveAcls, LiveTopic, TopicConfig
from kgov.policy.engine import judge, judge_again

SMALL, LARGE, TIMES = 200, 600, 3
TODAY = date(2026, 11, 24)

Fault = Callable[[int, str], str]
"""Changes the manifest of the topic of a number."""

DEPRECATED = "lifecycle: {state: deprecated, since: 2025-01-01}"
HEEDLESS = "config: {retention.ms: -1, cleanup.policy: compact, segment.bytes: 1000, max"

FAULTS: tuple[Fault, ...] = (
    lambda _, text: text,
    lambda _, text: text.replace("  keyed: true", f"  keyed: true\n  {DEPRECATED}"),
    lambda _, text: text.replace("{classification: internal}", "{classification: restricted, personal: true}"),
    lambda _, text: text.replace("purpose: One", "purpose: TODO One"),
    lambda number, text: text.replace(topic_name(number), topic_name(number).replace("area", "aera")),
    lambda number, text: text.replace(topic_name(number), topic_name(number).replace(".v1", ".v4")),
    lambda number, text: text.replace("owner: team-", f"owner: team-{number % 3}x"),
    lambda _, text: text.replace("config: {max", HEEDLESS),
)

RIGHTS = (
    "{resource: Topic, name: commerce.area%d., pattern: prefixed, operations: [Read, Write]}",
    "{resource: Topic, name: finance.a, pattern: prefixed, operations: [Read, All]}",
    "{resource: Topic, name: nowhere%d, operations: [Read]}",
    "{resource: Topic, name: '*', operations: [Describe]}",
    "{resource: Group, name: shared%d, operations: [Read]}",
    "{resource: Group, name: service-%d, pattern: prefixed, operations: [Read]}",
    "{resource: Topic, name: iot.area%d, pattern: prefixed, operations: [Write], permission: deny}",
    "{resource: Topic, name: iot.area%d.x, operations: [Write], host: 10.0.0.1}",
)
"""What a service is given by hand, and no role would give it."""


def faulty(size: Size) -> Iterator[tuple[str, str]]:
    """Write a repository in which most topics have a fault, and each service more rights than it needs."""
    number = 0
    for path, text in files(size):
        if path.startswith("topics/"):
            yield path, FAULTS[number % len(FAULTS)](number, text)
            number += 1
        elif path.startswith("acls/"):
            yield path, text + by_hand(path.removeprefix("acls/").removesuffix(".yaml"))
        else:
            yield path, text


def by_hand(service: str) -> str:
    area = int(service.rpartition("-")[2]) % 25
    rights = "".join(f"\n    - {right % area if '%' in right else right}" for right in RIGHTS)
    head = f"---\napiVersion: kgov/v1\nkind: Acl\nmetadata: {{name: by-hand-{service}}}\n"
    return f"\n{head}spec:\n  principal: User:{service}\n  bindings:{rights}\n"


def composed(written: Iterable[tuple[str, str]]) -> tuple[Desired, tuple[Problem, ...]]:
    return compose(load_files({path: text.encode() for path, text in written}), "dev")


def otherwise(desired: Desired) -> Live:
    """Have half of the topics and bindings live, and as many of others, with nearly the same names."""
    existing = list(desired.topics)[::2]
    topics = {name: LiveTopic(name, name, 1, (1,), TopicConfig({}, {})) for name in existing}
    others = {name.replace(".", "_") for name in desired.topics} - desired.topics.keys()
    bindings = sorted(desired.bindings, key=str)[::2]
    aliens = (binding._replace(principal=f"{binding.principal}-alien") for binding in bindings)
    return Live("c", topics, tuple(sorted(others)), LiveAcls(frozenset((*bindings, *aliens))))


def judged(desired: Desired, problems: tuple[Problem, ...] = ()) -> tuple[Finding, ...]:
    """Judge as a plan does: the manifests alone, and with what is live."""
    found = judge(desired, problems, TODAY)
    return judge_again(found, desired, otherwise(desired), TODAY)


def test_judging_what_is_at_fault_nearly_everywhere() -> None:
    works: list[Counter[str]] = []
    for topics in (SMALL, LARGE):
        desired, problems = composed(faulty(Size(topics, 1, 5)))
        with counted() as work:
            found = judged(desired, problems)
        assert len({finding.code for finding in found}) >= 20
        works.append(work)
    small, large = works
    assert small.total() > 10_000
    assert out_of_proportion(small, large, TIMES) == {}


def test_judging_along_the_curve() -> None:
    hundred, _ = composed(files(Size(100, 1, 2)))
    works: list[tuple[int, Counter[str]]] = []
    for times in (10, 30, 100):
        desired = multiplied(hundred, times)
        assert len(desired.topics) == 100 * times
        with counted() as work:
            judge(desired, (), TODAY)
        works.append((times, work))
    for (few, small), (many, large) in pairwise(works):
        assert out_of_proportion(small, large, many / few) == {}
