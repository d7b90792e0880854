"""Conditions of ApprovalPolicies in CEL, asked of the resources of one environment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from kgov.approval.condition import Expressions, Met
from kgov.model.acl import AclBinding
from kgov.model.approval import ApprovalPolicy
from kgov.model.desired import Desired, Grant
from kgov.model.finding import Problem
from kgov.model.place import ResourceId
from kgov.model.project import Environment
from kgov.policy.cel import Answer, Expression, Failure, Language, Mistakes, Record, Scene, Surroundings, record
from kgov.policy.cel_messages import Plain, UnfitError
from kgov.policy.cel_values import declaration_values, environment_values, team_values, topic_values

DEFAULT_KIND: Final = "Topic"
"""What an expression is about where its policy does not say."""

Old = Callable[[], Desired | None]
"""Gives the environment as the base revision has it."""

_LONGEST: Final = 60
"""Letters of a condition that a message repeats."""


def compiled(policy: ApprovalPolicy) -> Expression | Mistakes:
    """Compile the condition of a policy that has one in CEL."""
    return Language.of(policy.kind or DEFAULT_KIND).compile(policy.when or "", Answer.BOOL)


def mistakes(policies: Iterable[ApprovalPolicy]) -> Iterator[Problem]:
    """Say what is wrong with conditions in CEL (KG004)."""
    for policy in policies:
        found = compiled(policy) if policy.when is not None else None
        for each in found.all if isinstance(found, Mistakes) else ():
            where = f" (at {each.line}:{each.column} of it)" if (each.line, each.column) != (1, 1) else ""
            yield Problem(
                "KG004",
                f"spec.when: {each.message}{where}",
                policy.where.get("when", policy.place),
                ResourceId("ApprovalPolicy", policy.name),
                hint=each.hint,
            )


def expressions(desired: Desired, old: Old, told: Sequence[ApprovalPolicy]) -> Expressions:
    """Prepare to ask; ``told`` are the policies whose mistakes are findings already."""
    return _Asked(desired, old, told)


class _Asked:
    def __init__(self, desired: Desired, old: Old, told: Sequence[ApprovalPolicy]) -> None:
        self._desired = desired
        self._old = old
        self._told = told
        self._objects: dict[ResourceId, Record | UnfitError] = {}
        self._declared = _declared(desired)
        self._around: Surroundings | None = None

    def met(self, policy: ApprovalPolicy, environments: Sequence[Environment]) -> Iterator[Met]:
        kind = policy.kind or DEFAULT_KIND
        expression = compiled(policy)
        if isinstance(expression, Mistakes):
            if policy not in self._told:
                yield from (Met(each, "its condition does not compile") for each in self._resources(kind))
            return
        guises = environments if "environment" in expression.variables else environments[:1]
        for resource in self._resources(kind):
            why = next(filter(None, (self._ask(expression, resource, guise) for guise in guises)), "")
            if why:
                yield Met(resource, why)

    def _resources(self, kind: str) -> Iterator[ResourceId]:
        if kind == DEFAULT_KIND:
            yield from (topic.resource for topic in self._desired.topics.values())
        else:
            yield from (resource for resource in self._declared if resource.kind == kind)

    def _ask(self, expression: Expression, resource: ResourceId, environment: Environment) -> str:
        """Say why a resource meets a condition; empty where it does not."""
        found = self._object(resource)
        if isinstance(found, UnfitError):
            return f"its condition cannot be asked ({found})"
        uses = expression.variables
        try:
            scene = Scene(
                object=found,
                old=self._before(resource) if "oldObject" in uses else None,
                environment=record("Environment", environment_values(environment)),
                team=self._team(resource) if "team" in uses else None,
                surroundings=self._surroundings() if "all" in uses else None,
            )
        except UnfitError as error:
            return f"its condition cannot be asked ({error})"
        answer = expression.evaluate(scene)
        if isinstance(answer, Failure):
            return f"its condition has no answer ({answer.why})"
        text = expression.text if len(expression.text) <= _LONGEST else f"{expression.text[: _LONGEST - 1]}…"
        return text if answer else ""

    def _object(self, resource: ResourceId) -> Record | UnfitError:
        if resource not in self._objects:
            try:
                self._objects[resource] = record(resource.kind, self._values(self._desired, resource))
            except UnfitError as error:
                self._objects[resource] = error
        return self._objects[resource]

    def _values(self, desired: Desired, resource: ResourceId) -> Plain:
        if resource.kind == DEFAULT_KIND:
            return topic_values(desired.topics[resource.name])
        declared = self._declared if desired is self._desired else _declared(desired)
        owner, principals, bindings = declared[resource]
        many = sorted(principals)
        spec: Plain = {"principals": many} if resource.kind == "Access" else {"principal": many[0]}
        return declaration_values(resource, owner, spec, bindings)

    def _before(self, resource: ResourceId) -> Record | None:
        old = self._old()
        if old is None:
            return None
        has = resource.name in old.topics if resource.kind == DEFAULT_KIND else resource in _declared(old)
        return record(resource.kind, self._values(old, resource)) if has else None

    def _team(self, resource: ResourceId) -> Record | None:
        if resource.kind == DEFAULT_KIND:
            owner = self._desired.topics[resource.name].owner
        else:
            owner = self._declared[resource][0]
        team = self._desired.teams.get(owner or "")
        return None if team is None else record("Team", team_values(team))

    def _surroundings(self) -> Surroundings:
        if self._around is None:
            kinds = {"access": "Access", "acls": "Acl"}
            values: dict[str, object] = {
                "topics": {name: topic_values(topic) for name, topic in self._desired.topics.items()},
                "teams": {name: team_values(team) for name, team in self._desired.teams.items()},
            }
            for field, kind in kinds.items():
                named = [each for each in self._declared if each.kind == kind]
                values[field] = {each.name: self._values(self._desired, each) for each in named}
            self._around = Surroundings(record("All", values))
        return self._around


_Declared = dict[ResourceId, tuple[str | None, set[str], list[tuple[AclBinding, Grant]]]]


def _declared(desired: Desired) -> _Declared:
    """Gather the Accesses and Acls of an environment: owner, principals, and what is granted."""
    declared: _Declared = {}
    for principal, declarations in desired.principals.items():
        for each in declarations:
            declared.setdefault(each.resource, (each.owner, set(), []))[1].add(principal)
    for binding, grants in desired.bindings.items():
        for grant in grants:
            declared[grant.resource][2].append((binding, grant))
    return declared
