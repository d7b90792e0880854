"""What kgov.yaml says: environments, what is managed and protected, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from kgov.model.assessment import DISRUPTIVE_AT_WORST, StandardChange
from kgov.model.capacity import Capacity, Recovery
from kgov.model.change import Risk
from kgov.model.place import Place

BUILT_IN_PROTECTED = ("__*", "_schemas", "_confluent*")
"""Topic patterns that no kgov.yaml can open: the state of Kafka itself and of its satellites."""


RECORDS_PER_REQUEST = 9_000
"""Records of one request where kgov.yaml does not say: a margin under the controller's own limit."""

DEPRECATED_MAX_DAYS = 180
"""How long a topic may stay deprecated and granted where kgov.yaml does not say."""

PLAUSIBLE_SHARE = 0.50
"""Of what was known: with less, a cluster is not believed."""

FEWEST_RECORDS = 10
MOST_RECORDS = 10_000
"""What Apache Kafka's controller takes in one request (``QuorumController.MAX_RECORDS_PER_USER_OP``)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one apply may destroy, at which pace, and how much must still be there.

    ``changed_share`` is a fraction of the managed objects that exist, ``plausible_share`` one of what an
    earlier run knew. ``records_per_request`` is for clusters whose controller takes less in one request than
    Apache Kafka's. ``partitions_per_broker`` and ``partitions`` (of the whole cluster) count every replica.
    ``partitions_per_topic`` is ``None`` where any number is fine.
    """

    deletes: int = 5
    revocations: int = 50
    changed_share: float = 0.30
    partitions_per_broker: int | None = None
    plausible_share: float = PLAUSIBLE_SHARE
    records_per_request: int = RECORDS_PER_REQUEST
    partitions_per_topic: int | None = None
    partitions: int | None = None


class UndeclaredConfig(StrEnum):
    """What happens to configs set on a managed topic that its manifest does not name."""

    RESET = "reset"
    KEEP = "keep"


class UndeclaredGrants(StrEnum):
    """What happens to live grants of a managed principal that no manifest names."""

    REVOKE = "revoke"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is ours to change and what is never touched. Patterns are globs; ``None`` = what manifests name."""

    manages_topics: tuple[str, ...] | None = None
    manages_principals: tuple[str, ...] | None = None
    undeclared_config: UndeclaredConfig = UndeclaredConfig.RESET
    undeclared_grants: UndeclaredGrants = UndeclaredGrants.REVOKE
    ignore_config: tuple[str, ...] = ()
    protects_topics: tuple[str, ...] = ()
    protects_principals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """One cluster as the repository sees it.

    ``kafka`` is a version of ``kgov.model.topic_configs.KAFKA_VERSIONS``. ``rules`` maps a code to ``error``,
    ``warning``, ``info`` or ``off``; the project's own settings are already worked in, the environment's win.
    ``open_without_acl`` is ``None`` where the broker is to be asked; ``standard`` where no change is standard.
    ``where`` maps dotted paths below the environment (``limits.partitions``) to where they are written.
    """

    name: str
    place: Place
    production: bool = False
    cluster_id: str | None = None
    kafka: str = ""
    min_replicas: int = 1
    require_allow: frozenset[Risk] = frozenset()
    rules: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    limits: Limits = Limits()
    open_without_acl: bool | None = None
    standard: StandardChange | None = DISRUPTIVE_AT_WORST
    capacity: Capacity | None = None
    recovery: Recovery | None = None
    require_classification: bool = False
    where: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))

    def place_of(self, *paths: str) -> Place:
        """Find where the first of these that is written stands; the environment itself where none is."""
        return next((self.where[path] for path in paths if path in self.where), self.place)


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers in law for personal data, and whom people and authorities write to; empty: not said."""

    name: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """The whole of kgov.yaml, defaults of topics excepted: those live on in the composed topics."""

    environments: Mapping[str, Environment]
    scope: Scope = Scope()
    waiver_max_days: int = 365
    deprecated_max_days: int = DEPRECATED_MAX_DAYS
    rule_places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    controller: Controller | None = None
