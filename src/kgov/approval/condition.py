"""The condition of an ApprovalPolicy: in CEL, or one of those that are built in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, assert_never

from kgov.model.acl import AclBinding, Operation, Permission, ResourceType
from kgov.model.approval import ApprovalPolicy, Concern
from kgov.model.desired import Desired
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
    """Finds what meets a built-in condition in one environment, with the teams of now and of the base."""

    def __init__(self, desired: Desired, base_teams: Mapping[str, Team] | None, case: Case) -> None:
        self._desired = desired
        self._cases: tuple[Case, ...] = (case,)
        if base_teams is not None and base_teams != desired.teams:
            self._cases = (case, Case(replace(desired, teams=base_teams), case.today))
        self._known: dict[Concern, tuple[Met, ...]] = {}

    def met(self, concern: Concern) -> tuple[Met, ...]:
        """List what meets it; what a change can lose shows only in a plan."""
        if concern not in self._known:
            self._known[concern] = tuple(self._find(concern))
        return self._known[concern]

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
        holding = [t for t in self._desired.topics.values() if not t.retired and _holds(t, concern)]
        yield from (Met(topic.resource, words(concern)) for topic in holding)
        names = Names.of(topic.name for topic in holding)
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
