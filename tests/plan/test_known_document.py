"""What an earlier audit or report knew is read back, whichever kgov wrote it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kgov.errors import UsageError
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.plan.documents.known_document import known_document, live_document, read_known

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
COUNT = LiveCount(1, 2, 3, 4, 5, 6)
BEFORE = Known("cluster-0", datetime(2026, 11, 23, tzinfo=UTC), COUNT, None)


def audit(**given):
    return {
        "format": "kgov-audit/1",
        "environment": "dev",
        "cluster": {"id": "cluster-1"},
        "at": "2026-11-24T06:00:00Z",
        "live": live_document(COUNT),
        "known": None,
        "drift": [],
        "summary": {},
    } | given


def report(**given):
    return {
        "format": "kgov-report/1",
        "environment": "dev",
        "cluster": {"id": "cluster-1"},
        "started": "2026-11-24T05:00:00Z",
        "finished": "2026-11-24T06:00:00Z",
        "live": live_document(COUNT),
    } | given


@pytest.mark.parametrize(
    "document", [audit(), report(), report(finished=None, started="2026-11-24T07:00:00+01:00")]
)
def test_what_was_live_is_known_with_its_cluster_and_time(document):
    assert read_known(document, "dev") == Known("cluster-1", NOW, COUNT)


def test_an_audit_that_did_not_believe_its_cluster_still_knows_what_was_known():
    document = audit(live=live_document(LiveCount(0, 0, 0, 0, 0, 0)), known=known_document(BEFORE))
    assert read_known(document, "dev") == BEFORE


def older(document):
    return {key: value for key, value in document.items() if key not in ("live", "known")}


def test_of_an_older_audit_is_known_what_can_be_derived():
    drift = [
        {"resource": {"kind": "Topic", "name": name}, "state": state}
        for name, state in (("a", "drifted"), ("a", "blocked"), ("b", "missing"), ("c", "undeclared"))
    ]
    found = read_known(older(audit(drift=drift, summary={"inSync": 7})), "dev")
    assert found == Known("cluster-1", NOW, LiveCount(), objects=9)
    assert found.says_something


def test_of_an_older_report_and_of_an_audit_that_was_not_made_nothing_is_known():
    for document in (older(report()), older(audit(cluster={"id": None}))):
        assert not read_known(document, "dev").says_something
    del (bare := older(report()))["cluster"]
    assert read_known(bare, "dev").cluster_id == ""


def test_known_counts_are_written_and_read_back_whole():
    nowhere = replace(BEFORE, cluster_id="", objects=3)
    assert read_known(audit(known=known_document(nowhere)), "dev") == nowhere
    assert known_document(None) is None


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"format": "kgov-plan/1"}, "kgov-plan/1"),
        ({}, "None"),
        (audit(live={"topics": -1}), "not complete"),
        (audit(at="yesterday"), "not complete"),
        (older(audit(summary={"inSync": 10**400})), "not complete"),
        (audit(known=known_document(BEFORE) | {"objects": 10**400}), "not complete"),
        (older(report(started=None)), "not complete"),
    ],
)
def test_anything_else_is_no_memory(document, why):
    with pytest.raises(UsageError) as raised:
        read_known(document, "dev")
    assert why in raised.value.why


def test_a_memory_of_another_environment_is_refused():
    with pytest.raises(UsageError, match="of dev, not of prod"):
        read_known(audit(), "prod")
