"""KG703: the declared volumes do not fit through the links."""

from collections.abc import Iterator

from kgov.capacity.figures import bits_in_words
from kgov.capacity.load import Measure
from kgov.capacity.room import room_in
from kgov.model.finding import Problem, Severity
from kgov.policy.capacity import WHOLE_ENVIRONMENT, greatest
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import counted


def _check(case: Case) -> Iterator[Problem]:
    environment = case.desired.environment
    if environment.capacity is None or environment.capacity.link is None:
        return
    sums, capacity = case.sums, environment.capacity
    given = room_in(sums.total, environment)[Measure.LINK].given
    usual, busiest = sums.total.network, sums.total.busiest
    if busiest <= given:
        return
    needed, when, graded = (usual, "", None) if usual > given else (busiest, " at peak", Severity.WARNING)
    most = greatest({each.topic.name: each.load.busiest for each in sums.topics}, bits_in_words)
    yield Problem(
        "KG703",
        f"the declared volumes need {bits_in_words(needed)}{when} (copying and consumer groups included), and "
        f"{counted(capacity.brokers, 'broker')} of {bits_in_words(environment.capacity.link)} "
        f"carry {bits_in_words(given)}",
        environment.place_of("capacity.link"),
        None,
        f"most is that of {most}: compress, have fewer groups read it, or add brokers; kgov size shows all",
        graded,
    )


_PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
    capacity: {brokers: 3, disk: 20TB, link: 1Gbps}
"""

RULE = Rule(
    code="KG703",
    name="network-exceeded",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    unwaivable=WHOLE_ENVIRONMENT,
    page=Page(
        what="""\
The environment states its links (`capacity: {brokers: …, link: …}`), and the topics that declare a `volume`
need more than they carry:

`write rate x replicas + write rate x consumer groups`, summed over all topics.

A consumer group is an entry of the topic's `consumers`. Where only the peaks (`volume.peak`) of all topics
together are too much, it is a warning: they may never come at once. Both directions of a link are counted
as one, which leaves a reserve. Topics without a volume (KG704) and retired ones are not in the sum.""",
        why="""\
When a link is full, followers fall behind and leave the in-sync replicas; then writers with `acks=all`
stop, and consumers read late. More readers cost as much as more records: five groups read everything five
times.""",
        fix="""\
Have producers compress (`compression.type: zstd` often halves it), let groups that need a part of the
records read a topic of their own, or add brokers or better links, and say so in `capacity`.""",
        failing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: web.clicks.v1}
spec:
  partitions: 24
  retention: 1d
  volume: {rate: 100MB/s}
  consumers: ["User:campaigns", "User:fraud"]
""",
                },
                says="the declared volumes need 4 Gbit/s (copying and consumer groups included), "
                "and 3 brokers of 1 Gbit/s carry 3 Gbit/s",
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: web.clicks.v1}
spec:
  partitions: 24
  retention: 1d
  volume: {rate: 50MB/s}
  consumers: ["User:campaigns", "User:fraud"]
""",
                },
            ),
        ),
        see=("KG701", "KG702", "KG704"),
    ),
)
