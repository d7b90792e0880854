"""How ``rules:`` of kgov.yaml tunes severities, and what is wrong with it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from kgov.model.finding import OFF, Problem, Severity
from kgov.model.nearest import nearest
from kgov.model.project import Environment, Project
from kgov.policy.registry import CODES, RULES
from kgov.policy.rule import Rule
from kgov.policy.wording import quoted

_WEIGHT: Final[Mapping[str, int]] = {OFF: 0, Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}


def weight(severity: str) -> int:
    """Rank a severity, or ``off``: greater is worse."""
    return _WEIGHT[severity]


def tuned(rule: Rule, graded: Severity | None, environment: Environment | None) -> Severity | None:
    """Find the severity of a problem, ``None`` where its rule is off.

    ``graded`` is what the rule itself says of this problem. What kgov.yaml says goes before both, except where
    it would lower a rule that cannot be lowered.
    """
    default = graded or rule.severity_in(environment)
    setting = environment.rules.get(rule.code) if environment else None
    if setting is None or (rule.fixed and weight(setting) < weight(default)):
        return default
    return None if setting == OFF else Severity(setting)


def strictest(rule: Rule, graded: Severity | None, environments: Iterable[Environment]) -> Severity | None:
    """Find the severity of a problem that belongs to no environment: the greatest of all of them."""
    levels = [tuned(rule, graded, environment) for environment in environments]
    if not levels:
        return tuned(rule, graded, None)
    return max((level for level in levels if level), key=weight, default=None)


def setting_problems(
    project: Project, environment: Environment, own: Collection[str] = ()
) -> Iterator[Problem]:
    """Find what ``rules:`` says of rules that do not exist (KG004) or that cannot be lowered (KG004).

    ``own`` are the codes of the repository's own policies.
    """
    for code, setting in environment.rules.items():
        place = project.rule_places.get(code, environment.place)
        if code not in CODES and code not in own:
            message = f"rules: there is no rule {quoted(code)}"
            yield Problem("KG004", message, place, hint=nearest_code(code, own))
        elif (
            (rule := RULES.get(code)) and rule.fixed and weight(setting) < weight(rule.severity_in(environment))
        ):
            message = f"rules: {code} ({rule.name}) cannot be set to {setting}: {rule.fixed}"
            yield Problem("KG004", message, place, hint=f"take {code} out of rules")


def nearest_code(word: str, own: Collection[str] = ()) -> str:
    """Guess which rule was meant, by its code or its name; empty where none is near."""
    names = {name: code for code, name in CODES.items()}
    near = nearest(word, [*CODES, *names, *own])
    if not near:
        return ""
    if near[0] in own:
        return f"did you mean {near[0]}?"
    code = names.get(near[0], near[0])
    return f"did you mean {code} ({CODES[code]})?"
