import pytest
from governed import ONE, access, acl, findings, findings_with, messages, topic
from worlds import allow, live

from kgov.model.finding import Severity
from kgov.model.live import NotLookedAt

WRITER = access("w", "User:w", "role: producer, topic: t")


def test_a_topic_that_nobody_may_read_is_told() -> None:
    (finding,) = findings("KG316", topic("t"), WRITER)
    assert (finding.severity, finding.message) == (Severity.INFO, 'nobody may read "t"')
    assert (str(finding.resource), finding.place.line) == ("Topic/t", 3)


@pytest.mark.parametrize(
    "reader",
    [
        access("r", "User:r", "role: consumer, topic: t, group: g"),
        access("r", "User:r", "role: consumer, topicPrefix: t, group: g"),
        acl("r", "User:r", "resource: Topic, name: '*', operations: [All]"),
    ],
)
def test_any_reader_will_do(reader) -> None:
    assert findings("KG316", topic("t"), WRITER, reader) == []


def test_a_reader_who_is_denied_it_is_none() -> None:
    reader = access("r", "User:r", "role: consumer, topic: t, group: g")
    deny = acl("taken", "User:*", "resource: Topic, name: t, operations: [Read], permission: deny")
    assert messages(findings("KG316", topic("t"), WRITER, reader, deny)) == ['nobody may read "t"']


def test_of_very_many_who_are_denied_it_one_is_believed() -> None:
    readers = access("r", ", ".join(f"User:r{n}" for n in range(101)), "role: consumer, topic: t, group: g")
    deny = acl("taken", "User:*", "resource: Topic, name: t, operations: [Read], permission: deny")
    assert findings("KG316", topic("t"), readers, deny) == []


@pytest.mark.parametrize("state", ["deprecated", "retired"])
def test_topics_on_their_way_out_are_to_be_left(state) -> None:
    assert findings("KG316", topic("t", spec=f"{{lifecycle: {{state: {state}}}}}"), WRITER) == []


def test_without_any_access_nobody_says_who_reads() -> None:
    assert findings("KG316", topic("t")) == []


def test_live_readers_whom_no_manifest_names_count() -> None:
    documents = (topic("t"), WRITER)
    assert findings_with("KG316", live(bindings=[allow("User:old", "Read", "t")]), *documents) == []
    assert len(findings_with("KG316", live(bindings=[allow("User:w", "Read", "t")]), *documents)) == 1
    assert len(findings_with("KG316", live(bindings=NotLookedAt("no rights")), *documents)) == 1


def test_live_grants_that_are_only_reported_count_too() -> None:
    project = f"{ONE}manages: {{undeclaredGrants: report}}\n"
    kept = live(bindings=[allow("User:w", "Read", "t")])
    assert findings_with("KG316", kept, topic("t"), WRITER, project=project) == []
