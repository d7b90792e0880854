"""KG503: restricted data whose fields are not said to be encrypted."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.topic_facts import Classification, Encryption
from kgov.policy.rule import Case, Example, Page, Rule, Stage


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        data = topic.data
        if topic.retired or data.classification is not Classification.RESTRICTED:
            continue
        if data.encrypted is not Encryption.FIELD:
            said = (
                "nobody says whether their fields are encrypted"
                if data.encrypted is None
                else "encrypted is none"
            )
            path = "data.classification" if data.encrypted is None else "data.encrypted"
            hint = "have producers encrypt the fields and say encrypted: field, or classify the data lower"
            message = f"the data are restricted, and {said}"
            yield Problem("KG503", message, topic.where(path), topic.resource, hint)


RULE = Rule(
    code="KG503",
    name="restricted-unencrypted",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic's data are classified as `restricted`, and its manifest does not say `encrypted: field`: either
nothing is said, or `none`. Retired topics are not checked.""",
        why="""\
TLS protects records on their way, and an encrypted disk protects them when a disk is stolen. Neither
protects them from whoever may read the topic, runs the brokers, or holds a backup or a copy in an archive.
For the few data that would do the most harm, producers encrypt the fields themselves, and only readers with
the key see them.""",
        fix="""\
Have the producers encrypt what is restricted within each record, and then say `encrypted: field`. kgov
cannot look into records: the manifest is the team's word. Data that do not need this are `confidential`.""",
        failing=(
            Example(
                files={
                    "topics/cards.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.cards.v1}
spec:
  retention: 7d
  data: {classification: restricted}
"""
                },
                says="the data are restricted, and nobody says whether their fields are encrypted",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/cards.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.cards.v1}
spec:
  retention: 7d
  data: {classification: restricted, encrypted: field}
"""
                },
            ),
        ),
        see=("KG501", "KG505"),
    ),
)
