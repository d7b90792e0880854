import pytest
from judged import judged, messages
from manifests import topic


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("classification: restricted", "nobody says whether their fields are encrypted"),
        ("classification: restricted, encrypted: none", "encrypted is none"),
    ],
)
def test_restricted_data_that_are_not_encrypted_are_an_error(data, says) -> None:
    found = judged(topic(f"{{retention: 7d, data: {{{data}}}}}"))
    assert messages("KG503", found) == [f"the data are restricted, and {says}"]


@pytest.mark.parametrize(
    "spec",
    [
        "{data: {classification: restricted, encrypted: field}}",
        "{data: {classification: confidential, encrypted: none}}",
        "{data: {encrypted: none}}",
        "{data: {classification: restricted}, lifecycle: {state: retired}}",
    ],
)
def test_what_is_encrypted_or_not_restricted_is_fine(spec) -> None:
    assert messages("KG503", judged(topic(spec))) == []
