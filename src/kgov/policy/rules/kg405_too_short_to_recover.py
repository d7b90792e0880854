"""KG405: records are gone before a consumer that was down is back."""

from collections.abc import Iterator

from kgov.capacity.keeping import RETENTION, RETENTION_BYTES, is_deleted_from, number, size_bound
from kgov.model.finding import Problem, Severity
from kgov.model.tiers import TIERS, tier_of
from kgov.model.topic import Topic
from kgov.model.units import DURATION_UNITS, format_duration, format_size
from kgov.policy.blame import blamed, nearer, source_of
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_MINUTE = DURATION_UNITS["m"]
_SECOND = DURATION_UNITS["s"]
_UNLIMITED = -1
_OUTAGES = ", ".join(f"{tier} {format_duration(asked.outage)}" for tier, asked in TIERS.items() if asked.outage)


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        tier = tier_of(topic)
        if tier is not None and tier.outage is not None and not topic.retired and is_deleted_from(topic):
            yield from _judge(topic, tier.outage)


def _judge(topic: Topic, outage: int) -> Iterator[Problem]:
    retention, by_size = number(topic, RETENTION), _held_by_size(topic)
    if retention is not None and retention != _UNLIMITED and retention < outage:
        said, key = f"retention {format_duration(retention)} is", RETENTION
    elif by_size is not None and by_size < outage:
        bound = format_size(number(topic, RETENTION_BYTES) or 0)
        said = f"{RETENTION_BYTES} {bound} for a partition holds {_about(by_size)} of the declared volume,"
        key = RETENTION_BYTES
    else:
        return
    source = nearer(topic.config[key].source, source_of(topic, "criticality"))
    asked = format_duration(outage)
    message = f"{said} less than the {asked} for which a consumer of a {topic.criticality} topic may be down"
    hint = f"keep records for {asked} or more, or lower the criticality"
    yield Problem("KG405", message, source.place, blamed(topic, source), hint)


def _held_by_size(topic: Topic) -> int | None:
    """Say for how many milliseconds of the declared volume there is room; ``None`` where that is not known."""
    bound, rate = size_bound(topic), topic.volume.bytes_per_second if topic.volume else None
    if bound is None or not rate or topic.partitions is None:
        return None
    return int(bound * topic.partitions / rate * _SECOND)


def _about(ms: int) -> str:
    return f"about {format_duration(ms // _MINUTE * _MINUTE)}" if ms >= _MINUTE else "less than a minute"


RULE = Rule(
    code="KG405",
    name="too-short-to-recover",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG401",),
    page=Page(
        what=f"""\
A topic says how critical it is, and its records are deleted sooner than a consumer of such a topic may be
down: {_OUTAGES}; a standard topic promises nothing. What counts is the effective retention in each
environment. Where `retention.bytes` bounds the topic and its `volume` is declared, the time is worked out
from both.

A topic without a criticality or without a retention (KG404) is not judged, nor is one that is only
compacted, or a retired one.""",
        why="""\
A consumer that comes back after a long outage finds that the next records which it should read are gone.
Mostly without an error, it goes on wherever `auto.offset.reset` sends it. Nobody can bring those records
back.""",
        fix="""\
Raise `retention` to what the tier asks for; `kgov size` says how much storage that takes. If losing these
records would not matter, the topic is not that critical.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  criticality: critical
  retention: 12h
"""
                },
                says="retention 12h is less than the 2d for which a consumer of a critical topic may be down",
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
  criticality: critical
  retention: 7d
"""
                },
            ),
        ),
        see=("KG204", "KG401", "KG404"),
    ),
)
