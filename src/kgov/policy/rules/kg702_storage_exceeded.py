"""KG702: the declared volumes do not fit on the disks."""

from collections.abc import Iterator

from kgov.capacity.figures import bytes_in_words, number_in_words
from kgov.capacity.load import Measure
from kgov.capacity.room import room_in
from kgov.model.finding import Problem, Severity
from kgov.policy.capacity import WHOLE_ENVIRONMENT, greatest
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import counted


def _check(case: Case) -> Iterator[Problem]:
    environment = case.desired.environment
    if environment.capacity is None or environment.capacity.disk is None:
        return
    sums, capacity = case.sums, environment.capacity
    room = room_in(sums.total, environment)[Measure.DISK]
    if room.left < 0:
        factor = number_in_words(capacity.safety_factor)
        most = greatest({each.topic.name: each.load.stored for each in sums.topics}, bytes_in_words)
        yield Problem(
            "KG702",
            f"the declared volumes need {bytes_in_words(room.used)} of disk (with replicas, times {factor}), "
            f"and {counted(capacity.brokers, 'broker')} of {bytes_in_words(environment.capacity.disk)} "
            f"have {bytes_in_words(room.given)}",
            environment.place_of("capacity.disk"),
            None,
            f"most is that of {most}: keep less, or add disks; kgov size shows all",
        )


_PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
    capacity: {brokers: 6, disk: 8TB, link: 10Gbps}
"""

RULE = Rule(
    code="KG702",
    name="storage-exceeded",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    unwaivable=WHOLE_ENVIRONMENT,
    page=Page(
        what="""\
The environment states its disks (`capacity: {brokers: …, disk: …}`), and the topics that declare a `volume`
need more than there is:

`write rate x retention x replicas x safety factor`, summed over all topics.

The safety factor is 1.3 unless `capacity.safetyFactor` says otherwise. `retention.bytes` bounds a topic; of
tiered topics what the brokers themselves keep is counted, of compacted ones the records that are too new to
be compacted. Topics without a volume (KG704) and topics that are kept for ever (KG402) are not in the sum,
nor are retired ones. `kgov size` shows every step.""",
        why="""\
A broker whose disk is full stops, and with it every partition that it leads; the brokers that hold the
copies are often as full. Deleting in a hurry is how records are lost. The sum is known on the day on which
somebody asks for the topic.""",
        fix="""\
Keep less: a shorter `retention`, compression at the producer, an archive for what is read once a year. Or
add brokers or disks, and then say so in `capacity`. If the volume was a guess, correct it.""",
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
  retention: 7d
  volume: {rate: 100MB/s}
""",
                },
                says="the declared volumes need 235.9 TB of disk (with replicas, times 1.3), "
                "and 6 brokers of 8 TB have 48 TB",
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
  volume: {rate: 100MB/s}
""",
                },
            ),
        ),
        see=("KG701", "KG703", "KG704"),
    ),
)
