"""KG401: retention or cleanup against the topic's retention category."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.policies import RetentionCategory
from kgov.model.topic import ConfigValue, Topic
from kgov.model.units import format_duration
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_UNLIMITED = -1


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        category = case.desired.categories.get(topic.category or "")
        if category is None or topic.retired:
            continue
        retention, cleanup = topic.config.get("retention.ms"), topic.config.get("cleanup.policy")
        if retention and not retention.problem and (words := _outside(int(retention.text), category)):
            yield _problem(topic, retention, f"{words} of category {quoted(category.name)}", _allowed(category))
        if (
            cleanup
            and not cleanup.problem
            and category.cleanup
            and cleanup.text != category.cleanup
            and _policies(cleanup.text) != _policies(category.cleanup)
        ):
            message = f"cleanup.policy {cleanup.text} is against category {quoted(category.name)}"
            yield _problem(
                topic,
                cleanup,
                message,
                f"{category.place} says {category.cleanup}: take that, or choose another category",
            )


def _problem(topic: Topic, value: ConfigValue, message: str, hint: str) -> Problem:
    return Problem("KG401", message, value.source.place, blamed(topic, value.source), hint)


def _outside(retention: int, category: RetentionCategory) -> str:
    """Say which bound is broken, such as ``retention 3d is under the 7d minimum``; -1 is the largest value."""
    if category.minimum is not None and _reach(retention) < _reach(category.minimum):
        return f"{_said(retention)} is under the {format_duration(category.minimum)} minimum"
    if category.maximum is not None and _reach(retention) > _reach(category.maximum):
        return f"{_said(retention)} is over the {format_duration(category.maximum)} maximum"
    return ""


def _said(retention: int) -> str:
    return f"retention {format_duration(retention)}"


def _reach(ms: int) -> float:
    return float("inf") if ms == _UNLIMITED else ms


def _allowed(category: RetentionCategory) -> str:
    bounds = (("at least", category.minimum), ("at most", category.maximum))
    words = " and ".join(f"{word} {format_duration(ms)}" for word, ms in bounds if ms is not None)
    return f"{category.place} says {words}: keep to that, or choose another category"


def _policies(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(","))


RULE = Rule(
    code="KG401",
    name="outside-category",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic names a RetentionCategory, and its retention lies under the category's `min` or over its `max`, or
its `cleanup.policy` differs from the category's `cleanup`. What counts is the effective value in each
environment, whether it comes from `retention`, under `config`, in an overlay or in the defaults.
`unlimited` is over every `max`.

A topic whose retention nobody says is not judged here, nor is a retired one.""",
        why="""\
A category is a promise to others: to auditors that a transaction can be replayed for a week at least, to
the data protection officer that nothing is kept for longer than agreed. A topic that leaves the range
breaks it quietly.""",
        fix="""\
Choose a retention within the bounds, take the line out (the category then decides), or choose the category
that fits. If the bounds are wrong, the change belongs in the category, where its owner reviews it.""",
        failing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec: {category: business-transaction, retention: 3d}
""",
                    "policies/categories.yaml": """\
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: business-transaction}
spec: {retention: 30d, min: 7d, max: 90d, cleanup: delete}
""",
                },
                says='retention 3d is under the 7d minimum of category "business-transaction"',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec: {category: business-transaction, retention: 60d}
""",
                    "policies/categories.yaml": """\
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: business-transaction}
spec: {retention: 30d, min: 7d, max: 90d, cleanup: delete}
""",
                },
            ),
        ),
        see=("KG202",),
    ),
)
