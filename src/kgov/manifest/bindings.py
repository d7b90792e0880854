"""Desired access of one environment: roles expanded, raw bindings taken as they are."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar

from kgov.manifest.document import Document, Variant, Written
from kgov.manifest.kinds.access import AccessSpec
from kgov.manifest.kinds.acl import AclSpec, BindingPart
from kgov.manifest.nodes import Path, ScalarNode, SequenceNode, find
from kgov.manifest.policies import Policies
from kgov.manifest.principals import named_by
from kgov.manifest.roles import expand, mistakes
from kgov.model.acl import AclBinding, Operation
from kgov.model.desired import Grant, PrincipalDeclaration
from kgov.model.finding import Problem
from kgov.model.place import Place

MOST_BINDINGS: Final = 200_000
"""Of one environment, principals counted along: two short lists multiply to more than memory holds."""


Named = TypeVar("Named", bound=Hashable)


class AccessComposer:
    """Collects bindings and principals, manifest after manifest; ``problems`` says where they get too many."""

    def __init__(self, policies: Policies) -> None:
        self.bindings: dict[AclBinding, tuple[Grant, ...]] = {}
        self.principals: defaultdict[str, list[PrincipalDeclaration]] = defaultdict(list)
        self.problems: list[Problem] = []
        self._policies = policies
        self._left = MOST_BINDINGS

    def add(self, document: Document[Any], variant: Variant[Any]) -> None:
        """Add one manifest as its environment has it; grants with mistakes, told elsewhere, grant nothing."""
        principals = named_by(variant.spec, self._policies.teams)
        self._left -= len(principals)
        for principal, place in _declared(variant, principals) if self._left >= 0 else ():
            declaration = PrincipalDeclaration(principal, document.id, place, document.owner)
            self.principals[principal].append(declaration)
        if isinstance(variant.spec, AclSpec):
            self._add_acl(document, variant, variant.spec)
        else:
            self._add_access(document, variant, variant.spec, principals)
        if self._left < 0 and not self.problems:
            what = f"with this manifest there are more than {MOST_BINDINGS:,} bindings in one environment"
            hint = (
                "grant prefixes in place of long lists, or govern a part of the cluster in another repository"
            )
            self.problems.append(Problem("KG004", what, document.place, document.id, hint=hint))

    def _add_acl(self, document: Document[Any], variant: Variant[Any], spec: AclSpec) -> None:
        written = variant.written
        for index, part in enumerate(spec.bindings):
            path = ("bindings", index)
            grant = Grant(
                document.id,
                written.place(*path),
                document.owner,
                groupless=part.groupless,
                names=_Places(partial(_names, written, path, ("name",))),
                operations=_Places(partial(_operations, written, path, part)),
            )
            self._grant(spec.expand(index), grant)

    def _add_access(
        self, document: Document[Any], variant: Variant[Any], spec: AccessSpec, principals: tuple[str, ...]
    ) -> None:
        for index, part in enumerate(spec.grants):
            role = self._policies.roles.get(part.role)
            if role is None or mistakes(role, part):
                continue
            place = variant.written.place("grants", index)
            names = _Places(partial(_names, variant.written, ("grants", index), part.parameters))
            groupless = part.groupless or role.groupless
            grant = Grant(document.id, place, document.owner, role.name, groupless, names)
            for principal in principals:
                if self._left < 0:
                    return
                self._grant(expand(role, part, principal), grant)

    def _grant(self, bindings: Iterator[AclBinding], grant: Grant) -> None:
        granted = (grant,)
        for binding in islice(bindings, max(self._left + 1, 0)):
            self._left -= 1
            # Hashing a binding is what this costs, and nearly every binding is granted once.
            grants = self.bindings.setdefault(binding, granted)
            if grants is not granted and grants[-1] is not grant:
                self.bindings[binding] = (*grants, grant)


class _Places(Mapping[Named, Place]):
    """Where a grant names things, looked for when a rule first asks: of 50,000 bindings few are at fault."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], dict[Named, Place]]) -> None:
        self._find = find
        self._found: dict[Named, Place] | None = None

    def _all(self) -> dict[Named, Place]:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __getitem__(self, name: Named) -> Place:
        return self._all()[name]

    def __iter__(self) -> Iterator[Named]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _names(written: Written, grant: Path, keys: Iterable[str]) -> dict[str, Place]:
    return {text: where for key in keys for text, where in _texts(written, (*grant, key))}


def _operations(written: Written, binding: Path, spec: BindingPart) -> dict[Operation, Place]:
    places = (where for _, where in _texts(written, (*binding, "operations")))
    return dict(zip(spec.operations, places, strict=True))


def _declared(variant: Variant[Any], principals: tuple[str, ...]) -> Iterator[tuple[str, Place]]:
    """Say where each principal is named; those of a team where that is."""
    written, spec = variant.written, variant.spec
    if isinstance(spec, AccessSpec) and spec.principals is not None:
        places = dict(_texts(written, ("principals",)))
        yield from ((principal, places.get(principal, written.place("principals"))) for principal in principals)
        return
    team = isinstance(spec, AccessSpec) and spec.team is not None
    place = written.place("team" if team else "principal")
    yield from ((principal, place) for principal in principals)


def _texts(written: Written, path: Path) -> list[tuple[str, Place]]:
    """Say where the text, or each text of the list, at ``path`` stands."""
    node = find(written.node, path)
    items = node.items if isinstance(node, SequenceNode) else [node]
    return [
        (item.text, Place(written.file, item.line, item.column))
        for item in items
        if isinstance(item, ScalarNode)
    ]
