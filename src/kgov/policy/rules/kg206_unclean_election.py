"""KG206: unclean leader election is switched on."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_KEY: Final = "unclean.leader.election.enable"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        value = topic.config.get(_KEY)
        if value is not None and value.text == "true" and not topic.retired:
            message = f"{_KEY} is true: a replica that missed records may become leader, and they are lost"
            hint = "take the line out; during an outage, an operator can switch it on by hand for one topic"
            yield Problem("KG206", message, value.source.place, blamed(topic, value.source), hint)


RULE = Rule(
    code="KG206",
    name="unclean-election",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic, or the `defaults` of an environment, sets `unclean.leader.election.enable` to `true`. Retired
topics are not checked.""",
        why="""\
When every replica that is in sync is down, Kafka waits for one of them. With this setting it takes any
replica that is left as the new leader. Whatever that one has not copied yet is gone for good, including
records that were acknowledged to their writers. When the old leader comes back, it cuts its own log to
match.""",
        fix="""\
Take the line out: `false` is Kafka's default. If it matters more that a topic is available than that it is
complete (clicks, say), set the rule aside for it with a Waiver that says so.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {unclean.leader.election.enable: true}
"""
                },
                says="unclean.leader.election.enable is true: "
                "a replica that missed records may become leader, and they are lost",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {min.insync.replicas: 2}
"""
                },
            ),
        ),
        see=("KG203", "KG204", "KG205"),
    ),
)
