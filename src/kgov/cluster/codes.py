"""Error codes that kgov draws conclusions from, by the names that librdkafka gives them."""

from collections.abc import Mapping

from kgov.model.request import CreateTopics, DeleteTopics, GrowPartitions, Request

ABSENT = "UNKNOWN_TOPIC_OR_PART"
"""There is no such topic. Kafka says so only to a principal that may describe that name."""

TOPIC_HIDDEN = "TOPIC_AUTHORIZATION_FAILED"
"""The principal may not do this to that name, whether or not the topic exists."""

CLUSTER_HIDDEN = "CLUSTER_AUTHORIZATION_FAILED"
"""The principal may not do this to the cluster as a whole, which holds the ACLs."""

NO_AUTHORIZER = "SECURITY_DISABLED"
"""The cluster has no authorizer, so there is nothing that could keep ACLs."""

NOT_CONTROLLER = "NOT_CONTROLLER"
"""Whom we asked is not, or not any more, the one who may change things."""

PASSING = frozenset(
    {"LEADER_NOT_AVAILABLE", "REQUEST_TIMED_OUT", NOT_CONTROLLER, "BROKER_NOT_AVAILABLE", "UNKNOWN"}
)
"""Errors of a read that go away by themselves: a broker starts, a leader is being elected."""


MADE_TWICE: Mapping[type[Request], str] = {
    CreateTopics: "TOPIC_ALREADY_EXISTS",
    GrowPartitions: "INVALID_PARTITIONS",
    DeleteTopics: ABSENT,
}
"""Refusals of a request that may already have been carried out: a broker that loses its controller after that
one wrote its records sends the request to the next one (``NodeToControllerRequestThread``), and passes on what
that one says. Other requests say yes as often as they are made."""


def is_local(code: str) -> bool:
    """Say whether the client itself gave up: the broker has not answered."""
    return code.startswith("_")
