"""KG101: a topic name that does not fit the naming convention."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.naming import split_name
from kgov.model.nearest import Vocabulary
from kgov.model.pattern import Pattern, compile_pattern
from kgov.model.policies import NamingConvention, Segment
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import counted, listed, quoted


@dataclass(frozen=True, slots=True)
class _Judge:
    """A convention with its patterns compiled once for all topics; ``known`` are segments judged already."""

    convention: NamingConvention
    patterns: Mapping[str, Pattern]
    values: Mapping[str, Vocabulary]
    known: dict[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Misfit:
    """How far a name is from a convention, in words; no distance means that it fits."""

    distance: int
    words: str = ""
    hint: str = ""


_FITS: Final = _Misfit(0)


def _check(case: Case) -> Iterator[Problem]:
    judges = tuple(_judge(convention) for convention in case.desired.conventions)
    alone = len(judges) == 1
    for topic in case.desired.topics.values():
        # A retired topic is on its way out: it can no longer be renamed, only deleted.
        if topic.retired or not judges:
            continue
        if alone and topic.segments:
            # By the one convention the name was cut already.
            nearest_fit = _fit(judges[0], topic.name, topic.segments)
        else:
            nearest_fit = min([_fit(each, topic.name) for each in judges], key=_distance)
        if nearest_fit.distance:
            yield Problem("KG101", nearest_fit.words, topic.place, topic.resource, nearest_fit.hint)


def _judge(convention: NamingConvention) -> _Judge:
    compiled = {s.name: compile_pattern(s.pattern) for s in convention.segments if s.pattern is not None}
    values = {s.name: Vocabulary(s.values) for s in convention.segments if s.values is not None}
    return _Judge(convention, {name: p for name, p in compiled.items() if isinstance(p, Pattern)}, values)


def _fit(judge: _Judge, name: str, cut: Mapping[str, str] | None = None) -> _Misfit:
    convention = judge.convention
    values = cut or split_name(convention, name)
    if values is None:
        hint = f"write {listed(segment.name for segment in convention.segments)}, in this order"
        return _Misfit(len(convention.segments) + 1, _shape(convention, name), hint)
    wrong = [segment for segment in convention.segments if not _is_right(segment, values[segment.name], judge)]
    if not wrong:
        return _FITS
    faults = "; ".join(_fault(segment, values[segment.name], judge) for segment in wrong)
    hints = "; ".join(_allowed(segment) for segment in wrong)
    return _Misfit(len(wrong), f"the name does not fit {convention.format}: {faults}", hints)


def _shape(convention: NamingConvention, name: str) -> str:
    """Say how many segments there are and should be, where one separator stands between all of them."""
    separators = set(convention.separators)
    if len(separators) != 1:
        return f"the name does not have the shape of {convention.format}"
    has = counted(name.count(separators.pop()) + 1, "segment")
    return f"the name has {has}, but {convention.format} has {len(convention.segments)}"


def _distance(misfit: _Misfit) -> int:
    return misfit.distance


def _is_right(segment: Segment, value: str, judge: _Judge) -> bool:
    """Say whether a segment is right; the same few values stand in very many names."""
    known = judge.known.get((segment.name, value))
    if known is None:
        if segment.values is not None:
            known = value in segment.values
        else:
            pattern = judge.patterns.get(segment.name)
            known = bool(value) and (pattern is None or pattern.matches(value))
        judge.known[segment.name, value] = known
    return known


def _fault(segment: Segment, value: str, judge: _Judge) -> str:
    if not value:
        return f"{segment.name} is empty"
    if segment.values is None:
        return f"{segment.name} {quoted(value)} does not match {segment.pattern}"
    near = judge.values[segment.name].nearest(value)
    guess = f", the nearest is {quoted(near[0])}" if near else ""
    return f"{segment.name} {quoted(value)} is not allowed{guess}"


def _allowed(segment: Segment) -> str:
    if segment.values is not None:
        return f"{segment.name} is {listed(segment.values, 'or')}"
    return f"{segment.name} matches {segment.pattern}" if segment.pattern else f"{segment.name} is any text"


_CONVENTION = """\
apiVersion: kgov/v1
kind: NamingConvention
metadata: {name: topics}
spec:
  format: "{domain}.{entity}.{type}.{version}"
  segments:
    domain: {values: [commerce, finance, logistics]}
    type: {values: [created, updated, deleted]}
    version: {pattern: "v[1-9][0-9]*"}
"""

RULE = Rule(
    code="KG101",
    name="name-format",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG102", "KG103", "KG104"),
    page=Page(
        what="""\
A topic's name does not fit the NamingConvention of the repository. The finding says which segment is wrong
and which allowed value is nearest, or that there are too many or too few segments. Where several
conventions are declared, a name must fit one of them; the nearest is reported. Without a convention nothing
is checked.

Retired topics need not fit: they can no longer be renamed, only deleted. Where a name collides with
another, is illegal or is reserved, only KG102, KG103 or KG104 is reported.""",
        why="""\
The segments of a name say who owns a topic, what is in it and which version it is. Policies, owners,
dashboards and grants by prefix all build on them: `topicPrefix: logistics.` covers
`logistics.parcel.created.v1` and misses `logistic.parcel.created.v1`. Kafka cannot rename a topic.""",
        fix="""\
Write the name that the convention asks for. A new domain or type belongs in the NamingConvention, in a pull
request of its own. A topic that is older than the convention gets a Waiver with the day until which it may
stay.""",
        failing=(
            Example(
                files={
                    "topics/parcels.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: logistic.parcel.created.v1}
spec: {partitions: 6}
""",
                    "policies/naming.yaml": _CONVENTION,
                },
                says="the name does not fit {domain}.{entity}.{type}.{version}: "
                'domain "logistic" is not allowed, the nearest is "logistics"',
            ),
            Example(
                files={
                    "topics/parcels.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: logistics.created.v1}
spec: {partitions: 6}
""",
                    "policies/naming.yaml": _CONVENTION,
                },
                says="the name has 3 segments, but {domain}.{entity}.{type}.{version} has 4",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/parcels.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: logistics.parcel.created.v1}
spec: {partitions: 6}
""",
                    "policies/naming.yaml": _CONVENTION,
                },
            ),
        ),
        see=("KG102", "KG103", "KG104"),
    ),
)
