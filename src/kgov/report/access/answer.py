"""What an answer of ``kgov access`` says, not yet laid out and not yet escaped."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kgov.access.holders import Asked, Holder, Holders
from kgov.access.holdings import Catalogue, Holdings
from kgov.access.operations import briefly
from kgov.access.rights import Right, Rights
from kgov.access.wording import pattern_in_words, some
from kgov.model.access import in_words, is_wildcard, resource_in_words
from kgov.model.acl import ANYBODY, AclBinding, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.desired import Grant
from kgov.policy.wording import counted

SUPER_USERS = "super users of the brokers (super.users) may do everything: no cluster shows who they are"
NOT_DECLARED = "no manifest grants it"

_OPEN = "the brokers open what has no binding to everybody (allow.everyone.if.no.acl.found)"
_NOT_KNOWN = (
    "whether the brokers open it to everybody (allow.everyone.if.no.acl.found) is not known: "
    "kgov.yaml can say it (openWithoutAcl), --live asks them, which needs DescribeConfigs on the cluster"
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer stands on: the manifests, or (``cluster_id``) the bindings of a cluster.

    ``open_without_acl`` is ``None`` where it is not known; ``unknown_acls`` counts bindings that the client
    does not understand (``None``: not looked at). ``grants`` are those of the manifests, whatever is asked.
    """

    environment: str
    grants: Mapping[AclBinding, tuple[Grant, ...]]
    catalogue: Catalogue
    open_without_acl: bool | None
    cluster_id: str | None = None
    unknown_acls: int | None = 0
    remarks: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """Say it after the question."""
        if self.cluster_id is None:
            return f"in {self.environment}, by the manifests"
        return f"in {self.environment}, on cluster {self.cluster_id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an answer with what stands below it: ``head``, what is added to it, and the reasons."""

    head: str
    aside: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Entries under a title (empty: the answer itself)."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The question, the parts that have entries, the sum of it, and what else must be known."""

    question: str
    parts: tuple[Part, ...]
    total: str
    notes: tuple[str, ...]


def who_can_answer(asked: Asked, found: Holders, grounds: Grounds) -> Answer:
    """Say who can, by what, and who is granted it and can not."""
    resource = "the cluster" if asked.type is ResourceType.CLUSTER else f"{asked.type}/{asked.name}"
    host = f" from {asked.host}" if asked.host else ""
    able, denied = (tuple(_holder(each, grounds) for each in part) for part in (found.able, found.denied))
    if found.able and found.able[-1].principal == ANYBODY:
        total = "everybody can, but whom a Deny keeps out" if denied else "everybody can"
    else:
        total = f"{counted(len(able), 'principal')} can" if able else "nobody can"
    parts = (Part("", able), Part("Granted, and denied all the same", denied))
    return Answer(
        f"Who can {asked.operation} {resource}{host} {grounds.in_words}",
        tuple(part for part in parts if part.entries),
        total,
        (*_unguarded(found, grounds, resource), *_notes(grounds)),
    )


def _holder(holder: Holder, grounds: Grounds) -> Entry:
    who = "User:* (everybody)" if holder.principal == ANYBODY else holder.principal
    reasons = tuple(reasons_of((*holder.allows, *holder.denies), grounds))
    return Entry(who, holder.hosts.in_words if holder.hosts else "", reasons)


def _unguarded(found: Holders, grounds: Grounds, resource: str) -> Iterator[str]:
    if found.guarded:
        return
    if grounds.open_without_acl:
        yield f"no binding is about {resource}, and {_OPEN}: everybody can"
    elif grounds.open_without_acl is None:
        yield f"no binding is about {resource}: {_NOT_KNOWN}"
    else:
        yield f"no binding is about {resource}"


def rights_answer(found: Rights, host: str | None, grounds: Grounds) -> Answer:
    """Say what a principal may do, by what, and what it is granted in vain."""
    held = tuple(_right(each, grounds) for each in found.held)
    denied = tuple(_right(each, grounds) for each in found.denied)
    where = f" from {host}" if host else ""
    parts = (Part("", held), Part("Granted, and denied all the same", denied))
    return Answer(
        f"What {found.principal} may do{where} {grounds.in_words}",
        tuple(part for part in parts if part.entries),
        f"{counted(len(held), 'right')}" if held else "nothing",
        (*_open_elsewhere(grounds), *_notes(grounds)),
    )


def _right(right: Right, grounds: Grounds) -> Entry:
    operations = ", ".join(briefly(right.operations, right.resource.type))
    head = f"{operations} on {pattern_in_words(right.resource)}"
    if right.but:
        head += f" but not on {some(right.but)}"
    if right.partly:
        head += f" and not from everywhere on {some(right.partly)}"
    if right.hosts and right.hosts.in_words:
        head += f" {right.hosts.in_words}"
    behind = grounds.catalogue.behind(right.resource, right.but if right.hosts else ())
    return Entry(
        head,
        "" if behind is None else _behind(behind, right.resource),
        tuple(reasons_of((*right.allows, *right.denies), grounds, right.resource)),
    )


def _behind(data: Holdings, pattern: ResourcePattern) -> str:
    """Say what topics there are behind a pattern; their number where it can be another one than one."""
    if not data.topics:
        return "no declared topic"
    one = pattern.pattern is PatternType.LITERAL and not is_wildcard(pattern)
    return ", ".join(filter(None, (data.in_words, "" if one else counted(data.topics, "declared topic"))))


def reasons_of(
    bindings: Iterable[AclBinding], grounds: Grounds, here: ResourcePattern | None = None
) -> Iterator[str]:
    """Say what bindings give or take, to whom, and where they are declared; ``here`` is known and not repeated.

    Bindings that differ in their operation alone stand on one line.
    """
    alike: dict[tuple[str, str, str], list[str]] = {}
    for binding in bindings:
        verb = "by" if binding.permission is Permission.ALLOW else "less what is denied by"
        about = in_words(binding).removeprefix(binding.operation)
        if binding.resource == here:
            about = about.removeprefix(f" on {resource_in_words(here)}")
        everybody = " for everybody" if binding.principal == ANYBODY else ""
        places = "; ".join(map(_declared, grounds.grants.get(binding, ()))) or NOT_DECLARED
        alike.setdefault((verb, f"{about}{everybody}", places), []).append(binding.operation)
    for (verb, about, places), operations in alike.items():
        yield f"{verb} {', '.join(operations)}{about}: {places}"


def _declared(grant: Grant) -> str:
    role = f", role {grant.role}" if grant.role else ""
    owner = f", team {grant.owner}" if grant.owner else ""
    return f"{grant.place} ({grant.resource}{role}{owner})"


def _open_elsewhere(grounds: Grounds) -> Iterator[str]:
    if grounds.open_without_acl:
        yield f"{_OPEN}: whatever no binding is about can be done as well"


def _notes(grounds: Grounds) -> Iterator[str]:
    yield from grounds.remarks
    yield SUPER_USERS
    if grounds.cluster_id is None:
        yield "bindings that only the cluster has are not in it: --live asks the cluster"
    if grounds.unknown_acls is None or grounds.unknown_acls:
        number = "some ACLs" if grounds.unknown_acls is None else counted(grounds.unknown_acls, "ACL")
        yield f"not looked at: {number} of a type that the client does not know"
