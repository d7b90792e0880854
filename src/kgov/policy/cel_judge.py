"""What policies say of one environment."""

from collections.abc import Iterator, Mapping

from kgov.model.cel_policy import Match, Policy
from kgov.model.desired import Desired, NoBase
from kgov.model.finding import Problem
from kgov.model.nearest import nearest
from kgov.model.place import Place, ResourceId
from kgov.model.project import Environment
from kgov.policy.cel import Record, Scene
from kgov.policy.cel_compile import CompiledPolicy, CompiledRule, compile_policy
from kgov.policy.cel_messages import UnfitError
from kgov.policy.cel_subjects import Subject, Subjects
from kgov.policy.wording import quoted

OLD = "oldObject"

Before = Desired | NoBase | None
"""What the base revision desired; ``None`` where nothing was before, or why that cannot be told."""


def policy_problems(desired: Desired, before: Before, silenced: frozenset[str]) -> Iterator[Problem]:
    """Compile every policy and judge what it is about; those whose code is ``silenced`` judge nothing.

    Raises ``CelMissingError`` where there are policies and CEL cannot be loaded.
    """
    if not desired.policies:
        return
    compiled = [compile_policy(policy) for policy in desired.policies]
    for each in compiled:
        yield from each.problems
        yield from _unknown_environments(each.policy, desired.project.environments)
    active = [
        each
        for each in compiled
        if each.policy.code not in silenced and applies_in(each.policy.match, desired.environment)
    ]
    if isinstance(before, NoBase):
        yield from (_no_base(each.policy, before) for each in active if _compares(each))
    yield from _Judgement(desired, before).problems(active)


def applies_in(match: Match, environment: Environment) -> bool:
    """Say whether a policy judges anything in an environment."""
    if match.production is not None and match.production is not environment.production:
        return False
    return match.environments is None or environment.name in match.environments


class _Judgement:
    """Judges the resources of one environment, each by all policies about it before the next."""

    def __init__(self, desired: Desired, before: Before) -> None:
        self._subjects = Subjects(desired)
        self._before = Subjects(before) if isinstance(before, Desired) else None
        self._comparable = not isinstance(before, NoBase)

    def problems(self, policies: list[CompiledPolicy]) -> Iterator[Problem]:
        by_kind: dict[str, list[CompiledPolicy]] = {}
        for each in policies:
            by_kind.setdefault(each.policy.match.kind, []).append(each)
        for kind, about in by_kind.items():
            for subject in self._subjects.of_kind(kind):
                yield from self._judge(subject, about)

    def _judge(self, subject: Subject, policies: list[CompiledPolicy]) -> Iterator[Problem]:
        about = [each for each in policies if each.policy.judges(subject.resource.name, subject.owner)]
        if not about:
            return
        try:
            scene = self._scene(subject, compares=any(map(_compares, about)))
        except UnfitError as error:
            yield from (_unfit(each, subject, error) for each in about)
            return
        for each in about:
            for rule in each.rules:
                if self._comparable or OLD not in rule.variables:
                    yield from _verdict(each.policy, rule, subject, scene)

    def _scene(self, subject: Subject, *, compares: bool) -> Scene:
        subjects = self._subjects
        return Scene(
            subjects.record(subject),
            self._old(subject.resource) if compares else None,
            subjects.environment,
            subjects.team(subject.owner),
            subjects.surroundings,
        )

    def _old(self, resource: ResourceId) -> Record | None:
        found = None if self._before is None else self._before.find(resource)
        return None if self._before is None or found is None else self._before.record(found)


def _verdict(policy: Policy, rule: CompiledRule, subject: Subject, scene: Scene) -> Iterator[Problem]:
    verdict = rule.judge(scene)
    if verdict is not None:
        place = subject.place_of(rule.check.paths)
        yield Problem(policy.code, verdict.message, place, subject.resource)


def _unfit(compiled: CompiledPolicy, subject: Subject, error: UnfitError) -> Problem:
    place = subject.place_of((error.path,))
    return Problem(compiled.policy.code, f"cannot be judged: {error}", place, subject.resource)


def _compares(compiled: CompiledPolicy) -> bool:
    return any(OLD in rule.variables for rule in compiled.rules)


def _no_base(policy: Policy, missing: NoBase) -> Problem:
    return Problem(
        policy.code,
        f"compares with the base revision, which is not here: {missing.why}",
        policy.place,
        ResourceId("Policy", policy.name),
        hint=missing.todo,
    )


def _unknown_environments(policy: Policy, known: Mapping[str, Environment]) -> Iterator[Problem]:
    for name in policy.match.environments or ():
        if name not in known:
            near = nearest(name, known)
            place: Place = policy.where.get(f"match.environments.{name}", policy.place)
            yield Problem(
                "KG008",
                f"{quoted(name)} is no environment of kgov.yaml",
                place,
                ResourceId("Policy", policy.name),
                hint=f"did you mean {near[0]}?" if near else "",
            )
