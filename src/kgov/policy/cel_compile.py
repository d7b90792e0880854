"""Policies, compiled once for all environments."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kgov.model.cel_policy import Policy, PolicyRule
from kgov.model.finding import Problem
from kgov.model.place import Place, ResourceId
from kgov.model.placed_text import PlacedText
from kgov.policy.cel import Answer, Expression, Failure, Language, Mistakes, Scene

_MOST_KEPT = 4_096

_LONGEST_MESSAGE = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of an object that it does not pass; ``failed``: it could not be judged."""

    message: str
    failed: bool


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule whose expressions are sound."""

    check: Expression
    message: str | Expression

    @property
    def variables(self) -> frozenset[str]:
        """The variables that it looks at."""
        said = self.message.variables if isinstance(self.message, Expression) else frozenset[str]()
        return self.check.variables | said

    def judge(self, scene: Scene) -> Verdict | None:
        """Say what is wrong with the object; ``None`` where nothing is. What cannot be judged is wrong."""
        answer = self.check.evaluate(scene)
        if isinstance(answer, Failure):
            return Verdict(f"cannot be judged: {answer.why}", failed=True)
        if answer is True:
            return None
        if isinstance(self.message, str):
            return Verdict(self.message, failed=False)
        said = self.message.evaluate(scene)
        if isinstance(said, str) and said.strip():
            return Verdict(" ".join(said.split())[:_LONGEST_MESSAGE], failed=False)
        why = said.why if isinstance(said, Failure) else "it is empty"
        return Verdict(f"{untold(self.check.text)} (its message has no text: {why})", failed=False)


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """A policy with those of its rules that are sound, and what is wrong with the others (KG004)."""

    policy: Policy
    rules: tuple[CompiledRule, ...]
    problems: tuple[Problem, ...]


def compile_policy(policy: Policy) -> CompiledPolicy:
    """Compile every rule of a policy; raises ``CelMissingError`` where CEL cannot be loaded."""
    rules: list[CompiledRule] = []
    problems: list[Problem] = []
    for index, rule in enumerate(policy.rules):
        path = f"spec.rules[{index}]"
        message = _message(policy, rule)
        check = _compiled(policy, rule.check, Answer.BOOL)
        if isinstance(check, Mistakes):
            problems += _problems(policy, f"{path}.check", rule.check, check)
        if isinstance(message, Mistakes) and rule.message_expression is not None:
            problems += _problems(policy, f"{path}.messageExpression", rule.message_expression, message)
        if isinstance(check, Expression) and not isinstance(message, Mistakes):
            rules.append(CompiledRule(check, message))
    return CompiledPolicy(policy, tuple(rules), tuple(problems))


def untold(check: str) -> str:
    """Say what is wrong where a rule has no message."""
    return f"is not so: {' '.join(check.split())[:_LONGEST_MESSAGE]}"


def _message(policy: Policy, rule: PolicyRule) -> str | Expression | Mistakes:
    if rule.message_expression is not None:
        return _compiled(policy, rule.message_expression, Answer.STRING)
    return untold(rule.check.text) if rule.message is None else rule.message


def _compiled(policy: Policy, text: PlacedText, answer: Answer) -> Expression | Mistakes:
    return _expression(policy.match.kind, text.text, answer)


@lru_cache(maxsize=_MOST_KEPT)
def _expression(kind: str, text: str, answer: Answer) -> Expression | Mistakes:
    return Language.of(kind).compile(text, answer)


def _problems(policy: Policy, path: str, text: PlacedText, mistakes: Mistakes) -> Iterator[Problem]:
    for mistake in mistakes.all:
        place: Place = text.at(mistake.line, mistake.column)
        resource = ResourceId("Policy", policy.name)
        yield Problem("KG004", f"{path}: {mistake.message}", place, resource, hint=mistake.hint)
