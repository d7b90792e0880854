"""How many replicas of partitions a cluster holds once the manifests are applied."""

from collections.abc import Mapping

from kgov.capacity.topics import load_of
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveTopic
from kgov.model.topic import Topic


def replicas_of_partitions(desired: Desired, live: Live | None = None) -> Mapping[str, int]:
    """Count them for each topic that is to stay.

    What is live counts where it is more: partitions are never taken away. The partitions of topics that no
    manifest declares are not read, and so not counted.
    """
    found: Mapping[str, LiveTopic] = {} if live is None else live.topics
    return {
        topic.name: max(_desired(topic, desired), _live(topic, found.get(topic.name)))
        for topic in desired.topics.values()
        if not topic.retired
    }


def _desired(topic: Topic, desired: Desired) -> int:
    return load_of(topic, desired.environment).load.partitions


def _live(topic: Topic, live: LiveTopic | None) -> int:
    if live is None:
        return 0
    replicas = topic.replicas or max(live.replicas, default=1)
    return max(topic.partitions or 1, live.partitions) * replicas
