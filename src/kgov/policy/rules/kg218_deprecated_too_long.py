"""KG218: a topic that has been deprecated for longer than the project allows, and is still granted."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.topic import LifecycleState
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.topic_grants import topic_grants
from kgov.policy.wording import listed, quoted


def _check(case: Case) -> Iterator[Problem]:
    desired, term = case.desired, case.desired.project.deprecated_max_days
    overdue = [
        (topic, topic.lifecycle.since)
        for topic in desired.topics.values()
        if topic.lifecycle.state is LifecycleState.DEPRECATED
        and topic.lifecycle.since is not None
        and (case.today - topic.lifecycle.since).days > term
    ]
    if not overdue:
        return
    operators = desired.operators
    granted = topic_grants(binding for binding in desired.bindings if binding.principal not in operators)
    said: dict[tuple[frozenset[str], tuple[int, ...]], str] = {}
    for topic, since in overdue:
        prefixed = tuple(granted.by_prefix(topic.name))
        named = frozenset(binding.principal for binding in granted.named(topic.name))
        # Topics under the same prefixes are granted to the same principals, of whom there may be very many.
        key = (named, tuple(map(id, prefixed)))
        if key not in said:
            wide = {binding.principal for each in prefixed for binding in each}
            said[key] = listed(sorted(named | wide))
        if said[key]:
            days = (case.today - since).days
            message = (
                f"{quoted(topic.name)} is deprecated since {since}, {days} days ago where {term} are allowed, "
                f"and still granted to {said[key]}"
            )
            hint = "take the grants away and retire the topic, or agree on a new day in lifecycle.since"
            yield Problem("KG218", message, topic.where("lifecycle.since"), topic.resource, hint)


RULE = Rule(
    code="KG218",
    name="deprecated-too-long",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    page=Page(
        what="""\
A topic says `lifecycle: {state: deprecated, since: DAY}`, that day is longer ago than
`lifecycle.deprecatedMaxDays` of kgov.yaml (180 where it does not say), and an Access or Acl still gives
somebody Read, Write or All on it, by its name or by a prefix. Grants on `*` and
those of operators do not count. Without `since`, nothing can be told.""",
        why="""\
A topic that is always about to go is one that stays: it is paid for, it must be kept safe, and its old format
must be understood. Teams move when there is a day.""",
        fix="""\
Ask the principals that the finding names when they will have moved, and take their grants away. Then write
`state: retired`, which deletes the topic. If a later end was agreed on, write the day of that agreement into
`since`, or set the rule aside with a Waiver until then.""",
        failing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec:
  lifecycle: {state: deprecated, since: 2025-01-31}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topic: payments.completed.v1, group: reports}
""",
                },
                says='"payments.completed.v1" is deprecated since 2025-01-31, 500 days ago where 180 are '
                "allowed, and still granted to User:reports",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec:
  lifecycle: {state: deprecated, since: 2025-01-31}
""",
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec: {principal: "User:reports", grants: []}
""",
                },
            ),
        ),
        see=("KG217",),
    ),
)
