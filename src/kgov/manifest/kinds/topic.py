"""Kind Topic."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from kgov.manifest.fields import (
    Config,
    Count,
    Day,
    Duration,
    Line,
    Manifest,
    Part,
    Principal,
    Reason,
    Replicas,
    Size,
    complaint,
)
from kgov.manifest.metadata import TopicMetadata
from kgov.manifest.wording import described, shown
from kgov.model.capacity import LARGEST_PEAK
from kgov.model.units import UnitError, parse_rate


def _rate(value: str) -> str:
    try:
        parse_rate(value)
    except UnitError:
        raise complaint(f"must be a rate such as 2000/s or 5MB/s, not {shown(value)}") from None
    return value


def _retention(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise complaint(f"must be a duration such as 7d, not {described(value)}")
    return value


def _consumer(value: object) -> object:
    """Read the short form: a principal, which holds a colon, or else a team."""
    if isinstance(value, str):
        return {"principal": value} if ":" in value else {"team": value}
    return value


class Volume(Part):
    """How much is written."""

    rate: Annotated[Line, AfterValidator(_rate)] | None = None
    """Records or bytes in a unit of time, such as `2000/s` or `5MB/s`."""

    message_size: Size | None = None
    """The usual size of one record."""

    peak: Annotated[float, Field(ge=1, le=LARGEST_PEAK)] | None = None
    """How many times the rate the busiest moments bring."""


class Consumer(Part):
    """Who is expected to read."""

    principal: Principal | None = None
    team: Line | None = None
    parallel: Count | None = None
    """How many instances read at once."""

    @model_validator(mode="after")
    def _one_reader(self) -> Self:
        if (self.principal is None) == (self.team is None):
            raise complaint("must name a principal or a team, one of the two")
        return self


class Transfer(Part):
    """Who gets the data outside of the organization or of the country."""

    to: Line
    """A processor, a partner, a country."""

    safeguard: Line | None = None
    """What protects the data there, such as `standard contractual clauses`."""


class Data(Part):
    """What the records hold."""

    classification: Literal["public", "internal", "confidential", "restricted"] | None = None
    personal: bool | None = None
    legal_basis: Reason | None = None
    subjects: list[Line] | None = None
    categories: list[Line] | None = None
    """Which kinds of personal data, such as `contact details`."""

    encrypted: Literal["field", "none"] | None = None
    transfers: list[Transfer] | None = None
    """Who gets them outside; `[]` says that nobody does."""


class SchemaFiles(Part):
    """The schemas of keys and values, as paths from the top of the repository."""

    key: Line | None = None
    value: Line | None = None
    compatibility: (
        Literal[
            "BACKWARD",
            "BACKWARD_TRANSITIVE",
            "FORWARD",
            "FORWARD_TRANSITIVE",
            "FULL",
            "FULL_TRANSITIVE",
            "NONE",
        ]
        | None
    ) = None


class LifecyclePart(Part):
    """How long the topic will be with us; `retired` is the only thing that makes kgov plan its deletion."""

    state: Literal["active", "deprecated", "retired"] = "active"
    since: Day | None = None
    replaced_by: Line | None = None
    """The name of the topic that takes over."""


class Archive(Part):
    """Where records go before Kafka deletes them."""

    target: Line
    keep: Duration | None = None


class TopicSpec(Part):
    """What the topic is to be; everything is optional."""

    purpose: str | None = None
    """Why it exists, for people."""

    category: Line | None = None
    """The RetentionCategory that sets retention, cleanup and archive duty."""

    partitions: Count | None = None
    """The broker's default at creation where nobody says."""

    replicas: Replicas | None = None
    """The replication factor; the broker's default at creation where nobody says."""

    retention: Annotated[Any, BeforeValidator(_retention), WithJsonSchema({"type": ["string", "integer"]})] = (
        None
    )
    """How long records stay, such as `3d`; within the bounds of the category."""

    config: Config = Field(default_factory=dict)
    """Topic configs by Kafka's own names."""

    ignore_config: list[Line] = Field(default_factory=list)
    """Configs of this topic that are left to others."""

    keyed: bool | None = None
    """Whether records have keys whose order matters."""

    criticality: Literal["mission-critical", "critical", "important", "standard"] | None = None
    volume: Volume | None = None
    consumers: list[Annotated[Consumer, BeforeValidator(_consumer, json_schema_input_type=str | Consumer)]] = (
        Field(default_factory=list)
    )
    data: Data | None = None
    schema_: Annotated[SchemaFiles | None, Field(alias="schema")] = None
    lifecycle: LifecyclePart = LifecyclePart()
    archive: Archive | None = None
    labels: dict[str, str] = Field(default_factory=dict)


class TopicManifest(Manifest):
    """A Kafka topic."""

    kind: Literal["Topic"]
    metadata: TopicMetadata
    spec: TopicSpec = TopicSpec()
