"""KG313: a grant on topics that are not there."""

from collections.abc import Iterator, Mapping
from typing import Final

from kgov.model.access import Bindings
from kgov.model.acl import WILDCARD, Operation, ResourcePattern, ResourceType
from kgov.model.desired import Desired
from kgov.model.finding import Problem, Severity
from kgov.model.glob import matches_any
from kgov.model.live import Live, NotLookedAt
from kgov.model.ordered_names import Names
from kgov.model.place import Place, ResourceId
from kgov.model.project import BUILT_IN_PROTECTED
from kgov.policy.grants import in_words
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.rules.kg104_reserved_name import MADE_BY_PROGRAMS
from kgov.policy.wording import listed

_BRING_THEIR_OWN: Final = frozenset({"connect-worker", "schema-reader", "schema-registry"})
"""Built-in roles whose topics a program makes for itself."""

_Missing = Mapping[tuple[ResourceId, ResourcePattern], tuple[Place, Place]]
"""Patterns of a manifest, with the places of the grant and of the name."""


def _check(case: Case) -> Iterator[Problem]:
    unread = case.desired.unread
    if "Topic" in unread.kinds:
        # Any name may be that of a topic that cannot be read.
        return
    others = _seen(case.live)
    names = Names.of((*case.desired.topics, *unread.names_of("Topic"), *(others or ())))
    hint = "correct the name, declare the topic, or take the grant away"
    severity = None
    if others is not None:
        where = "no topic matches, neither a declared one nor one of the cluster"
    elif names.ordered:
        where = "no declared topic matches"
    else:
        where = "no topic is declared here at all, and only a plan sees the cluster"
        hint = "read in the plan whether it exists, or declare the topics here as well"
        severity = Severity.INFO
    for (resource, _), missing in _by_grant(_missing(case, names)).items():
        what = listed(in_words(pattern) for pattern, _ in missing)
        yield Problem("KG313", f"{what}: {where}", min(place for _, place in missing), resource, hint, severity)


def _seen(live: Live | None) -> tuple[str, ...] | None:
    """List the undeclared topics of the cluster; ``None`` where they were not looked at."""
    return None if live is None or isinstance(live.other_topics, NotLookedAt) else live.other_topics


def _missing(case: Case, names: Names) -> _Missing:
    """Find the patterns that match none of the names, each of a manifest once, where it is written first."""
    known = _Known(case.desired, names)
    found: dict[tuple[ResourceId, ResourcePattern], tuple[Place, Place]] = {}
    allows = case.filing.allows(ResourceType.TOPIC)
    nowhere = {pattern for pattern in {binding.resource for binding in allows} if not known.holds(pattern)}
    if not nowhere:
        return found
    creations = _creations(case.desired)
    for binding in allows:
        pattern = binding.resource
        if pattern not in nowhere or (
            creations is not None and creations.gives(binding._replace(operation=Operation.CREATE))
        ):
            continue
        for grant in case.desired.bindings[binding]:
            # What only the role makes up, such as the internal topics of Streams, nobody wrote here.
            if pattern.name in grant.names and grant.role not in _BRING_THEIR_OWN:
                places = (grant.place, grant.names[pattern.name])
                key = (grant.resource, pattern)
                found[key] = min(found.get(key, places), places)
    return found


def _by_grant(
    missing: _Missing,
) -> Mapping[tuple[ResourceId, Place], list[tuple[ResourcePattern, Place]]]:
    """Gather by grant what is missing."""
    gathered: dict[tuple[ResourceId, Place], list[tuple[ResourcePattern, Place]]] = {}
    for (resource, pattern), (grant, place) in missing.items():
        gathered.setdefault((resource, grant), []).append((pattern, place))
    return gathered


class _Known:
    """Says whether a pattern is about something: a topic that is there, or one that programs make."""

    def __init__(self, desired: Desired, names: Names) -> None:
        self._names = names
        made = (pattern for patterns in MADE_BY_PROGRAMS.values() for pattern in patterns)
        self._others = (*BUILT_IN_PROTECTED, *desired.project.scope.protects_topics, *made)

    def holds(self, pattern: ResourcePattern) -> bool:
        # An asterisk within a name is KG303; by itself it is every topic.
        about = WILDCARD in pattern.name or self._names.any_matches(pattern)
        return about or matches_any(self._others, pattern.name)


def _creations(desired: Desired) -> Bindings | None:
    """Choose the bindings by which principals make topics themselves; mostly there are none."""
    creating = {Operation.CREATE, Operation.ALL}
    found = [binding for binding in desired.bindings if binding.operation in creating]
    return Bindings.of(found) if found else None


RULE = Rule(
    code="KG313",
    name="grant-on-nothing",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    sees_live=True,
    live_matters=LiveMatters.WHERE_FOUND,
    page=Page(
        what="""\
A grant or binding allows something on a topic, or on a prefix of topics, and no topic has such a name.
`kgov validate` looks at the topics that the manifests declare for the environment; plan and audit look at
the cluster as well, and a topic that is there makes the rule silent. In a repository that declares no topic
at all, validate can only say so: the finding is then an info.

Not judged are groups, transactional ids and Denies; topics that the principal may create itself; what a
role adds by itself, such as the internal topics of Kafka Streams; the topics of `connect-worker`,
`schema-reader` and `schema-registry`; names that kgov.yaml protects or that programs keep for themselves
(KG104); topics whose manifest is there and could not be read.""",
        why="""\
A slip in a name gives no error: Kafka keeps the grant, the application is refused, and both look right. A
grant that outlived its topic is worse: whoever creates a topic of that name later has a reader whom nobody
chose.""",
        fix="""\
Correct the name, or take the grant away. If the topic is to come, declare it in the same pull request. If
another repository declares it, plan and audit find it on the cluster; set the rule to `info` or `off` where
`validate` alone decides.""",
        failing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: website-analytics.clicks}
spec: {partitions: 6}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topic: website-analytics-prod.clicks, group: reports}
""",
                },
                says='Topic "website-analytics-prod.clicks": no declared topic matches',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: website-analytics.clicks}
spec: {partitions: 6}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topicPrefix: website-analytics., group: reports}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: sessions}
spec:
  principal: User:sessions
  grants:
    - {role: streams, applicationId: sessions, inputTopic: website-analytics.clicks}
""",
                },
            ),
        ),
        see=("KG303", "KG316"),
    ),
)
