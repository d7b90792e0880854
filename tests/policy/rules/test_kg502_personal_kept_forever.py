import pytest
from judged import judged, messages, of
from manifests import manifest, topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId

DATA = "data: {personal: true, legalBasis: contract, subjects: [customers]}"
FOR_EVER = "personal data are kept for ever: retention is unlimited, and nothing else deletes records"


@pytest.mark.parametrize(
    "spec",
    [
        "retention: unlimited",
        "retention: unlimited, config: {retention.bytes: 1GB}",
        "retention: unlimited, archive: {target: lake}",
        "retention: unlimited, labels: {reason: we like to keep things}",
    ],
)
def test_what_has_no_age_limit_is_an_error(spec) -> None:
    (finding,) = of("KG502", judged(topic(f"{{{spec}, {DATA}}}")))
    assert (finding.message, finding.severity) == (FOR_EVER, Severity.ERROR)
    assert (finding.resource, finding.place.column) == (
        ResourceId("Topic", "a.b"),
        len("spec: {retention: ") + 1,
    )


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("keyed: false, config: {cleanup.policy: compact}", "compacted without keys: no record can be erased"),
        (
            "config: {cleanup.policy: compact}",
            "compacted, and nobody says that records have keys to erase them by",
        ),
        (
            "keyed: false, retention: unlimited, config: {cleanup.policy: [compact, delete]}",
            "compacted without keys: no record can be erased",
        ),
    ],
)
def test_compaction_without_keys_erases_nobody_and_is_told_once(spec, says) -> None:
    found = judged(topic(f"{{{spec}, {DATA}}}"))
    assert [finding.message for finding in found if finding.code in ("KG502", "KG211")] == [
        f"personal data are {says}"
    ]


@pytest.mark.parametrize(
    "spec",
    [
        f"{{retention: 30d, {DATA}}}",
        f"{{keyed: true, config: {{cleanup.policy: compact}}, {DATA}}}",
        f"{{keyed: true, retention: unlimited, config: {{cleanup.policy: [compact, delete]}}, {DATA}}}",
        f"{{config: {{cleanup.policy: [compact, delete], retention.ms: 7d}}, {DATA}}}",
        f"{{{DATA}}}",
        f"{{retention: unlimited, lifecycle: {{state: retired}}, {DATA}}}",
        "{retention: unlimited, archive: {target: x}}",
    ],
)
def test_what_can_be_erased_or_is_not_about_people_is_fine(spec) -> None:
    assert messages("KG502", judged(topic(spec))) == []


def test_where_a_category_keeps_everything_the_topic_is_told_that_its_data_are_personal() -> None:
    category = manifest("RetentionCategory", "all", "{retention: unlimited, cleanup: delete}")
    (finding,) = of("KG502", judged(category, topic(f"{{category: all, {DATA}}}")))
    assert (finding.resource, finding.place.line) == (ResourceId("Topic", "a.b"), 9)
    assert finding.place.column == len("spec: {category: all, data: {personal: ") + 1
