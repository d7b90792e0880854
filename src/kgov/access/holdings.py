"""What topics behind a pattern hold, and whose they are, as their manifests say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kgov.model.acl import ResourcePattern, ResourceType
from kgov.model.ordered_names import Names
from kgov.model.topic import Topic
from kgov.model.topic_facts import Classification

_MOST_NAMED = 3
_DEGREES = tuple(Classification)


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many declared topics, whose they are, and the most that they hold.

    ``classification`` is that of the topic whose records must be kept most closely, ``alike`` says whether it
    is that of all. ``personal``: some hold data about people.
    """

    topics: int
    teams: tuple[str, ...] = ()
    classification: Classification | None = None
    alike: bool = True
    personal: bool = False

    @property
    def in_words(self) -> str:
        """Say it after a pattern: ``from team commandes, confidential``; empty where manifests say nothing."""
        said = []
        if len(self.teams) > _MOST_NAMED:
            said.append(f"from {len(self.teams)} teams")
        elif self.teams:
            plural = "s" if len(self.teams) > 1 else ""
            said.append(f"from team{plural} {' and '.join(self.teams)}")
        if self.classification is not None:
            said.append(f"{'' if self.alike else 'up to '}{self.classification}")
        if self.personal:
            said.append("personal data")
        return ", ".join(said)


class Catalogue:
    """Finds the declared topics behind patterns; each question is answered once."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._topics = topics
        self._names = Names.of(name for name, topic in topics.items() if not topic.retired)
        self._known: dict[tuple[ResourcePattern, tuple[ResourcePattern, ...]], Holdings] = {}

    def behind(self, pattern: ResourcePattern, but: tuple[ResourcePattern, ...] = ()) -> Holdings | None:
        """Sum up what a pattern matches and ``but`` does not; ``None`` where it is not on topics."""
        if pattern.type is not ResourceType.TOPIC:
            return None
        if (pattern, but) not in self._known:
            self._known[pattern, but] = _summed(self._matched(pattern, but))
        return self._known[pattern, but]

    def _matched(self, pattern: ResourcePattern, but: tuple[ResourcePattern, ...]) -> Iterator[Topic]:
        out = {place for each in but for place in self._names.matching(each)}
        for place in self._names.matching(pattern):
            if place not in out:
                yield self._topics[self._names.ordered[place]]


def _summed(topics: Iterable[Topic]) -> Holdings:
    listed = tuple(topics)
    classes = {topic.data.classification for topic in listed}
    return Holdings(
        topics=len(listed),
        teams=tuple(sorted({topic.owner for topic in listed if topic.owner is not None})),
        classification=max(filter(None, classes), key=_DEGREES.index, default=None),
        alike=len(classes) <= 1,
        personal=any(topic.data.personal for topic in listed),
    )
