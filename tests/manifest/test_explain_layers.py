"""Which layer wins over which, for people who ask why a value is as it is."""

from manifests import HEAD, manifest, repository, topic

from kgov.manifest.explain import effective_values
from kgov.model.place import Layer

PROJECT = f"""\
{HEAD}kind: Project
environments:
  dev: {{defaults: {{replicas: 1, config: {{retention.ms: 2d}}}}}}
"""
CATEGORY = manifest("RetentionCategory", "events", "{retention: 7d, cleanup: delete}")


def weaker(spec: str) -> dict[str, list[tuple[str, Layer]]]:
    found = effective_values(repository(topic(spec), CATEGORY, project=PROJECT), "dev", "a.b")
    assert found is not None
    return {each.path: [(over.value, over.source.layer) for over in each.over] for each in found if each.over}


def test_a_config_wins_over_every_weaker_layer_the_strongest_first():
    spec = "{category: events, retention: 3d, environments: {dev: {retention: 1d}}}"
    assert weaker(spec) == {
        "config.retention.ms": [
            ("259200000", Layer.MANIFEST),
            ("172800000", Layer.DEFAULT),
            ("604800000", Layer.CATEGORY),
        ]
    }


def test_a_manifest_wins_over_a_default_and_an_overlay_over_both():
    assert weaker("{replicas: 3}") == {"replicas": [("1", Layer.DEFAULT)]}
    assert weaker("{replicas: 3, partitions: 4, environments: {dev: {replicas: 2, partitions: 5}}}") == {
        "replicas": [("3", Layer.MANIFEST), ("1", Layer.DEFAULT)],
        "partitions": [("4", Layer.MANIFEST)],
    }


def test_what_nothing_else_says_wins_over_nothing():
    assert weaker("{partitions: 4, labels: {a: b}}") == {}
