"""Kind Project: kgov.yaml."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from kgov.manifest.document import Written
from kgov.manifest.fields import Config, Count, Duration, Glob, Line, Manifest, Part, Replicas, complaint
from kgov.manifest.kinds.cluster_facts import CapacityPart, RecoveryPart, capacity_of, fact_places, recovery_of
from kgov.manifest.metadata import Metadata
from kgov.manifest.wording import described, shown
from kgov.model.assessment import StandardChange
from kgov.model.change import Risk
from kgov.model.place import Place
from kgov.model.project import (
    DEPRECATED_MAX_DAYS,
    FEWEST_RECORDS,
    MOST_RECORDS,
    PLAUSIBLE_SHARE,
    RECORDS_PER_REQUEST,
    Controller,
    Environment,
    Limits,
    Project,
    Scope,
    UndeclaredConfig,
    UndeclaredGrants,
)
from kgov.model.topic_configs import KAFKA_VERSIONS, NEWEST, UnknownVersion, parse_kafka_version

MOST_ENVIRONMENTS: Final = 100
"""Everything is composed and judged once for each."""

_MOST_SETTINGS: Final = 200
_PERCENT: Final = 100
_MIN_REPLICAS: Final = 1
_MIN_REPLICAS_IN_PRODUCTION: Final = 3
_MOST_STANDARD_IN_PRODUCTION: Final = 20
_OFF: Final = "off"


def _kafka(value: object) -> str:
    if not isinstance(value, str):
        raise complaint(f'must be text such as "{NEWEST}", not {described(value)}: put it in quotes')
    version = parse_kafka_version(value)
    if isinstance(version, UnknownVersion):
        raise complaint(f"is not right: {version.message}")
    return version


def _share(value: object) -> float:
    number: object = value
    if isinstance(value, str) and value.endswith("%"):
        digits = value.removesuffix("%").strip()
        number = int(digits) / _PERCENT if digits.isascii() and digits.isdigit() and len(digits) < 4 else None
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
        raise complaint(f"must be a share such as 30% or 0.3, not {described(value)}")
    return float(number)


def _environment_name(text: str) -> str:
    if not all(letter.isalnum() or letter in "-_." for letter in text):
        raise complaint(f"must be letters, digits, -, _ and . only, not {shown(text)}")
    return text


def _environment(value: object) -> object:
    """Take `dev:` with nothing behind it for an environment without settings."""
    return {} if value is None else value


def _standard(value: object) -> object:
    """Take `off` for nothing: no change is standard."""
    if isinstance(value, str) and value != _OFF:
        raise complaint(f"must be a mapping (lines of key: value) or {_OFF}, not {described(value)}")
    return None if value == _OFF else value


def _or_off(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"const": _OFF} if each == {"type": "null"} else each for each in schema["anyOf"]]


RuleSettings = Annotated[
    dict[str, Literal["error", "warning", "info", "off"]], Field(max_length=_MOST_SETTINGS)
]
Version = Annotated[
    str, BeforeValidator(_kafka), WithJsonSchema({"type": "string", "examples": list(KAFKA_VERSIONS)})
]
Share = Annotated[float, BeforeValidator(_share), WithJsonSchema({"type": ["string", "number"]})]
Days = Annotated[int, Field(ge=1)]
Number = Annotated[int, Field(ge=0)]
Records = Annotated[int, Field(ge=FEWEST_RECORDS, le=MOST_RECORDS)]


class LimitsPart(Part):
    """How much one apply may destroy, at which pace, and how much must still be there."""

    deletes: Number = 5
    """Topics."""

    revocations: Number = 50
    """ACL bindings."""

    changed_share: Share = 0.30
    """Of the managed objects that exist, such as `30%`."""

    partitions_per_broker: Count | None = None
    """Replicas of partitions, on average (KG701)."""

    partitions: Count | None = None
    """Replicas of partitions in the whole cluster (KG701)."""

    partitions_per_topic: Count | None = None
    """The ceiling of KG208."""

    plausible_share: Share = PLAUSIBLE_SHARE
    """Of what was live when `--previous` was made; with less, plan and apply stop (KG909)."""

    records_per_request: Records = RECORDS_PER_REQUEST
    """For clusters that take less in one request; a topic is 1, and 1 for each partition and config."""


class DefaultsPart(Part):
    """What topics are in this environment where neither they nor their overlay say."""

    partitions: Count | None = None
    replicas: Replicas | None = None
    retention: Duration | None = None
    config: Config = Field(default_factory=dict)


class StandardPart(Part):
    """What a plan may be at most to be a standard change."""

    max_risk: Literal["safe", "disruptive"] | None = None
    """`safe` in production, else `disruptive`, where it is not said; what can lose data is never standard."""

    max_changes: Count | None = None
    """20 in production, else any number, where it is not said."""


class ChangesPart(Part):
    """How plans are classed for change management."""

    standard: Annotated[StandardPart | None, BeforeValidator(_standard), Field(json_schema_extra=_or_off)] = (
        StandardPart()
    )
    """`off` where nothing is standard."""


class EnvironmentPart(Part):
    """One cluster."""

    production: bool = False
    """Rules marked (prod) are errors here."""

    cluster_id: Line | None = None
    """plan, apply and audit refuse any other cluster."""

    kafka: Version = NEWEST
    """Whose topic configs are valid."""

    defaults: DefaultsPart = DefaultsPart()
    min_replicas: Replicas | None = None
    """KG204; 3 in production, else 1, where it is not said."""

    require_allow: list[Literal["data-loss", "disruptive"]] = Field(default_factory=list)
    """Risks that need consent; data-loss always does."""

    rules: RuleSettings = Field(default_factory=dict)
    limits: LimitsPart = LimitsPart()
    changes: ChangesPart = ChangesPart()
    open_without_acl: bool | None = None
    """Whether the brokers set allow.everyone.if.no.acl.found; asked of them where it is not said."""

    capacity: CapacityPart | None = None
    recovery: RecoveryPart | None = None
    require_classification: bool = False
    """Whether every topic must say `data.classification` (KG505)."""


class ManagesPart(Part):
    """What is ours to change; where nothing is said, what the manifests name."""

    topics: list[Glob] | None = None
    principals: list[Glob] | None = None
    undeclared_config: Literal["reset", "keep"] = "reset"
    undeclared_grants: Literal["revoke", "report"] = "revoke"
    ignore_config: list[Line] = Field(default_factory=list)


class ProtectsPart(Part):
    """What is never touched, beside what is built in."""

    topics: list[Glob] = Field(default_factory=list)
    principals: list[Glob] = Field(default_factory=list)


class WaiversPart(Part):
    """How long waivers and consents may run."""

    max_days: Days = 365


class LifecyclePolicyPart(Part):
    """How topics come to their end."""

    deprecated_max_days: Days = DEPRECATED_MAX_DAYS
    """How long a deprecated topic may still be granted (KG218)."""


class PrivacyPart(Part):
    """Who answers for personal data, for the head of the privacy register."""

    controller: Line
    """The organization."""

    contact: Line | None = None
    """Its person in charge of personal data: a name, an address."""


class ProjectManifest(Manifest):
    """Environments, what is managed, and limits."""

    kind: Literal["Project"]
    metadata: Metadata | None = None
    environments: Annotated[
        dict[
            Annotated[Line, AfterValidator(_environment_name)],
            Annotated[EnvironmentPart, BeforeValidator(_environment)],
        ],
        Field(min_length=1, max_length=MOST_ENVIRONMENTS),
    ]
    manages: ManagesPart = ManagesPart()
    protects: ProtectsPart = ProtectsPart()
    rules: RuleSettings = Field(default_factory=dict)
    waivers: WaiversPart = WaiversPart()
    lifecycle: LifecyclePolicyPart = LifecyclePolicyPart()
    privacy: PrivacyPart | None = None
    changes: ChangesPart = ChangesPart()
    """For what environments do not say."""

    open_without_acl: bool | None = None
    """For environments that do not say."""


def to_project(manifest: ProjectManifest, written: Written) -> Project:
    """Make the model value."""
    return Project(
        environments=MappingProxyType(
            {
                name: _to_environment(name, part, manifest, written)
                for name, part in manifest.environments.items()
            }
        ),
        scope=_to_scope(manifest),
        waiver_max_days=manifest.waivers.max_days,
        deprecated_max_days=manifest.lifecycle.deprecated_max_days,
        rule_places=MappingProxyType(_rule_places(manifest, written)),
        controller=_controller(manifest.privacy),
    )


def _controller(part: PrivacyPart | None) -> Controller | None:
    return None if part is None else Controller(part.controller, part.contact or "")


def _to_environment(
    name: str, part: EnvironmentPart, manifest: ProjectManifest, written: Written
) -> Environment:
    implied = _MIN_REPLICAS_IN_PRODUCTION if part.production else _MIN_REPLICAS
    stated = part.open_without_acl
    return Environment(
        name=name,
        place=written.place("environments", name),
        production=part.production,
        cluster_id=part.cluster_id,
        kafka=part.kafka,
        min_replicas=implied if part.min_replicas is None else part.min_replicas,
        require_allow=frozenset((Risk.DATA_LOSS, *(Risk(risk) for risk in part.require_allow))),
        rules=MappingProxyType({**manifest.rules, **part.rules}),
        limits=Limits(
            deletes=part.limits.deletes,
            revocations=part.limits.revocations,
            changed_share=part.limits.changed_share,
            partitions_per_broker=part.limits.partitions_per_broker,
            partitions_per_topic=part.limits.partitions_per_topic,
            plausible_share=part.limits.plausible_share,
            records_per_request=part.limits.records_per_request,
            partitions=part.limits.partitions,
        ),
        open_without_acl=manifest.open_without_acl if stated is None else stated,
        standard=_to_standard(part, manifest.changes),
        capacity=capacity_of(part.capacity),
        recovery=recovery_of(part.recovery),
        require_classification=part.require_classification,
        where=fact_places(written, name),
    )


def _to_standard(part: EnvironmentPart, general: ChangesPart) -> StandardChange | None:
    """Work out what is standard: the environment's word wins, field by field, and turns `off` on again."""
    said = "standard" in part.changes.model_fields_set
    own, others = part.changes.standard, general.standard or StandardPart()
    if own is None or (general.standard is None and not said):
        return None
    most = own.max_changes or others.max_changes
    risk = own.max_risk or others.max_risk or (Risk.SAFE if part.production else Risk.DISRUPTIVE)
    return StandardChange(Risk(risk), most or (_MOST_STANDARD_IN_PRODUCTION if part.production else None))


def _to_scope(manifest: ProjectManifest) -> Scope:
    manages, protects = manifest.manages, manifest.protects
    return Scope(
        manages_topics=None if manages.topics is None else tuple(manages.topics),
        manages_principals=None if manages.principals is None else tuple(manages.principals),
        undeclared_config=UndeclaredConfig(manages.undeclared_config),
        undeclared_grants=UndeclaredGrants(manages.undeclared_grants),
        ignore_config=tuple(manages.ignore_config),
        protects_topics=tuple(protects.topics),
        protects_principals=tuple(protects.principals),
    )


def _rule_places(manifest: ProjectManifest, written: Written) -> dict[str, Place]:
    """Say where each rule is tuned, the project's own setting before those of environments."""
    places: dict[str, Place] = {}
    settings: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [(("rules",), manifest.rules)]
    settings += [(("environments", name, "rules"), part.rules) for name, part in manifest.environments.items()]
    for path, rules in settings:
        for code in rules:
            places.setdefault(code, written.key_place((*path, code)))
    return places
