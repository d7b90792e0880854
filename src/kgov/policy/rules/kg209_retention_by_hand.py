"""KG209: retention written as retention.ms under config."""

from collections.abc import Iterator
from typing import Final

from kgov.capacity.keeping import is_deleted_from
from kgov.model.finding import Problem, Severity
from kgov.model.units import format_duration
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_KEY: Final = "retention.ms"
_FIELD: Final = "config"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        value = topic.config.get(_KEY)
        if value is None or value.field != _FIELD or value.problem or topic.retired:
            continue
        # Under compaction alone it has no effect (KG210): there it is to go, not to be written in another way.
        if is_deleted_from(topic):
            shown = format_duration(int(value.text))
            message = f"{_KEY} stands under config; retention: {shown} says the same"
            hint = f"write retention: {shown} beside config, or leave it to the category"
            yield Problem("KG209", message, value.source.place, blamed(topic, value.source), hint)


RULE = Rule(
    code="KG209",
    name="retention-by-hand",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
Retention is written as `retention.ms` under `config`, of a topic or of the `defaults` of an environment,
and not as `retention` or by the category. The value holds all the same. Retired topics are not checked, nor
are topics that are only compacted, where it has no effect (KG210).""",
        why="""\
How long records stay is what auditors, data protection and the bill for disks ask of every topic: it should
stand in one place, in days. `2592000000`, `2629800000`, `2628000000`, `2764800000` and two more numbers were
all called "1 month" in the comments of one public repository.""",
        fix="""\
Write `retention: 30d` under `spec`. Better still, take the line out and let the category say it.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {retention.ms: 2592000000}
"""
                },
                says="retention.ms stands under config; retention: 30d says the same",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {retention: 30d}
"""
                },
            ),
        ),
        see=("KG210", "KG401"),
    ),
)
