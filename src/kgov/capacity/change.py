"""What a change of the manifests asks for: one sum held against another."""

from dataclasses import dataclass

from kgov.capacity.load import NOTHING, Load
from kgov.capacity.topics import Sum, TopicLoad


@dataclass(frozen=True, slots=True)
class LoadChange:
    """What one topic asked for and asks for now; ``None`` where it was or is not there."""

    name: str
    before: TopicLoad | None
    after: TopicLoad | None

    @property
    def more(self) -> Load:
        """What it asks for more, or less where it is negative."""
        before = self.before.load if self.before else NOTHING
        return (self.after.load if self.after else NOTHING) + before.scaled(-1)


@dataclass(frozen=True, slots=True)
class SumChange:
    """Both sums, and the topics that ask for something else now, the most storage first."""

    before: Sum
    after: Sum
    topics: tuple[LoadChange, ...]


def change_of(before: Sum, after: Sum) -> SumChange:
    """Hold one sum against another, topic by topic."""
    old = {each.topic.name: each for each in before.topics}
    new = {each.topic.name: each for each in after.topics}
    changes = [LoadChange(name, old.get(name), new.get(name)) for name in sorted({*old, *new})]
    differing = [each for each in changes if _load(each.before) != _load(each.after)]
    differing.sort(key=lambda each: -abs(each.more.stored))
    return SumChange(before, after, tuple(differing))


def _load(each: TopicLoad | None) -> tuple[float | None, Load] | None:
    return None if each is None else (each.rate, each.load)
