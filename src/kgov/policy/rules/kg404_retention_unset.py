"""KG404: nobody says how long the records of a topic stay."""

from collections.abc import Iterator

from kgov.capacity.keeping import RETENTION, RETENTION_BYTES, is_deleted_from
from kgov.model.finding import Problem, Severity
from kgov.model.topic import Topic
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_LIMITS = (RETENTION, RETENTION_BYTES)


def _check(case: Case) -> Iterator[Problem]:
    desired = case.desired
    left_to_others = frozenset(desired.project.scope.ignore_config)
    for topic in desired.topics.values():
        if topic.retired or not is_deleted_from(topic) or any(key in topic.config for key in _LIMITS):
            continue
        if RETENTION in left_to_others or RETENTION in topic.ignore_config:
            continue
        category = desired.categories.get(topic.category or "")
        # A category that nobody declares is a fault of its own (KG008), and would say.
        if topic.category is None or category is not None:
            yield _problem(topic)


def _problem(topic: Topic) -> Problem:
    silent = f", category {quoted(topic.category)} does not either" if topic.category else ""
    return Problem(
        "KG404",
        f"the manifest does not say how long records stay{silent}: the broker's default decides",
        topic.where("category"),
        topic.resource,
        "say retention: 7d, choose a category with a retention, or set defaults.retention of the environment",
    )


RULE = Rule(
    code="KG404",
    name="retention-unset",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
Neither the topic nor its category nor the defaults of its environment say how long records stay: there is
no `retention`, no `retention.ms` and no `retention.bytes`. A topic that is only compacted needs none, one
that leaves `retention.ms` to others (`ignoreConfig`) is not judged, nor is a retired one.""",
        why="""\
The broker's default then decides: a week on most clusters, and something else on the next one. It can be
changed for all such topics at once by whoever runs the brokers, and nobody who reads the manifest can say
whether last week's records are still there. In one public repository 44 topics had neither limit, beside
siblings that kept everything for ever.""",
        fix="""\
Write `retention: 7d`, or whatever the readers need to catch up after an outage; or name a `category`. To
decide it once for all topics of an environment, set `defaults: {retention: 7d}` in kgov.yaml.""",
        failing=(
            Example(
                files={
                    "topics/debts.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: finance.debts.v1}
spec:
  config: {cleanup.policy: delete}
"""
                },
                says="the manifest does not say how long records stay: the broker's default decides",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/debts.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: finance.debts.v1}
spec:
  retention: 14d
  config: {cleanup.policy: delete}
"""
                },
            ),
        ),
        see=("KG401", "KG402", "KG405"),
    ),
)
