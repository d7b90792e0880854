"""KG220: a topic of high volume whose compression is left to each producer."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic_facts import Volume
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_KEY: Final = "compression.type"
_MB: Final = 1_000_000
_MUCH: Final = 1 * _MB
"""Bytes a second: about 86 GB a day before replication."""

_MANY: Final = 10_000
"""Records a second, where their size is not said."""


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if topic.volume is None or _KEY in topic.config or topic.retired:
            continue
        if much := _much(topic.volume):
            message = f"{much} are declared, and {_KEY} is left to each producer"
            hint = (
                f"write config: {{{_KEY}: zstd}} (or lz4), so that records are compressed whoever writes them"
            )
            yield Problem("KG220", message, topic.where("volume.rate"), topic.resource, hint)


def _much(volume: Volume) -> str:
    """Say how much it is where it is much; empty where it is not."""
    if volume.bytes_per_second is None:
        records = volume.records_per_second or 0
        return f"{records:.0f} records/s" if records >= _MANY else ""
    shown = f"{volume.bytes_per_second / _MB:.1f}".removesuffix(".0")
    return f"{shown} MB/s" if volume.bytes_per_second >= _MUCH else ""


RULE = Rule(
    code="KG220",
    name="compression-unset",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic declares a `volume` of 1 MB/s or more (10,000 records a second where their size is not said), and
`compression.type` is set neither by the topic nor by the defaults. Whoever writes any value, `producer` and
`uncompressed` included, has decided. Retired topics are not checked.""",
        why="""\
Kafka's default is `producer`: each producer decides, and most clients' own default is no compression. Text
formats shrink to a third or less, which counts on every disk, every replica and every consumer's network. A
topic setting makes the broker compress what arrives otherwise.""",
        fix="""\
Write `compression.type: zstd` (smallest) or `lz4` (least work) under `config`, and set the producers to the
same, so that the broker need not compress again. If records are compressed or encrypted already, write
`compression.type: producer`.""",
        failing=(
            Example(
                files={
                    "topics/readings.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: sensors.temperature.v1}
spec:
  partitions: 6
  volume: {rate: 20MB/s}
"""
                },
                says="20 MB/s are declared, and compression.type is left to each producer",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/readings.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: sensors.temperature.v1}
spec:
  partitions: 6
  volume: {rate: 20MB/s}
  config: {compression.type: zstd}
"""
                },
            ),
        ),
        see=("KG207", "KG216"),
    ),
)
