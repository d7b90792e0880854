"""Who can do something to a resource: ``kgov access who-can``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgov.access.hosts import Hosts, hosts_of
from kgov.model.access import Bindings, operation_covers
from kgov.model.acl import ANYBODY, WILDCARD, AclBinding, Operation, Permission, ResourceType


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation on one resource, from one address or (``None``) from wherever."""

    operation: Operation
    type: ResourceType
    name: str
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A principal, from where it can, the Allows that let it, and the Denies that take something from these."""

    principal: str
    hosts: Hosts
    allows: tuple[AclBinding, ...]
    denies: tuple[AclBinding, ...]


@dataclass(frozen=True, slots=True)
class Holders:
    """Who can, by name, and who is granted it and can not because of a Deny.

    ``User:*`` among ``able`` stands for everybody who is not named otherwise. ``guarded`` says whether any
    binding, of anybody, is about the resource: where none is, ``allow.everyone.if.no.acl.found`` decides.
    """

    able: tuple[Holder, ...]
    denied: tuple[Holder, ...]
    guarded: bool


def who_can(bindings: Bindings, asked: Asked) -> Holders:
    """Answer by looking once at the bindings that match the resource, and at no others."""
    found: dict[str, list[AclBinding]] = {}
    guarded = False
    for rights in bindings.at(asked.type, asked.name):
        guarded = True
        for binding in rights.values():
            if _is_about(binding, asked):
                found.setdefault(binding.principal, []).append(binding)
    holders = _holders(found, asked.host)
    return Holders(
        tuple(holder for holder in holders if holder.hosts),
        tuple(holder for holder in holders if not holder.hosts),
        guarded,
    )


def _is_about(binding: AclBinding, asked: Asked) -> bool:
    return operation_covers(binding.operation, asked.operation, binding.permission) and (
        asked.host is None or binding.host in {WILDCARD, asked.host}
    )


def _holders(found: Mapping[str, list[AclBinding]], host: str | None) -> list[Holder]:
    everybody = found.get(ANYBODY, [])
    holders = []
    for principal in sorted(found, key=lambda name: (name == ANYBODY, name)):
        both = found[principal] if principal == ANYBODY else [*found[principal], *everybody]
        allows, denies = _split(both)
        if allows:
            hosts = Hosts.of(hosts_of(allows, host), hosts_of(denies, host))
            holders.append(Holder(principal, hosts, allows, denies))
    return holders


def _split(bindings: Iterable[AclBinding]) -> tuple[tuple[AclBinding, ...], tuple[AclBinding, ...]]:
    every = tuple(bindings)
    return (
        tuple(each for each in every if each.permission is Permission.ALLOW),
        tuple(each for each in every if each.permission is Permission.DENY),
    )
