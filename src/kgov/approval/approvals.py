"""What must be agreed to in one run, and whether it was: policies, people and evidence put together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from kgov.approval.authors import Authors
from kgov.approval.base import Base, NoBase, people_of
from kgov.approval.canonical import Contents
from kgov.approval.condition import BuiltIn, Expressions, Met, words
from kgov.approval.evidence.interface import Source, Testimony
from kgov.approval.people import People
from kgov.model.approval import (
    TERM_DAYS,
    Agreed,
    ApprovalPolicy,
    Concern,
    Extent,
    Requirement,
    Ruling,
    SetAside,
    Subject,
)
from kgov.model.desired import Desired
from kgov.model.place import ResourceId
from kgov.model.project import Environment
from kgov.model.topic import Topic
from kgov.policy.rule import NOBODY_AGREED, Agreements, Case
from kgov.policy.wording import listed, quoted

_TOPIC: Final = "Topic"
_TOMORROW: Final = timedelta(days=1)

Expressing = Callable[[Desired, Callable[[], Desired | None], Sequence[ApprovalPolicy]], Expressions]
"""Prepares to ask conditions in CEL: what is desired, what was before, and whose mistakes are told already."""

BaseContents = Callable[[str], Contents | None]
"""Gives what an environment was in the base revision; ``None`` where it was not."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of one environment: a ruling for each requirement, and the teams that have agreed."""

    rulings: tuple[Ruling, ...] = ()
    agreed: Agreements = field(default_factory=lambda: NOBODY_AGREED)


