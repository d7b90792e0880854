import pytest
from judged import judged, messages, of, project
from manifests import manifest, topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId

SAYS = "retention is unlimited and nothing else deletes records: the topic grows for ever"


@pytest.mark.parametrize(
    "spec",
    [
        "{retention: unlimited}",
        "{config: {retention.ms: -1}}",
        "{retention: unlimited, config: {cleanup.policy: delete, retention.bytes: -1}}",
        "{retention: unlimited, labels: {cost: 'reason'}}",
        "{retention: unlimited, labels: {reason: ' '}}",
        "{retention: unlimited, data: {personal: false}}",
        "{retention: unlimited, config: {remote.storage.enable: true, local.retention.ms: 1d}}",
    ],
)
def test_what_nothing_deletes_is_an_error_in_production(spec) -> None:
    (finding,) = of("KG402", judged(topic(spec)))
    assert (finding.message, finding.severity) == (SAYS, Severity.ERROR)
    assert finding.resource == ResourceId("Topic", "a.b")
    assert finding.place.line == 4


def test_it_is_a_warning_elsewhere() -> None:
    (finding,) = of("KG402", judged(topic("{retention: -1}"), project=project().replace("true", "false")))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "spec",
    [
        "{retention: 30d}",
        "{}",
        "{retention: unlimited, archive: {target: lake}}",
        "{retention: unlimited, labels: {reason: the ledger is computed from it}}",
        "{retention: unlimited, labels: {retention-Reason: the ledger is computed from it}}",
        "{retention: unlimited, config: {retention.bytes: 8GB}}",
        "{retention: unlimited, keyed: true, config: {cleanup.policy: compact}}",
        "{retention: unlimited, keyed: true, config: {cleanup.policy: [compact, delete]}}",
        "{retention: unlimited, lifecycle: {state: retired}}",
        "{config: {retention.ms: soon}}",
    ],
)
def test_what_is_bounded_archived_or_explained_is_fine(spec) -> None:
    assert [finding for finding in judged(topic(spec)) if finding.code == "KG402"] == []


def test_a_category_or_a_default_that_says_so_is_one_finding_there() -> None:
    category = manifest("RetentionCategory", "all", "{retention: unlimited, cleanup: delete}")
    (found,) = of("KG402", judged(category, topic("{category: all}", "a"), topic("{category: all}", "b")))
    assert found.resource == ResourceId("RetentionCategory", "all")
    unlimited = project("defaults: {retention: unlimited}")
    (found,) = of("KG402", judged(topic("{}", "a"), topic("{}", "b"), project=unlimited))
    assert (found.resource, found.place.file) == (None, "kgov.yaml")


def test_one_fault_is_one_finding() -> None:
    category = manifest("RetentionCategory", "x", "{retention: 7d, max: 30d, archive: {required: true}}")
    over = judged(category, topic("{category: x, retention: unlimited, archive: {target: lake}}"))
    assert messages("KG401", over) != []
    duty = manifest("RetentionCategory", "x", "{retention: 7d, archive: {required: true}}")
    assert messages("KG403", judged(duty, topic("{category: x, retention: unlimited}"))) != []
    personal = "data: {personal: true, legalBasis: contract, subjects: [staff]}"
    assert messages("KG502", judged(topic(f"{{retention: unlimited, {personal}}}"))) != []
    forever = manifest("RetentionCategory", "all", "{retention: unlimited, cleanup: delete}")
    assert messages("KG502", judged(forever, topic(f"{{category: all, {personal}}}"))) != []
