"""KG502: personal data that can never be erased."""

from collections.abc import Iterator

from kgov.capacity.keeping import (
    CLEANUP,
    RETENTION,
    UNLIMITED,
    is_compacted,
    is_deleted_from,
    is_kept_forever,
    number,
)
from kgov.model.finding import Problem, Severity
from kgov.model.place import Layer
from kgov.model.topic import Topic
from kgov.policy.rule import Case, Example, Page, Rule, Stage


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        found = None if topic.retired or not topic.data.personal else _fault(topic)
        if found:
            key, message, hint = found
            yield Problem("KG502", message, topic.where(_said_here(topic, key)), topic.resource, hint)


def _fault(topic: Topic) -> tuple[str, str, str] | None:
    """Find the config at fault, what is wrong and what to do."""
    if is_kept_forever(topic):
        message = "personal data are kept for ever: retention is unlimited, and nothing else deletes records"
        return (
            RETENTION,
            message,
            "give it a retention, or compact it by key so that single people can be erased",
        )
    if is_compacted(topic) and not topic.keyed and not _goes_by_age(topic):
        message = (
            "personal data are compacted without keys: no record can be erased"
            if topic.keyed is False
            else "personal data are compacted, and nobody says that records have keys to erase them by"
        )
        return CLEANUP, message, "give records a key to erase them by (keyed: true), or delete by retention"
    return None


def _goes_by_age(topic: Topic) -> bool:
    return is_deleted_from(topic) and number(topic, RETENTION) != UNLIMITED


def _said_here(topic: Topic, key: str) -> str:
    """Choose what to point at: the config where the topic says it, else that its data are personal."""
    own = topic.config[key].source.layer in (Layer.MANIFEST, Layer.OVERLAY)
    return f"config.{key}" if own else "data.personal"


RULE = Rule(
    code="KG502",
    name="personal-kept-forever",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic holds personal data, and they stay for ever: its retention is `unlimited` while records are only
deleted by age, or it is only compacted and does not say that its records have keys (`keyed: true`).
Compaction with keys is fine: a record without a value (a tombstone) erases the person behind the key at the
next compaction. A bound by size (`retention.bytes`) does not help: where little is written it reaches back
for years. A topic whose retention nobody says is KG404. Retired topics are not checked.""",
        why="""\
Data about people may be kept no longer than their purpose needs (GDPR article 5; Law 25 asks that they are
destroyed or made anonymous then), and people may ask to be erased (article 17). Kafka cannot delete a
single record in the middle of a topic: either its age takes it away, or a tombstone does.""",
        fix="""\
Give the topic a `retention` as long as the purpose needs. If the newest state of each person must stay,
compact it by the person's key, and write a tombstone when somebody is to be forgotten;
`max.compaction.lag.ms` bounds how long the erasure may take. What a law wants to be kept for longer belongs
in an archive with a term (`archive: {target: …, keep: 7y}`).""",
        failing=(
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: unlimited
  data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}
"""
                },
                says="personal data are kept for ever: retention is unlimited, "
                "and nothing else deletes records",
            ),
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  config: {cleanup.policy: compact}
  data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}
"""
                },
                says="personal data are compacted, and nobody says that records have keys to erase them by",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  keyed: true
  config: {cleanup.policy: compact}
  data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.visits.v1}
spec:
  retention: 30d
  data: {classification: confidential, personal: true, legalBasis: consent, subjects: [customers]}
"""
                },
            ),
        ),
        see=("KG211", "KG402", "KG404", "KG501"),
    ),
)