@dataclass(frozen=True, slots=True)
class Approvals:
    """What a run goes by.

    ``policies`` are those of the manifests; those of the base revision are asked as well. ``sources`` are where
    evidence is looked for; without a base revision none of it counts. ``authors`` is ``None`` where there is
    nobody to find. ``base_otherwise`` gives of ``base_contents`` at least what is in files that are otherwise
    now.
    """

    policies: tuple[ApprovalPolicy, ...]
    base: Base | NoBase
    sources: tuple[Source, ...]
    authors: Authors | None
    expressing: Expressing
    base_contents: BaseContents
    base_otherwise: BaseContents

    @property
    def people(self) -> People:
        """Who is in which team, as the base revision has it."""
        return people_of(self.base)

    def examine(self, desired: Desired, today: date) -> Examined:
        """Judge everything that one environment asks for."""
        policies = tuple(self._policies())
        if not policies and not self.sources:
            return Examined()
        contents = Contents(desired)
        teams = self.base.teams if isinstance(self.base, Base) else None
        built_in = BuiltIn(Case(desired, today), teams, lambda: self._topics_before(desired))
        requirements = self._requirements(policies, desired, contents, built_in)
        rulings = tuple(self.rule(requirement, today) for requirement in requirements)
        return Examined(rulings, self._agreed(contents, today))

    def of_losses(self, desired: Desired, losing: Iterable[ResourceId], today: date) -> tuple[Ruling, ...]:
        """Judge what is asked for resources that a plan would let lose data."""
        policies = [each for each in self._policies() if Concern.DATA_LOSS in each.concerns]
        lost = list(losing)
        if not policies or not lost:
            return ()
        contents = Contents(desired)
        why = words(Concern.DATA_LOSS)
        found = {
            requirement
            for policy in policies
            if self._is_about(policy, desired.environment)
            for resource in lost
            if policy.kind in (None, resource.kind)
            for requirement in self._of(policy, Met(resource, why), contents)
        }
        return tuple(self.rule(requirement, today) for requirement in sorted(found, key=_order))

    def rule(self, requirement: Requirement, today: date) -> Ruling:
        """Look for evidence, and judge what of it counts."""
        agreed: list[Agreed] = []
        aside: list[SetAside] = []
        for testimony, person, why in self._testimonies(requirement.subject, requirement.days, today):
            objection = why or self._foreign(person, requirement.approvers) or self._shared(testimony, agreed)
            if objection:
                aside.append(SetAside(testimony.source, objection))
            else:
                agreed.append(Agreed(person, testimony.source, _until(testimony, requirement.days)))
        for source in self.sources if isinstance(self.base, Base) else ():
            aside += source.about(requirement.subject).set_aside
        return Ruling(requirement, tuple(agreed), tuple(dict.fromkeys(aside)))

    def _policies(self) -> Iterator[ApprovalPolicy]:
        """List the policies of the base revision, then those that the manifests have otherwise."""
        of_base = self.base.policies if isinstance(self.base, Base) else ()
        yield from of_base
        said = {_terms(policy) for policy in of_base}
        yield from (policy for policy in self.policies if _terms(policy) not in said)

    def _requirements(
        self,
        policies: tuple[ApprovalPolicy, ...],
        desired: Desired,
        contents: Contents,
        built_in: BuiltIn,
    ) -> list[Requirement]:
        expressions: Expressions | None = None
        found: dict[Requirement, None] = {}
        for policy in policies:
            if not self._is_about(policy, desired.environment):
                continue
            if policy.when is None:
                meeting = [met for concern in policy.concerns for met in built_in.met(concern)]
            else:
                expressions = expressions or self.expressing(
                    desired, lambda: self._before(desired), self.policies
                )
                meeting = list(expressions.met(policy, self._guises(desired.environment)))
            for met in meeting:
                if policy.kind in (None, met.resource.kind):
                    found.update(dict.fromkeys(self._of(policy, met, contents)))
        return sorted(found, key=_order)

    def _of(self, policy: ApprovalPolicy, met: Met, contents: Contents) -> Iterator[Requirement]:
        """Make the requirements of one resource: one, or without approvers one for each owner of the data."""
        subject = contents.subject(met.resource)
        if policy.extent is Extent.CHANGES and self._is_as_before(subject):
            return
        whose = (policy.approvers,) if policy.approvers else tuple((owner,) for owner in met.owners)
        for approvers in whose:
            yield Requirement(policy.name, subject, met.why, approvers, policy.minimum, policy.days)

    def _is_about(self, policy: ApprovalPolicy, environment: Environment) -> bool:
        """Say whether a policy is about an environment.

        One that the base revision does not have may be one that it has, under another name.
        """
        if not policy.environments or environment.name in policy.environments:
            return True
        return isinstance(self.base, Base) and environment.name not in self.base.environments

    def _guises(self, environment: Environment) -> tuple[Environment, ...]:
        """Give the environment as it says it is, and as the base revision has it or may have it."""
        known = self.base.environments if isinstance(self.base, Base) else {}
        if environment.name in known:
            names = [environment.name]
        else:
            names = [*known] if isinstance(self.base, Base) else []
        guises = [environment]
        guises += [replace(environment, name=name, production=known[name]) for name in names]
        return tuple({(each.name, each.production): each for each in guises}.values())

    def _testimonies(self, subject: Subject, days: int, today: date) -> Iterator[tuple[Testimony, str, str]]:
        """Give what was agreed to, by whom, and why it does not count, whatever team they are in."""
        if not isinstance(self.base, Base):
            return
        for source in self.sources:
            for testimony in source.about(subject).testimonies:
                person = self.base.people.person(testimony.who)
                yield testimony, person, self._objection(testimony, person, subject, days, today)

    def _objection(self, testimony: Testimony, person: str, subject: Subject, days: int, today: date) -> str:
        by = f"by {testimony.who}"
        wrote = self._wrote(person, subject)
        if wrote is None:
            return f"{by} does not count: Git cannot say who wrote the change (fetch the whole history)"
        if wrote:
            return f"{by} does not count: they wrote the change"
        for name in sorted(testimony.also):
            if self._wrote(self.people.person(name), subject) is not False:
                return f"{by} does not count: the key is also that of {name}, who wrote the change"
        until = _until(testimony, days)
        if until < today:
            return f"{by} has expired on {until.isoformat()}"
        if testimony.given > today + _TOMORROW:
            return f"{by} is dated in the future"
        if testimony.changes_only and self._is_as_before(subject):
            return f"{by} does not count: a review agrees with what changes, and this does not"
        return ""

    def _wrote(self, person: str, subject: Subject) -> bool | None:
        return self.authors.wrote(person, subject, self.people) if self.authors is not None else False

    def _shared(self, testimony: Testimony, agreed: Sequence[Agreed]) -> str:
        """Say why a second approval by the same key is none; empty where it is the first."""
        also = {self.people.person(name) for name in testimony.also} - {self.people.person(testimony.who)}
        first = next((each.person for each in agreed if each.person in also), "")
        return (
            f"by {testimony.who} does not count: the key is also that of {first}, who has agreed"
            if first
            else ""
        )

    def _foreign(self, person: str, approvers: tuple[str, ...]) -> str:
        if self.people.teams_of(person) & frozenset(approvers):
            return ""
        teams = listed(map(quoted, approvers), "or")
        return f"by {person} does not count: in the base revision they are not in {teams}"

    def _before(self, desired: Desired) -> Desired | None:
        before = self.base_contents(desired.environment.name)
        return None if before is None else before.desired

    def _topics_before(self, desired: Desired) -> Sequence[Topic]:
        """Find them as the base revision has them; in all its environments where it does not have this one."""
        known = self.base.environments if isinstance(self.base, Base) else {}
        name = desired.environment.name
        # Under another name of the environment, files that are as they were come to something else.
        found = [self.base_otherwise(name)] if name in known else map(self.base_contents, known)
        return tuple(topic for each in found if each is not None for topic in each.desired.topics.values())

    def _is_as_before(self, subject: Subject) -> bool:
        """Say whether the base revision has it with the same content."""
        before = self.base_contents(subject.environment)
        return (
            before is not None and before.has(subject.resource) and before.subject(subject.resource) == subject
        )

    def _agreed(self, contents: Contents, today: date) -> Agreements:
        """Find the teams that have agreed to access, whether or not a policy asks for that."""
        if not self.sources or not isinstance(self.base, Base):
            return NOBODY_AGREED
        found: dict[ResourceId, frozenset[str]] = {}
        for resource in contents.resources:
            if resource.kind == _TOPIC or not any(source.mentions(resource) for source in self.sources):
                continue
            testimonies = self._testimonies(contents.subject(resource), TERM_DAYS, today)
            teams = {team for _, person, why in testimonies if not why for team in self.people.teams_of(person)}
            if teams:
                found[resource] = frozenset(teams)
        return found


def _until(testimony: Testimony, days: int) -> date:
    """Find the last day of an approval: the policy's term, or an earlier one that was said with it."""
    try:
        term = testimony.given + timedelta(days=days)
    except OverflowError:
        term = date.max
    return min(term, testimony.expires or date.max)


def _terms(policy: ApprovalPolicy) -> tuple[object, ...]:
    """Give what a policy asks for, wherever it is written."""
    return (
        policy.name,
        policy.when and policy.when.text,
        policy.concerns,
        policy.kind,
        policy.environments,
        policy.approvers,
        policy.minimum,
        policy.days,
        policy.extent,
    )


def _order(requirement: Requirement) -> tuple[object, ...]:
    subject = requirement.subject
    return (subject.resource, requirement.policy, requirement.approvers, requirement.minimum, requirement.why)
