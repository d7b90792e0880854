"""Between kgov's words and the client's: bindings, configs, errors."""

from itertools import product

import pytest
from confluent_kafka import KafkaError, KafkaException, admin

from kgov.cluster.acl_translation import exact_filter, from_client, to_client
from kgov.cluster.config_translation import inherited_entries, own_entries
from kgov.cluster.faults import answer_of, fault_of, was_never_sent
from kgov.cluster.inheritance import inherited_from_broker
from kgov.cluster.text import one_line
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.request import ACCEPTED, AnswerStatus, Fault

EVERY_BINDING = [
    AclBinding("User:x", permission, operation, ResourcePattern(type_, pattern, "n"), "10.0.0.1")
    for permission, operation, type_, pattern in product(Permission, Operation, ResourceType, PatternType)
]


def theirs(**given: object) -> admin.AclBinding:
    fields = {
        "restype": admin.ResourceType.TOPIC,
        "name": "n",
        "resource_pattern_type": admin.ResourcePatternType.LITERAL,
        "principal": "User:x",
        "host": "*",
        "operation": admin.AclOperation.READ,
        "permission_type": admin.AclPermissionType.ALLOW,
    }
    return admin.AclBinding(**(fields | given))


def test_every_binding_comes_back_as_it_was() -> None:
    assert [from_client(to_client(binding)) for binding in EVERY_BINDING] == EVERY_BINDING


def test_a_filter_names_every_field_and_leaves_none_open() -> None:
    for binding in EVERY_BINDING:
        found = exact_filter(binding)
        assert found.name == "n"
        assert found.principal == "User:x"
        assert found.host == "10.0.0.1"
        enums = (found.restype, found.resource_pattern_type, found.operation, found.permission_type)
        assert not {getattr(enum, "name", None) for enum in enums} & {"ANY", "MATCH", "UNKNOWN", None}


@pytest.mark.parametrize(
    "unknown",
    [
        {"restype": admin.ResourceType.UNKNOWN},
        {"resource_pattern_type": admin.ResourcePatternType.UNKNOWN},
        {"operation": admin.AclOperation.UNKNOWN},
        {"permission_type": admin.AclPermissionType.UNKNOWN},
    ],
)
def test_bindings_of_kinds_that_the_client_does_not_know_are_no_bindings_to_us(
    unknown: dict[str, object],
) -> None:
    assert from_client(theirs()) is not None
    assert from_client(theirs(**unknown)) is None


def entry(name: str, value: str | None, source: admin.ConfigSource) -> admin.ConfigEntry:
    return admin.ConfigEntry(name, value, source=source.value)


def test_only_what_was_set_on_the_topic_is_its_own() -> None:
    entries = {
        name: entry(name, name, source)
        for name, source in {
            "a": admin.ConfigSource.DYNAMIC_TOPIC_CONFIG,
            "b": admin.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
            "c": admin.ConfigSource.DYNAMIC_BROKER_CONFIG,
            "d": admin.ConfigSource.STATIC_BROKER_CONFIG,
            "e": admin.ConfigSource.DEFAULT_CONFIG,
        }.items()
    }
    assert own_entries(entries) == {"a": "a"}
    assert dict(inherited_entries(entries)) == {"b": "b", "c": "c", "d": "d", "e": "e"}


@pytest.mark.parametrize(
    ("broker", "inherited"),
    [
        ({"log.retention.ms": "5", "log.retention.minutes": "2", "log.retention.hours": "1"}, "5"),
        ({"log.retention.ms": None, "log.retention.minutes": "2", "log.retention.hours": "1"}, "120000"),
        ({"log.retention.ms": None, "log.retention.minutes": None, "log.retention.hours": "168"}, "604800000"),
        ({"log.retention.hours": "-1"}, "-1"),
    ],
)
def test_retention_is_inherited_in_the_smallest_unit_that_the_broker_sets(
    broker: dict[str, str | None], inherited: str
) -> None:
    assert dict(inherited_from_broker(["retention.ms"], broker)) == {"retention.ms": inherited}


