"""Where every effective value of one topic comes from, for people who ask why it is as it is."""

from dataclasses import dataclass

from kgov.manifest.compose import compose_topic
from kgov.manifest.document import Document
from kgov.manifest.kinds.topic import TopicSpec
from kgov.manifest.nodes import find
from kgov.manifest.repository import Repository
from kgov.manifest.sources import dotted, text_of
from kgov.model.place import ResourceId, Source
from kgov.model.topic import Topic


@dataclass(frozen=True, slots=True)
class EffectiveValue:
    """One value that holds: its dotted path in the spec, its text, and where it comes from.

    Configs are written as Kafka shows them, everything else as its author wrote it.
    """

    path: str
    value: str
    source: Source


def effective_values(
    repository: Repository, environment: str, topic_name: str
) -> tuple[EffectiveValue, ...] | None:
    """List everything that holds for a topic; ``None`` where there is no such topic in the environment.

    Raises ``UsageError`` where the repository has no such environment.
    """
    topic = compose_topic(repository, environment, topic_name)
    if topic is None:
        return None
    document = repository.documents[ResourceId("Topic", topic_name)]
    return tuple(
        EffectiveValue(path, _text(topic, document, environment, path), source)
        for path, source in topic.sources.items()
    )


def _text(topic: Topic, document: Document[TopicSpec], environment: str, path: str) -> str:
    field, _, key = path.partition(".")
    if field == "config":
        return topic.config[key].text
    if field in {"name", "owner", "partitions", "replicas"}:
        return str(getattr(topic, field))
    variant = document.variant(environment)
    keys = dotted(variant.written.node, path) if variant else None
    node = find(variant.written.node, keys) if variant and keys else None
    return text_of(node) if node else ""
