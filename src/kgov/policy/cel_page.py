"""A policy as a rule, so that it is tuned, waived and explained like those that are built in."""

from collections.abc import Iterable, Mapping
from typing import Final

from kgov.model.cel_policy import Policy
from kgov.policy.rule import Page, Rule, Stage
from kgov.policy.wording import listed

NO_REASON: Final = "The policy does not say why it is there: its description is empty."
_FIX: Final = "Change what the message says, or ask those who own the policy for a Waiver."


def policy_rules(policies: Iterable[Policy]) -> Mapping[str, Rule]:
    """Make the rule of every policy, by code."""
    return {policy.code: _rule(policy) for policy in policies}


def scope(policy: Policy) -> str:
    """Say in a sentence what a policy judges."""
    match = policy.match
    parts = [f"Every {match.kind}"]
    if match.names is not None:
        parts.append(f"whose name fits {listed(match.names, 'or')}")
    if match.teams is not None:
        parts.append(f"that belongs to {listed(match.teams, 'or')}")
    if match.environments is not None:
        parts.append(f"in {listed(match.environments)}")
    if match.production is not None:
        parts.append("in production" if match.production else "outside of production")
    return " ".join(parts) + "."


def settings_of(policy: Policy) -> tuple[str, ...]:
    """Say how a policy is tuned and set aside."""
    return (
        f"`rules: {{{policy.code}: warning}}` in kgov.yaml tunes it (error, warning, info, off).",
        f"A Waiver with `rule: {policy.code}` sets it aside for one resource.",
    )


def _rule(policy: Policy) -> Rule:
    checks = "\n\n".join(f"```cel\n{rule.check.text.strip()}\n```" for rule in policy.rules)
    page = Page(
        what=f"{scope(policy)} What must be true:\n\n{checks}",
        why=policy.description.strip() or NO_REASON,
        fix=_FIX,
        failing=(),
        passing=(),
    )
    return Rule(policy.code, policy.name, policy.severity, Stage.DESIRED, page)
