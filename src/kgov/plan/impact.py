"""What a plan touches: topics, principals, and the consumer groups that use these topics now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kgov.cluster.group_sight import SeenGroups, TopicsInQuestion, look_at_groups
from kgov.cluster.interface import Cluster
from kgov.model.acl import ANYBODY, WILDCARD, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.assessment import AffectedGroup, Impact
from kgov.model.change import Action, Change, Risk
from kgov.model.live import Live, NotLookedAt
from kgov.plan.plan import Plan

NOT_ASKED = NotLookedAt("the cluster was not asked")


@dataclass(frozen=True, slots=True)
class Touched:
    """The topics that exist and that changes touch: by their names, by prefixes of names, or all of them.

    ``names`` may hold some that do not exist, where that was not looked at.
    """

    names: frozenset[str]
    prefixes: frozenset[str]
    every: bool

    def __contains__(self, topic: str) -> bool:
        # By the length of the name, not by the number of prefixes: there may be thousands of them.
        starts = (topic[:end] for end in range(1, len(topic) + 1))
        return self.every or topic in self.names or any(start in self.prefixes for start in starts)

    def __bool__(self) -> bool:
        return self.every or bool(self.names or self.prefixes)


def touched(changes: Iterable[Change], live: Live) -> Touched:
    """Work out which topics that exist the changes touch; those that a plan creates do not exist."""
    listed = tuple(changes)
    names = {change.resource.name for change in listed if _is_on_existing_topic(change)}
    patterns = {change.binding.resource for change in listed if change.binding is not None}
    on_topics = [pattern for pattern in patterns if pattern.type is ResourceType.TOPIC]
    literal = {pattern.name for pattern in on_topics if pattern.pattern is PatternType.LITERAL}
    created = {change.resource.name for change in listed if change.action is Action.CREATE}
    names |= {name for name in literal - {WILDCARD} - created if _may_exist(name, live)}
    prefixes = frozenset(p.name for p in on_topics if p.pattern is PatternType.PREFIXED)
    return Touched(frozenset(names), prefixes, WILDCARD in literal)


def _is_on_existing_topic(change: Change) -> bool:
    return change.binding is None and change.action is not Action.CREATE


def _may_exist(name: str, live: Live) -> bool:
    return isinstance(live.other_topics, NotLookedAt) or name in live.topics or name in live.other_topics


def impact(changes: Iterable[Change]) -> Impact:
    """Say what changes touch, as far as they tell it themselves."""
    listed = tuple(changes)
    topics = {change.resource.name for change in listed if change.binding is None}
    patterns = [change.binding.resource for change in listed if change.binding is not None]
    topics |= {_in_words(pattern) for pattern in patterns if pattern.type is ResourceType.TOPIC}
    principals = {principal for change in listed for principal in _principals(change)}
    return Impact(tuple(sorted(topics)), tuple(sorted(principals)), NOT_ASKED if topics else ())


def _in_words(pattern: ResourcePattern) -> str:
    return pattern.name + ("*" if pattern.pattern is PatternType.PREFIXED else "")


def _principals(change: Change) -> Iterable[str]:
    """Name whom a change of access is about; the first binding of an open resource shuts all others out."""
    if change.binding is None:
        return
    yield change.binding.principal
    adds_allow = change.binding.permission is Permission.ALLOW and change.action is Action.CREATE
    takes_deny = change.binding.permission is Permission.DENY and change.action is Action.DELETE
    if change.risk is Risk.DISRUPTIVE and (adds_allow or takes_deny):
        yield ANYBODY


def with_groups(plan: Plan, live: Live, cluster: Cluster) -> Plan:
    """Ask the cluster which consumer groups use what the plan touches; asks nothing where that is nothing."""
    where = touched(plan.changes, live)
    seen: SeenGroups | NotLookedAt = SeenGroups({}, None)
    if where:
        seen = look_at_groups(cluster, _in_question(where, live))
    assessment = plan.assessment
    return replace(plan, assessment=replace(assessment, impact=_with(assessment.impact, seen, where)))


def _in_question(where: Touched, live: Live) -> TopicsInQuestion:
    """Leave out what reading has proved: declared topics were seen by name, the others by a probe."""
    listing_is_proved = not isinstance(live.other_topics, NotLookedAt)
    unproved = frozenset() if listing_is_proved else where.names - live.topics.keys()
    return TopicsInQuestion(unproved, others=not listing_is_proved and (where.every or bool(where.prefixes)))


def _with(before: Impact, seen: SeenGroups | NotLookedAt, where: Touched) -> Impact:
    if isinstance(seen, NotLookedAt):
        return replace(before, groups=seen)
    used = {
        name: (tuple(sorted(topic for topic in use.topics if topic in where)), use.members)
        for name, use in sorted(seen.uses.items())
    }
    groups = tuple(AffectedGroup(name, topics, members) for name, (topics, members) in used.items() if topics)
    return replace(before, groups=groups, unseen=seen.unseen)
