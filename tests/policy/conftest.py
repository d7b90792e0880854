"""Builds what is desired of one environment, without any manifest."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.desired import Desired, Grant
from kgov.model.finding import Finding, Problem, Severity
from kgov.model.live import Live
from kgov.model.place import Layer, Place, ResourceId, Source
from kgov.model.policies import Consent, Lift, NamingConvention, RetentionCategory, Segment, Team, Waiver
from kgov.model.project import Environment, Project, Scope
from kgov.model.topic import ConfigValue, Criticality, Lifecycle, LifecycleState, Topic
from kgov.policy.engine import judge, judge_again
from kgov.policy.registry import RULES

TODAY = date(2026, 6, 15)

OF_BARE_THINGS = frozenset({"KG205", "KG209", "KG211", "KG216", "KG220", "KG404"})
"""The codes that a topic or a grant gives of which little is said: they would stand in every test."""


@dataclass
class World:
    """One environment that grows line by line; every place is a line of its own."""

    environment: Environment = field(
        default_factory=lambda: Environment(
            "prod", Place("kgov.yaml", 5, 3), production=True, kafka="4.3", min_replicas=3
        )
    )
    scope: Scope = field(default_factory=Scope)
    rule_places: dict[str, Place] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    bindings: dict[AclBinding, tuple[Grant, ...]] = field(default_factory=dict)
    conventions: list[NamingConvention] = field(default_factory=list)
    categories: dict[str, RetentionCategory] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    line: int = 0
    code: str = ""

    def place(self, file: str = "topics/all.yaml") -> Place:
        self.line += 1
        return Place(file, self.line, 3)

    def source(self, layer: Layer) -> Source:
        files = {Layer.DEFAULT: "kgov.yaml", Layer.CATEGORY: "policies/categories.yaml"}
        if layer in files:
            return Source(layer, Place(files[layer], 9, 5))
        return Source(layer, self.place())

    def topic(
        self,
        name: str = "orders",
        *,
        config: Mapping[str, str] | None = None,
        layers: Mapping[str, Layer] | None = None,
        bad: Mapping[str, str] | None = None,
        replicas: int | None = None,
        criticality: Criticality | None = None,
        category: str | None = None,
        state: LifecycleState = LifecycleState.ACTIVE,
        **facts: Any,
    ) -> Topic:
        """Declare a topic; ``layers`` says where a value comes from, ``bad`` what is wrong with it.

        ``facts`` are other fields of it, by name.
        """
        place = self.place()
        values = {
            key: ConfigValue(
                text, text, self.source((layers or {}).get(key, Layer.MANIFEST)), (bad or {}).get(key, "")
            )
            for key, text in (config or {}).items()
        }
        sources = {
            path: self.source((layers or {}).get(path, Layer.MANIFEST))
            for path, value in (("replicas", replicas), ("criticality", criticality))
            if value is not None
        }
        sources |= {f"config.{key}": value.source for key, value in values.items()}
        topic = Topic(
            name=name,
            place=place,
            owner=None,
            purpose=None,
            category=category,
            partitions=None,
            replicas=replicas,
            config=values,
            keyed=None,
            criticality=criticality,
            lifecycle=Lifecycle(state),
            ignore_config=(),
            archive=None,
            labels={},
            segments={},
            sources=sources,
        )
        topic = replace(topic, **facts)
        self.topics[name] = topic
        return topic

    def grant(
        self,
        principal: str,
        name: str,
        *operations: Operation,
        type_: ResourceType = ResourceType.TOPIC,
        pattern: PatternType = PatternType.LITERAL,
        permission: Permission = Permission.ALLOW,
        by: Grant | None = None,
    ) -> Grant:
        """Declare bindings under one grant; with ``by``, under one that exists."""
        grant = by or Grant(ResourceId("Acl", principal), self.place("acls/all.yaml"), None)
        for operation in operations:
            binding = AclBinding(principal, permission, operation, ResourcePattern(type_, pattern, name))
            self.bindings[binding] = (*self.bindings.get(binding, ()), grant)
        return grant

    def convention(self, format_: str, *segments: Segment, separators: Iterable[str] | None = None) -> None:
        between = tuple(separators) if separators is not None else (".",) * (len(segments) - 1)
        place = self.place("policies/naming.yaml")
        self.conventions.append(NamingConvention("topics", place, format_, segments, between))

    def category(
        self, name: str, minimum: int | None = None, maximum: int | None = None, cleanup: str | None = None
    ) -> None:
        place = Place("policies/categories.yaml", 3, 18)
        self.categories[name] = RetentionCategory(name, place, None, minimum, maximum, cleanup, False, None)

    def waiver(self, rule: str, resource: ResourceId, expires: date = TODAY, name: str = "w") -> Waiver:
        place = self.place("policies/waivers.yaml")
        where = {"rule": replace(place, column=9), "expires": replace(place, column=11)}
        waiver = Waiver(name, place, rule, resource, "agreed", "team-a", expires, where)
        self.waivers.append(waiver)
        return waiver

    def consent(self, resource: ResourceId, expires: date) -> Consent:
        place = self.place("policies/consents.yaml")
        consent = Consent("c", place, Lift.DATA_LOSS, resource, "agreed", "team-a", expires, {})
        self.consents.append(consent)
        return consent

    @property
    def desired(self) -> Desired:
        return Desired(
            project=Project({"prod": self.environment}, self.scope, rule_places=self.rule_places),
            environment=self.environment,
            topics=self.topics,
            bindings=self.bindings,
            principals={},
            declares_access=bool(self.bindings),
            conventions=tuple(self.conventions),
            categories=self.categories,
            teams=self.teams,
            roles={},
            waivers=tuple(self.waivers),
            consents=tuple(self.consents),
        )

    def tune(self, **rules: str) -> None:
        self.environment = replace(self.environment, rules=rules)

    def judge(self) -> tuple[Finding, ...]:
        """Judge it; the test of a rule is given the findings of that rule, and errors."""
        return self.seen(judge(self.desired, self.problems, TODAY))

    def seen(self, found: Iterable[Finding]) -> tuple[Finding, ...]:
        """Leave out what a test is not about."""
        if self.code in RULES:
            return tuple(f for f in found if f.code == self.code or self._blocks(f))
        return tuple(f for f in found if f.code not in OF_BARE_THINGS)

    @staticmethod
    def _blocks(finding: Finding) -> bool:
        return finding.severity is Severity.ERROR and finding.code not in OF_BARE_THINGS

    def judge_with(self, live: Live) -> tuple[Finding, ...]:
        """Judge as plan and audit do; what they leave out because it cannot differ does not differ."""
        before = self.judge()
        found = judge_again(before, self.desired, live, TODAY)
        with patch("kgov.policy.engine._may_differ", return_value=True):
            assert judge_again(before, self.desired, live, TODAY) == found
        return self.seen(found)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """Give an empty world; the name of the test's file says which code is under test."""
    return World(code=request.path.stem[5:10].upper())


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def codes() -> Callable[[Iterable[Finding]], list[str]]:
    return lambda findings: [finding.code for finding in findings]
