"""Whom a fault of a composed value belongs to: the topic, its category, or the defaults of the environment."""

from typing import assert_never

from kgov.model.place import Layer, ResourceId, Source
from kgov.model.topic import Topic


def blamed(topic: Topic, source: Source) -> ResourceId | None:
    """Find the manifest that says the value; ``None`` for a default, which stands in kgov.yaml.

    A default or a category is then one finding where it is written, however many topics take it over.
    """
    match source.layer:
        case Layer.DEFAULT:
            return None
        case Layer.CATEGORY:
            return ResourceId("RetentionCategory", topic.category or "")
        case Layer.MANIFEST | Layer.OVERLAY:
            return topic.resource
        case _:
            assert_never(source.layer)


def nearer(left: Source, right: Source) -> Source:
    """Pick the value that was said nearer to the topic: where two do not fit, that one is at fault."""
    order = list(Layer)
    return right if order.index(right.layer) > order.index(left.layer) else left


def source_of(topic: Topic, path: str) -> Source:
    """Find where the value at ``path`` comes from; the manifest's own place where that was not kept."""
    return topic.sources.get(path) or Source(Layer.MANIFEST, topic.place)
