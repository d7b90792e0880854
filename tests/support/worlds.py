"""Short ways to say desired and live in tests of pure parts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.desired import Desired, Grant, PrincipalDeclaration
from kgov.model.live import Live, LiveAcls, LiveTopic, NotLookedAt, TopicConfig
from kgov.model.place import Layer, Place, ResourceId, Source
from kgov.model.policies import Consent, Lift, Waiver
from kgov.model.project import Environment, Limits, Project, Scope
from kgov.model.topic import ConfigValue, Lifecycle, LifecycleState, Topic

HERE = Place("topics/a.yaml", 3, 9)
TODAY = date(2026, 11, 24)
DAY = 86_400_000


def value(text: str, place: Place = HERE) -> ConfigValue:
    return ConfigValue(text, text, Source(Layer.MANIFEST, place))


def topic(name: str = "a.b", **given: Any) -> Topic:
    config = {key: value(text) for key, text in given.pop("config", {}).items()}
    base = Topic(
        name=name,
        place=HERE,
        owner=None,
        purpose=None,
        category=None,
        partitions=None,
        replicas=None,
        config=config,
        keyed=None,
        criticality=None,
        lifecycle=Lifecycle(),
        ignore_config=(),
        archive=None,
        labels={},
        segments={},
        sources={},
    )
    return replace(base, **given)


def retired(name: str = "a.b", replaced_by: str | None = None) -> Topic:
    return topic(name, lifecycle=Lifecycle(LifecycleState.RETIRED, None, replaced_by))


def live_topic(name: str = "a.b", **given: Any) -> LiveTopic:
    own = given.pop("own", {})
    inherited = {
        "retention.ms": str(7 * DAY),
        "retention.bytes": "-1",
        "cleanup.policy": "delete",
        "delete.retention.ms": str(DAY),
        "max.message.bytes": "1048588",
        "min.insync.replicas": "1",
        "message.timestamp.type": "CreateTime",
        "unclean.leader.election.enable": "false",
        "remote.storage.enable": "false",
    } | given.pop("inherited", {})
    base = LiveTopic(name, f"id-{name}", 3, (1,), TopicConfig(own, inherited))
    return replace(base, **given)


def allow(principal: str, operation: str, name: str, **given: Any) -> AclBinding:
    pattern = PatternType.PREFIXED if name.endswith("*") and name != "*" else PatternType.LITERAL
    if pattern is PatternType.PREFIXED:
        name = name[:-1]
    resource = ResourcePattern(given.pop("type", ResourceType.TOPIC), pattern, name)
    return AclBinding(
        principal, given.pop("permission", Permission.ALLOW), Operation(operation), resource, **given
    )


def deny(principal: str, operation: str, name: str, **given: Any) -> AclBinding:
    return allow(principal, operation, name, permission=Permission.DENY, **given)


def access(name: str = "access") -> ResourceId:
    return ResourceId("Access", name)


def consent(lift: Lift, resource: ResourceId, expires: date = TODAY) -> Consent:
    return Consent("agreed", HERE, lift, resource, "because it is replaced", "team", expires, {})


def waiver(rule: str, resource: ResourceId, expires: date = TODAY) -> Waiver:
    return Waiver("set-aside", HERE, rule, resource, "known", "team", expires, {})


def desired(
    topics: Iterable[Topic] = (),
    bindings: Iterable[AclBinding] = (),
    *,
    principals: Iterable[str] = (),
    scope: Scope | None = None,
    environment: Environment | None = None,
    consents: Iterable[Consent] = (),
    waivers: Iterable[Waiver] = (),
    declared_by: Mapping[str, str] | None = None,
) -> Desired:
    listed = tuple(bindings)
    chosen = environment or Environment("dev", HERE, limits=Limits())
    names = {*principals, *(binding.principal for binding in listed)}
    manifest = {name: access((declared_by or {}).get(name, "access")) for name in names}
    return Desired(
        project=Project({chosen.name: chosen}, scope or Scope()),
        environment=chosen,
        topics={t.name: t for t in topics},
        bindings={b: (Grant(manifest[b.principal], HERE, "team"),) for b in listed},
        principals={
            name: (PrincipalDeclaration(name, manifest[name], HERE, "team"),) for name in sorted(names)
        },
        declares_access=bool(names),
        conventions=(),
        categories={},
        teams={},
        roles={},
        waivers=tuple(waivers),
        consents=tuple(consents),
    )


def live(
    topics: Iterable[LiveTopic] = (),
    bindings: Iterable[AclBinding] | NotLookedAt = (),
    *,
    others: tuple[str, ...] | NotLookedAt = (),
    open_without_acl: bool = False,
    unknown: int | None = 0,
) -> Live:
    acls = bindings if isinstance(bindings, NotLookedAt) else LiveAcls(frozenset(bindings), unknown)
    return Live("cluster-1", {t.name: t for t in topics}, others, acls, open_without_acl)
