"""The same accidents on two grounds: in memory, and on a real broker behind a proxy."""

from typing import Protocol, assert_never

from guarded import Ground
from memory_cluster import LostAfter, LostBefore, MemoryCluster, Repeated
from proxy import Api, Rule, again, cut

from kgov.cluster.interface import Cluster
from kgov.cluster.kafka import KafkaCluster
from kgov.model.request import (
    Answer,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    GrowPartitions,
    Request,
)

Accident = LostBefore | LostAfter | Repeated

_APIS: dict[type[Request], Api] = {
    CreateTopics: Api.CREATE_TOPICS,
    GrowPartitions: Api.CREATE_PARTITIONS,
    EditConfigs: Api.INCREMENTAL_ALTER_CONFIGS,
    CreateAcls: Api.CREATE_ACLS,
    DeleteAcls: Api.DELETE_ACLS,
    DeleteTopics: Api.DELETE_TOPICS,
}


class UnluckyGrounds(Protocol):
    """A cluster that is asked in an unlucky way, and a view of it that nothing befalls."""

    @property
    def view(self) -> Cluster: ...

    def send(self, request: Request, accident: Accident) -> tuple[Answer, ...]: ...


class UnluckyMemory:
    """A cluster in memory."""

    def __init__(self) -> None:
        self.view = MemoryCluster()

    def send(self, request: Request, accident: Accident) -> tuple[Answer, ...]:
        """Send a request that an accident befalls."""
        self.view.happens(accident)
        return self.view.send(request)


class UnluckyKafka:
    """A real broker, and a proxy before one of its listeners."""

    def __init__(self, ground: Ground, through_proxy: KafkaCluster, view: KafkaCluster) -> None:
        self.view = view
        self._ground = ground
        self._cluster = through_proxy

    def send(self, request: Request, accident: Accident) -> tuple[Answer, ...]:
        """Send a request that an accident befalls."""
        rule = self._ground.proxy.add(_rule(_APIS[type(request)], accident))
        answers = self._cluster.send(request)
        self._ground.proxy.forget_rules()
        assert rule.met.is_set()
        return answers


def _rule(api: Api, accident: Accident) -> Rule:
    match accident:
        case LostBefore():
            return Rule(api, before=cut)
        case LostAfter():
            return Rule(api, after=cut)
        case Repeated():
            return Rule(api, after=again)
    assert_never(accident)
