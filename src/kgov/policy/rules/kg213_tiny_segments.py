"""KG213: segments so short or so small that a broker drowns in files."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from kgov.capacity.keeping import number
from kgov.model.finding import Problem, Severity
from kgov.model.leftover import leftover
from kgov.model.topic import Topic
from kgov.model.units import format_duration, format_size
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_MINUTES: Final = 60_000
_MIB: Final = 1024**2


class _Least(NamedTuple):
    value: int
    show: Callable[[int], str]


_LEAST: Final[Mapping[str, _Least]] = {
    "segment.ms": _Least(10 * _MINUTES, format_duration),
    "segment.bytes": _Least(16 * _MIB, format_size),
}
_REASON: Final = "reason"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if topic.retired:
            continue
        for key, least in _LEAST.items():
            found = number(topic, key)
            if found is not None and found < least.value and not _has_reason(topic):
                source = topic.config[key].source
                message = (
                    f"{key} {least.show(found)} is under {least.show(least.value)}: it makes very many files"
                )
                hint = (
                    f"raise it to {least.show(least.value)} or more, or say why in a label such as {_REASON}: …"
                )
                yield Problem("KG213", message, source.place, blamed(topic, source), hint)


def _has_reason(topic: Topic) -> bool:
    """Say whether a label such as ``reason`` or ``segment-reason`` says why, and is no left-over."""
    return any(
        key.casefold().endswith(_REASON) and text.strip() and not leftover(text)
        for key, text in topic.labels.items()
    )


RULE = Rule(
    code="KG213",
    name="tiny-segments",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic sets `segment.ms` under 10 minutes or `segment.bytes` under 16 MiB, and no label gives a reason: one
whose name ends in `reason` (`reason`, `segment-reason`). Retired topics are not checked.""",
        why="""\
Each partition is a row of segment files, with two index files beside each. `segment.ms: 100`, found in a public
repository, begins a new one up to ten times a second in every partition: the broker runs out of open files and
memory maps, and takes every other topic with it. Such values come from tutorials that want to see compaction
work at once.""",
        fix="""\
Take the line out: Kafka's defaults are a week and 1 GiB. If records must be deleted or compacted soon after
they are written, an hour is usually short enough. A value that is meant gets a label that says why:
`labels: {reason: erasure within five minutes}`.""",
        failing=(
            Example(
                files={
                    "topics/nodes.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: nodes.state.v1}
spec:
  keyed: true
  config: {cleanup.policy: compact, segment.ms: 100}
"""
                },
                says="segment.ms 100ms is under 10m: it makes very many files",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/nodes.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: nodes.state.v1}
spec:
  keyed: true
  config: {cleanup.policy: compact, segment.ms: 1h}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: nodes.secrets.v1}
spec:
  keyed: true
  labels: {reason: keys that were withdrawn must be gone within ten minutes}
  config: {cleanup.policy: compact, segment.ms: 5m}
"""
                },
            ),
        ),
        see=("KG202", "KG215"),
    ),
)
