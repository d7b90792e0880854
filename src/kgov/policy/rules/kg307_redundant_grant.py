"""KG307: a grant that another one makes needless."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from kgov.model.acl import WILDCARD, AclBinding, Operation, ResourcePattern, ResourceType
from kgov.model.desired import Grant
from kgov.model.finding import Problem, Severity
from kgov.model.place import Place, ResourceId
from kgov.policy.grants import at_name, in_words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_ALL: Final = Operation.ALL

_Entry = tuple[ResourceId, Place]
"""A grant, or an entry under ``bindings``."""


@dataclass(slots=True)
class _Grant:
    """What one grant gives on each pattern, and what of it is covered by what."""

    given: dict[ResourcePattern, list[tuple[AclBinding, Grant]]] = field(default_factory=dict)
    covered: dict[AclBinding, AclBinding] = field(default_factory=dict)

    def needless(self) -> list[ResourcePattern]:
        """List the patterns that could be left out: all, or of several topics some.

        A group, or one topic beside its group, is part of what the role is: another grant has to name it again.
        """
        covered = [p for p, given in self.given.items() if all(b in self.covered for b, _ in given)]
        covered.sort(key=lambda pattern: (pattern.type is not ResourceType.TOPIC, str(pattern)))
        if len(covered) == len(self.given):
            return covered
        topics = [pattern for pattern in self.given if pattern.type is ResourceType.TOPIC]
        some = [pattern for pattern in covered if pattern.type is ResourceType.TOPIC]
        return some if len(some) < len(topics) else []


def _check(case: Case) -> Iterator[Problem]:
    for entry, grant in _with_some_covered(case).items():
        needless = grant.needless()
        if not needless:
            continue
        named = [
            (binding, at_name(binding, of)) for pattern in needless for binding, of in grant.given[pattern]
        ]
        # Of Describe and Read, Read is what it is about.
        first = max((binding for binding, _ in grant.given[needless[0]]), key=lambda binding: binding.operation)
        wide = grant.covered[first]
        by = min(_order(each) for each in case.desired.bindings[wide])
        what = listed(in_words(pattern) for pattern in needless)
        has = f"{wide.principal} has it already, by {wide.operation} on {in_words(wide.resource)} ({by[0]})"
        # Where the whole grant is needless, that is what to take away.
        place = entry[1] if len(needless) == len(grant.given) else min(at for _, at in named)
        yield Problem("KG307", f"{what}: {has}", place, entry[0], hint="take one of the two away")


def _with_some_covered(case: Case) -> Mapping[_Entry, _Grant]:
    """Gather the grants of which something is covered, all that they give included."""
    known = _Overlaps(case)
    found: dict[_Entry, _Grant] = {}
    for binding, grants in case.desired.bindings.items():
        wide = _covering(case, binding) if known.may_cover(binding.resource) else None
        if wide is None and len(grants) == 1:
            continue
        for grant in grants if wide else sorted(grants, key=_order)[1:]:
            # What stands twice is needless where it stands again.
            found.setdefault((grant.resource, grant.place), _Grant()).covered[binding] = wide or binding
    if not found:
        return found
    for binding, grants in case.desired.bindings.items():
        for grant in grants:
            if (entry := found.get((grant.resource, grant.place))) is not None:
                entry.given.setdefault(binding.resource, []).append((binding, grant))
    return found


class _Overlaps:
    """Says which patterns are worth a look, once for all bindings on one: hardly any overlaps with another."""

    def __init__(self, case: Case) -> None:
        self._access = case.access
        self._known: dict[ResourcePattern, bool] = {}
        plain = all(operation is not _ALL for _, _, operation in case.filing.by_kind) and all(
            hosts == {WILDCARD} for hosts in case.access.named_hosts.values()
        )
        self._apart = frozenset(
            type_
            for type_, shelf in case.access.by_type.items()
            if plain and not shelf.prefixed and WILDCARD not in shelf.literal
        )

    def may_cover(self, pattern: ResourcePattern) -> bool:
        """Say whether more stands over a pattern than plain operations from anywhere on the pattern itself."""
        if pattern.type in self._apart:
            return False
        known = self._known.get(pattern)
        if known is None:
            own, *others = islice(self._access.over(pattern), 2)
            plain = all(host == WILDCARD and operation is not _ALL for _, _, operation, host in own)
            known = self._known[pattern] = bool(others) or not plain
        return known


def _order(grant: Grant) -> tuple[Place, ResourceId]:
    return grant.place, grant.resource


def _covering(case: Case, binding: AclBinding) -> AclBinding | None:
    """Find a wider binding of the same principal.

    Describe is written beside Read everywhere, though Read brings it along: on one and the same pattern that
    is no fault.
    """
    for wide in case.access.wider(binding):
        alike = wide.resource == binding.resource and wide.host == binding.host
        if wide.principal == binding.principal and (not alike or wide.operation is _ALL):
            return wide
    return None


RULE = Rule(
    code="KG307",
    name="redundant-grant",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
All that a grant, or an entry under `bindings`, gives is given to the same principal by another one as well:
by the same words elsewhere, by a prefix, by `All`, or without its `host`. Of two that are alike the later
is reported. In a list of topics of which some are covered, these are named.

A group that several grants name is no fault: each role asks for it. Nor is `Describe` beside `Read` on the
same topic, which Kafka would give anyway. What everybody (`User:*`) may do makes no grant needless: KG301
wants that gone.""",
        why="""\
Whoever takes access away does so in one place. Where it stands in two, the first pull request takes nothing
away, and nobody notices: the principal still reads. It also hides how far a wide grant reaches, because the
narrow ones beside it look as if they were needed.""",
        fix="""\
Take the narrower grant away, or the wider one if the narrower ones are all that is needed. Plans say it
too: a revocation that takes nothing away names the binding that still gives it.""",
        failing=(
            Example(
                files={
                    "acls/billing.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topicPrefix: orders., group: billing}
    - {role: consumer, topic: orders.created.v1, group: billing}
"""
                },
                says='Topic "orders.created.v1" and Group "billing": User:billing has it already, by Read '
                'on every Topic that begins with "orders." (acls/billing.yaml:7:7)',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/billing.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topicPrefix: orders., group: billing}
    - {role: consumer, topic: payments.completed.v1, group: billing}
"""
                },
            ),
        ),
        see=("KG308", "KG310"),
    ),
)
