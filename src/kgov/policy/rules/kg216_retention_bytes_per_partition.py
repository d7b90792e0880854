"""KG216: retention.bytes holds for each partition: what that comes to."""

from collections.abc import Iterator
from typing import Final

from kgov.capacity.keeping import is_deleted_from, number
from kgov.model.finding import Problem, Severity
from kgov.model.place import Layer
from kgov.model.topic import Topic
from kgov.model.units import format_size
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import counted

_KEY: Final = "retention.bytes"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        size = number(topic, _KEY)
        # -1 is no limit; under compaction alone there is none either (KG210).
        if size is None or size <= 0 or topic.retired or not is_deleted_from(topic):
            continue
        source = topic.config[_KEY].source
        sums = "" if source.layer is Layer.DEFAULT else _sums(topic, size)
        message = f"{_KEY} {format_size(size)} holds for each partition{sums}"
        yield Problem("KG216", message, source.place, blamed(topic, source), "size the disks for the sum")


def _sums(topic: Topic, size: int) -> str:
    """Multiply what is known: partitions and replicas."""
    if topic.partitions is None:
        return ""
    total = size * topic.partitions
    words = f": {counted(topic.partitions, 'partition')}"
    if topic.replicas is not None:
        total *= topic.replicas
        words += f" x {counted(topic.replicas, 'replica')}"
    return f"{words} x {format_size(size)} are {format_size(total)}"


RULE = Rule(
    code="KG216",
    name="retention-bytes-per-partition",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic sets `retention.bytes`. The finding says what it comes to on the disks: partitions x replicas x
bytes. It is a remark, not a fault. Topics that are only compacted (KG210) and retired ones are not checked.""",
        why="""\
The name does not say that the limit holds for each partition. `retention.bytes: 50GiB` on 24 partitions
with three replicas keeps up to 3,600 GiB, and raising the partitions raises that with them. The segment
that is being written comes on top.""",
        fix="""\
Check the sum against what the topic may cost. If the limit was meant for the whole topic, divide it by the
partitions.""",
        failing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: clicks.created.v1}
spec:
  partitions: 24
  replicas: 3
  config: {retention.bytes: 50GiB}
"""
                },
                says="retention.bytes 50GiB holds for each partition: "
                "24 partitions x 3 replicas x 50GiB are 3600GiB",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: clicks.created.v1}
spec: {partitions: 24, replicas: 3, retention: 7d}
"""
                },
            ),
        ),
        see=("KG208", "KG210"),
    ),
)
