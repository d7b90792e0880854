"""Topics that nobody may read, or write to."""

from collections.abc import Iterator
from typing import Final

from kgov.model.acl import AclBinding, Operation, PatternType, ResourceType
from kgov.model.live import LiveAcls
from kgov.model.project import UndeclaredGrants
from kgov.model.topic import LifecycleState, Topic
from kgov.policy.reach import Reachers
from kgov.policy.rule import Case

_LEAVING: Final = frozenset({LifecycleState.DEPRECATED, LifecycleState.RETIRED})


def out_of_reach(case: Case, operation: Operation) -> Iterator[Topic]:
    """List the topics on which nobody is allowed the operation, by a manifest or by what is live and stays.

    Where no manifest is about access, nobody says who is allowed what. Topics on their way out are to be left.
    """
    if not case.desired.declares_access:
        return
    operations = frozenset({operation, Operation.ALL})
    granted = case.filing.allows(ResourceType.TOPIC, operations)
    # Without Denies, a topic that a grant names is reached: whether a prefix reaches it is asked of the others.
    literal = {binding.resource.name for binding in granted if binding.resource.pattern is PatternType.LITERAL}
    named = frozenset[str]() if case.access.denies else literal
    topics = [topic for name, topic in case.desired.topics.items() if name not in named]
    if not topics:
        return
    reachers = Reachers.of((*granted, *_staying(case)), operations, case.access)
    for topic in topics:
        if topic.lifecycle.state not in _LEAVING and not reachers.any_reaches(topic.name):
            yield topic


def _staying(case: Case) -> Iterator[AclBinding]:
    """List live bindings that no manifest gives and that kgov leaves alone."""
    if case.live is None or not isinstance(case.live.acls, LiveAcls):
        return
    reported = case.desired.project.scope.undeclared_grants is UndeclaredGrants.REPORT
    for binding in case.live.acls.bindings:
        if reported or binding.principal not in case.desired.principals:
            yield binding
