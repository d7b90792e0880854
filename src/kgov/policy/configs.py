"""What a topic's configs say, for rules: numbers and cleanup; a value that is wrong says nothing (KG202)."""

from typing import Final

from kgov.model.topic import Topic

CLEANUP: Final = "cleanup.policy"
_COMPACT: Final = "compact"


def number(topic: Topic, key: str) -> int | None:
    """Read a whole number; ``None`` where nobody says it."""
    value = topic.config.get(key)
    return None if value is None or value.problem else int(value.text)


def is_compacted(topic: Topic) -> bool:
    """Say whether a topic is compacted, deleted from as well or not; where nobody says, Kafka only deletes."""
    value = topic.config.get(CLEANUP)
    return value is not None and not value.problem and _COMPACT in value.text


def is_only_compacted(topic: Topic) -> bool:
    """Say whether old records go by compaction alone."""
    value = topic.config.get(CLEANUP)
    return value is not None and not value.problem and value.text == _COMPACT
