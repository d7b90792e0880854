"""KG201: a topic config that the target Kafka does not have, or that is not a manifest's to set."""

from collections.abc import Iterator, Mapping
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic_configs import ConfigKey, UnknownKey, config_key, is_vendor
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_MOST_GUESSES: Final = 500
"""Different keys for which a near one is looked for: a hostile repository can hold very many."""

_FIELDS: Final[Mapping[str, str]] = {
    "default.replication.factor": "replicas",
    "num.partitions": "partitions",
    "partitions": "partitions",
    "replicas": "replicas",
    "replication.factor": "replicas",
    "retention": "retention",
}
"""What other tools keep among the configs, and which field of a topic it is."""


def _check(case: Case) -> Iterator[Problem]:
    version = case.desired.environment.kafka
    judged: dict[str, tuple[str, str] | None] = {}
    for topic in case.desired.topics.values():
        if topic.retired:
            continue
        for key, value in topic.config.items():
            if key not in judged:
                judged[key] = _fault(key, version, guesses=_MOST_GUESSES - len(judged))
            if found := judged[key]:
                message, hint = found
                yield Problem("KG201", message, value.source.place, blamed(topic, value.source), hint)


def _fault(key: str, version: str, guesses: int) -> tuple[str, str] | None:
    """Say what is wrong with a key and, where the message does not, what to do.

    A near key is looked for while there are ``guesses`` left.
    """
    if is_vendor(key):
        return f"{key} is a vendor's own config, which kgov never touches", "take it out of the manifest"
    found = config_key(key, version)
    if isinstance(found, UnknownKey):
        # No version has it: without naming one, environments of several versions have one finding in common.
        if key in _FIELDS:
            return f"Kafka has no topic config {quoted(key)}", f"write {_FIELDS[key]} beside config instead"
        meant = found.nearest if guesses > 0 else ()
        guess = f"; did you mean {meant[0]}?" if meant else ""
        return f"Kafka has no topic config {quoted(key)}{guess}", ""
    if not isinstance(found, ConfigKey):
        return found.message, ""
    if found.operational:
        return (
            f"{key} belongs to a running reassignment, and kgov never touches it",
            "take it out of the manifest",
        )
    return None


RULE = Rule(
    code="KG201",
    name="unknown-config",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A key under `config` is not a topic config of the environment's Kafka version (`kafka` in kgov.yaml, by
default the newest that kgov knows). The nearest key is named. Of keys that Kafka has removed, kgov says
since when and what to use instead; of keys that come later, with which version.

Two kinds of real keys are refused as well, because kgov never touches them: the throttles of a running
reassignment (`leader.replication.throttled.replicas`, `follower.replication.throttled.replicas`) and
vendors' own keys (`confluent.*`, `redpanda.*`).

A key in the `defaults` of an environment is reported once, in kgov.yaml. Retired topics are not checked.""",
        why="""\
The broker refuses the whole topic for one unknown key, in the middle of an apply. A key that is merely
spelt like one (`retention.millis`) leaves people believing in a setting that was never there.""",
        fix="""\
Write the key that is suggested, or take the line out. If the brokers run another Kafka than kgov assumes,
say so: `kafka: "4.1"` under the environment in kgov.yaml.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {minInsyncReplicas: 2}
"""
                },
                says='Kafka has no topic config "minInsyncReplicas"; did you mean min.insync.replicas?',
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {message.timestamp.difference.max.ms: 1h}
"""
                },
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
  config: {min.insync.replicas: 2, message.timestamp.before.max.ms: 1h}
"""
                },
            ),
        ),
        see=("KG202",),
    ),
)
