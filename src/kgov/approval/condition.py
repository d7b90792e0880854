"""The condition of an ApprovalPolicy: in CEL, or one of those that are built in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol, assert_never

from kgov.model.acl import AclBinding, Operation, Permission, ResourceType
from kgov.model.approval import ApprovalPolicy, Concern
from kgov.model.ordered_names import Names
from kgov.model.place import ResourceId
from kgov.model.policies import Team
from kgov.model.project import Environment
from kgov.model.topic import Topic
from kgov.model.topic_facts import Classification
from kgov.policy.foreign import Borders, Found, trespasses
from kgov.policy.ownership import Teams
from kgov.policy.rule import Case

_READING: Final = frozenset({Operation.READ, Operation.ALL})
_WORDS: Final[Mapping[Concern, str]] = {
    Concern.PERSONAL_DATA: "personal data",
    Concern.RESTRICTED_DATA: "restricted data",
    Concern.FOREIGN_DATA: "data of another team",
    Concern.DATA_LOSS: "a change that can lose data",
}


@dataclass(frozen=True, slots=True)
class Met:
    """A resource that meets a condition: why, and whose data it is about, where that matters."""

    resource: ResourceId
    why: str
    owners: tuple[str, ...] = ()


class Expressions(Protocol):
    """Conditions in CEL, asked of the resources of one environment."""

    def met(self, policy: ApprovalPolicy, environments: Sequence[Environment]) -> Iterable[Met]:
        """List what meets the condition in any of these guises of the environment.

        What cannot be evaluated meets it: whoever cannot tell asks.
        """


def words(concern: Concern) -> str:
    """Say in a few words what a concern is about."""
    return _WORDS[concern]


class BuiltIn:
    """Finds what meets a built-in condition in one environment, with teams and topics of now and of the base.

    ``topics_before`` gives the topics of the base revision, at least those that are otherwise now, maybe of
    several environments: who takes away a mark, an owner or a whole manifest does not take away what is asked
    for by it.
    """

    def __init__(
        self,
        case: Case,
        base_teams: Mapping[str, Team] | None,
        topics_before: Callable[[], Sequence[Topic]],
    ) -> None:
        self._case = case
        self._desired = case.desired
        self._base_teams = base_teams
        self._topics_before = topics_before
        self._known: dict[Concern, tuple[Met, ...]] = {}

    def met(self, concern: Concern) -> tuple[Met, ...]:
        """List what meets it; what a change can lose shows only in a plan."""
        if concern not in self._known:
            self._known[concern] = tuple(self._find(concern))
        return self._known[concern]

    @cached_property
    def _before(self) -> Sequence[Topic]:
        return self._topics_before()

    @cached_property
    def _cases(self) -> tuple[Case, ...]:
        """Give what is desired as it is, and as the base revision has its teams and owners."""
        desired = self._desired
        teams = desired.teams if self._base_teams is None else self._base_teams
        owned = {
            topic.name: topic
            for topic in self._before
            if topic.name not in desired.topics or topic.owner not in (None, desired.topics[topic.name].owner)
        }
        if teams == desired.teams and not owned:
            return (self._case,)
        based = replace(desired, teams=teams, topics={**desired.topics, **owned})
        return (self._case, Case(based, self._case.today))

    def _find(self, concern: Concern) -> Iterator[Met]:
        match concern:
            case Concern.PERSONAL_DATA | Concern.RESTRICTED_DATA:
                yield from self._held(concern)
            case Concern.FOREIGN_DATA:
                yield from self._foreign()
            case Concern.DATA_LOSS:
                return
            case _:
                assert_never(concern)

    def _held(self, concern: Concern) -> Iterator[Met]:
        """Find the topics that hold such data, and what lets somebody read them."""
        topics = self._desired.topics
        now = {t.name for t in topics.values() if not t.retired and _holds(t, concern)}
        before = {t.name for t in self._before if not t.retired and _holds(t, concern)}
        for name, topic in topics.items():
            if name in now:
                yield Met(topic.resource, words(concern))
            elif name in before and not topic.retired:
                yield Met(topic.resource, f"{words(concern)}, in the base revision")
        names = Names.of(now | before)
        reading: set[ResourceId] = set()
        for binding, grants in self._desired.bindings.items():
            if (
                binding.resource.type is ResourceType.TOPIC
                and binding.permission is Permission.ALLOW
                and binding.operation in _READING
                and names.any_matches(binding.resource)
            ):
                reading |= {grant.resource for grant in grants}
        yield from (Met(resource, f"access to {words(concern)}") for resource in sorted(reading))

    def _foreign(self) -> Iterator[Met]:
        owners: dict[ResourceId, set[str]] = {}
        for case in self._cases:
            borders = Borders(case, Operation.READ)

            def reached(
                binding: AclBinding, teams: Teams, granting: ResourceId, borders: Borders = borders
            ) -> Found:
                del granting
                return _beyond(borders, binding, teams)

            for each in trespasses(borders, _READING, reached):
                owners.setdefault(each.resource, set()).update(each.owners)
        for resource, whose in sorted(owners.items()):
            yield Met(resource, words(Concern.FOREIGN_DATA), tuple(sorted(whose)))


def _holds(topic: Topic, concern: Concern) -> bool:
    if concern is Concern.PERSONAL_DATA:
        return topic.data.personal is True
    return topic.data.classification is Classification.RESTRICTED


def _beyond(borders: Borders, binding: AclBinding, teams: Teams) -> Found:
    """List one topic of each owner: which it is does not matter."""
    by_owner = {frozenset(owners): (name, owners) for name, owners in borders.beyond(binding, teams)}
    return tuple(by_owner.values())
