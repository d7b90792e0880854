"""KG102: two topic names that Kafka's metrics cannot tell apart."""

from collections.abc import Iterator

from kgov.model.desired import Desired
from kgov.model.finding import Problem, Severity
from kgov.model.live import Live, NotLookedAt
from kgov.model.topic import Topic
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.wording import quoted


def metric_name(topic: str) -> str:
    """Write a topic's name as Kafka's metrics do (``org.apache.kafka.common.internals.Topic``)."""
    return topic.replace(".", "_")


def _with_others(desired: Desired, live: Live) -> Iterator[Problem]:
    """Find new topics whose names collide with those of topics that only the cluster has."""
    if isinstance(live.other_topics, NotLookedAt):
        return
    declared = [t for t in desired.topics.values() if t.name not in live.topics and not t.retired]
    by_metric: dict[str, list[str]] = {}
    for other in live.other_topics:
        by_metric.setdefault(metric_name(other), []).append(other)
    for topic in declared:
        for other in sorted(by_metric.get(metric_name(topic.name), ())):
            if other != topic.name:
                yield _problem(topic, f"{quoted(other)}, which exists on the cluster", "choose another name")


def _check(case: Case) -> Iterator[Problem]:
    by_metric: dict[str, list[Topic]] = {}
    for topic in case.desired.topics.values():
        by_metric.setdefault(metric_name(topic.name), []).append(topic)
    for topics in by_metric.values():
        first, *later = sorted(topics, key=lambda topic: (topic.place, topic.name))
        for topic in later:
            yield _problem(topic, f"{quoted(first.name)} ({first.place})", _hint(topic, first))
    if case.live is not None:
        yield from _with_others(case.desired, case.live)


def _problem(topic: Topic, other: str, hint: str) -> Problem:
    message = (
        f'{quoted(topic.name)} collides with {other}: Kafka takes "." and "_" for the same letter in metrics'
    )
    return Problem("KG102", message, topic.place, topic.resource, hint)


def _hint(topic: Topic, first: Topic) -> str:
    retired = next((t for t in (topic, first) if t.retired), None)
    if retired:
        return f"take the manifest of {quoted(retired.name)} away once that topic is gone from the cluster"
    return "rename one of them"


RULE = Rule(
    code="KG102",
    name="name-collision",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    sees_live=True,
    live_matters=LiveMatters.WITH_OTHER_TOPICS,
    yields_to=("KG103", "KG104"),
    page=Page(
        what="""\
Two topics of one environment have names that differ only in `.` and `_`, such as `orders.created` and
`orders_created`. Both places are named. Retired topics count as long as they are declared: a topic that is
about to be deleted still stands in the way of the new one. Against topics that only the cluster has, the
same is checked when kgov plans.""",
        why="""\
Kafka writes both names as `orders_created` in its metrics. A broker therefore refuses the second topic
where the first exists. It does not look when both come in one request: then both are created, and their
metrics are one series that nobody can take apart.""",
        fix="""\
Rename one of the two. If one is retired, apply its deletion first, take its manifest away, and add the
other afterwards. Two old topics that already live with it can be left alone with a Waiver.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders_created}
spec: {partitions: 6}
"""
                },
                says='"orders_created" collides with "orders.created" (topics/orders.yaml:3:18): '
                'Kafka takes "." and "_" for the same letter in metrics',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders-created}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG101", "KG103"),
    ),
)
