"""KG210: retention that the topic's cleanup policy never looks at."""

from collections.abc import Iterator, Mapping
from typing import Final

from kgov.capacity.keeping import is_compacted, is_deleted_from
from kgov.model.finding import Problem, Severity
from kgov.model.place import Layer
from kgov.model.topic import ConfigValue, Topic
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_OF_DELETION: Final = ("retention.ms", "retention.bytes")
_OF_COMPACTION: Final = ("delete.retention.ms",)

_TODO: Final[Mapping[tuple[str, ...], str]] = {
    _OF_DELETION: "take it out, or write cleanup.policy: [compact, delete] if old records are to go as well",
    _OF_COMPACTION: "take it out; how long records stay is retention",
}


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if topic.retired:
            continue
        idle = _OF_DELETION if not is_deleted_from(topic) else () if is_compacted(topic) else _OF_COMPACTION
        said = {key: value for key in idle if (value := topic.config.get(key)) and _is_meant(topic, value)}
        if said:
            first = min(said.values(), key=lambda value: value.source.place)
            policy = "compact alone" if idle is _OF_DELETION else "delete"
            verb = "has" if len(said) == 1 else "have"
            keys = listed(value.field if value.field != "config" else key for key, value in said.items())
            message = f"{keys} {verb} no effect: cleanup.policy is {policy}"
            yield Problem("KG210", message, first.source.place, blamed(topic, first.source), _TODO[idle])


def _is_meant(topic: Topic, value: ConfigValue) -> bool:
    """Say whether the value is meant for this topic: what defaults and categories say is for all the others."""
    if value.problem:
        return False
    cleanup = topic.config.get("cleanup.policy")
    if value.source.layer in (Layer.MANIFEST, Layer.OVERLAY):
        return True
    return cleanup is not None and cleanup.source.layer is value.source.layer


RULE = Rule(
    code="KG210",
    name="retention-without-effect",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic says something that its `cleanup.policy` never looks at:

- `retention`, `retention.ms` or `retention.bytes` with `compact` alone: nothing is deleted by age or size;
- `delete.retention.ms` without compaction: there are no tombstones that it could keep.

Where no `cleanup.policy` is said, Kafka's default `delete` is taken. What a category or the defaults say
for all topics is not reported. Retired topics are not checked.""",
        why="""\
The author believes in a setting that does nothing. `retention.ms: 2592000000 # 30 days` on a compacted
topic keeps the last record of every key for ever; where it holds personal data, that is a promise broken.
Besides, the line wakes up when somebody adds `delete`: one public topic, with `retention.ms: 100`, would
then have lost nearly all its records at the broker's next check.""",
        fix="""\
Take the line out. If records shall go after a time and the last one of every key shall stay until then, write
`cleanup.policy: [compact, delete]`. With `delete` alone, `retention` is what was meant.""",
        failing=(
            Example(
                files={
                    "topics/customers.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 30d
  keyed: true
  config: {cleanup.policy: compact}
"""
                },
                says="retention has no effect: cleanup.policy is compact alone",
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {delete.retention.ms: 20000000}
"""
                },
                says="delete.retention.ms has no effect: cleanup.policy is delete",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/customers.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 30d
  keyed: true
  config: {cleanup.policy: [compact, delete], delete.retention.ms: 1d}
"""
                },
            ),
        ),
        see=("KG209", "KG211", "KG401"),
    ),
)
