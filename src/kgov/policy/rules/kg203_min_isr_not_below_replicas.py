"""KG203: min.insync.replicas leaves no replica to spare."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic import Topic
from kgov.policy.blame import blamed, nearer, source_of
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_KEY: Final = "min.insync.replicas"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        message = "" if topic.retired else _fault(topic)
        if message:
            source = nearer(topic.config[_KEY].source, source_of(topic, "replicas"))
            hint = f"lower {_KEY} or raise replicas, so that one replica is to spare"
            yield Problem("KG203", message, source.place, blamed(topic, source), hint)


def _fault(topic: Topic) -> str:
    """Say what is wrong, or nothing; what the broker decides is not known and not judged."""
    value = topic.config.get(_KEY)
    if value is None or value.problem or topic.replicas is None:
        return ""
    least, replicas = int(value.text), topic.replicas
    if least > replicas:
        return f"{_KEY} {least} is over replicas {replicas}: nobody can ever write with acks=all"
    if least == replicas > 1:
        return (
            f"{_KEY} {least} equals replicas {replicas}: one broker's restart stops all writers with acks=all"
        )
    return ""


RULE = Rule(
    code="KG203",
    name="min-isr-not-below-replicas",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG204",),
    page=Page(
        what="""\
`min.insync.replicas` is not below `replicas`: equal to it where there are two or more replicas, or greater
than it. One replica with `min.insync.replicas: 1` is fine. A topic that leaves one of the two to the broker
is not judged. Where there are too few replicas as well (KG204), only that is reported. Retired topics are
not checked.""",
        why="""\
A write with `acks=all` is accepted only while at least `min.insync.replicas` replicas are in sync. With 3
of 3, every restart of one broker, even for an upgrade, stops every such writer of the topic. Kafka accepts
the setting, and even 3 of 2, which can never be fulfilled. It was found in 27 of 29 topics of one public
repository.""",
        fix="""\
Three replicas with `min.insync.replicas: 2` are what most topics want: one broker may be down, and every
acknowledged record is on two brokers.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  replicas: 3
  config: {min.insync.replicas: 3}
"""
                },
                says="min.insync.replicas 3 equals replicas 3: "
                "one broker's restart stops all writers with acks=all",
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
  replicas: 3
  config: {min.insync.replicas: 2}
"""
                },
            ),
        ),
        see=("KG204",),
    ),
)
