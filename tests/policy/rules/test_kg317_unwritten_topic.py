import pytest
from governed import access, findings, topic

from kgov.model.finding import Severity

READER = access("r", "User:r", "role: consumer, topic: t, group: g")


def test_a_topic_that_nobody_may_write_to_is_told() -> None:
    (finding,) = findings("KG317", topic("t"), READER)
    assert (finding.severity, finding.message) == (Severity.INFO, 'nobody may write to "t"')


@pytest.mark.parametrize(
    "grant",
    [
        "role: producer, topic: t",
        "role: streams, applicationId: app, outputTopic: t",
        "role: DeveloperWrite, topicPrefix: t",
        "role: Admin, topic: t",
    ],
)
def test_any_writer_will_do(grant) -> None:
    assert findings("KG317", topic("t"), READER, access("w", "User:w", grant)) == []
