"""KG402: records that nothing ever deletes, without an archive or a reason."""

from collections.abc import Iterator

from kgov.capacity.keeping import RETENTION, is_kept_forever, size_bound
from kgov.model.finding import Problem
from kgov.model.topic import Topic
from kgov.policy.blame import blamed
from kgov.policy.rule import IN_PRODUCTION, Case, Example, Page, Rule, Stage

_REASON = "reason"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if topic.retired or not is_kept_forever(topic) or size_bound(topic) is not None:
            continue
        if topic.archive is None and not _has_reason(topic):
            source = topic.config[RETENTION].source
            # Where records are about people, it is the topic's own fault whoever says so (KG502).
            at_fault = topic.resource if topic.data.personal else blamed(topic, source)
            yield Problem(
                "KG402",
                "retention is unlimited and nothing else deletes records: the topic grows for ever",
                source.place,
                at_fault,
                "give it a retention, archive the records, or say why in a label such as reason: …",
            )


def _has_reason(topic: Topic) -> bool:
    return any(key.casefold().endswith(_REASON) and text.strip() for key, text in topic.labels.items())


RULE = Rule(
    code="KG402",
    name="unlimited-retention",
    severity=IN_PRODUCTION,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG401", "KG403", "KG502"),
    page=Page(
        what="""\
A topic's old records are to be deleted (`cleanup.policy: delete`, Kafka's default), and its retention is
`unlimited` (-1): no record is ever too old. It is fine where one of these holds:

- the manifest names an `archive`,
- a label whose name ends in `reason` says why (`reason`, `retention-reason`),
- `retention.bytes` bounds the topic by its size,
- the topic is compacted, so that the number of keys bounds it.

Where a category or a default says so, it is one finding there. Retired topics are not checked.""",
        why="""\
Such a topic grows until its broker's disk is full: then all other topics of that broker stop with it. Long
before, moving it to another broker takes days, and whatever was written into it by mistake stays. In one
public repository 133 of 796 topics kept everything, and of 107 comments that were to explain it 105 said
"because ...".""",
        fix="""\
Give the topic a `retention` as long as its readers need to catch up, and let an archive keep the rest
(`archive: {target: …}`). If only the newest record of each key matters, compact it (`cleanup.policy:
compact`). If everything must stay on Kafka, say why: `labels: {reason: …}`.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  retention: unlimited
"""
                },
                says="retention is unlimited and nothing else deletes records: the topic grows for ever",
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
  retention: 30d
  archive: {target: lakehouse, keep: 7y}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.corrections.v1}
spec:
  retention: unlimited
  labels: {reason: the stock is computed again from the first correction on; about 2 GB a year}
"""
                },
            ),
        ),
        see=("KG401", "KG404", "KG502"),
    ),
)
