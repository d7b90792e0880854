"""References between manifests: what they name must exist (KG008), and grants must fit their roles (KG004)."""

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kgov.manifest.document import Document, Variant
from kgov.manifest.kinds.access import AccessSpec
from kgov.manifest.kinds.approval_policy import ApprovalPolicySpec
from kgov.manifest.kinds.consent import ConsentSpec
from kgov.manifest.kinds.policy import PolicySpec
from kgov.manifest.kinds.topic import TopicSpec
from kgov.manifest.kinds.waiver import WaiverSpec, resource_id
from kgov.manifest.registry import KINDS
from kgov.manifest.roles import mistakes
from kgov.manifest.wording import did_you_mean, shown
from kgov.model.finding import Problem
from kgov.model.leftover import leftover
from kgov.model.nearest import Vocabulary
from kgov.model.policies import Role, principal_of


class Complaint(NamedTuple):
    """What is wrong with the value at ``path`` below the spec."""

    path: tuple[str | int, ...]
    message: str
    hint: str
    code: str = "KG008"


@dataclass(frozen=True, slots=True)
class References:
    """What is declared.

    ``names`` holds the declared names by kind, also of manifests with mistakes; ``roles`` the sound roles,
    built-in ones included; ``principals`` those of each sound Team; ``named`` every principal that any manifest
    names; ``holds`` says whether a file is in the repository. Of the kinds in ``hidden`` there may be others in
    what cannot be read: of those, nothing is called undeclared.
    """

    names: Mapping[str, Collection[str]]
    roles: Mapping[str, Role]
    principals: Mapping[str, Collection[str]]
    named: Collection[str]
    holds: Callable[[str], bool]
    hidden: Collection[str] = ()
    _vocabularies: dict[str, Vocabulary] = field(default_factory=dict, init=False, repr=False)

    def check(self, document: Document[Any]) -> Iterator[Problem]:
        """Say what the document names that is not there."""
        # What a template left behind is told as that (KG219), and is no name that could be near another.
        owner = document.owner
        if owner is not None and owner not in self.names["Team"] and not leftover(owner):
            for each in self._name("Team", owner, ()):
                place = document.written.place("metadata", "owner")
                yield Problem(each.code, f"owner {each.message}", place, document.id, hint=each.hint)
        for variant in document.all_variants():
            for each in self._variant(variant):
                # Of a manifest with mistakes, what is missing is no news: it may have been left out as wrong.
                if each.code != "KG008" and not document.sound:
                    continue
                place = variant.written.place(*each.path)
                yield Problem(each.code, each.message, place, document.id, hint=each.hint)

    def _variant(self, variant: Variant[Any]) -> Iterator[Complaint]:
        match variant.spec:
            case TopicSpec() as spec:
                yield from self._topic(spec)
            case AccessSpec() as spec:
                yield from self._access(spec)
            case ApprovalPolicySpec() as spec:
                for index, team in enumerate(spec.approvers):
                    yield from self._name("Team", team, ("approvers", index))
            case PolicySpec() as spec:
                for index, team in enumerate(spec.match.teams or ()):
                    yield from self._name("Team", team, ("match", "teams", index))
            case WaiverSpec() | ConsentSpec() as spec:
                if spec.owner not in self.names["Team"] and not leftover(spec.owner):
                    yield from self._name("Team", spec.owner, ("owner",))
                yield from self._resource(spec.resource, consent=isinstance(spec, ConsentSpec))
            case _:
                pass

    def _topic(self, spec: TopicSpec) -> Iterator[Complaint]:
        if spec.category is not None:
            yield from self._name("RetentionCategory", spec.category, ("category",))
        if spec.lifecycle.replaced_by is not None:
            yield from self._name("Topic", spec.lifecycle.replaced_by, ("lifecycle", "replacedBy"))
        for index, consumer in enumerate(spec.consumers):
            if consumer.team is not None:
                yield from self._name("Team", consumer.team, ("consumers", index, "team"))
        if spec.schema_ is not None:
            for field, path in (("key", spec.schema_.key), ("value", spec.schema_.value)):
                if path is not None:
                    yield from self._schema(path, field)

    def _access(self, spec: AccessSpec) -> Iterator[Complaint]:
        if spec.team is not None:
            yield from self._name("Team", spec.team, ("team",))
            if not self.principals.get(spec.team, (spec.team,)):
                what = f"Team {shown(spec.team)} has no principals to give anything to"
                yield Complaint(("team",), what, "name them under spec.principals of the Team", "KG004")
        for index, grant in enumerate(spec.grants):
            role = self.roles.get(grant.role)
            if role is None:
                known = {*self.roles, *self.names["Role"]}
                yield from self._name("Role", grant.role, ("grants", index, "role"), known)
                continue
            for mistake in mistakes(role, grant):
                path = ("grants", index) if mistake.key is None else ("grants", index, mistake.key)
                yield Complaint(path, f"spec.grants[{index}]: {mistake.message}", mistake.hint, "KG004")

    def _name(
        self, kind: str, name: str, path: tuple[str | int, ...], known: Collection[str] | None = None
    ) -> Iterator[Complaint]:
        """Ask for a name among the ``known`` ones: those of the kind, where nothing else is given."""
        known = self.names[kind] if known is None else known
        if name not in known and kind not in self.hidden:
            yield self._undeclared(kind, name, path, known)

    def _schema(self, path: str, field: str) -> Iterator[Complaint]:
        normal = posixpath.normpath(path)
        outside = path.startswith("/") or normal == ".." or normal.startswith("../")
        if outside or not self.holds(normal):
            what = f"{shown(path)} is {'outside of' if outside else 'no file in'} the repository"
            yield Complaint(("schema", field), what, "paths begin at the folder of kgov.yaml")

    def _resource(self, text: str, *, consent: bool) -> Iterator[Complaint]:
        resource = resource_id(text)
        if resource.name in self.names.get(resource.kind, ()):
            return
        if consent and principal_of(resource) in self.named:
            return
        if resource.kind in KINDS and "*" in resource.name:
            hint = f"name one resource: a {'Consent' if consent else 'Waiver'} knows no patterns"
            yield Complaint(("resource",), f"{shown(resource.name)} is no declared {resource.kind}", hint)
        elif resource.kind in KINDS:
            yield from self._name(resource.kind, resource.name, ("resource",))
        else:
            hint = did_you_mean(resource.kind, KINDS)
            yield Complaint(("resource",), f"{shown(text)} names no manifest", hint)

    def _undeclared(
        self, kind: str, name: str, path: tuple[str | int, ...], known: Collection[str]
    ) -> Complaint:
        if kind not in self._vocabularies:
            self._vocabularies[kind] = Vocabulary(sorted(known))
        near = self._vocabularies[kind].nearest(name)
        hint = f"did you mean {near[0]}?" if near else f"declare it with kind: {kind}"
        return Complaint(path, f"{shown(name)} is no declared {kind}", hint)
