"""What every manifest says about itself."""

from kgov.manifest.fields import Line, Part


class Metadata(Part):
    """The name of a manifest; together with the kind it is its identity."""

    name: Line
    """Unique among the manifests of one kind."""


class OwnedMetadata(Part):
    """The name of a manifest and who answers for it."""

    name: Line
    """Unique among the manifests of one kind."""

    owner: Line | None = None
    """The Team that answers for it."""


class TopicMetadata(Part):
    """The name of a topic, which Kafka and the naming convention judge, and who answers for it."""

    name: str
    """The topic's name in Kafka."""

    owner: Line | None = None
    """The Team that answers for it."""
