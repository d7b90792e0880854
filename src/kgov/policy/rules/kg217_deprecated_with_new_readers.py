"""KG217: a deprecated topic gains a grant."""

from collections.abc import Iterable, Iterator

from kgov.model.acl import ANYBODY, AclBinding, Operation
from kgov.model.desired import Desired
from kgov.model.finding import Problem, Severity
from kgov.model.live import Live, LiveAcls
from kgov.model.topic import LifecycleState, Topic
from kgov.policy.grants import at_name
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.topic_grants import TopicGrants, topic_grants
from kgov.policy.wording import listed, quoted


def _check(case: Case) -> Iterator[Problem]:
    desired = case.desired
    deprecated = [t for t in desired.topics.values() if t.lifecycle.state is LifecycleState.DEPRECATED]
    if not deprecated:
        return
    wanted = topic_grants(desired.bindings)
    before = _before(case.live)
    for topic in deprecated:
        named = sorted(wanted.named(topic.name), key=str)
        if before is None:
            yield from _remark(topic, named)
        elif case.live is not None and topic.name in case.live.topics:
            new = (binding for binding in named if not before.lets(binding, topic.name))
            yield from _gains(topic, new, desired)


def _before(live: Live | None) -> "_Before | None":
    """File the grants of the cluster; ``None`` where nothing can be told from them.

    A cluster without a single binding has just been given an authorizer, or is being put up again.
    """
    if live is None or not isinstance(live.acls, LiveAcls) or not live.acls.bindings:
        return None
    return _Before(topic_grants(live.acls.bindings))


class _Before:
    """Who could do what on which names; each name or prefix is looked at once for all topics under it."""

    def __init__(self, grants: TopicGrants) -> None:
        self._grants = grants
        self._rights: dict[int, frozenset[tuple[str, Operation]]] = {}

    def lets(self, binding: AclBinding, topic: str) -> bool:
        """Say whether a principal could do the same to a topic before, wherever it came from."""
        asked = {
            (principal, operation)
            for principal in (binding.principal, ANYBODY)
            for operation in (binding.operation, Operation.ALL)
        }
        grants = self._grants
        over = (grants.named(topic), *grants.by_prefix(topic), grants.on_all())
        return any(not asked.isdisjoint(self._of(each)) for each in over)

    def _of(self, bindings: tuple[AclBinding, ...]) -> frozenset[tuple[str, Operation]]:
        known = self._rights.get(id(bindings))
        if known is None:
            known = frozenset((binding.principal, binding.operation) for binding in bindings)
            self._rights[id(bindings)] = known
        return known


def _gains(topic: Topic, bindings: Iterable[AclBinding], desired: Desired) -> Iterator[Problem]:
    """Tell of each grant that is new, once where it stands, however many operations it gives."""
    for binding in bindings:
        for grant in desired.bindings[binding]:
            message = (
                f"{binding.principal} gains {binding.operation} on {quoted(topic.name)}, which is deprecated"
            )
            instead = topic.lifecycle.replaced_by
            hint = f"grant {quoted(instead)}, which replaces it" if instead else "leave the grant out"
            yield Problem("KG217", message, at_name(binding, grant), grant.resource, hint)


def _remark(topic: Topic, bindings: Iterable[AclBinding]) -> Iterator[Problem]:
    """Say who is granted a deprecated topic, where nobody can see whether that is new."""
    principals = listed(dict.fromkeys(binding.principal for binding in bindings))
    if principals:
        message = f"{quoted(topic.name)} is deprecated, and granted to {principals}"
        hint = "plan refuses grants that are new; move those that are old to the topic that replaces it"
        place = topic.where("lifecycle.state")
        yield Problem("KG217", message, place, topic.resource, hint, Severity.INFO)


RULE = Rule(
    code="KG217",
    name="deprecated-with-new-readers",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    sees_live=True,
    page=Page(
        what="""\
An Access or Acl gives a principal Read, Write or All on a topic by its name, the topic's manifest says
`lifecycle: {state: deprecated}`, and on the cluster the principal does not have that right yet, neither by
name nor by a prefix. That is an error.

Only `kgov plan` and `kgov audit` can see what is new: they report `User:reports gains Read on
"payments.completed.v1", which is deprecated`. `kgov validate` only lists, as an info, who is granted a
deprecated topic. A grant by a prefix is not about this topic, and a topic that does not exist yet has no
old readers: both are left alone.""",
        why="""\
Deprecated means that everybody is on the way to something else. Each new reader is one more team to move before
the topic can go, and it was mostly sent there by an old page or a copied manifest.""",
        fix="""\
Grant the topic that `replacedBy` names. If a new reader really is needed until the end, set the rule aside
with a Waiver for its Access.""",
        failing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec:
  lifecycle: {state: deprecated, since: 2026-03-31, replacedBy: payments.completed.v2}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v2}
spec: {partitions: 6}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topic: payments.completed.v1, group: reports}
""",
                },
                says='"payments.completed.v1" is deprecated, and granted to User:reports',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec:
  lifecycle: {state: deprecated, since: 2026-03-31, replacedBy: payments.completed.v2}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v2}
spec: {partitions: 6}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topic: payments.completed.v2, group: reports}
""",
                },
            ),
        ),
        see=("KG218", "KG314"),
    ),
)
