"""Error codes that kgov draws conclusions from, by the names that librdkafka gives them."""

ABSENT = "UNKNOWN_TOPIC_OR_PART"
"""There is no such topic. Kafka says so only to a principal that may describe that name."""

TOPIC_HIDDEN = "TOPIC_AUTHORIZATION_FAILED"
"""The principal may not do this to that name, whether or not the topic exists."""

PASSING = frozenset(
    {"LEADER_NOT_AVAILABLE", "REQUEST_TIMED_OUT", "NOT_CONTROLLER", "BROKER_NOT_AVAILABLE", "UNKNOWN"}
)
"""Errors of a read that go away by themselves: a broker starts, a leader is being elected."""


def is_local(code: str) -> bool:
    """Say whether the client itself gave up: the broker has not answered."""
    return code.startswith("_")
