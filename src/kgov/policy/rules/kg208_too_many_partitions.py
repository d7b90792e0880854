"""KG208: more partitions than the environment allows, or very many without a reason to be seen."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic import Topic
from kgov.policy.blame import blamed, source_of
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_WITHOUT_REASON: Final = 100
"""Partitions of a topic that need no declared volume."""


def _check(case: Case) -> Iterator[Problem]:
    ceiling = case.desired.environment.limits.partitions_per_topic
    for topic in case.desired.topics.values():
        if topic.partitions is None or topic.retired:
            continue
        found = _fault(topic, topic.partitions, ceiling)
        if found:
            source = source_of(topic, "partitions")
            message, hint = found
            yield Problem("KG208", message, source.place, blamed(topic, source), hint)


def _fault(topic: Topic, partitions: int, ceiling: int | None) -> tuple[str, str] | None:
    """Say what is wrong and what to do; the ceiling first."""
    if ceiling is not None and partitions > ceiling:
        message = f"partitions {partitions} are over the {ceiling} that the environment allows a topic"
        return message, "ask for fewer, or have limits.partitionsPerTopic of kgov.yaml raised"
    if partitions > _WITHOUT_REASON and not _has_reason(topic, partitions):
        message = f"partitions {partitions} are over {_WITHOUT_REASON}, and no volume says what for"
        return message, "declare volume: {rate: …, messageSize: …}, or ask for fewer"
    return None


def _has_reason(topic: Topic, partitions: int) -> bool:
    """Say whether a volume is declared, or a consumer that reads from so many at once."""
    volume = topic.volume
    if volume is not None and (volume.bytes_per_second is not None or volume.records_per_second is not None):
        return True
    return any((consumer.parallel or 0) >= partitions for consumer in topic.consumers)


RULE = Rule(
    code="KG208",
    name="too-many-partitions",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what=f"""\
A topic has more partitions than `limits.partitionsPerTopic` of the environment in kgov.yaml, or more than
{_WITHOUT_REASON} without a declared `volume` (its rate) or a consumer that reads from so many at once
(`parallel`). Retired topics are not checked.""",
        why="""\
Every replica of a partition costs a broker memory, open files and time when a leader fails, whether it holds
records or not, and partitions can never be taken away. Four topics of one public repository had 500 partitions
each: 6,000 replicas for what one partition could have carried.""",
        fix="""\
Ask for what the declared volume needs: at 10 MB/s for each partition, 100 of them carry a gigabyte a
second. Where it really is that much, declare the `volume`, which `kgov size` needs as well. A ceiling that
has become too low is raised in kgov.yaml.""",
        failing=(
            Example(
                files={
                    "topics/packages.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: packages.updated.v1}
spec: {partitions: 500}
"""
                },
                says="partitions 500 are over 100, and no volume says what for",
            ),
            Example(
                files={
                    "kgov.yaml": """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    limits: {partitionsPerTopic: 48}
""",
                    "topics/packages.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: packages.updated.v1}
spec:
  partitions: 60
  volume: {rate: 200MB/s}
""",
                },
                says="partitions 60 are over the 48 that the environment allows a topic",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/packages.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: packages.updated.v1}
spec:
  partitions: 120
  volume: {rate: 800MB/s}
"""
                },
            ),
        ),
        see=("KG207", "KG902"),
    ),
)
