"""Policies for people and machines: what one is, and how the tests of all went."""

from collections.abc import Iterable, Sequence
from typing import Any

from kgov.model.cel_policy import Policy
from kgov.policy.cel_page import NO_REASON, scope, settings_of
from kgov.policy.cel_tests import PolicyResult, TestResult
from kgov.policy.wording import counted, listed
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style


def policy_text(policy: Policy, severity: str, style: Style) -> str:
    """Say what a policy judges, why, and how it is tuned; ``severity`` is what it weighs."""
    sheet = Sheet(style)
    sheet.line(
        Piece(policy.code, Ink.STRONG), f", {severity}: a policy of this repository, ", name(str(policy.place))
    )
    sheet.gap()
    _section(sheet, "What it judges", scope(policy))
    _section(sheet, "Why", " ".join(policy.description.split()) or NO_REASON)
    sheet.line(Piece("What must be true", Ink.STRONG))
    for rule in policy.rules:
        for line in rule.check.text.strip().split("\n"):
            sheet.row(line, indent=4)
        sheet.line(f"or else: {rule.message or '(the message is worked out)'}", indent=2)
    sheet.gap()
    _section(sheet, "Settings", *settings_of(policy))
    tests = f"It has {counted(len(policy.tests), 'test')}: kgov policy test --policy {policy.name}"
    _section(sheet, "Tests", tests)
    return sheet.text().rstrip("\n") + "\n"


def tests_text(results: Sequence[PolicyResult], style: Style) -> str:
    """Write what went wrong, which policies have no tests, and how many tests there were."""
    sheet = Sheet(style)
    for result in results:
        for problem in result.mistakes:
            sheet.line(Piece("MISTAKE ", Ink.ERROR), f"{result.policy.code} ", name(str(problem.place)))
            sheet.line(problem.message, indent=2)
            if problem.hint:
                sheet.line(problem.hint, indent=2)
            sheet.gap()
        for test in result.tests:
            if not test.ok:
                _failed(sheet, result.policy, test)
                sheet.gap()
    untested = untested_names(results)
    if untested:
        sheet.line(Piece("without tests: ", Ink.WARNING), listed(untested))
    failed = sum(not test.ok for result in results for test in result.tests)
    mistaken = sum(bool(result.mistakes) for result in results)
    ran = sum(len(result.tests) for result in results)
    ink = Ink.ERROR if failed or mistaken else Ink.GOOD
    parts = [f"{ran - failed} passed", f"{failed} failed"]
    parts += [f"{mistaken} with mistakes"] if mistaken else []
    sheet.line(f"{counted(ran, 'test')} of {_policies(len(results))}: ", Piece(", ".join(parts), ink))
    return sheet.text()


def tests_document(results: Sequence[PolicyResult]) -> dict[str, Any]:
    """Make the JSON document ``kgov-policy-tests/1``."""
    tests = [test for result in results for test in result.tests]
    return {
        "format": "kgov-policy-tests/1",
        "policies": [
            {
                "policy": result.policy.name,
                "file": result.policy.place.file,
                "line": result.policy.place.line,
                "mistakes": [
                    {
                        "message": problem.message,
                        "line": None if problem.place is None else problem.place.line,
                        "column": None if problem.place is None else problem.place.column,
                    }
                    for problem in result.mistakes
                ],
                "tests": [_test_document(test) for test in result.tests],
            }
            for result in results
        ],
        "untested": list(untested_names(results)),
        "summary": {
            "passed": sum(test.ok for test in tests),
            "failed": sum(not test.ok for test in tests),
            "mistaken": sum(bool(result.mistakes) for result in results),
        },
    }


def untested_names(results: Iterable[PolicyResult]) -> tuple[str, ...]:
    """Name the policies that have no tests."""
    return tuple(result.policy.name for result in results if not result.policy.tests)


def difference(test: TestResult) -> tuple[str, ...]:
    """Say in lines what was expected (``-``) and what came (``+``)."""
    if test.broken:
        return (f"the test itself is wrong: {test.broken}",)
    lines = (
        [f"- expect: {test.test.expect}", f"+ got:    {test.got}"] if test.got is not test.test.expect else []
    )
    expected = test.test.message
    if expected is not None and expected not in test.messages:
        lines.append(f"- message: {expected}")
        lines += [f"+ message: {message}" for message in test.messages] or ["+ no message"]
        return tuple(lines)
    lines += [f"  says: {message}" for message in test.messages]
    return tuple(lines)


def _test_document(test: TestResult) -> dict[str, Any]:
    return {
        "name": test.name,
        "line": test.test.place.line,
        "ok": test.ok,
        "expected": test.test.expect,
        "got": None if test.broken else test.got,
        "messages": list(test.messages),
        "broken": test.broken or None,
    }


def _failed(sheet: Sheet, policy: Policy, test: TestResult) -> None:
    sheet.line(Piece("FAILED ", Ink.ERROR), f"{policy.code}, {test.name} ", name(str(test.test.place)))
    inks = {"-": Ink.DELETE, "+": Ink.CREATE}
    for line in difference(test):
        sheet.line(Piece(line, inks.get(line[0], Ink.PLAIN)), indent=2)
    for answer in test.rules:
        said = "true" if answer.verdict is None else "cannot be judged" if answer.verdict.failed else "false"
        sheet.line(f"{said}: {' '.join(answer.check.split())}", indent=4)


def _section(sheet: Sheet, title: str, *lines: str) -> None:
    sheet.line(Piece(title, Ink.STRONG))
    for line in lines:
        sheet.line(line, indent=2)
    sheet.gap()


def _policies(number: int) -> str:
    return "1 policy" if number == 1 else f"{number} policies"
