import pytest
from judged import judged, messages, of, project
from manifests import manifest, topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId


@pytest.mark.parametrize("spec", ["{}", "{config: {cleanup.policy: delete}}", "{keyed: true}"])
def test_a_topic_without_any_limit_is_a_warning(spec) -> None:
    (finding,) = of("KG404", judged(topic(spec)))
    assert finding.severity is Severity.WARNING
    assert finding.message == "the manifest does not say how long records stay: the broker's default decides"
    assert finding.resource == ResourceId("Topic", "a.b")


def test_a_category_without_a_retention_is_named() -> None:
    found = judged(manifest("RetentionCategory", "x", "{max: 90d}"), topic("{category: x}"))
    assert 'category "x" does not either' in messages("KG404", found)[0]


@pytest.mark.parametrize(
    "spec",
    [
        "{retention: 1d}",
        "{config: {retention.ms: 1d}}",
        "{config: {retention.bytes: 1GB}}",
        "{config: {cleanup.policy: compact}, keyed: true}",
        "{ignoreConfig: [retention.ms]}",
        "{lifecycle: {state: retired}}",
    ],
)
def test_whatever_limits_it_or_needs_no_limit_is_fine(spec) -> None:
    assert messages("KG404", judged(topic(spec))) == []


def test_defaults_categories_and_projects_may_say_it() -> None:
    assert messages("KG404", judged(topic("{}"), project=project("defaults: {retention: 7d}"))) == []
    category = manifest("RetentionCategory", "x", "{retention: 7d}")
    assert messages("KG404", judged(category, topic("{category: x}"))) == []
    others = project(manages="{ignoreConfig: [retention.ms]}")
    assert messages("KG404", judged(topic("{}"), project=others)) == []


def test_a_category_that_does_not_exist_is_told_once(world) -> None:
    world.topic(category="unheard-of")
    assert world.judge() == ()
