"""Which part of desired and live a run looks at: ``--only`` and ``--target``."""

from dataclasses import dataclass

EVERYTHING: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """``topics`` and ``principals`` narrow the run to these names; ``None`` is all of them, empty is none."""

    topics: frozenset[str] | None = EVERYTHING
    principals: frozenset[str] | None = EVERYTHING

    @property
    def looks_at_topics(self) -> bool:
        """Whether any topic is looked at."""
        return self.topics is None or bool(self.topics)

    @property
    def looks_at_acls(self) -> bool:
        """Whether any principal is looked at."""
        return self.principals is None or bool(self.principals)

    def has_topic(self, name: str) -> bool:
        """Say whether the topic is looked at."""
        return self.topics is None or name in self.topics

    def has_principal(self, name: str) -> bool:
        """Say whether the principal is looked at."""
        return self.principals is None or name in self.principals


ALL = Selection()
ONLY_TOPICS = Selection(principals=frozenset())
ONLY_ACLS = Selection(topics=frozenset())
