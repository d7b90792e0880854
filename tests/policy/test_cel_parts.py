"""What expressions are made of: messages by hand, trees, and values as manifests write them."""

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from pydantic import BaseModel

from kgov.manifest.kinds.access import AccessSpec
from kgov.manifest.kinds.acl import AclSpec, BindingPart
from kgov.manifest.kinds.team import Ownership, TeamSpec
from kgov.manifest.kinds.topic import Archive, Consumer, Data, LifecyclePart, SchemaFiles, TopicSpec, Transfer
from kgov.policy.cel_messages import UnfitError, descriptor, encode
from kgov.policy.cel_tree import Comprehension, Constant, Name, object_paths, parse
from kgov.policy.cel_types import LARGEST, MESSAGES
from kgov.policy.cel_values import milliseconds
from kgov.policy.cel_wording import mistakes_of, type_in_words
from kgov.policy.cel_written import written_object, written_team


def real(message, content):
    """Read what was written by hand with protobuf itself."""
    from google.protobuf import struct_pb2

    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    file = descriptor_pb2.FileDescriptorProto.FromString(descriptor())
    pool.Add(file)
    made = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"kgov.{message}"))()
    made.ParseFromString(content)
    return made


def test_protobuf_reads_what_is_written_by_hand():
    topic = real(
        "Topic",
        encode(
            "Topic",
            {
                "metadata": {"name": "café", "owner": None},
                "spec": {
                    "partitions": 300,
                    "retention": 10**30,
                    "keyed": False,
                    "volume": {"peak": 2},
                    "config": {"a": "b"},
                    "ignoreConfig": ["x", "y"],
                },
            },
        ),
    )
    assert topic.metadata.name == "café"
    assert not topic.metadata.HasField("owner")
    assert topic.spec.partitions == 300
    assert topic.spec.retention == LARGEST
    assert topic.spec.HasField("keyed")
    assert topic.spec.volume.peak == 2.0
    assert dict(topic.spec.config) == {"a": "b"}
    assert list(topic.spec.ignoreConfig) == ["x", "y"]
    grant = real("Grant", encode("Grant", {"parameters": {"topic": ["a", "b"]}}))
    assert list(grant.parameters["topic"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("message", "values", "path", "why"),
    [
        ("Topic", {"spec": {"partitons": 1}}, "spec.partitons", "is no field"),
        ("Topic", {"spec": 1}, "spec", "must be a mapping"),
        ("TopicSpec", {"purpose": 1}, "purpose", "must be text"),
        ("TopicSpec", {"purpose": "x" * 4097}, "purpose", "is 4097 letters long"),
        ("TopicSpec", {"partitions": True}, "partitions", "must be a whole number"),
        ("TopicSpec", {"keyed": 1}, "keyed", "must be true or false"),
        ("Volume", {"peak": "2"}, "peak", "must be a number"),
        ("TopicSpec", {"consumers": {}}, "consumers", "must be a list"),
        ("TopicSpec", {"consumers": ["x"]}, "consumers[0]", "must be a mapping"),
        ("TopicSpec", {"labels": ["x"]}, "labels", "must be a mapping"),
        ("TopicSpec", {"labels": {"a": 1}}, "labels.a", "must be text"),
        ("Grant", {"parameters": {"topic": [1]}}, "parameters.topic", "must be a list of texts"),
    ],
)
def test_what_does_not_fit_is_named(message, values, path, why):
    with pytest.raises(UnfitError) as caught:
        encode(message, values)
    assert caught.value.path == path
    assert caught.value.why.startswith(why)


def test_a_lone_surrogate_becomes_a_question_mark():
    assert real("Metadata", encode("Metadata", {"name": "a\ud800b"})).name == "a?b"


FIELDS = {
    "TopicSpec": TopicSpec,
    "Consumer": Consumer,
    "Data": Data,
    "Transfer": Transfer,
    "SchemaFiles": SchemaFiles,
    "Lifecycle": LifecyclePart,
    "Archive": Archive,
    "AccessSpec": AccessSpec,
    "AclSpec": AclSpec,
    "AclEntry": BindingPart,
    "TeamSpec": TeamSpec,
    "Owns": Ownership,
}


@pytest.mark.parametrize("message", FIELDS)
def test_expressions_see_every_field_of_a_manifest(message):
    model: type[BaseModel] = FIELDS[message]
    written = {field.alias or name for name, field in model.model_fields.items()} - {"description"}
    assert {field.name for field in MESSAGES[message]} == written


def test_a_topic_is_shown_as_it_is_written():
    shown = written_object(
        "Topic",
        {
            "apiVersion": "kgov/v1",
            "metadata": {"name": "a"},
            "spec": {
                "retention": "3d",
                "config": {"cleanup.policy": ["compact", "delete"], "retention.bytes": "1GiB", "odd.key": 5},
                "consumers": ["bills", "User:x", {"team": "y"}],
                "volume": {"rate": "2000/s", "messageSize": "1KiB"},
                "archive": {"target": "lake", "keep": "unlimited"},
                "lifecycle": {"since": "2026-01-31"},
            },
        },
    )
    assert shown["kind"] == "Topic"
    spec = shown["spec"]
    assert spec["retention"] == 259_200_000
    assert spec["config"]["retention.ms"] == "259200000"
    assert spec["config"]["cleanup.policy"] == "compact,delete"
    assert spec["config"]["retention.bytes"] == "1073741824"
    assert spec["consumers"] == [{"team": "bills"}, {"principal": "User:x"}, {"team": "y"}]
    assert spec["volume"] == {
        "peak": 1.0,
        "messageSize": 1024,
        "recordsPerSecond": 2000.0,
        "bytesPerSecond": 2_048_000.0,
    }
    assert spec["archive"] == {"target": "lake", "keep": LARGEST}
    assert spec["lifecycle"] == {"state": "active", "since": "2026-01-31"}
    encode("Topic", shown)


@pytest.mark.parametrize(
    ("volume", "shown"),
    [
        ({}, {"peak": 1.0}),
        ({"rate": "1MB/s"}, {"peak": 1.0, "bytesPerSecond": 1e6, "recordsPerSecond": None}),
        ({"rate": "5/s", "peak": 2.0}, {"peak": 2.0, "recordsPerSecond": 5.0, "bytesPerSecond": None}),
        (
            {"rate": "1MB/s", "messageSize": 1000},
            {"peak": 1.0, "messageSize": 1000, "bytesPerSecond": 1e6, "recordsPerSecond": 1000.0},
        ),
    ],
)
def test_a_rate_is_worked_out(volume, shown):
    assert written_object("Topic", {"spec": {"volume": volume}})["spec"]["volume"] == shown


def test_a_retention_that_is_no_duration_stays_text():
    shown = written_object("Topic", {"spec": {"retention": "7M"}})["spec"]
    assert shown["config"]["retention.ms"] == "7M"
    assert shown["retention"] is None
    assert milliseconds("-1") == LARGEST


def test_grants_and_bindings_are_written_out():
    access = written_object(
        "Access", {"spec": {"grants": [{"role": "consumer", "topic": "a", "group": ["b"]}]}}
    )
    assert access["spec"]["grants"] == [
        {"host": "*", "role": "consumer", "parameters": {"topic": ["a"], "group": ["b"]}}
    ]
    acl = written_object(
        "Acl",
        {
            "spec": {
                "principal": "User:a",
                "bindings": [
                    {"resource": "Topic", "name": "x", "operations": ["Read", "Describe"], "groupless": True},
                    {"resource": "Cluster"},
                ],
            }
        },
    )
    assert [each["operation"] for each in acl["bindings"]] == ["Read", "Describe"]
    assert acl["bindings"][0]["principal"] == "User:a"
    assert acl["spec"]["bindings"][1]["name"] == "kafka-cluster"
    encode("Acl", acl)
    encode("Access", access)
    given = written_object("Acl", {"bindings": []})
    assert given["bindings"] == []
    assert written_team({"kind": "Team", "spec": {"description": "x", "members": []}}) == {
        "spec": {"members": []}
    }


@pytest.mark.parametrize(
    ("kind", "manifest", "path"),
    [
        ("Topic", {"spec": 1}, "spec"),
        ("Topic", {"spec": {"config": 1}}, "spec.config"),
        ("Topic", {"spec": {"consumers": 1}}, "spec.consumers"),
        ("Topic", {"spec": {"volume": {"rate": "x"}}}, "spec.volume.rate"),
        ("Topic", {"spec": {"volume": {"messageSize": "x"}}}, "spec.volume.messageSize"),
        ("Topic", {"spec": {"archive": {"keep": "x"}}}, "spec.archive.keep"),
        ("Access", {"spec": {"grants": [1]}}, "spec.grants[0]"),
        ("Acl", {"spec": {"bindings": [{"operations": "Read"}]}}, "spec.bindings[0].operations"),
    ],
)
def test_what_is_written_wrongly_is_named(kind, manifest, path):
    with pytest.raises(UnfitError) as caught:
        written_object(kind, manifest)
    assert caught.value.path == path


def serialized(text):
    from cel_expr_python import cel

    names = dict.fromkeys(("object", "x"), cel.Type.DYN)
    return cel.NewEnv(variables=names).compile(text).serialize()


def test_a_tree_is_read():
    tree = parse(serialized('[1.5].all(each, each == 1.5 && {"a": x.b}["a"] == "c")'))
    assert isinstance(tree, Comprehension)
    assert tree.variables == ("each",)
    assert parse(serialized('"a"')) == Constant("a")
    assert parse(serialized("3")) == Constant()
    assert parse(serialized("x")) == Name("x")
    assert object_paths(
        parse(serialized('object.a["b.c"].d == x.y || object.e == object.e || object[x] == 1'))
    ) == (
        "a.b.c.d",
        "e",
    )


def test_what_cel_says_otherwise_is_told_as_it_is():
    assert mistakes_of("INTERNAL: something odd [INTERNAL]")[0].message == "something odd"
    assert mistakes_of("ERROR: <input>:-1:-1: Exceeded max recursion depth")[0].message == "nests too deeply"
    twice = "ERROR: <input>:1:1: odd\nERROR: <input>:1:1: odd"
    assert len(mistakes_of(twice)) == 1
    assert type_in_words("kgov.Topic") == "Topic"
    assert mistakes_of("ERROR: <input>:1:3: undefined field 'rate' not found in struct 'kgov.Nothing'")[0].hint


def test_an_archive_without_a_term_is_shown():
    shown = written_object("Topic", {"spec": {"archive": {"target": "lake"}}})["spec"]
    assert shown["archive"] == {"target": "lake"}
