"""Consent to a risk: by a Consent manifest, reviewed like everything else, or by ``--allow`` with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kgov.errors import UsageError
from kgov.model.change import Change
from kgov.model.desired import Desired
from kgov.model.place import ResourceId
from kgov.model.policies import Consent, Lift

PRINCIPAL = "Principal"
"""The kind under which a consent names all bindings of one principal: ``Principal/User:alice``."""

_KINDS = ("Topic", "Acl", PRINCIPAL)
"""What changes have names of: a plan does not know which manifests they come from."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one ``--allow`` says: a risk, or the limits, for one resource or for all of the plan."""

    lift: Lift
    resource: ResourceId | None = None

    @classmethod
    def parse(cls, text: str) -> "Allowance":
        """Read ``RISK``, ``limits`` or ``RISK=Kind/NAME``; raise ``UsageError`` otherwise."""
        risk, equals, resource = text.partition("=")
        kind, slash, name = resource.partition("/")
        if risk not in list(Lift) or (equals and not (slash and name and kind in _KINDS)):
            raise UsageError(
                f"--allow {text} is not understood",
                todo=f"say --allow with one of {', '.join(Lift)}, or RISK={'/NAME, RISK='.join(_KINDS)}/NAME "
                "for one resource",
            )
        return cls(Lift(risk), ResourceId(kind, name) if equals else None)

    def __str__(self) -> str:
        return self.lift if self.resource is None else f"{self.lift}={self.resource}"

    def names(self, change: Change) -> bool:
        """Say whether it is about this change."""
        return self.resource is None or self.resource in identities(change)


def identities(change: Change) -> frozenset[ResourceId]:
    """List the names by which a consent can mean this change, those of manifests excepted."""
    if change.binding is None:
        return frozenset({change.resource})
    return frozenset({change.resource, ResourceId(PRINCIPAL, change.binding.principal)})


@dataclass(frozen=True, slots=True)
class Consents:
    """The consents of the manifests that hold on one day."""

    by_resource: Mapping[tuple[Lift, ResourceId], Consent]
    declared_by: Mapping[str, frozenset[ResourceId]]

    @classmethod
    def of(cls, desired: Desired, today: date) -> "Consents":
        """Collect the consents that are not expired."""
        valid = [consent for consent in desired.consents if today <= consent.expires]
        return cls(
            {(Lift(consent.allow), consent.resource): consent for consent in reversed(valid)},
            {
                principal: frozenset(declaration.resource for declaration in declarations)
                for principal, declarations in desired.principals.items()
            },
        )

    def to(self, change: Change, lift: Lift) -> Consent | None:
        """Find the consent to this change."""
        if not self.by_resource:
            return None
        return next((c for r in self._resources(change) if (c := self.by_resource.get((lift, r)))), None)

    def _resources(self, change: Change) -> Iterable[ResourceId]:
        yield from sorted(identities(change))
        if change.binding is not None:
            yield from sorted(self.declared_by.get(change.binding.principal, ()))


NO_CONSENTS = Consents({}, {})
