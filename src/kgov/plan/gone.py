"""Manifests that a base revision had and that are gone: what they declared stays live. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from kgov.model.desired import Desired
from kgov.model.live import Live, LiveAcls, NotLookedAt
from kgov.model.place import ResourceId

Identities = Mapping[ResourceId, tuple[str, ...]]
"""Declared Topics, and Accesses and Acls with the principals that they name, of all environments."""


def gone_since(base: Identities, now: Identities) -> Identities:
    """List the manifests that are gone, and the principals that one that is still there names no more."""
    left = {
        resource: tuple(p for p in principals if p not in now.get(resource, ()))
        for resource, principals in base.items()
    }
    return {resource: principals for resource, principals in left.items() if principals or resource not in now}


def what_stays(gone: Identities, desired: Desired, live: Live) -> Iterable[str]:
    """Say of manifests that are gone what stays live, as far as it was looked at."""
    declared = {d.resource for declarations in desired.principals.values() for d in declarations}
    bindings = live.acls.bindings if isinstance(live.acls, LiveAcls) else frozenset()
    others = frozenset[str]() if isinstance(live.other_topics, NotLookedAt) else frozenset(live.other_topics)
    # Counted once for all that is gone: a folder that is renamed makes thousands of manifests go.
    held = Counter(binding.principal for binding in bindings) if gone else Counter[str]()
    for resource, principals in sorted(gone.items()):
        if resource.kind == "Topic" and resource.name in others and resource.name not in desired.topics:
            yield f"{resource}: its manifest is gone; the topic stays live, unmanaged"
        for principal in principals:
            staying = held[principal]
            if principal not in desired.principals and staying:
                kept = resource in declared
                what = "it does not name this principal any more" if kept else "its manifest is gone"
                noun = "binding" if staying == 1 else "bindings"
                yield f"{resource}: {what}; {staying} {noun} of {principal} stay live"
