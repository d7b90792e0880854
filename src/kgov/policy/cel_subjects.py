"""The resources of one environment as expressions see them, each shown once, when somebody asks."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from kgov.model.acl import AclBinding
from kgov.model.desired import Declaration, Desired, Grant
from kgov.model.place import Place, ResourceId
from kgov.model.topic import Topic
from kgov.policy.cel import Record, Surroundings, record
from kgov.policy.cel_messages import Plain, UnfitError, encode_all, encode_topic_names
from kgov.policy.cel_values import (
    declaration_values,
    environment_values,
    team_values,
    topic_values,
)
from kgov.policy.cel_written import mapping, written_spec

_FIELDS: Mapping[str, str] = {"Topic": "topics", "Access": "access", "Acl": "acls", "Team": "teams"}
"""Where each kind stands in ``all``."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One resource that policies may judge; ``where`` finds the place of a dotted path that they looked at."""

    resource: ResourceId
    owner: str | None
    place: Place
    show: Callable[[], Plain] = field(repr=False)
    where: Callable[[str], Place] = field(repr=False)

    def place_of(self, paths: tuple[str, ...]) -> Place:
        """Find where the first of these paths that is written stands; the resource itself where none is."""
        return next((place for path in paths if (place := self.where(path)) != self.place), self.place)


class Subjects:
    """What is desired of one environment, for expressions."""

    def __init__(self, desired: Desired) -> None:
        self._desired = desired
        self._declared = {each.resource: each for each in desired.declarations}
        self._records: dict[ResourceId, Record | UnfitError] = {}
        self._grants: dict[ResourceId, list[tuple[AclBinding, Grant]]] | None = None
        self.environment = record("Environment", environment_values(desired.environment))
        self.surroundings = Surroundings(self._everything)

    def of_kind(self, kind: str) -> Iterator[Subject]:
        """List the resources of a kind, in the order of files."""
        if kind == "Topic":
            return (_topic(topic) for topic in self._desired.topics.values())
        found = (each for each in self._desired.declarations if each.resource.kind == kind)
        return (self._declaration(each) for each in found)

    def find(self, resource: ResourceId) -> Subject | None:
        """Find a resource; ``None`` where there is none."""
        if resource.kind == "Topic":
            topic = self._desired.topics.get(resource.name)
            return None if topic is None else _topic(topic)
        declared = self._declared.get(resource)
        return None if declared is None else self._declaration(declared)

    def record(self, subject: Subject) -> Record:
        """Show a resource; raises ``UnfitError`` where it does not fit."""
        return self._shown(subject.resource, subject.resource.kind, subject.show)

    def team(self, owner: str | None) -> Record | None:
        """Show the Team that owns something; ``None`` where there is none."""
        team = self._desired.teams.get(owner or "")
        return (
            None
            if team is None
            else self._shown(ResourceId("Team", team.name), "Team", partial(team_values, team))
        )

    def _shown(self, resource: ResourceId, message: str, show: Callable[[], Plain]) -> Record:
        known = self._records.get(resource)
        if known is None:
            try:
                known = record(message, show())
            except UnfitError as error:
                known = error
            self._records[resource] = known
        if isinstance(known, UnfitError):
            raise known
        return known

    def _everything(self) -> Record:
        items = 0
        shown: dict[str, list[tuple[str, bytes]]] = {name: [] for name in _FIELDS.values()}
        for kind in ("Topic", "Access", "Acl"):
            for subject in self.of_kind(kind):
                each = self._within_all(subject)
                items = max(items, each.items)
                shown[_FIELDS[kind]].append((subject.resource.name, each.SerializePartialToString()))
        for name in self._desired.teams:
            team = self.team(name)
            assert team is not None  # noqa: S101 (it has this name)
            shown["teams"].append((name, team.SerializePartialToString()))
        items = max(items, *map(len, shown.values()))
        owners = {topic.name: topic.owner or "" for topic in self._desired.topics.values()}
        return Record("All", encode_all(shown) + encode_topic_names(owners), items)

    def _within_all(self, subject: Subject) -> Record:
        try:
            return self.record(subject)
        except UnfitError as error:
            raise UnfitError(f"all: {subject.resource}: {error.path}", error.why) from None

    def _declaration(self, declared: Declaration) -> Subject:
        def show() -> Plain:
            spec = written_spec(declared.resource.kind, mapping(declared.read(), "spec"))
            return declaration_values(declared.resource, declared.owner, spec, self._granted(declared.resource))

        def where(path: str) -> Place:
            top, _, below = path.partition(".")
            return declared.find(*below.split(".")) if top == "spec" and below else declared.place

        return Subject(declared.resource, declared.owner, declared.place, show, where)

    def _granted(self, resource: ResourceId) -> list[tuple[AclBinding, Grant]]:
        if self._grants is None:
            self._grants = defaultdict(list)
            for binding, grants in self._desired.bindings.items():
                for grant in grants:
                    self._grants[grant.resource].append((binding, grant))
        return self._grants.get(resource, [])


def _topic(topic: Topic) -> Subject:
    return Subject(
        topic.resource,
        topic.owner,
        topic.place,
        partial(topic_values, topic),
        lambda path: topic.where("owner" if path == "metadata.owner" else path.removeprefix("spec.")),
    )
