"""KG504: personal data that somebody reads because a grant covers far more than them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kgov.model.acl import ANYBODY, WILDCARD, AclBinding, PatternType
from kgov.model.desired import Desired
from kgov.model.finding import Problem, Severity
from kgov.model.reading import readings
from kgov.model.topic import Topic
from kgov.policy.grants import Granted, at_name, grants, in_words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed, quoted

_MOST: Final = 3
"""Topics that a message names."""


def _check(case: Case) -> Iterator[Problem]:
    wide = _too_wide(case)
    if not wide:
        return
    for granted in grants(case.desired, wide.__contains__, at_name):
        read = {topic.name for binding in granted.bindings for topic in wide[binding]}
        yield Problem(
            "KG504",
            f"{_whom(granted)} can read personal data of {_topics(read)} through {_patterns(granted)}",
            granted.place,
            granted.resource,
            "name the topics, or a prefix that covers topics of one team only",
        )


def _too_wide(case: Case) -> Mapping[AclBinding, list[Topic]]:
    """Find the bindings that are too wide, each with the topics with personal data that it opens."""
    personal = [t for t in case.desired.topics.values() if t.data.personal and not t.retired]
    if not personal:
        return {}
    found: dict[AclBinding, list[Topic]] = {}
    width = _Width(case.desired)
    for topic in personal:
        for binding in readings(case.access, topic.name):
            if width.is_too_wide(binding, topic):
                found.setdefault(binding, []).append(topic)
    return found


class _Width:
    """Judges how wide bindings are; each prefix is looked at once."""

    def __init__(self, desired: Desired) -> None:
        self._operators = desired.operators
        self._topics = sorted((t for t in desired.topics.values() if not t.retired), key=lambda t: t.name)
        self._names = [topic.name for topic in self._topics]
        self._owners: dict[str, frozenset[str]] = {}
        self._teams: dict[str, set[str]] = {}
        for team in desired.teams.values():
            for principal in team.principals:
                self._teams.setdefault(principal, set()).add(team.name)

    def is_too_wide(self, binding: AclBinding, topic: Topic) -> bool:
        resource = binding.resource
        if binding.principal == ANYBODY:
            return True
        if binding.principal in self._operators:
            return False
        if resource.pattern is PatternType.LITERAL:
            return resource.name == WILDCARD
        if _is_short_of_domain(resource.name, topic):
            return True
        return len(self._owners_under(resource.name)) > 1 and not self._agreed(binding.principal, topic)

    def _owners_under(self, prefix: str) -> frozenset[str]:
        known = self._owners.get(prefix)
        if known is None:
            known = self._owners[prefix] = frozenset(t.owner for t in self._under(prefix) if t.owner)
        return known

    def _under(self, prefix: str) -> Iterator[Topic]:
        for at in range(bisect_left(self._names, prefix), len(self._names)):
            if not self._names[at].startswith(prefix):
                return
            yield self._topics[at]

    def _agreed(self, principal: str, topic: Topic) -> bool:
        """Say whether the topic's team has this reader in mind, or is its own."""
        teams = self._teams.get(principal, set())
        return topic.owner in teams or any(
            consumer.principal == principal or consumer.team in teams for consumer in topic.consumers
        )


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


def _topics(names: Iterable[str]) -> str:
    every = sorted(names)
    more = [f"{len(every) - _MOST} more"] if len(every) > _MOST else []
    return listed([*map(quoted, every[:_MOST]), *more])


def _patterns(granted: Granted) -> str:
    return listed(sorted({in_words(binding.resource) for binding in granted.bindings}))


RULE = Rule(
    code="KG504",
    name="personal-read-by-wildcard",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG301",),
    page=Page(
        what="""\
Somebody may read a topic with personal data, and the grant does not mean this topic but covers it along
with many others. It is one finding for each grant, which names the first topics. A grant is too wide where

- it is on the topic `*`,
- its prefix ends within the topic's own domain or with it (`com` or `commerce` where the topic is
  `commerce.orders.created.v1`; `commerce.` is a domain of its own), or is not half of a name of one word,
- its prefix covers topics of several teams, unless the topic's own team is the reader's or names it under
  `consumers`,
- it is for everybody (`User:*`; then only KG301 is reported).

A Deny that takes the topic out of the grant is worked in. Principals of a Team with `operators: true` may
read what they must, and stand in `kgov report privacy`. Retired topics are not looked at.""",
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
