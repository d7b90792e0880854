"""The tests that policies carry, run: what each expects, and what the policy says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgov.model.cel_policy import Expectation, Policy, PolicyTest, Written
from kgov.model.finding import Problem
from kgov.model.naming import split_name
from kgov.model.policies import NamingConvention
from kgov.policy.cel import Record, Scene, Surroundings, record
from kgov.policy.cel_compile import CompiledPolicy, Verdict, compile_policy
from kgov.policy.cel_messages import Plain, UnfitError, encode_all, encode_topic_names
from kgov.policy.cel_types import KINDS
from kgov.policy.cel_written import mapping, written_object, written_team

_FIELDS: Mapping[str, str] = {"Topic": "topics", "Access": "access", "Acl": "acls", "Team": "teams"}


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What one rule says of the object of a test; ``verdict`` is ``None`` where it passes."""

    check: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test that was run. ``broken`` says why it cannot be, and is empty where it can."""

    __test__ = False

    test: PolicyTest
    number: int
    got: Expectation
    rules: tuple[RuleAnswer, ...]
    broken: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """What the policy says of the object."""
        return tuple(each.verdict.message for each in self.rules if each.verdict is not None)

    @property
    def ok(self) -> bool:
        """Whether the policy said what was expected."""
        message = self.test.message
        as_expected = self.got is self.test.expect and (message is None or message in self.messages)
        return as_expected and not self.broken

    @property
    def name(self) -> str:
        """What the test is called: its own name, or its number."""
        return self.test.name or f"test {self.number}"


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """A policy with its tests; ``mistakes`` are those of its expressions, for which no test is run."""

    policy: Policy
    mistakes: tuple[Problem, ...]
    tests: tuple[TestResult, ...]

    @property
    def ok(self) -> bool:
        """Whether its expressions are sound and all tests went as expected."""
        return not self.mistakes and all(test.ok for test in self.tests)


def run_tests(
    policies: Iterable[Policy], conventions: tuple[NamingConvention, ...]
) -> tuple[PolicyResult, ...]:
    """Run the tests of policies, in the order of their names.

    ``conventions`` cut the names of topics into segments, where a test does not give those. Raises
    ``CelMissingError`` where CEL cannot be loaded.
    """
    results = []
    for policy in sorted(policies, key=lambda each: each.name):
        compiled = compile_policy(policy)
        tests = (
            ()
            if compiled.problems
            else tuple(
                _run(compiled, test, number, conventions) for number, test in enumerate(policy.tests, start=1)
            )
        )
        results.append(PolicyResult(policy, compiled.problems, tests))
    return tuple(results)


def _run(
    compiled: CompiledPolicy, test: PolicyTest, number: int, conventions: tuple[NamingConvention, ...]
) -> TestResult:
    try:
        scene = _scene(compiled.policy.match.kind, test, conventions)
    except UnfitError as error:
        return TestResult(test, number, Expectation.ERROR, (), broken=str(error))
    answers = tuple(RuleAnswer(rule.check.text, rule.judge(scene)) for rule in compiled.rules)
    verdicts = [each.verdict for each in answers if each.verdict is not None]
    if any(verdict.failed for verdict in verdicts):
        got = Expectation.ERROR
    else:
        got = Expectation.FAIL if verdicts else Expectation.PASS
    return TestResult(test, number, got, answers)


def _scene(kind: str, test: PolicyTest, conventions: tuple[NamingConvention, ...]) -> Scene:
    def shown(manifest: Written, path: str) -> Record:
        try:
            return record(kind, _object(kind, manifest, conventions))
        except UnfitError as error:
            raise UnfitError(f"{path}.{error.path}", error.why) from None

    return Scene(
        shown(test.subject, "object"),
        None if test.old is None else shown(test.old, "oldObject"),
        record("Environment", test.environment),
        None if test.team is None else record("Team", written_team(test.team)),
        Surroundings(lambda: _everything(test.others, conventions)),
    )


def _object(kind: str, manifest: Written, conventions: tuple[NamingConvention, ...]) -> Plain:
    shown = dict(written_object(kind, manifest))
    if kind == "Topic" and "segments" not in shown:
        name = mapping(shown.get("metadata", {}), "metadata").get("name")
        splits = [] if not isinstance(name, str) else [split_name(each, name) for each in conventions]
        found = [split for split in splits if split is not None]
        shown["segments"] = found[0] if len(found) == 1 else {}
    return shown


def _everything(others: tuple[Written, ...], conventions: tuple[NamingConvention, ...]) -> Record:
    entries: dict[str, list[tuple[str, bytes]]] = {}
    owners: dict[str, str] = {}
    for index, manifest in enumerate(others):
        kind = str(manifest.get("kind"))
        metadata = mapping(manifest.get("metadata", {}), f"all[{index}].metadata")
        name = metadata.get("name")
        if kind not in _FIELDS or not isinstance(name, str):
            raise UnfitError(f"all[{index}]", f"must have a kind ({', '.join(_FIELDS)}) and a metadata.name")
        shown = _object(kind, manifest, conventions) if kind in KINDS else written_team(manifest)
        content = record(kind, shown).SerializePartialToString()
        entries.setdefault(_FIELDS[kind], []).append((name, content))
        if kind == "Topic":
            owners[name] = str(metadata.get("owner") or "")
    return Record("All", encode_all(entries) + encode_topic_names(owners), len(others))