@pytest.mark.parametrize("text", ["", "soon", "1e9", "9" * 5000])
def test_what_is_no_number_is_inherited_by_nobody(text: str) -> None:
    assert dict(inherited_from_broker(["retention.ms"], {"log.retention.ms": text})) == {}


def test_what_the_broker_does_not_show_is_left_out() -> None:
    broker = {"log.cleanup.policy": "compact", "min.insync.replicas": "2"}
    keys = ["cleanup.policy", "min.insync.replicas", "retention.ms", "segment.bytes", "unheard.of"]
    assert dict(inherited_from_broker(keys, broker)) == {
        "cleanup.policy": "compact",
        "min.insync.replicas": "2",
    }


def error(code: int, text: str = "text") -> KafkaException:
    return KafkaException(KafkaError(code, text))


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (KafkaError.TOPIC_ALREADY_EXISTS, AnswerStatus.REFUSED),
        (KafkaError.POLICY_VIOLATION, AnswerStatus.REFUSED),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, AnswerStatus.REFUSED),
        (KafkaError.SECURITY_DISABLED, AnswerStatus.REFUSED),
        (KafkaError._INVALID_ARG, AnswerStatus.REFUSED),
        (KafkaError._TRANSPORT, AnswerStatus.UNKNOWN),
        (KafkaError._TIMED_OUT, AnswerStatus.UNKNOWN),
        (KafkaError._TIMED_OUT_QUEUE, AnswerStatus.UNKNOWN),
        (KafkaError._DESTROY, AnswerStatus.UNKNOWN),
        (KafkaError.REQUEST_TIMED_OUT, AnswerStatus.UNKNOWN),
        (KafkaError.NOT_CONTROLLER, AnswerStatus.UNKNOWN),
        (KafkaError.NETWORK_EXCEPTION, AnswerStatus.UNKNOWN),
        (KafkaError.UNKNOWN, AnswerStatus.UNKNOWN),
        (KafkaError.KAFKA_STORAGE_ERROR, AnswerStatus.UNKNOWN),
        (KafkaError.STALE_CTRL_EPOCH, AnswerStatus.UNKNOWN),
        (KafkaError.NOT_LEADER_FOR_PARTITION, AnswerStatus.UNKNOWN),
        (KafkaError.THROTTLING_QUOTA_EXCEEDED, AnswerStatus.REFUSED),
        (12_345, AnswerStatus.UNKNOWN),
    ],
)
def test_an_answer_is_a_refusal_only_where_it_proves_that_nothing_was_done(
    code: int, status: AnswerStatus
) -> None:
    answer = answer_of(error(code))
    assert answer.status is status
    assert answer.fault is not None
    assert answer.fault.code == KafkaError(code).name()


def test_no_error_is_acceptance_and_a_broken_client_proves_nothing() -> None:
    assert answer_of(None) == ACCEPTED
    assert answer_of(RuntimeError("odd")).status is AnswerStatus.UNKNOWN
    assert fault_of(RuntimeError("odd")) == Fault("RuntimeError", "odd")


def test_only_a_time_out_before_the_controller_was_found_proves_that_nothing_was_sent() -> None:
    waiting = "Failed while waiting for {}: Local: Timed out"
    assert was_never_sent(Fault("_TIMED_OUT", waiting.format("controller")))
    assert not was_never_sent(Fault("_TIMED_OUT", waiting.format("response from broker")))
    assert not was_never_sent(Fault("REQUEST_TIMED_OUT", waiting.format("controller")))


def test_long_messages_of_several_lines_are_cut_to_one() -> None:
    assert one_line("a\n  b\tc ") == "a b c"
    cut = one_line("x" * 5000)
    assert len(cut) == 300
    assert cut.endswith("…")


def test_a_dumped_request_says_nothing_and_is_left_out() -> None:
    dump = "Request Request(processor=1, session=org.apache.kafka.network.Session@36c4af65, buffer=java.nio"
    code = KafkaError.CLUSTER_AUTHORIZATION_FAILED
    assert fault_of(KafkaException(KafkaError(code, dump))) == Fault(
        "CLUSTER_AUTHORIZATION_FAILED", "Broker: Cluster authorization failed"
    )
