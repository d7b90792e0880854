import pytest
from governed import ONE, access, acl, findings, findings_with, messages, topic
from worlds import live, live_topic

from kgov.model.finding import Severity
from kgov.model.live import NotLookedAt

READ = "role: consumer, topic: gone, group: g"


def said(*documents: str) -> list[str]:
    return messages(findings("KG313", topic("there.a"), *documents))


def test_a_name_that_no_topic_bears_is_told_where_it_stands() -> None:
    (finding,) = findings("KG313", topic("there.a"), access("x", "User:x", READ))
    assert finding.severity is Severity.WARNING
    assert finding.message == 'Topic "gone": no declared topic matches'
    assert (finding.place.line, finding.place.column) == (12, 31)


def test_a_prefix_that_no_name_begins_with_is_told() -> None:
    (message,) = said(access("x", "User:x", "role: producer, topicPrefix: [gone., there.]"))
    assert message == 'every Topic that begins with "gone.": no declared topic matches'


@pytest.mark.parametrize(
    "grant",
    [
        "role: consumer, topic: there.a, group: g",
        "role: consumer, topicPrefix: there., group: g",
        "role: DeveloperRead, groupPrefix: nothing-",
        "role: streams, applicationId: app, inputTopic: there.a",
        "role: connect-worker, group: g, topic: [worker-configs, worker-offsets, worker-status]",
        "role: schema-reader, topic: registry",
        "role: schema-registry, topic: registry",
        "role: mirror-maker-target, source: montreal",
        "role: consumer, topic: [_schemas, __consumer_offsets, app-store-changelog, connect-configs], group: g",
        "role: consumer, topic: ours-kept, group: g",
        "role: Admin, topicPrefix: its-own-",
    ],
)
def test_what_is_there_or_is_made_by_programs_is_fine(grant) -> None:
    project = f"{ONE}protects: {{topics: [ours-*]}}\n"
    assert findings("KG313", topic("there.a"), access("x", "User:x", grant), project=project) == []


def test_topics_that_the_principal_may_create_are_its_own_to_bring() -> None:
    brings = "resource: Topic, name: app-, pattern: prefixed, operations: [Create, Read]"
    assert said(acl("x", "User:x", brings, "resource: Topic, name: app-state, operations: [Read]")) == []
    assert len(said(acl("x", "User:x", brings), access("z", "User:z", "role: producer, topic: app-state"))) == 1


def test_denials_and_asterisks_are_not_judged() -> None:
    assert said(acl("x", "User:x", "resource: Topic, name: gone, operations: [Read], permission: deny")) == []
    assert said(acl("x", "User:x", "resource: Topic, name: '*', operations: [Describe]")) == []
    assert said(acl("x", "User:x", "resource: Topic, name: 'gone.*', operations: [Read]")) == []


def test_one_name_of_a_manifest_is_told_once() -> None:
    entries = (f"resource: Topic, name: gone, operations: [{operation}]" for operation in ("Read", "Write"))
    assert len(said(acl("x", "User:x", *entries))) == 1
    assert len(said(access("x", "User:x", READ), access("z", "User:z", READ))) == 2


def test_without_any_topic_only_a_plan_can_tell() -> None:
    (finding,) = findings("KG313", access("x", "User:x", READ))
    assert finding.severity is Severity.INFO
    assert finding.message == 'Topic "gone": no topic is declared here at all, and only a plan sees the cluster'


def test_a_topic_of_the_cluster_makes_it_silent() -> None:
    document = access("x", "User:x", READ)
    assert findings_with("KG313", live(others=("gone",)), document) == []
    assert (
        findings_with("KG313", live([live_topic("there.a")], others=("gone",)), topic("there.a"), document)
        == []
    )


def test_a_cluster_without_the_topic_makes_it_sure() -> None:
    (finding,) = findings_with("KG313", live(others=("other",)), access("x", "User:x", READ))
    assert finding.severity is Severity.WARNING
    assert finding.message == 'Topic "gone": no topic matches, neither a declared one nor one of the cluster'


def test_what_was_not_looked_at_is_not_taken_for_missing() -> None:
    unseen = live(others=NotLookedAt("no rights"))
    (finding,) = findings_with("KG313", unseen, topic("there.a"), access("x", "User:x", READ))
    assert finding.message == 'Topic "gone": no declared topic matches'
