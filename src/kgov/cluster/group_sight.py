"""Looking at consumer groups: good to know, never needed, never taken for all of them where it is not."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from secrets import token_hex

from kgov.cluster.codes import TOPIC_HIDDEN
from kgov.cluster.interface import Cluster, GroupUse, TopicDescription
from kgov.errors import UnreachableError
from kgov.model.acl import CLUSTER_NAME
from kgov.model.live import NotLookedAt
from kgov.model.request import Fault

MOST_GROUPS = 1_000
"""More are not asked: every group costs requests of its own."""

_GROUP_HIDDEN = "GROUP_AUTHORIZATION_FAILED"


@dataclass(frozen=True, slots=True)
class TopicsInQuestion:
    """Topics of which it is not yet proved that we may describe them: those of a name, and ``others`` at all.

    A broker leaves offsets on topics that we may not describe out of its answer, without saying so.
    """

    names: frozenset[str]
    others: bool


@dataclass(frozen=True, slots=True)
class SeenGroups:
    """What groups use; ``unseen`` says why some of those that exist are not among them."""

    uses: Mapping[str, GroupUse]
    unseen: NotLookedAt | None


def look_at_groups(cluster: Cluster, question: TopicsInQuestion) -> SeenGroups | NotLookedAt:
    """Ask what all consumer groups use; raises nothing: a plan does not depend on it.

    Only Describe on the cluster makes the listing complete (``KafkaApis.handleListGroupsRequest``): by rights
    on groups alone, hidden ones would silently miss.
    """
    try:
        return _look(cluster, question)
    except UnreachableError as error:
        return NotLookedAt(f"the cluster did not answer: {error.what}")


def _look(cluster: Cluster, question: TopicsInQuestion) -> SeenGroups | NotLookedAt:
    operations = cluster.identity().operations
    if operations is None or "DESCRIBE" not in operations:
        return NotLookedAt(f"needs Describe on Cluster {CLUSTER_NAME}")
    if lacking := _hidden_topics(cluster, question):
        return NotLookedAt(lacking)
    names = cluster.group_names()
    if isinstance(names, Fault):
        return NotLookedAt(f"they cannot be listed: {names.code}: {names.message}")
    if len(names) > MOST_GROUPS:
        return NotLookedAt(f"there are {len(names)}, and kgov asks about {MOST_GROUPS} at most")
    answers = cluster.groups(names) if names else {}
    uses = {name: answer for name, answer in answers.items() if isinstance(answer, GroupUse)}
    faults = {name: answer for name, answer in answers.items() if isinstance(answer, Fault)}
    unseen = NotLookedAt(_in_words(faults)) if faults else None
    return SeenGroups(uses, unseen) if uses or unseen is None else unseen


def _hidden_topics(cluster: Cluster, question: TopicsInQuestion) -> str:
    """Name the right on topics that is missing; empty where none is."""
    names = set(question.names)
    if question.others:
        names.add(f"kgov-probe-{token_hex(12)}")
    if not names:
        return ""
    answers = cluster.describe_topics(names)
    hidden = [name for name, answer in answers.items() if _is_hidden(answer)]
    which = hidden[0] if len(hidden) == 1 and hidden[0] in question.names else "*"
    return f"needs Describe on Topic {which}" if hidden else ""


def _is_hidden(answer: TopicDescription | Fault) -> bool:
    return isinstance(answer, Fault) and answer.code == TOPIC_HIDDEN


def _in_words(faults: Mapping[str, Fault]) -> str:
    codes = Counter(fault.code for fault in faults.values())
    return "; ".join(_reason(code, [n for n, f in faults.items() if f.code == code]) for code in sorted(codes))


def _reason(code: str, names: Collection[str]) -> str:
    which = min(names) if len(names) == 1 else "*"
    if code == _GROUP_HIDDEN:
        return f"needs Describe on Group {which}"
    if code == TOPIC_HIDDEN:
        return "needs Describe on Topic *"
    return f"{len(names)} of them gave no answer ({code})"
