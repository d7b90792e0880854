"""KG205: nobody says min.insync.replicas, so that the broker decides what an acknowledged write is."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem
from kgov.model.topic import MIN_REPLICAS_OF, Topic
from kgov.policy.rule import IN_PRODUCTION, Case, Example, Page, Rule, Stage

_KEY: Final = "min.insync.replicas"
_HINT: Final = f"say config: {{{_KEY}: 2}}, best once for all under defaults of the environment in kgov.yaml"


def _check(case: Case) -> Iterator[Problem]:
    of_environment = case.desired.environment.min_replicas
    for topic in case.desired.topics.values():
        # With one replica there is nothing to be in sync with; too few of them (KG204) are mended first.
        if _KEY not in topic.config and not topic.retired and not _has_few_replicas(topic, of_environment):
            replicas = "" if topic.replicas is None else f" of {topic.replicas} replicas"
            message = f"{_KEY}{replicas} is left to the broker, whose own default is 1"
            yield Problem("KG205", message, topic.place, topic.resource, _HINT)


def _has_few_replicas(topic: Topic, of_environment: int) -> bool:
    of_tier = MIN_REPLICAS_OF[topic.criticality] if topic.criticality else 0
    return topic.replicas is not None and topic.replicas < max(of_environment, of_tier, 2)


RULE = Rule(
    code="KG205",
    name="min-isr-unset",
    severity=IN_PRODUCTION,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
`min.insync.replicas` of a topic is said nowhere: not by the topic, not by an overlay, not by the `defaults` of
the environment. Topics with one replica are left alone, and where there are too few replicas (KG204) only
that is reported. Retired topics are not looked at.""",
        why="""\
A writer with `acks=all` waits for the replicas that are in sync, and Kafka's default asks for one of them: the
leader itself. When the other brokers lag or are down, a record counts as safely written while it lies on one
disk, and is gone with it. Brokers can have another default, which no reviewer sees and which a new cluster
may not have. In one public repository none of 796 topics said it.""",
        fix="""\
Say it once for all topics, under the environment in kgov.yaml: `defaults: {config: {min.insync.replicas: 2}}`.
With three replicas, 2 means that one broker may be down while writers go on, and that every acknowledged
record is on two disks.""",
        failing=(
            Example(
                files={
                    "kgov.yaml": """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3}
""",
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6}
""",
                },
                says="min.insync.replicas of 3 replicas is left to the broker, whose own default is 1",
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
""",
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6}
""",
                },
            ),
        ),
        see=("KG203", "KG204"),
    ),
)
