"""Policies of a repository's own, whose rules are CEL expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kgov.model.finding import Severity
from kgov.model.glob import matches
from kgov.model.place import Place
from kgov.model.placed_text import PlacedText

PREFIX = "Policy/"
"""What the code of a policy's findings begins with, its name behind."""


Written = Mapping[str, object]
"""A resource, or a part of one, as manifests write it."""


class Expectation(StrEnum):
    """What a policy is to say of the object of a test; ``error``: it cannot judge it."""

    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """What must be true of an object, and what is said where it is not: a text, or what an expression gives."""

    check: PlacedText
    message: str | None
    message_expression: PlacedText | None


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """An object, partially, and what the policy is to say of it.

    ``name`` is empty where it has none; ``message`` is what one of the messages must be, if that is said.
    """

    name: str
    place: Place
    subject: Written
    old: Written | None
    environment: Written
    team: Written | None
    others: tuple[Written, ...]
    expect: Expectation
    message: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """Which objects a policy judges; ``None`` is all of them. Names are globs."""

    kind: str
    environments: tuple[str, ...] | None = None
    production: bool | None = None
    names: tuple[str, ...] | None = None
    teams: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. ``where`` maps dotted paths of the spec to where they are written."""

    name: str
    place: Place
    description: str
    match: Match
    severity: Severity
    rules: tuple[PolicyRule, ...]
    tests: tuple[PolicyTest, ...]
    where: Mapping[str, Place] = field(default_factory=dict, repr=False, compare=False)

    @property
    def code(self) -> str:
        """The code of its findings, which waivers and ``rules:`` of kgov.yaml name."""
        return f"{PREFIX}{self.name}"

    def judges(self, name: str, owner: str | None) -> bool:
        """Say whether it is about an object of its kind, by the object's name and owner."""
        match = self.match
        if match.teams is not None and owner not in match.teams:
            return False
        return match.names is None or any(matches(pattern, name) for pattern in match.names)
