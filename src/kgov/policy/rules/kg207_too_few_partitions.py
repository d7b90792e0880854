"""KG207: fewer partitions than the declared throughput or the declared consumers need."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic import Topic
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_MB: Final = 1_000_000
_PER_PARTITION: Final = 10 * _MB
"""Bytes a second that one partition takes with room to spare, on any disk and through any consumer."""


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if topic.partitions is None or topic.retired:
            continue
        needed, why = max(_by_volume(topic), _by_consumers(topic))
        if needed > topic.partitions:
            message = f"partitions {topic.partitions} are fewer than the {needed} that {why}"
            hint = f"raise partitions to {needed} or more; where records have keys, before there are any"
            yield Problem("KG207", message, topic.where("partitions"), topic.resource, hint)


def _by_volume(topic: Topic) -> tuple[int, str]:
    volume = topic.volume
    if volume is None or volume.bytes_per_second is None:
        return 0, ""
    peak = volume.bytes_per_second * volume.peak
    shown = f"{peak / _MB:.1f}".removesuffix(".0")
    moment = "" if volume.peak == 1 else " at peak"
    return ceil(peak / _PER_PARTITION), f"{shown} MB/s{moment} need, at 10 MB/s each"


def _by_consumers(topic: Topic) -> tuple[int, str]:
    busiest = max(topic.consumers, key=lambda consumer: consumer.parallel or 0, default=None)
    if busiest is None or busiest.parallel is None:
        return 0, ""
    return busiest.parallel, f"{busiest.principal or busiest.team} wants at once (parallel)"


RULE = Rule(
    code="KG207",
    name="too-few-partitions",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic has fewer partitions than what its manifest declares needs:

- its `volume`: rate times the size of a record times `peak`, at 10 MB/s for each partition, a cautious rule
  of thumb;
- its `consumers`: of one reader, `parallel` instances read at the same time, and a partition is read by one
  of them only.

What is not declared is not judged, nor is a topic whose partitions are left to the broker, nor a retired
one.""",
        why="""\
With fewer partitions than instances, some instances of the consumer stand idle. With too much for one
partition, its leader or its slowest consumer falls behind, and lag grows without end. Partitions can be
added later, but then keys move to other partitions, and the order for each key is lost (KG908).""",
        fix="""\
Raise `partitions` before the topic has records. A number that can be divided by many others, such as 12 or
24, lets consumers grow evenly. If the declared volume or `parallel` is too high, mend that.""",
        failing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: clicks.created.v1}
spec:
  partitions: 6
  volume: {rate: 40MB/s, peak: 2}
"""
                },
                says="partitions 6 are fewer than the 8 that 80 MB/s at peak need, at 10 MB/s each",
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  partitions: 6
  consumers:
    - {principal: User:billing, parallel: 8}
"""
                },
                says="partitions 6 are fewer than the 8 that User:billing wants at once (parallel)",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: clicks.created.v1}
spec:
  partitions: 12
  volume: {rate: 40MB/s, peak: 2}
  consumers:
    - {principal: User:billing, parallel: 8}
"""
                },
            ),
        ),
        see=("KG208", "KG908"),
    ),
)
