"""What is made of answers: clusters, topics, configs, ACLs; and of answers that are none."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from confluent_kafka import KafkaError
from fake_kafka import DEFAULT, OWN, Partition, acl, acls, cluster, configs, entry, metadata
from hypothesis import given, settings
from hypothesis import strategies as st

from kgov.cluster.bootstrap import Address
from kgov.cluster.interface import Identity, TopicDescription
from kgov.cluster.wire import acls as ask_acls
from kgov.cluster.wire import clusters, error_codes, topics
from kgov.cluster.wire import configs as ask_configs
from kgov.cluster.wire.codec import array, read_whole, text
from kgov.cluster.wire.errors import MalformedError
from kgov.cluster.wire.question import Question
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.live import LiveAcls
from kgov.model.request import Fault


def answer(question: Question[Any], data: bytes) -> Any:
    return read_whole(data, question.read)


class TestErrors:
    @pytest.mark.parametrize("code", sorted({*range(-1, 140)} - {0}))
    def test_they_have_the_names_and_words_of_the_other_reader(self, code: int) -> None:
        ours, theirs = error_codes.fault(code), KafkaError(code)
        assert ours.code == theirs.name() or (code not in error_codes._ERRORS and ours.code == f"ERR_{code}?")
        assert ours.message == theirs.str() or code not in error_codes._ERRORS

    def test_the_brokers_own_words_come_first_and_on_one_line(self) -> None:
        assert error_codes.fault(42, "not\n  mine") == Fault("INVALID_REQUEST", "not mine")
        assert error_codes.fault(42, "") == Fault("INVALID_REQUEST", "Broker: Invalid request")
        dump = "Request Request(processor=6, connectionId=1) is not authorized."
        assert error_codes.fault(31, dump).message == "Broker: Cluster authorization failed"


class TestClusters:
    def test_brokers_and_operations_are_told(self) -> None:
        operations = 1 << 8 | 1 << 10 | 1 << 15
        found = answer(clusters.describe(), cluster({3: ("c", 1), 1: ("a", 2)}, operations))
        assert found.identity == Identity("id", (1, 3), frozenset({"DESCRIBE", "DESCRIBE_CONFIGS"}))
        assert found.addresses == {1: Address("a", 2), 3: Address("c", 1)}

    @pytest.mark.parametrize("operations", [0, -(2**31)])
    def test_no_operations_are_not_known_to_be_none(self, operations: int) -> None:
        assert answer(clusters.describe(), cluster({}, operations)).identity.operations is None

    def test_an_error_is_a_fault(self) -> None:
        assert answer(clusters.describe(), cluster({}, code=31)).code == "CLUSTER_AUTHORIZATION_FAILED"


class TestTopics:
    def test_partitions_come_in_order_and_ids_as_kafka_spells_them(self) -> None:
        parts = [Partition(1, (2, 3), (3,)), Partition(0, (1, 2), (), code=5)]
        found = answer(topics.describe(["a"]), metadata({"a": parts}))
        assert found == {"a": TopicDescription("a", "8PHy8_T19vf4-fr7_P3-_w", ((1, 2), (2, 3)), ((), (3,)))}

    def test_a_topic_without_partitions_is_one(self) -> None:
        assert answer(topics.describe(["a"]), metadata({"a": []}))["a"].replicas == ()

    def test_errors_are_faults_of_their_topics(self) -> None:
        found = answer(topics.describe(["a", "b", "c"]), metadata({"a": 3, "b": 29, "c": [Partition(0)]}))
        assert [found["a"].code, found["b"].code] == ["UNKNOWN_TOPIC_OR_PART", "TOPIC_AUTHORIZATION_FAILED"]
        assert isinstance(found["c"], TopicDescription)

    @pytest.mark.parametrize("answered", [{}, {"b": 3}, {"a": 3, "b": 3}])
    def test_other_topics_than_those_asked_for_are_no_answer(self, answered: dict[str, int]) -> None:
        with pytest.raises(MalformedError, match="other topics"):
            answer(topics.describe(["a"]), metadata(answered))

    def test_names_are_those_of_topics_without_an_error(self) -> None:
        found = answer(topics.list_names(), metadata({"a": [Partition(0), Partition(1)], "b": [], "c": 29}))
        assert found == {"a", "b"}

    def test_no_request_lets_a_broker_create_what_it_names(self) -> None:
        create_nothing_no_operations_no_tags = b"\0\0\0"
        assert topics.list_names().body == b"\0" + create_nothing_no_operations_no_tags
        named = array([bytes(16) + text("a") + b"\0"])
        assert topics.describe(["a"]).body == named + create_nothing_no_operations_no_tags


class TestConfigs:
    def read(self, found: dict[str, Any], learnt: dict[str, str | None] | None = None) -> Any:
        kinds = ask_configs.Kinds((learnt if learnt is not None else {}).update)
        return answer(ask_configs.of_topics(list(found), kinds), configs(found))

    def test_own_entries_are_told_from_inherited_ones(self) -> None:
        learnt: dict[str, str | None] = {}
        entries = [entry("a", "1", OWN), entry("b", "2", DEFAULT), entry("c", None, 4), entry("d", None, OWN)]
        assert self.read({"t": entries}, learnt) == {"t": {"a": "1", "d": ""}}
        assert learnt == {"b": "2", "c": None}

    def test_topics_that_are_alike_share_one_mapping_and_others_do_not(self) -> None:
        one, two = [entry("a", "1", OWN), entry("b", "2")], [entry("a", "1", OWN), entry("b", "3")]
        longer = [*one, entry("c", "4", OWN)]
        found = self.read({"t": one, "u": two, "v": one, "w": longer, "x": [], "y": two, "z": longer})
        assert found["t"] is found["v"]
        assert found["u"] is found["y"]
        assert found["u"] == found["t"]
        assert found["w"] is found["z"]
        assert found["w"] == {"a": "1", "c": "4"}
        assert found["x"] == {}

    def test_more_kinds_than_are_kept_are_read_rightly_all_the_same(self) -> None:
        many = {f"t{n}": [entry("a", str(n % 100), OWN)] for n in range(3 * ask_configs.MOST_KEPT)}
        assert self.read(many) == {f"t{n}": {"a": str(n % 100)} for n in range(3 * ask_configs.MOST_KEPT)}

    def test_each_kind_is_learnt_from_once(self) -> None:
        learnt: list[list[tuple[str, str | None]]] = []
        kinds = ask_configs.Kinds(lambda entries: learnt.append(list(entries)))
        found = {name: [entry("a", "1"), entry("b", name[0], OWN)] for name in ("ax", "ay", "bx", "by")}
        answer(ask_configs.of_topics(list(found), kinds), configs(found))
        assert learnt == [[("a", "1")], [("a", "1")]]

    def test_synonyms_and_words_that_nobody_asked_for_are_passed_over(self) -> None:
        synonym = text("log.a") + text("0") + bytes([4]) + b"\0"
        entries = [entry("a", "1", OWN, more=array([synonym, synonym]), words=text("What it does."))]
        assert self.read({"t": entries}) == {"t": {"a": "1"}}

    def test_errors_are_faults_of_their_topics(self) -> None:
        found = self.read({"a": 3, "b": 29, "c": [entry("k", "v", OWN)]})
        assert [found["a"].code, found["b"].code] == ["UNKNOWN_TOPIC_OR_PART", "TOPIC_AUTHORIZATION_FAILED"]
        assert found["c"] == {"k": "v"}

    def test_other_resources_than_those_asked_for_are_no_answer(self) -> None:
        asked = ask_configs.of_topics(["a"], ask_configs.Kinds(dict.fromkeys))
        for data in (configs({}), configs({"b": 3}), configs({"a": 3, "b": 3}), configs({"a": []}, type_=4)):
            with pytest.raises(MalformedError):
                answer(asked, data)

    def test_a_brokers_configs_are_all_of_them(self) -> None:
        found = answer(
            ask_configs.of_broker(7), configs({"7": [entry("a", "1"), entry("b", None, 4)]}, type_=4)
        )
        assert found == {"7": {"a": "1", "b": None}}


def binding(principal: str, host: str = "*") -> AclBinding:
    resource = ResourcePattern(ResourceType.GROUP, PatternType.PREFIXED, "g")
    return AclBinding(principal, Permission.DENY, Operation.READ, resource, host)


class TestAcls:
    def test_bindings_are_told_in_kgovs_words(self) -> None:
        given = [(3, "g", 4, [acl("User:x", 3, 2), acl("User:y", 3, 2, "10.0.0.1")]), (2, "none", 3, [])]
        found = answer(ask_acls.list_all(), acls(given))
        assert found == LiveAcls(frozenset({binding("User:x"), binding("User:y", "10.0.0.1")}), 0)

    @pytest.mark.parametrize(("number", "operation"), [*enumerate(Operation, start=2)])
    def test_operations_have_kafkas_numbers(self, number: int, operation: Operation) -> None:
        found = answer(ask_acls.list_all(), acls([(2, "t", 3, [acl("User:x", number)])]))
        assert {binding.operation for binding in found.bindings} == {operation}

    def test_bindings_of_unknown_kinds_are_counted_each_and_never_among_the_known(self) -> None:
        strange: Iterable[tuple[int, str, int, list[bytes]]] = [
            (7, "u", 3, [acl("User:x"), acl("User:x")]),
            (2, "t", 9, [acl("User:x")]),
            (2, "t", 3, [acl("User:x", 13), acl("User:x", 3, 9), acl("User:x")]),
        ]
        found = answer(ask_acls.list_all(), acls(strange))
        assert len(found.bindings) == 1
        assert found.unknown == 5

    @pytest.mark.parametrize(
        ("code", "name"), [(31, "CLUSTER_AUTHORIZATION_FAILED"), (54, "SECURITY_DISABLED")]
    )
    def test_a_refusal_is_a_fault_and_no_empty_list(self, code: int, name: str) -> None:
        assert answer(ask_acls.list_all(), acls([], code)).code == name
        assert answer(ask_acls.list_all(), acls([])) == LiveAcls(frozenset(), 0)

    def test_more_patterns_than_librdkafka_survives_are_read(self) -> None:
        many = acls((2, f"t{number}", 3, [acl(f"User:{number % 7}")]) for number in range(110_000))
        found = answer(ask_acls.list_all(), many)
        assert len(found.bindings) == 110_000
        assert len({id(binding.principal) for binding in found.bindings}) == 7


QUESTIONS: list[tuple[Question[Any], bytes]] = [
    (clusters.describe(), cluster({1: ("host", 9092)}, 256)),
    (topics.list_names(), metadata({"a": [Partition(0)], "b": 3})),
    (topics.describe(["a", "b"]), metadata({"a": [Partition(0), Partition(1, (1, 2, 3))], "b": 3})),
    (
        ask_configs.of_topics(["a", "b"], ask_configs.Kinds(lambda entries: None)),
        configs({"a": [entry("k", "v", OWN), entry("l", None)], "b": 29}),
    ),
    (ask_configs.of_broker(1), configs({"1": [entry("k", "v")]}, type_=4)),
    (ask_acls.list_all(), acls([(2, "t", 3, [acl("User:x"), acl("User:y")]), (7, "u", 3, [acl("User:z")])])),
]


@pytest.mark.parametrize(("question", "data"), QUESTIONS)
def test_an_answer_that_ends_anywhere_or_goes_on_is_malformed(question: Question[Any], data: bytes) -> None:
    assert answer(question, data) is not None
    for length in range(len(data)):
        with pytest.raises(MalformedError):
            answer(question, data[:length])
    with pytest.raises(MalformedError):
        answer(question, data + b"\0")


@settings(max_examples=300)
@given(st.data(), st.sampled_from(QUESTIONS))
def test_an_answer_that_is_garbled_is_malformed_or_means_something(
    data: st.DataObject, given: tuple[Question[Any], bytes]
) -> None:
    question, good = given
    at = data.draw(st.integers(0, len(good) - 1))
    replaced = data.draw(st.binary(max_size=6))
    garbled = good[:at] + replaced + good[at + data.draw(st.integers(0, 6)) :]
    with suppress(MalformedError):
        answer(question, garbled)
