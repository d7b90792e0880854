from manifests import HEAD, TEAM, manifest, repository, topic

from kgov.manifest.explain import RoleGrant, effective_values, grants_of
from kgov.model.place import Layer, Place

PROJECT = f"{HEAD}kind: Project\nenvironments:\n  dev: {{defaults: {{replicas: 1}}}}\n  prod: {{}}\n"
CATEGORY = manifest("RetentionCategory", "events", "{retention: 7d, cleanup: delete}")


def test_every_effective_value_is_shown_with_its_source():
    text = f"""\
{HEAD}kind: Topic
metadata: {{name: a.b, owner: team-a}}
spec:
  category: events
  consumers: ["User:x", team-a]
  labels: {{k: v}}
  environments:
    dev: {{partitions: 3}}
"""
    found = effective_values(repository(text, TEAM, CATEGORY, project=PROJECT), "dev", "a.b")
    assert found is not None
    assert {value.path: (value.value, value.source.layer, value.source.place) for value in found} == {
        "name": ("a.b", Layer.MANIFEST, Place("topics/a.yaml", 3, 18)),
        "owner": ("team-a", Layer.MANIFEST, Place("topics/a.yaml", 3, 30)),
        "category": ("events", Layer.MANIFEST, Place("topics/a.yaml", 5, 13)),
        "consumers": ("User:x, team-a", Layer.MANIFEST, Place("topics/a.yaml", 6, 3)),
        "labels.k": ("v", Layer.MANIFEST, Place("topics/a.yaml", 7, 15)),
        "partitions": ("3", Layer.OVERLAY, Place("topics/a.yaml", 9, 23)),
        "replicas": ("1", Layer.DEFAULT, Place("kgov.yaml", 4, 30)),
        "config.cleanup.policy": ("delete", Layer.CATEGORY, Place("topics/a.yaml", 19, 32)),
        "config.retention.ms": ("604800000", Layer.CATEGORY, Place("topics/a.yaml", 19, 19)),
    }


def test_a_list_of_mappings_is_shown_too():
    found = effective_values(
        repository(topic("{consumers: [{principal: 'User:x', parallel: 2}]}")), "dev", "a.b"
    )
    assert found is not None
    assert found[1].value == "{principal: User:x, parallel: 2}"


def test_a_topic_that_is_not_there_has_no_values():
    loaded = repository(topic("{environments: {dev: null}}"))
    assert effective_values(loaded, "dev", "a.b") is None
    assert effective_values(loaded, "prod", "a.b") is not None
    assert effective_values(loaded, "prod", "zzz") is None


def test_whom_a_role_is_given_to_is_listed_in_order_for_all_environments():
    grants = "grants: [{role: producer, topic: a.b}, {role: consumer, topic: a.b}]"
    one = manifest("Access", "one", f"{{principal: 'User:x', {grants}}}")
    other = manifest(
        "Access",
        "other",
        "{team: team-a, grants: [], environments: {prod: {grants: [{role: consumer, topic: a.b}]}}}",
    )
    found = grants_of(repository(TEAM, other, one, topic("{}"), project=PROJECT), "consumer")
    assert [(each.principals, each.team) for each in found] == [
        (("User:a", "User:b"), "team-a"),
        (("User:x",), None),
    ]
    assert isinstance(found[0], RoleGrant)
    assert grants_of(repository(one), "streams") == ()
