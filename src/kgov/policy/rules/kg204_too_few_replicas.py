"""KG204: fewer replicas than the environment or the topic's criticality asks for."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem
from kgov.model.topic import MIN_REPLICAS_OF, Topic
from kgov.policy.blame import blamed, nearer, source_of
from kgov.policy.rule import IN_PRODUCTION, Case, Example, Page, Rule, Stage

_MIN_ISR: Final = "min.insync.replicas"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if not topic.retired and topic.replicas is not None:
            yield from _judge(topic, topic.replicas, case.desired.environment.min_replicas)


def _judge(topic: Topic, replicas: int, of_environment: int) -> Iterator[Problem]:
    of_tier = MIN_REPLICAS_OF[topic.criticality] if topic.criticality else 0
    if replicas >= max(of_environment, of_tier):
        return
    source = source_of(topic, "replicas")
    if of_environment >= of_tier:
        least, who = of_environment, "the environment (minReplicas)"
    else:
        least, who = of_tier, f"criticality {topic.criticality}"
        source = nearer(source, source_of(topic, "criticality"))
    message = f"replicas {replicas} is under the {least} that {who} asks for"
    yield Problem("KG204", message, source.place, blamed(topic, source), _hint(topic, least))


def _hint(topic: Topic, least: int) -> str:
    """Say what to do, so that mending this does not bring up KG203, which gives way to it."""
    in_sync = topic.config.get(_MIN_ISR)
    if in_sync and not in_sync.problem and int(in_sync.text) >= least:
        return f"set replicas to {least} or more, and {_MIN_ISR} ({in_sync.text}) below them"
    return f"set replicas to {least} or more"


RULE = Rule(
    code="KG204",
    name="too-few-replicas",
    severity=IN_PRODUCTION,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what=f"""\
A topic has fewer replicas than `minReplicas` of its environment (3 in production, else 1, where kgov.yaml does
not say) or than its criticality asks for:
{", ".join(f"{tier} {count}" for tier, count in MIN_REPLICAS_OF.items())}.
A topic whose replicas are left to the broker is not judged, nor is a retired one.""",
        why="""\
A topic with one replica is gone when one disk is. With two, every restart of a broker leaves a single copy.
The mistake is common: a manifest written for a laptop with one broker is copied to production.""",
        fix="""\
Raise `replicas`, or say them once for all topics in kgov.yaml, under the environment: `defaults: {replicas:
3}`. Where the environment really has fewer brokers, set its `minReplicas`. kgov cannot yet move the
replicas of a topic that exists (KG903): use `kafka-reassign-partitions` for that.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  replicas: 1
"""
                },
                says="replicas 1 is under the 3 that the environment (minReplicas) asks for",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  criticality: mission-critical
  replicas: 3
"""
                },
            ),
        ),
        see=("KG203", "KG205", "KG903"),
    ),
)
