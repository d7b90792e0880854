"""KG704: a topic that is in no sum, because nobody says how much is written to it."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, Page, Rule, Stage


def _check(case: Case) -> Iterator[Problem]:
    if case.desired.environment.capacity is None:
        return
    for topic in case.desired.topics.values():
        volume = topic.volume
        if topic.retired or (volume is not None and volume.bytes_per_second is not None):
            continue
        if volume is not None and volume.records_per_second is not None:
            message, hint = (
                "volume counts records and does not say how large they are",
                "say volume.messageSize",
            )
        else:
            message, hint = "nobody says how much is written", "say volume: {rate: 200/s, messageSize: 1KiB}"
        yield Problem(
            "KG704",
            f"{message}: the topic is in no sum of storage or network",
            topic.where("volume"),
            topic.resource,
            f"{hint}; a guess is better than nothing",
        )


_PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
    capacity: {brokers: 3, disk: 8TB, link: 10Gbps}
"""

RULE = Rule(
    code="KG704",
    name="volume-missing",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
The environment states its `capacity`, and a topic does not say how much is written to it: it has no
`volume` with a `rate`, or a rate in records without `messageSize`. Retired topics are not checked. Without
a `capacity` nothing is asked for.""",
        why="""\
KG702 and KG703 and `kgov size` can only add up what is declared. A cluster with room for what is declared
is full all the same if half of its topics say nothing.""",
        fix="""\
Say what you know: `volume: {rate: 200/s, messageSize: 1KiB}`, or `volume: {rate: 2MB/s}`; `peak: 5` where
the busiest moments bring five times as much. For a topic that is there already, its metrics tell.""",
        failing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6, replicas: 3, retention: 7d}
""",
                },
                says="nobody says how much is written: the topic is in no sum of storage or network",
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  partitions: 6
  replicas: 3
  retention: 7d
  volume: {rate: 200/s, messageSize: 1KiB}
""",
                },
            ),
        ),
        see=("KG702", "KG703"),
    ),
)
