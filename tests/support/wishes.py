"""A small repository as a value: its manifests as YAML, and what they want and permit.

What is wanted and permitted is worked out here from the words of the contract, without kgov's own diff, so that
a fault of the diff is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from manifests import HEAD, manifest, topic
from memory_requests import World
from worlds import allow, deny

from kgov.manifest.repository import load_files
from kgov.model.acl import AclBinding, PatternType, Permission
from kgov.model.desired import Desired
from kgov.plan.review import review

TODAY = date(2026, 11, 24)

TOPICS = ("a.one", "a.two", "b.one")
"""Every topic that manifests ever name."""

STRANGERS = ("a.stray", "other", "a.x-changelog", "__state")
"""Topics that they never name: within ``manages``, outside, protected, and protected by nature."""

DEFAULTS = MappingProxyType({"retention.ms": "604800000", "segment.ms": "604800000"})
LEFT_TO_OTHERS = (
    "leader.replication.throttled.replicas",
    "follower.replication.throttled.replicas",
    "flush.ms",
)
"""Operational keys, and one of ``manages.ignoreConfig``."""

PRINCIPALS = ("User:p", "User:q", "User:*")
FOREIGNERS = ("User:foreign", "User:root")

MOST_DELETES, MOST_REVOCATIONS = 1, 3

_PROJECT = f"""\
{HEAD}kind: Project
environments:
  dev: {{limits: {{deletes: {MOST_DELETES}, revocations: {MOST_REVOCATIONS}, changedShare: 100%}}}}
manages: {{topics: ["a.*", "b.*"], ignoreConfig: [flush.ms]}}
protects: {{topics: ["*-changelog"], principals: ["User:root"]}}
"""
_TEAM = manifest("Team", "team", "{members: [somebody@example.com]}")
_HEADS = {"User:p": "p", "User:q": "q", "User:*": "everybody"}


def bindings_of(principal: str) -> tuple[AclBinding, ...]:
    """List every binding that a principal may ever have: Allows, each replaceable by others, and Denys."""
    denys = (deny(principal, "Read", "a.one"), deny(principal, "All", "a.*"), deny(principal, "Read", "a.o*"))
    if principal == "User:*":
        return denys
    return (
        allow(principal, "Read", "a.one"),
        allow(principal, "Read", "a.*"),
        allow(principal, "All", "a.o*"),
        allow(principal, "Read", "*"),
        allow(principal, "Write", "b.one"),
        allow(principal, "Read", "a.one", host="10.0.0.1"),
        *denys,
    )


@dataclass(frozen=True, slots=True)
class WishedTopic:
    """One Topic manifest; ``consented``: a Consent lets its deletion, or loss of its data, through."""

    partitions: int | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False
    consented: bool = False
    replaced_by: str | None = None

    def text(self, name: str) -> str:
        """Write the manifests."""
        parts = ["keyed: false"]
        if self.partitions is not None:
            parts.append(f"partitions: {self.partitions}")
        if self.config:
            parts.append("config: {" + ", ".join(f'{k}: "{v}"' for k, v in sorted(self.config.items())) + "}")
        if self.retired:
            heir = f", replacedBy: {self.replaced_by}" if self.replaced_by else ""
            parts.append(f"lifecycle: {{state: retired{heir}}}")
        text = topic("{" + ", ".join(parts) + "}", name)
        if not self.consented:
            return text
        spec = (
            f"{{allow: data-loss, resource: Topic/{name}, reason: agreed on, owner: team, expires: 2027-03-01}}"
        )
        return f"{text}---\n{manifest('Consent', f'lose-{name}', spec)}"


@dataclass(frozen=True, slots=True)
class Wish:
    """All manifests: topics by name, and the bindings of each principal that a manifest names."""

    topics: Mapping[str, WishedTopic] = field(default_factory=dict)
    access: Mapping[str, frozenset[AclBinding]] = field(default_factory=dict)

    def with_topic(self, name: str, wished: WishedTopic) -> "Wish":
        """Add or change a Topic."""
        return replace(self, topics={**self.topics, name: wished})

    def without_topic(self, name: str) -> "Wish":
        """Take a Topic away, and what speaks of it."""
        left = {n: replace(t, replaced_by=None) if t.replaced_by == name else t for n, t in self.topics.items()}
        left.pop(name, None)
        return replace(self, topics=left)

    def with_access(self, principal: str, bindings: frozenset[AclBinding]) -> "Wish":
        """Say what a principal has."""
        return replace(self, access={**self.access, principal: bindings})

    def without_access(self, principal: str) -> "Wish":
        """Say nothing about a principal any more."""
        return replace(self, access={p: b for p, b in self.access.items() if p != principal})

    def desired(self) -> Desired:
        """Write the manifests, read them as kgov does, and insist that its rules have nothing against them."""
        documents = [_TEAM, *(wished.text(name) for name, wished in sorted(self.topics.items()))]
        documents += [_acl(principal, bindings) for principal, bindings in sorted(self.access.items())]
        files = {"kgov.yaml": _PROJECT.encode(), "topics/all.yaml": "---\n".join(documents).encode()}
        reviewed = review(load_files(files), ["dev"], TODAY)
        assert not reviewed.blocks, reviewed.findings
        return reviewed.desired["dev"]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to govern (KG007)."""
        return not self.topics and not self.access

    def bindings(self) -> frozenset[AclBinding]:
        """List every binding that is wanted."""
        return frozenset().union(*self.access.values())

    def access_after(self, live: frozenset[AclBinding]) -> frozenset[AclBinding]:
        """Say which bindings there are when all is done."""
        return frozenset(b for b in live if b.principal not in self.access) | self.bindings()

    def faults(self, world: World) -> list[str]:
        """Say what of a world is not as wished."""
        found = [f"{p} has not what it should have" for p in self.access if _of(p, world) != self.access[p]]
        for name, wished in self.topics.items():
            live = world.topics.get(name)
            if wished.retired or live is None:
                found += (
                    [f"{name} is still there"] if live else [] if wished.retired else [f"{name} is not there"]
                )
                continue
            own = {key: value for key, value in live.own.items() if key not in LEFT_TO_OTHERS}
            found += [f"{name} has {own}"] if own != dict(wished.config) else []
            found += [f"{name} is too small"] if len(live.replicas) < (wished.partitions or 1) else []
        return found


def _of(principal: str, world: World) -> frozenset[AclBinding]:
    return frozenset(binding for binding in world.bindings if binding.principal == principal)


def _acl(principal: str, bindings: frozenset[AclBinding]) -> str:
    parts = ", ".join(_binding(binding) for binding in sorted(bindings, key=str))
    return manifest("Acl", _HEADS[principal], f'{{principal: "{principal}", bindings: [{parts}]}}')


def _binding(binding: AclBinding) -> str:
    prefixed = ", pattern: prefixed" if binding.resource.pattern is PatternType.PREFIXED else ""
    denied = ", permission: deny" if binding.permission is Permission.DENY else ""
    name = f'resource: {binding.resource.type}, name: "{binding.resource.name}"'
    return f'{{{name}{prefixed}, operations: [{binding.operation}], host: "{binding.host}"{denied}}}'
