"""What a plan may do, worked out from its manifests alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from memory_requests import World
from wishes import DEFAULTS, LEFT_TO_OTHERS, Wish

from kgov.model.acl import AclBinding, Permission
from kgov.model.policies import Lift
from kgov.model.request import (
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)

Item = NewTopic | Growth | ConfigEdit | AclBinding | str


@dataclass(frozen=True, slots=True)
class Licence:
    """What a plan may do: by the manifests that it was made from, the topics that it met, and ``--allow``."""

    wish: Wish
    ids: Mapping[str, str]
    shown: frozenset[AclBinding]
    allowed: frozenset[Lift] = frozenset()

    def heir_of(self, name: str) -> str | None:
        """Name the topic that replaces one, where the manifests want it to be there."""
        heir = self.wish.topics.get(self.wish.topics[name].replaced_by or "")
        return None if heir is None or heir.retired else self.wish.topics[name].replaced_by

    def judge(self, request: Request, item: Item, world: World) -> None:
        """Insist that an item of a request is what the manifests want, and no more."""
        match request, item:
            case CreateTopics(), NewTopic():
                self._judge_new_topic(item)
            case GrowPartitions(), Growth():
                wished = self.wish.topics[item.name]
                assert not wished.retired, f"{item.name} is retired"
                assert item.partitions == wished.partitions, f"{item.name} grows too much"
            case EditConfigs(), ConfigEdit():
                self._judge_edit(item, world)
            case DeleteTopics(), str():
                assert self.wish.topics[item].retired, f"{item} is not retired"
                assert self.may_lose(item), f"{item} is deleted without consent"
            case CreateAcls(), AclBinding():
                assert item in self.wish.bindings(), f"{item} is added, and nobody wants it"
            case DeleteAcls(), AclBinding():
                assert item.principal in self.wish.access, f"{item} is not ours"
                assert item not in self.wish.bindings(), f"{item} is wanted, and goes"
            case _:
                raise AssertionError(request)

    def _judge_new_topic(self, new: NewTopic) -> None:
        wished = self.wish.topics[new.name]
        assert not wished.retired, f"{new.name} is retired"
        assert (new.partitions, dict(new.config)) == (wished.partitions, dict(wished.config))

    def _judge_edit(self, edit: ConfigEdit, world: World) -> None:
        name, wished = edit.name, self.wish.topics[edit.name]
        assert not wished.retired, f"{name} is retired"
        touched = {*edit.set, *edit.unset}
        assert touched.isdisjoint(LEFT_TO_OTHERS), f"{name}: keys that are left to others are touched"
        assert {**wished.config, **edit.set} == dict(wished.config), f"{name}: sets what nobody wants"
        assert wished.config.keys().isdisjoint(edit.unset), f"{name}: unsets what is wanted"
        live = world.topics.get(name)
        if live is not None and "retention.ms" in touched:
            before, after = ({**DEFAULTS, **own}["retention.ms"] for own in (live.own, wished.config))
            assert self.may_lose(name) or _span(after) >= _span(before), f"{name}: less is kept"

    def may_lose(self, name: str) -> bool:
        """Say whether somebody consented to losing a topic's data."""
        return Lift.DATA_LOSS in self.allowed or self.wish.topics[name].consented


def _span(milliseconds: str) -> float:
    return float("inf") if milliseconds == "-1" else float(milliseconds)


def turn_of(request: Request) -> int:
    """Say when a request has its turn."""
    match request:
        case CreateAcls(items):
            return 4 if items[0].permission is Permission.ALLOW else 3
        case DeleteAcls(items):
            return 5 if items[0].permission is Permission.ALLOW else 6
    return {CreateTopics: 1, GrowPartitions: 2, EditConfigs: 2, DeleteTopics: 7}[type(request)]
