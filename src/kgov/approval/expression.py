"""Conditions of ApprovalPolicies in CEL, asked of the resources of one environment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from kgov.approval.condition import Expressions, Met
from kgov.model.approval import ApprovalPolicy
from kgov.model.desired import Desired
from kgov.model.finding import Problem
from kgov.model.place import ResourceId
from kgov.model.project import Environment
from kgov.policy.cel import Answer, Expression, Failure, Language, Mistakes, Record, Scene, record
from kgov.policy.cel_messages import UnfitError
from kgov.policy.cel_subjects import Subject, Subjects
from kgov.policy.cel_values import environment_values

DEFAULT_KIND: Final = "Topic"
"""What an expression is about where its policy does not say."""

Old = Callable[[], Desired | None]
"""Gives the environment as the base revision has it."""

_LONGEST: Final = 60
"""Letters of a condition that a message repeats."""


def mistakes(policies: Iterable[ApprovalPolicy]) -> Iterator[Problem]:
    """Say what is wrong with conditions in CEL, at their places (KG004)."""
    for policy in policies:
        if policy.when is None:
            continue
        found = _compiled(policy)
        for each in found.all if isinstance(found, Mistakes) else ():
            resource = ResourceId("ApprovalPolicy", policy.name)
            place = policy.when.at(each.line, each.column)
            yield Problem("KG004", f"spec.when: {each.message}", place, resource, hint=each.hint)


def expressions(desired: Desired, old: Old, told: Sequence[ApprovalPolicy]) -> Expressions:
    """Prepare to ask; ``told`` are the policies whose mistakes are findings already."""
    return _Asked(desired, old, told)


def _compiled(policy: ApprovalPolicy) -> Expression | Mistakes:
    return _compile(policy.kind or DEFAULT_KIND, policy.when.text if policy.when else "")


@lru_cache(maxsize=256)
def _compile(kind: str, text: str) -> Expression | Mistakes:
    return Language.of(kind).compile(text, Answer.BOOL)


class _Asked:
    def __init__(self, desired: Desired, old: Old, told: Sequence[ApprovalPolicy]) -> None:
        self._subjects = Subjects(desired)
        self._old = old
        self._before: Subjects | None = None
        self._told = told

    def met(self, policy: ApprovalPolicy, environments: Sequence[Environment]) -> Iterator[Met]:
        subjects = self._subjects.of_kind(policy.kind or DEFAULT_KIND)
        expression = _compiled(policy)
        if isinstance(expression, Mistakes):
            if policy not in self._told:
                yield from (Met(each.resource, "its condition does not compile") for each in subjects)
            return
        # An expression that does not look at the environment says the same of each.
        guises = environments if "environment" in expression.variables else environments[:1]
        shown = [record("Environment", environment_values(guise)) for guise in guises]
        for subject in subjects:
            why = next(filter(None, (self._ask(expression, subject, guise) for guise in shown)), "")
            if why:
                yield Met(subject.resource, why)

    def _ask(self, expression: Expression, subject: Subject, environment: Record) -> str:
        """Say why a resource meets a condition; empty where it does not."""
        subjects = self._subjects
        try:
            scene = Scene(
                subjects.record(subject),
                self._old_of(subject.resource) if "oldObject" in expression.variables else None,
                environment,
                subjects.team(subject.owner),
                subjects.surroundings,
            )
        except UnfitError as error:
            return f"its condition cannot be asked ({error})"
        answer = expression.evaluate(scene)
        if isinstance(answer, Failure):
            return f"its condition has no answer ({answer.why})"
        text = " ".join(expression.text.split())
        short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        return short if answer else ""

    def _old_of(self, resource: ResourceId) -> Record | None:
        if self._before is None:
            old = self._old()
            if old is None:
                return None
            self._before = Subjects(old)
        found = self._before.find(resource)
        return None if found is None else self._before.record(found)
