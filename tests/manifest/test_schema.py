"""The published schemas take what kgov takes, and know the fields that kgov knows."""

import json

import jsonschema
import pytest
import yaml
from manifests import ACCESS_AND_MORE, PROJECT, manifest

from kgov.manifest.schema import KINDS, json_schema

DOCUMENTS = [document for text in (ACCESS_AND_MORE, PROJECT) for document in yaml.safe_load_all(text)]


def errors(document: object, kind: str) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(json_schema(kind)).iter_errors(document)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_valid_schema(kind):
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == kind
    assert '"null"' not in json.dumps(schema) or kind in {"Project", "Topic", "Access", "Acl"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document["kind"]))
def test_sound_manifests_fit_their_schema(document):
    assert errors(json.loads(json.dumps(document, default=str)), document["kind"]) == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Topic", "{partition: 6}"),
        ("Topic", "{environments: {prod: {partition: 6}}}"),
        ("Topic", "{category: null}"),
        ("Acl", "{principal: 'User:x', bindings: [{resource: Topik, name: a, operations: [Read]}]}"),
        ("Access", "{principal: 'User:x', grants: [{topic: a}]}"),
        ("Team", "{environments: {}}"),
    ],
)
def test_slips_do_not_fit(kind, spec):
    assert errors(yaml.safe_load(manifest(kind, "x", spec)), kind)


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Topic", "{environments: {prod: {category: null, config: {a: null}}, dev: null}}"),
        ("Access", "{team: t, grants: [{role: consumer, topicPrefix: a., group: [g, h], host: '*'}]}"),
        ("Role", "{parameters: {topic: {}}, bindings: [{resource: Cluster, operations: [All]}]}"),
        ("Topic", "{consumers: ['User:x', {team: t}]}"),
        ("RetentionCategory", "{cleanup: [compact, delete], retention: unlimited, min: 1000}"),
    ],
)
def test_all_forms_fit(kind, spec):
    assert errors(yaml.safe_load(manifest(kind, "x", spec)), kind) == []


def test_an_environment_may_be_empty():
    assert errors(yaml.safe_load(PROJECT.replace("dev: {}", "dev:")), "Project") == []


def test_other_kinds_have_no_schema():
    with pytest.raises(KeyError):
        json_schema("Topik")
