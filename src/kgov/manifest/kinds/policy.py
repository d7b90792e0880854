"""Kind Policy: rules of a repository's own, in CEL."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from kgov.manifest.document import Document
from kgov.manifest.fields import Glob, Line, Manifest, Part, complaint
from kgov.manifest.metadata import Metadata
from kgov.manifest.nodes import Path, ScalarNode, find
from kgov.model.cel_policy import Expectation, Match, Policy, PolicyRule, PolicyTest
from kgov.model.finding import Severity
from kgov.model.placed_text import PlacedText

_LONGEST_EXPRESSION: Final = 4_000
_MOST_RULES: Final = 50
_MOST_TESTS: Final = 200


def _expression(text: str) -> str:
    if not text.strip():
        raise complaint("is empty")
    if len(text) > _LONGEST_EXPRESSION:
        raise complaint(f"is {len(text)} letters long, more than {_LONGEST_EXPRESSION}")
    return text


def _environment(value: object) -> object:
    """Read the short form: the name of an environment."""
    return {"name": value} if isinstance(value, str) else value


Expression = Annotated[str, AfterValidator(_expression)]
"""A CEL expression."""

Written = dict[str, Any]
"""A resource as its manifest would say it, as far as it matters."""


class PolicyMatchPart(Part):
    """Which objects are judged; what is left out matches all."""

    kind: Literal["Topic", "Access", "Acl"]
    environments: Annotated[list[Line], Field(min_length=1)] | None = None
    production: bool | None = None
    """Only environments that are production, or only those that are not."""

    names: Annotated[list[Glob], Field(min_length=1)] | None = None
    """Patterns of names, with `*` and `?`."""

    teams: Annotated[list[Line], Field(min_length=1)] | None = None
    """Only what these Teams own."""


class PolicyRulePart(Part):
    """Something that must be true."""

    check: Expression
    """A CEL expression: true is fine."""

    message: Line | None = None
    """What to say where it is not true."""

    message_expression: Expression | None = None
    """A CEL expression for what to say."""

    @model_validator(mode="after")
    def _one_message(self) -> Self:
        if self.message is not None and self.message_expression is not None:
            raise complaint("must have a message or a messageExpression, not both", "messageExpression")
        return self


class PolicyEnvironmentPart(Part):
    """The environment of a test."""

    name: Line | None = None
    cluster_id: Line | None = None
    kafka: Line | None = None
    production: bool | None = None
    min_replicas: int | None = None


class PolicyTestPart(Part):
    """An example of an object, and what the policy says of it."""

    __test__ = False

    name: Line | None = None
    object: Written
    old_object: Written | None = None
    environment: Annotated[
        PolicyEnvironmentPart | None,
        BeforeValidator(_environment, json_schema_input_type=str | PolicyEnvironmentPart),
    ] = None
    team: Written | None = None
    all: list[Written] = Field(default_factory=list, max_length=_MOST_TESTS)
    """The other resources that are there."""

    expect: Literal["pass", "fail", "error"]
    message: Line | None = None
    """One of the messages, for tests that expect to fail."""


class PolicySpec(Part):
    """What is judged, what must be true, and examples."""

    description: str = ""
    """Why the policy is there; `kgov explain` shows it."""

    match: PolicyMatchPart
    severity: Literal["error", "warning", "info"] = "error"
    rules: Annotated[list[PolicyRulePart], Field(min_length=1, max_length=_MOST_RULES)]
    tests: Annotated[list[PolicyTestPart], Field(max_length=_MOST_TESTS)] = Field(default_factory=list)


class PolicyManifest(Manifest):
    """Rules of a repository's own, in CEL, with their tests."""

    kind: Literal["Policy"]
    metadata: Metadata
    spec: PolicySpec


def to_policy(document: Document[PolicySpec], lines: tuple[str, ...]) -> Policy:
    """Make the model value; ``lines`` are those of the file, in which expressions find their places."""
    spec = document.base.spec
    match = spec.match

    def placed(text: str, *path: str | int) -> PlacedText:
        return placed_text(document, lines, text, path)

    return Policy(
        name=document.id.name,
        place=document.place,
        description=spec.description,
        match=Match(
            match.kind, _some(match.environments), match.production, _some(match.names), _some(match.teams)
        ),
        severity=Severity(spec.severity),
        rules=tuple(
            PolicyRule(
                placed(rule.check, "rules", index, "check"),
                rule.message,
                None
                if rule.message_expression is None
                else placed(rule.message_expression, "rules", index, "messageExpression"),
            )
            for index, rule in enumerate(spec.rules)
        ),
        tests=tuple(_to_test(document, index, test) for index, test in enumerate(spec.tests)),
        where={
            f"match.environments.{name}": document.base.written.place("match", "environments", index)
            for index, name in enumerate(match.environments or ())
        },
    )


def _some(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def placed_text(document: Document[Any], lines: tuple[str, ...], text: str, path: Path) -> PlacedText:
    """Say where a text of the spec stands; ``lines`` are those of the file."""
    written = document.base.written
    node = find(written.node, path)
    place = written.place(*path)
    return PlacedText(text, place, lines if isinstance(node, ScalarNode) else ())


def _to_test(document: Document[PolicySpec], index: int, test: PolicyTestPart) -> PolicyTest:
    environment: Mapping[str, object] = (
        {} if test.environment is None else test.environment.model_dump(by_alias=True, exclude_none=True)
    )
    return PolicyTest(
        name=test.name or "",
        place=document.base.written.place("tests", index),
        subject=test.object,
        old=test.old_object,
        environment=environment,
        team=test.team,
        others=tuple(test.all),
        expect=Expectation(test.expect),
        message=test.message,
    )
