"""``--only`` and ``--target``: which part of the manifests a run is about."""

from collections.abc import Iterable

from kgov.diff.selection import ALL, ONLY_ACLS, ONLY_TOPICS, Selection
from kgov.errors import UsageError
from kgov.model.desired import Desired
from kgov.model.nearest import nearest
from kgov.plan.consent import PRINCIPAL

_ONLY = {None: ALL, "topics": ONLY_TOPICS, "acls": ONLY_ACLS}


def select(desired: Desired, only: str | None, targets: Iterable[str]) -> Selection:
    """Work out what is looked at; raise ``UsageError`` for a target that no manifest declares."""
    listed = tuple(targets)
    if not listed:
        return _ONLY[only]
    names = _names(desired)
    topics: set[str] = set()
    principals: set[str] = set()
    for target in listed:
        if target not in names:
            near = nearest(target, names)
            raise UsageError(
                f"--target {target}: no manifest declares it",
                todo=f"did you mean {near[0]}?" if near else "name a Topic/, Access/, Acl/ or Principal/",
            )
        found_topics, found_principals = names[target]
        topics |= found_topics
        principals |= found_principals
    chosen = Selection(
        frozenset(topics) if only != "acls" else frozenset(),
        frozenset(principals) if only != "topics" else frozenset(),
    )
    if not chosen.looks_at_topics and not chosen.looks_at_acls:
        raise UsageError(f"--only {only} leaves nothing of what --target names", todo="leave one of them out")
    return chosen


def _names(desired: Desired) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    names = {f"Topic/{topic}": (frozenset({topic}), frozenset[str]()) for topic in desired.topics}
    for principal, declarations in desired.principals.items():
        names[f"{PRINCIPAL}/{principal}"] = (frozenset(), frozenset({principal}))
        for declaration in declarations:
            known = names.get(str(declaration.resource), (frozenset(), frozenset[str]()))[1]
            names[str(declaration.resource)] = (frozenset(), known | {principal})
    return names
