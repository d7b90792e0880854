import pytest
from judged import judged, messages, of
from manifests import topic

from kgov.model.finding import Severity
from kgov.model.place import ResourceId


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        ("personal: true", "legalBasis and subjects"),
        ("personal: true, legalBasis: contract", "subjects"),
        ("personal: true, legalBasis: contract, subjects: []", "subjects"),
        ("personal: true, subjects: [customers]", "legalBasis"),
        ("personal: true, legalBasis: '', subjects: [customers]", "legalBasis"),
        ("personal: true, legalBasis: n/a, subjects: [customers, TODO]", "legalBasis and subjects"),
    ],
)
def test_what_is_missing_is_named_in_one_error(data, missing) -> None:
    (finding,) = of("KG501", judged(topic(f"{{retention: 7d, data: {{{data}}}}}")))
    assert (finding.message, finding.severity) == (f"personal data without {missing}", Severity.ERROR)
    assert (finding.resource, finding.place.line) == (ResourceId("Topic", "a.b"), 4)
    assert finding.place.column == len("spec: {retention: 7d, data: {personal: ") + 1


@pytest.mark.parametrize(
    "spec",
    [
        "{data: {personal: true, legalBasis: contract, subjects: [customers]}}",
        "{data: {personal: false}}",
        "{data: {classification: restricted, encrypted: field}}",
        "{}",
        "{data: {personal: true}, lifecycle: {state: retired}}",
    ],
)
def test_what_is_complete_or_not_about_people_is_fine(spec) -> None:
    assert messages("KG501", judged(topic(spec))) == []
