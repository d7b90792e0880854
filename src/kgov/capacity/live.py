"""What the desired topics ask for, held against what the cluster has of them now."""

from dataclasses import replace
from typing import Final

from kgov.capacity.change import SumChange, change_of
from kgov.capacity.keeping import KEYS
from kgov.capacity.topics import add_up, load_of
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveTopic
from kgov.model.place import Layer, Source
from kgov.model.topic import ConfigValue, Topic

_ONE: Final = 1


def change_from_live(desired: Desired, live: Live) -> SumChange:
    """Say what the declared topics ask for more or less than they have on the cluster.

    What is written to a topic, and who reads it, is what its manifest says on both sides: the cluster states
    neither. Partitions that are live stay, whatever is desired. Topics that no manifest declares are in no sum.
    """
    environment = desired.environment
    pairs = [(topic, live.topics.get(topic.name)) for topic in desired.topics.values()]
    before = add_up(load_of(_as_live(topic, found), environment) for topic, found in pairs if found)
    after = add_up(
        load_of(_as_it_will_be(topic, found) if found else topic, environment)
        for topic, found in pairs
        if not topic.retired
    )
    return change_of(before, after)


def _as_live(topic: Topic, live: LiveTopic) -> Topic:
    config = {key: value for key, value in topic.config.items() if key not in KEYS}
    for key in KEYS:
        # What neither side says is the broker's, and taken for the same thing on both.
        text = live.config.effective(key) if key in live.config.own or key in topic.config else None
        if text is not None:
            config[key] = ConfigValue(text, text, Source(Layer.MANIFEST, topic.place))
    return replace(topic, partitions=live.partitions, replicas=max(live.replicas, default=_ONE), config=config)


def _as_it_will_be(topic: Topic, live: LiveTopic) -> Topic:
    replicas = max(live.replicas, default=_ONE) if topic.replicas is None else topic.replicas
    return replace(topic, partitions=max(topic.partitions or _ONE, live.partitions), replicas=replicas)
