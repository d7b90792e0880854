"""What to do about an error of the cluster."""

from collections.abc import Mapping
from types import MappingProxyType

from kgov.model.request import Fault

_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "CLUSTER_AUTHORIZATION_FAILED": "kgov's principal lacks a right on the cluster: Create for topics, "
        "Alter for ACLs",
        "TOPIC_AUTHORIZATION_FAILED": "kgov's principal lacks a right on the topic: Create, Alter, "
        "AlterConfigs or Delete",
        "SECURITY_DISABLED": "the cluster has no authorizer, so it keeps no ACLs: govern it with --only topics",
        "POLICY_VIOLATION": "a policy of the brokers refuses it: change the manifest, or ask their operators",
        "INVALID_CONFIG": "the brokers refuse a config value: change it in the manifest",
        "INVALID_REPLICATION_FACTOR": "there are fewer brokers than replicas asked for",
        "INVALID_PARTITIONS": "the topic has that many partitions already, or more: plan again",
        "TOPIC_ALREADY_EXISTS": "somebody made it in the meantime: plan again",
        "UNKNOWN_TOPIC_OR_PART": "somebody deleted it in the meantime: plan again",
        "UNKNOWN_TOPIC_OR_PARTITION": "somebody deleted it in the meantime: plan again",
        "TOPIC_DELETION_DISABLED": "the brokers have delete.topic.enable=false",
    }
)
"""The codes are Kafka's (``org.apache.kafka.common.protocol.Errors``), one of them as the client spells it."""


_TOO_LARGE = "excessively large"
"""In what the controller says of a request with too many records, under the code of any other policy."""

_SMALLER = (
    "the controller takes fewer records in one request: lower limits.recordsPerRequest in kgov.yaml; one topic "
    "that is too large by itself is to be created smaller, and grown"
)


def advice(fault: Fault) -> str:
    """Say what to do; empty where the message has to be enough."""
    return _SMALLER if _TOO_LARGE in fault.message.lower() else _ADVICE.get(fault.code, "")
