"""KG504: personal data that somebody reads because a grant covers far more than them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from kgov.model.acl import ANYBODY, WILDCARD, AclBinding, PatternType, ResourcePattern, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.model.ordered_names import Names
from kgov.model.reading import READING, reads
from kgov.model.topic import Topic
from kgov.policy.grants import Granted, at_name, grants, in_words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed, quoted

_MOST: Final = 3
"""Topics that a message names."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Topics with personal data, in order, for which a binding is too wide; ``without`` are some of them.

    Bindings of the same width share the topics: of very many, only what sets each apart is kept.
    """

    topics: tuple[str, ...]
    without: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.topics) - len(self.without)

    def names(self) -> Iterator[str]:
        """List them in order."""
        return (name for name in self.topics if name not in self.without)


_NOTHING: Final = Opened(())
_NOBODY: Final = frozenset[str]()


def _check(case: Case) -> Iterator[Problem]:
    wide = _too_wide(case)
    if not wide:
        return
    for granted in grants(case.desired, wide.__contains__, at_name):
        opened = {(id(each.topics), each.without): each for each in map(wide.__getitem__, granted.bindings)}
        data = _topics(tuple(opened.values()))
        yield Problem(
            "KG504",
            f"{_whom(granted)} can read personal data of {data} through {_patterns(granted)}",
            granted.place,
            granted.resource,
            "name the topics, or a prefix that covers topics of one team only",
        )


def _too_wide(case: Case) -> Mapping[AclBinding, Opened]:
    """Find the bindings that are too wide, each with the topics with personal data that it opens."""
    personal = [t for t in case.desired.topics.values() if t.data.personal and not t.retired]
    if not personal:
        return {}
    width = _Width(case, personal)
    readings = case.filing.allows(ResourceType.TOPIC, READING)
    return {binding: opened for binding in readings if (opened := width.opened(binding))}


class _Width:
    """Judges how wide bindings are; what several open alike is looked at once."""

    def __init__(self, case: Case, personal: Iterable[Topic]) -> None:
        desired = case.desired
        self._access = case.access
        self._operators = desired.operators
        self._topics = _Sorted.of(t for t in desired.topics.values() if not t.retired)
        self._personal = _Sorted.of(personal)
        denies = case.filing.denies(ResourceType.TOPIC, READING)
        self._denied = frozenset(deny.principal for deny in denies)
        self._named_by: dict[str, set[str]] = {}
        for topic in self._personal.topics:
            for each in topic.consumers:
                if each.principal is not None:
                    self._named_by.setdefault(each.principal, set()).add(topic.name)
        self._owners: dict[ResourcePattern, frozenset[str]] = {}
        self._opened: dict[tuple[ResourcePattern, frozenset[str] | None], _Reach] = {}
        self._teams: dict[str, set[str]] = {}
        for team in desired.teams.values():
            for principal in team.principals:
                self._teams.setdefault(principal, set()).add(team.name)

    def opened(self, binding: AclBinding) -> Opened:
        """List the topics with personal data for which the binding is too wide."""
        principal, pattern = binding.principal, binding.resource
        anybody = principal == ANYBODY
        if not anybody and (
            principal in self._operators
            or (pattern.pattern is PatternType.LITERAL and pattern.name != WILDCARD)
        ):
            return _NOTHING
        key = (pattern, None if anybody else frozenset(self._teams.get(principal, ())))
        if key not in self._opened:
            self._opened[key] = self._reach(*key)
        reach = self._opened[key]
        # Of the topics that agree to somebody reading them, those that name this principal are no fault of its.
        without = reach.unless_named & self._named_by.get(principal, _NOBODY)
        opened = Opened(reach.topics, frozenset(without)) if without else reach.opened
        if self._denied.isdisjoint((principal, ANYBODY)):
            return opened
        return Opened(tuple(name for name in opened.names() if reads(self._access, binding, name)))

    def _reach(self, pattern: ResourcePattern, teams: frozenset[str] | None) -> "_Reach":
        """Find what a pattern opens to principals of these teams (``None``: everybody) that no topic names."""
        reached = [*self._personal.under(pattern)]
        short = {
            topic.name
            for topic in reached
            if teams is None
            or pattern.pattern is PatternType.LITERAL
            or _is_short_of_domain(pattern.name, topic)
        }
        mixed = len(self._owners_under(pattern)) > 1
        unless = {topic.name for topic in reached if mixed and not _agrees(topic, teams or _NOBODY)} - short
        return _Reach.of(tuple(t.name for t in reached if t.name in short or t.name in unless), unless)

    def _owners_under(self, pattern: ResourcePattern) -> frozenset[str]:
        known = self._owners.get(pattern)
        if known is None:
            owners = frozenset(topic.owner for topic in self._topics.under(pattern) if topic.owner)
            known = self._owners[pattern] = owners
        return known


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a pattern opens; ``unless_named`` to principals that the topic does not name as consumers."""

    topics: tuple[str, ...]
    unless_named: frozenset[str]
    opened: Opened

    @classmethod
    def of(cls, topics: tuple[str, ...], unless_named: Iterable[str]) -> "_Reach":
        return cls(topics, frozenset(unless_named), Opened(topics))


