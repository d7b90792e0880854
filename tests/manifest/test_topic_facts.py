"""What a topic states about its records and readers."""

import pytest
from manifests import desired, repository, topic

from kgov.model.topic import Topic
from kgov.model.topic_facts import (
    NOTHING_SAID,
    Archive,
    Classification,
    Consumer,
    Data,
    Encryption,
    SchemaFiles,
    Transfer,
    Volume,
)


def facts(spec: str) -> Topic:
    return desired(topic(spec)).topics["a.b"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{rate: 2000/s, messageSize: 1KiB, peak: 3.0}", Volume(2000, 2_048_000, 1024, 3.0)),
        ("{rate: 5MB/s}", Volume(None, 5_000_000, None, 1.0)),
        ("{rate: 6000B/m, messageSize: 50}", Volume(2.0, 100.0, 50, 1.0)),
        ("{rate: 86400/d}", Volume(1.0, None, None, 1.0)),
        ("{messageSize: 10}", Volume(None, None, 10, 1.0)),
    ],
)
def test_a_rate_is_worked_out_in_records_and_bytes_where_enough_is_said(spec: str, expected: Volume) -> None:
    assert facts(f"{{volume: {spec}}}").volume == expected


@pytest.mark.parametrize("peak", [".inf", ".nan", "1001", "1.0e+308", "0.5"])
def test_a_peak_with_which_sums_would_be_no_numbers_is_refused(peak: str) -> None:
    (problem,) = repository(topic(f"{{volume: {{rate: 1MB/s, peak: {peak}}}}}")).problems
    assert (problem.code, "spec.volume.peak must be" in problem.message) == ("KG004", True)


def test_what_is_not_said_is_not_there() -> None:
    found = facts("{}")
    assert (found.volume, found.consumers, found.data, found.archive, found.schema) == (
        None,
        (),
        NOTHING_SAID,
        None,
        None,
    )


def test_readers_and_data_are_kept() -> None:
    found = facts(
        "{consumers: ['User:x', {principal: 'User:y', parallel: 4}], archive: {target: lake, keep: 1d},"
        " data: {classification: restricted, personal: true, legalBasis: contract, subjects: [staff],"
        " encrypted: field}}"
    )
    assert found.consumers == (Consumer("User:x", None, None), Consumer("User:y", None, 4))
    assert found.data == Data(Classification.RESTRICTED, True, "contract", ("staff",), Encryption.FIELD)
    assert found.archive == Archive("lake", 86_400_000)
    outside = facts("{data: {categories: [names], transfers: [{to: DE, safeguard: agreement}, {to: US}]}}").data
    assert (outside.categories, outside.transfers) == (
        ("names",),
        (Transfer("DE", "agreement"), Transfer("US")),
    )
    assert facts("{data: {transfers: []}}").data == Data(transfers=())
    assert facts("{data: {personal: false}}").data == Data(personal=False)
    assert facts("{schema: {compatibility: FULL}}").schema == SchemaFiles(None, None, "FULL")
