"""Numbers of Kafka's errors (``org.apache.kafka.common.protocol.Errors``) -> faults, in librdkafka's words.

The words are those of the other reader, so that a fault is the same whoever read it. Only what an answer to a
read can hold is listed; a number that is not gets the name that librdkafka gives to those it does not know.
"""

from kgov.cluster.text import is_dump, one_line
from kgov.model.request import Fault

NO_ERROR = 0
UNSUPPORTED_VERSION = 35
INVALID_REQUEST = 42
SASL_AUTHENTICATION_FAILED = 58

_ERRORS = {
    -1: ("UNKNOWN", "Unknown broker error"),
    3: ("UNKNOWN_TOPIC_OR_PART", "Broker: Unknown topic or partition"),
    5: ("LEADER_NOT_AVAILABLE", "Broker: Leader not available"),
    7: ("REQUEST_TIMED_OUT", "Broker: Request timed out"),
    8: ("BROKER_NOT_AVAILABLE", "Broker: Broker not available"),
    13: ("NETWORK_EXCEPTION", "Broker: Broker disconnected before response received"),
    17: ("TOPIC_EXCEPTION", "Broker: Invalid topic"),
    29: ("TOPIC_AUTHORIZATION_FAILED", "Broker: Topic authorization failed"),
    31: ("CLUSTER_AUTHORIZATION_FAILED", "Broker: Cluster authorization failed"),
    33: ("UNSUPPORTED_SASL_MECHANISM", "Broker: Unsupported SASL mechanism"),
    34: ("ILLEGAL_SASL_STATE", "Broker: Request not valid in current SASL state"),
    35: ("UNSUPPORTED_VERSION", "Broker: API version not supported"),
    40: ("INVALID_CONFIG", "Broker: Configuration is invalid"),
    41: ("NOT_CONTROLLER", "Broker: Not controller for cluster"),
    42: ("INVALID_REQUEST", "Broker: Invalid request"),
    44: ("POLICY_VIOLATION", "Broker: Policy violation"),
    54: ("SECURITY_DISABLED", "Broker: Security features are disabled"),
    56: ("KAFKA_STORAGE_ERROR", "Broker: Disk error when trying to access log file on disk"),
    58: ("SASL_AUTHENTICATION_FAILED", "Broker: SASL Authentication failed"),
    72: ("LISTENER_NOT_FOUND", "Broker: No matching listener"),
    89: ("THROTTLING_QUOTA_EXCEEDED", "Broker: Throttling quota has been exceeded"),
}


def fault(code: int, said: str | None = None) -> Fault:
    """Name an error; ``said`` are the broker's own words, if it has any."""
    name, text = _ERRORS.get(code, (f"ERR_{code}?", f"Err-{code}?"))
    return Fault(name, one_line(said if said and not is_dump(said) else text))
