"""KG701: more replicas of partitions than the brokers are to carry."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Final

from kgov.capacity.figures import number_in_words
from kgov.capacity.partitions import replicas_of_partitions
from kgov.model.capacity import PARTITIONS_PER_BROKER
from kgov.model.finding import Problem, Severity
from kgov.model.live import Live, NotLookedAt
from kgov.policy.capacity import WHOLE_ENVIRONMENT, greatest
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import counted

_PER_BROKER: Final = "limits.partitionsPerBroker"
_WHOLE: Final = "limits.partitions"


def _check(case: Case) -> Iterator[Problem]:
    environment = case.desired.environment
    limits = environment.limits
    if environment.capacity is None and limits.partitions_per_broker is None and limits.partitions is None:
        return
    held = replicas_of_partitions(case.desired, case.live)
    if limits.partitions is not None and sum(held.values()) > limits.partitions:
        message = (
            f"{_count(held)} are over the {number_in_words(limits.partitions)} of the whole cluster ({_WHOLE})"
        )
        yield Problem("KG701", message, environment.place_of(_WHOLE), None, _hint(held, case.live))
    yield from _by_broker(case, held)


def _by_broker(case: Case, held: Mapping[str, int]) -> Iterator[Problem]:
    environment = case.desired.environment
    limit = environment.limits.partitions_per_broker
    most = limit or PARTITIONS_PER_BROKER
    if environment.capacity is not None:
        brokers, graded = environment.capacity.brokers, None if limit else Severity.WARNING
        whose = "" if limit else ", which is the usual advice where kgov.yaml has no limit of its own"
        hint = _hint(held, case.live)
    elif limit is not None:
        # Nobody says how many there are: at least as many as a partition has replicas, and perhaps far more.
        brokers, graded = case.sums.most_replicas, Severity.WARNING
        whose = f", if there are no more brokers than the {brokers} that replicas ask for"
        hint = "say how many there are: capacity: {brokers: …}"
    else:
        return
    each = ceil(sum(held.values()) / brokers)
    if each > most:
        message = (
            f"{_count(held)} on {counted(brokers, 'broker')} are {number_in_words(each)} for each, "
            f"over {number_in_words(most)} ({_PER_BROKER}){whose}"
        )
        yield Problem("KG701", message, environment.place_of(_PER_BROKER, "capacity"), None, hint, graded)


def _count(held: Mapping[str, int]) -> str:
    return f"{number_in_words(sum(held.values()))} replicas of partitions"


def _hint(held: Mapping[str, int], live: Live | None) -> str:
    most = greatest({name: float(number) for name, number in held.items()}, number_in_words)
    others = () if live is None or isinstance(live.other_topics, NotLookedAt) else live.other_topics
    uncounted = (
        f"; not counted: {counted(len(others), 'topic')} of the cluster that no manifest declares"
        if others
        else ""
    )
    return f"most are those of {most}: ask for fewer partitions, or add brokers{uncounted}"


_PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
    capacity: {brokers: 3}
    limits: {partitionsPerBroker: 100}
"""

RULE = Rule(
    code="KG701",
    name="partitions-per-broker",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    sees_live=True,
    unwaivable=WHOLE_ENVIRONMENT,
    page=Page(
        what=f"""\
The declared topics together have more replicas of partitions than the cluster is to carry: partitions times
replicas of every topic, over `capacity.brokers`, are more than `limits.partitionsPerBroker` of the
environment in kgov.yaml, or all of them are more than `limits.partitions`. Without a limit of its own, an
environment with `capacity.brokers` gets a warning over {PARTITIONS_PER_BROKER:,}; without
`capacity.brokers`, a limit can only be held against the fewest brokers that there can be, which is a
warning too.

Where a topic leaves its partitions to the broker, one is counted, and as many replicas as `minReplicas`. In
plan and audit, a declared topic that has more partitions on the cluster than in its manifest counts with
those: they stay. Topics that no manifest declares are not counted, nor are retired ones: they go.""",
        why="""\
Each replica of a partition costs its broker memory and open files, and when a broker dies, all partitions
that it led need a new leader at once: the more there are, the longer their writers wait. Partitions can
never be taken away again, so the time to stop is before they are there.""",
        fix="""\
Ask for fewer partitions: one carries about 10 MB a second, and no more consumers of a group than partitions
can work at once. `kgov size` shows which topics have the most. Otherwise add brokers, and say so in
`capacity`.""",
        failing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: web.clicks.v1}
spec: {partitions: 120, replicas: 3, retention: 7d}
""",
                },
                says="360 replicas of partitions on 3 brokers are 120 for each, "
                "over 100 (limits.partitionsPerBroker)",
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
spec: {partitions: 24, replicas: 3, retention: 7d}
""",
                },
            ),
        ),
        see=("KG702", "KG703"),
    ),
)
