"""KG205: nobody says min.insync.replicas, so that the broker decides what an acknowledged write is."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.tiers import TIERS
from kgov.model.topic import MIN_REPLICAS_OF, ConfigValue, Topic
from kgov.model.topic_configs import UnknownKey, config_key
from kgov.policy.blame import blamed, nearer, source_of
from kgov.policy.rule import IN_PRODUCTION, Case, Example, Page, Rule, Stage

_KEY: Final = "min.insync.replicas"
_MOST_GUESSES: Final = 500
"""Different keys that are looked at: a hostile repository can hold very many."""

_HINT: Final = f"say config: {{{_KEY}: 2}}, best once for all under defaults of the environment in kgov.yaml"


def _check(case: Case) -> Iterator[Problem]:
    of_environment = case.desired.environment.min_replicas
    misspelt = _Misspelt(case.desired.environment.kafka)
    for topic in case.desired.topics.values():
        # With one replica there is nothing to be in sync with; too few of them (KG204) are mended first.
        if topic.retired or _has_few_replicas(topic, of_environment):
            continue
        if _KEY in topic.config:
            yield from _under_its_tier(topic, topic.config[_KEY])
        elif not any(map(misspelt.is_it, topic.config)):
            replicas = "" if topic.replicas is None else f" of {topic.replicas} replicas"
            message = f"{_KEY}{replicas} is left to the broker, whose own default is 1"
            yield Problem("KG205", message, topic.place, topic.resource, _HINT)


class _Misspelt:
    """Tells keys that are no topic config and were meant to be ours: KG201 says so of the key itself."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._judged: dict[str, bool] = {}

    def is_it(self, key: str) -> bool:
        if key not in self._judged:
            found = config_key(key, self._version) if len(self._judged) < _MOST_GUESSES else None
            self._judged[key] = isinstance(found, UnknownKey) and found.nearest[:1] == (_KEY,)
        return self._judged[key]


def _under_its_tier(topic: Topic, said: ConfigValue) -> Iterator[Problem]:
    """Warn of a value that makes little of a critical topic: somebody has decided it, and may have a reason."""
    if topic.criticality is None or said.problem:
        return
    least = TIERS[topic.criticality].in_sync
    if int(said.text) < least:
        source = nearer(said.source, source_of(topic, "criticality"))
        message = f"{_KEY} {said.text} is under the {least} that criticality {topic.criticality} asks for"
        hint = f"say config: {{{_KEY}: {least}}}, or lower the criticality"
        yield Problem("KG205", message, source.place, blamed(topic, source), hint, Severity.WARNING)


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
`min.insync.replicas` of a topic is said nowhere: not by the topic, not by an overlay, not by the `defaults`
of the environment. Where it is said, and is less than what the criticality of the topic asks for (2 for
mission-critical and critical topics), that is a warning. Where it is said and misspelt, KG201 says so.

Topics with one replica are left alone, and where there are too few replicas (KG204) only that is reported.
Retired topics are not checked.""",
        why="""\
A writer with `acks=all` waits for the replicas that are in sync, and Kafka's default asks for one of them:
the leader itself. When the other brokers lag or are down, a record counts as safely written while one
broker alone has it, and is lost with that broker. Brokers can have another default, which no reviewer sees
and which a new cluster may not have. In one public repository none of 796 topics said it.""",
        fix="""\
Say it once for all topics, under the environment in kgov.yaml: `defaults: {config: {min.insync.replicas:
2}}`. With three replicas, 2 means that one broker may be down while writers go on, and that every
acknowledged record is on two brokers.""",
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
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  partitions: 6
  replicas: 3
  criticality: critical
  config: {min.insync.replicas: 1}
""",
                },
                says="min.insync.replicas 1 is under the 2 that criticality critical asks for",
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