def _agrees(topic: Topic, teams: frozenset[str]) -> bool:
    """Say whether the topic's team has one of these teams in mind as readers, or is one of them."""
    return topic.owner in teams or any(consumer.team in teams for consumer in topic.consumers)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Topics in the order of their names."""

    topics: Sequence[Topic]
    names: Names

    @classmethod
    def of(cls, topics: Iterable[Topic]) -> "_Sorted":
        ordered = sorted(topics, key=lambda topic: topic.name)
        return cls(ordered, Names([topic.name for topic in ordered]))

    def under(self, pattern: ResourcePattern) -> Iterator[Topic]:
        """List the topics that a pattern matches."""
        return (self.topics[at] for at in self.names.matching(pattern))


def _is_short_of_domain(prefix: str, topic: Topic) -> bool:
    """Say whether a prefix ends before the domain does, or with it: then it also covers longer domains."""
    domain = _domain(topic)
    if not domain:
        # A name of one word: what is not even half of it says nothing about the topic.
        return 2 * len(prefix) < len(topic.name)
    return len(prefix) < len(domain) or prefix == domain != topic.name


def _domain(topic: Topic) -> str:
    """Cut a name after its domain: that segment of its convention, else the first; else before a separator."""
    last = "domain" if "domain" in topic.segments else next(iter(topic.segments), "")
    end = 0
    for segment, text in topic.segments.items():
        end = topic.name.index(text, end) + len(text)
        if segment == last:
            return topic.name[:end]
    return next((topic.name.partition(each)[0] for each in ".-_" if each in topic.name), "")


def _whom(granted: Granted) -> str:
    return listed("everybody" if each == ANYBODY else each for each in granted.principals)


def _topics(opened: Sequence[Opened]) -> str:
    if len(opened) == 1:
        first, number = list(islice(opened[0].names(), _MOST)), len(opened[0])
    else:
        every = sorted({name for each in opened for name in each.names()})
        first, number = every[:_MOST], len(every)
    more = [f"{number - _MOST} more"] if number > _MOST else []
    return listed([*map(quoted, first), *more])


def _patterns(granted: Granted) -> str:
    return listed(sorted({in_words(binding.resource) for binding in granted.bindings}))


RULE = Rule(
    code="KG504",
    name="personal-read-by-wildcard",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    yields_to=("KG301",),
    page=Page(
        what="""\
Somebody may read a topic with personal data, and the grant does not mean this topic but covers it along
with many others. It is one finding for each grant, which names the first topics. A grant is too wide where

- it is on the topic `*`,
- its prefix ends within the topic's own domain or with it (`com` or `commerce` where the topic is
  `commerce.orders.created.v1`; `commerce.` is a domain of its own), or, where the name is one word, is less
  than half of it,
- its prefix covers topics of several teams, unless the topic's own team is the reader's or names it under
  `consumers`,
- it is for everybody (`User:*`; then only KG301 is reported).

A Deny that takes the topic out of the grant is worked in. Principals of a Team with `operators: true` may
read what they must, and stand in `kgov report privacy`. Retired topics are not checked.""",
        why="""\
Whoever answers for personal data must be able to say who reads them and what for. A reader that came in
with a wildcard has no purpose, was approved by nobody, and reads every topic that somebody adds next year.""",
        fix="""\
Name the topics that the application needs; a list is fine. A prefix is fine too where it covers one team's
topics and that team agrees. If a tool of the platform must read everything, put its principal into a Team
with `operators: true`.""",
        failing=(
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 7d
  data: {personal: true, legalBasis: contract, subjects: [customers]}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: reports}
spec:
  principal: User:reports
  bindings:
    - {resource: Topic, name: cust, pattern: prefixed, operations: [Read]}
""",
                },
                says='User:reports can read personal data of "customers.profile.v1" '
                "through every Topic that begins "
                'with "cust"',
            ),
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 7d
  data: {personal: true, legalBasis: contract, subjects: [customers]}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: reports}
spec:
  principal: User:reports
  bindings:
    - {resource: Topic, name: "*", operations: [Read]}
""",
                },
                says='User:reports can read personal data of "customers.profile.v1" through every Topic',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 7d
  data: {personal: true, legalBasis: contract, subjects: [customers]}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Acl
metadata: {name: reports}
spec:
  principal: User:reports
  bindings:
    - {resource: Topic, name: customers.profile.v1, operations: [Read]}
    - {resource: Group, name: reports, operations: [Read]}
""",
                },
            ),
        ),
        see=("KG301", "KG302", "KG501"),
    ),
)
