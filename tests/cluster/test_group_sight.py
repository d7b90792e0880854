"""Looking at consumer groups: a list is believed where it is complete, and what is not known is said."""

import pytest
from memory_cluster import MemoryCluster
from worlds import allow

from kgov.cluster.group_sight import MOST_GROUPS, SeenGroups, TopicsInQuestion, look_at_groups
from kgov.cluster.interface import GroupUse
from kgov.model.acl import CLUSTER_NAME, ResourceType
from kgov.model.live import NotLookedAt
from kgov.model.request import Fault

NOTHING = TopicsInQuestion(frozenset(), others=False)
ON_CLUSTER = allow("User:kgov", "Describe", CLUSTER_NAME, type=ResourceType.CLUSTER)
ON_GROUPS = allow("User:kgov", "Describe", "*", type=ResourceType.GROUP)


@pytest.fixture
def cluster():
    made = MemoryCluster()
    made.reads("g", members=2)
    return made


def test_all_groups_are_seen_with_their_members(cluster):
    assert look_at_groups(cluster, NOTHING) == SeenGroups({"g": GroupUse(frozenset(), 2)}, None)


def test_a_cluster_without_groups_has_none():
    assert look_at_groups(MemoryCluster(), NOTHING) == SeenGroups({}, None)


@pytest.mark.parametrize(
    ("rights", "reason"),
    [
        ((), f"needs Describe on Cluster {CLUSTER_NAME}"),
        (
            (allow("User:kgov", "DescribeConfigs", CLUSTER_NAME, type=ResourceType.CLUSTER), ON_GROUPS),
            f"needs Describe on Cluster {CLUSTER_NAME}",
        ),
        ((ON_CLUSTER,), "needs Describe on Group g"),
    ],
)
def test_without_the_rights_nothing_is_believed(cluster, rights, reason):
    cluster.grants(*rights)
    assert look_at_groups(cluster.seen_by("User:kgov"), NOTHING) == NotLookedAt(reason)


def test_of_several_hidden_groups_the_right_for_all_is_named(cluster):
    cluster.reads("h")
    cluster.grants(ON_CLUSTER)
    assert look_at_groups(cluster.seen_by("User:kgov"), NOTHING) == NotLookedAt("needs Describe on Group *")


def test_more_groups_than_are_asked_about_are_counted_and_not_asked(cluster):
    for number in range(MOST_GROUPS):
        cluster.reads(f"g{number}")
    found = look_at_groups(cluster, NOTHING)
    assert found == NotLookedAt(f"there are {MOST_GROUPS + 1}, and kgov asks about {MOST_GROUPS} at most")


class Odd(MemoryCluster):
    """Answers as brokers do in bad moments."""

    listing: frozenset[str] | Fault = frozenset({"a", "b", "c"})
    faults = {"a": "_TIMED_OUT", "b": "COORDINATOR_NOT_AVAILABLE", "c": "TOPIC_AUTHORIZATION_FAILED"}  # noqa: RUF012

    def group_names(self):
        return self.listing

    def groups(self, names):
        return {name: Fault(self.faults[name], "no") for name in names}


def test_groups_without_an_answer_are_told_by_what_was_in_the_way():
    assert look_at_groups(Odd(), NOTHING) == NotLookedAt(
        "1 of them gave no answer (COORDINATOR_NOT_AVAILABLE); needs Describe on Topic *; "
        "1 of them gave no answer (_TIMED_OUT)"
    )


def test_a_listing_with_an_error_is_not_complete():
    odd = Odd()
    odd.listing = Fault("COORDINATOR_LOAD_IN_PROGRESS", "loading")
    found = look_at_groups(odd, NOTHING)
    assert found == NotLookedAt("they cannot be listed: COORDINATOR_LOAD_IN_PROGRESS: loading")


def test_several_hidden_topics_need_the_right_on_all(cluster):
    cluster.grants(ON_CLUSTER, ON_GROUPS)
    question = TopicsInQuestion(frozenset({"x", "y"}), others=False)
    assert look_at_groups(cluster.seen_by("User:kgov"), question) == NotLookedAt("needs Describe on Topic *")
    assert isinstance(look_at_groups(cluster, question), SeenGroups)
