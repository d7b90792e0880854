"""The bytes that are agreed to: fixed, because signatures that exist depend on them."""

from dataclasses import fields

import pytest
from approving import topic
from governed import access
from manifests import HEAD, load_texts, manifest

from kgov.approval.canonical import Contents, canonical_bytes
from kgov.approval.difference import differences, lines_of
from kgov.manifest.compose import compose
from kgov.model.place import ResourceId
from kgov.model.topic import Topic
from kgov.model.topic_facts import Archive, Consumer, Data, SchemaFiles, Transfer, Volume

PROJECT = f"{HEAD}kind: Project\nenvironments:\n  prod: {{defaults: {{replicas: 3}}}}\n"
FULL = f"""\
{HEAD}kind: Topic
metadata: {{name: a.full, owner: t}}
spec:
  purpose: Everything.
  category: week
  partitions: 6
  config: {{compression.type: zstd}}
  ignoreConfig: [segment.ms, segment.bytes]
  keyed: false
  criticality: critical
  volume: {{rate: 2000/s, messageSize: 1KiB, peak: 3}}
  consumers: ["User:b", "User:a", {{team: t, parallel: 2}}]
  data: {{classification: internal, personal: true, legalBasis: contract, subjects: [b, a], encrypted: none}}
  schema: {{value: schemas/a.avsc, compatibility: BACKWARD}}
  lifecycle: {{state: deprecated, since: 2026-01-31, replacedBy: a.full}}
  archive: {{target: "s3://a", keep: 1d}}
  labels: {{b: "2", a: "1"}}
"""
MORE = (
    manifest("Team", "t", "{}"),
    manifest("RetentionCategory", "week", "{retention: 7d}"),
    access("billing", "User:b, User:a", "role: consumer, topic: a.full, group: g", owner="t"),
    manifest("Acl", "none", "{principal: 'User:c', bindings: []}"),
)


def contents(*documents, project=PROJECT):
    files = {"kgov.yaml": project, "topics/a.yaml": "---\n".join((*documents, *MORE)), "schemas/a.avsc": "{}"}
    repository = load_texts(files)
    assert [p for p in repository.problems if p.code != "KG008"] == []
    return Contents(compose(repository, "prod")[0])


def test_the_bytes_of_a_topic_never_change():
    made = contents(FULL)
    full = ResourceId("Topic", "a.full")
    assert canonical_bytes(made.content(full)).decode() == (
        '{"environment":"prod","format":"kgov-resource/1","kind":"Topic","name":"a.full","owner":"t","spec":'
        '{"archive":{"keep":86400000,"target":"s3://a"},"category":"week",'
        '"config":{"compression.type":"zstd","retention.ms":"604800000"},'
        '"consumers":[{"parallel":2,"team":"t"},{"principal":"User:a"},{"principal":"User:b"}],'
        '"criticality":"critical","data":{"classification":"internal","encrypted":"none","legalBasis":"contract",'
        '"personal":true,"subjects":["a","b"]},"ignoreConfig":["segment.bytes","segment.ms"],"keyed":false,'
        '"labels":{"a":"1","b":"2"},"lifecycle":{"replacedBy":"a.full","since":"2026-01-31","state":"deprecated"},'
        '"partitions":6,"purpose":"Everything.","replicas":3,'
        '"schema":{"compatibility":"BACKWARD","value":"schemas/a.avsc"},'
        '"volume":{"bytesPerSecond":2048000.0,"messageSize":1024,"peak":3.0,"recordsPerSecond":2000.0}}}'
    )
    assert made.subject(full).digest.startswith("sha256:")
    assert made.subject(full) is not None
    assert made.has(full)
    assert not made.has(ResourceId("Topic", "other"))


def test_what_is_not_said_is_left_out():
    bare = contents(manifest("Topic", "a.bare", "{}")).content(ResourceId("Topic", "a.bare"))
    assert bare == {
        "format": "kgov-resource/1",
        "environment": "prod",
        "kind": "Topic",
        "name": "a.bare",
        "spec": {"replicas": 3},
    }


def test_the_bytes_of_access_never_change():
    made = contents(FULL)
    said = canonical_bytes(made.content(ResourceId("Access", "billing"))).decode()
    assert said.startswith(
        '{"environment":"prod","format":"kgov-resource/1","kind":"Access","name":"billing","owner":"t"'
    )
    assert '"principals":["User:a","User:b"]' in said
    assert '"User:a ALLOW Read on Topic LITERAL a.full from *"' in said
    assert made.content(ResourceId("Acl", "none"))["spec"] == {"principals": ["User:c"], "bindings": []}
    assert made.owner(ResourceId("Acl", "none")) is None
    assert [str(each) for each in made.resources] == ["Topic/a.full", "Access/billing", "Acl/none"]


@pytest.mark.parametrize(
    ("model", "known"),
    [
        (Topic, 20),
        (Data, 7),
        (Transfer, 2),
        (Volume, 4),
        (Consumer, 3),
        (Archive, 2),
        (SchemaFiles, 3),
    ],
)
def test_a_field_that_is_added_to_a_topic_is_thought_of_here(model, known):
    """What is not in the canonical resource can be changed without anybody's approval."""
    assert len(fields(model)) == known


@pytest.mark.parametrize(
    "edit",
    [
        "partitions: 7",
        "purpose: Else.",
        'labels: {a: "2"}',
        'consumers: ["User:z"]',
        "criticality: standard",
        "config: {segment.ms: 1h}",
        "data: {transfers: []}",
        "data: {transfers: [{to: US, safeguard: scc}]}",
        "data: {categories: [contact]}",
        "lifecycle: {state: retired}",
    ],
)
def test_every_edit_of_a_topic_is_another_content(edit):
    topic_ = ResourceId("Topic", "a.x")
    before = contents(manifest("Topic", "a.x", "{}")).subject(topic_)
    after = contents(manifest("Topic", "a.x", f"{{{edit}}}")).subject(topic_)
    assert before.digest != after.digest


def test_differences_name_what_goes_and_what_comes():
    before = contents(topic("a.x")).content(ResourceId("Topic", "a.x"))
    after = contents(topic("a.x", '  consumers: ["User:z"]\n', 7)).content(ResourceId("Topic", "a.x"))
    assert differences(before, after) == (
        ("+", "spec.consumers", "principal User:z"),
        ("+", "spec.partitions", "7"),
        ("-", "spec.partitions", "6"),
    )
    assert len(differences(None, after)) == len(lines_of(after))
    assert ("spec.bindings", "none") in lines_of(contents().content(ResourceId("Acl", "none")))
    assert ("spec.data.personal", "true") in lines_of(after)
