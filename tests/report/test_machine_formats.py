"""SARIF, JUnit, Code Quality and metrics: structure, limits, and what was not looked at."""

import json
from dataclasses import replace
from typing import Any

import jsonschema

from kgov.model.drift import Audit
from kgov.model.finding import Finding, Severity
from kgov.model.place import Place, ResourceId
from kgov.report.gitlab import findings_gitlab
from kgov.report.junit import audit_junit, findings_junit
from kgov.report.prometheus import audit_prometheus
from kgov.report.sarif import MOST_RESULTS, audit_sarif, findings_sarif

_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_REGION = {
    "type": "object",
    "required": ["startLine"],
    "properties": {
        "startLine": {"type": "integer", "minimum": 1},
        "startColumn": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}
_LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri", "uriBaseId"],
                    "properties": {"uri": {"type": "string", "pattern": "^[A-Za-z0-9%._~/-]+$"}},
                },
                "region": _REGION,
            },
        },
        "logicalLocations": {"type": "array", "items": {"required": ["name", "fullyQualifiedName", "kind"]}},
    },
    "additionalProperties": False,
}
_RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": _TEXT,
        "locations": {"type": "array", "minItems": 1, "items": _LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
_RULE = {
    "type": "object",
    "required": ["id", "name", "shortDescription"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": _TEXT,
        "fullDescription": _TEXT,
        "help": _TEXT,
        "defaultConfiguration": {"properties": {"level": {"enum": ["none", "note", "warning", "error"]}}},
    },
    "additionalProperties": False,
}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {"rules": {"type": "array", "uniqueItems": True, "items": _RULE}},
                            }
                        },
                    },
                    "automationDetails": {"required": ["id"]},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {"type": "array", "items": {"required": ["executionSuccessful"]}},
                    "results": {"type": "array", "items": _RESULT},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""The part of OASIS' schema of SARIF 2.1.0 that kgov's documents use, narrower where GitHub asks for more."""


def read_sarif(text: str) -> dict[str, Any]:
    document = json.loads(text)
    jsonschema.validate(document, SARIF)
    run: dict[str, Any] = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    return run


def test_findings_become_results_with_their_rule_place_and_waiver(findings: tuple[Finding, ...]) -> None:
    run = read_sarif(findings_sarif(findings, "1.2.3"))
    assert run["tool"]["driver"]["version"] == "1.2.3"
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "note", "error"]
    assert [bool(result.get("suppressions")) for result in run["results"]] == [False] * 4 + [True]
    assert "until 2027-03-31" in run["results"][4]["suppressions"][0]["justification"]
    nowhere = run["results"][0]["locations"][0]
    assert nowhere["physicalLocation"]["artifactLocation"]["uri"] == "kgov.yaml"
    assert run["results"][2]["properties"] == {"environment": "prod"}
    known = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "KG101")
    assert known["help"]["markdown"]


def test_a_code_that_is_no_rule_is_still_described(findings: tuple[Finding, ...]) -> None:
    own = replace(findings[1], code="partition-ceiling", name="partition-ceiling", help="")
    run = read_sarif(findings_sarif((own,), "1"))
    assert run["tool"]["driver"]["rules"][0]["id"] == "partition-ceiling"


def test_at_most_5000_results_are_written_the_gravest_kept(findings: tuple[Finding, ...]) -> None:
    infos = tuple(replace(findings[3], message=f"{n}") for n in range(MOST_RESULTS))
    run = read_sarif(findings_sarif((*infos, *findings), "1"))
    assert len(run["results"]) == MOST_RESULTS
    levels = [result["level"] for result in run["results"]]
    assert (levels.count("error"), levels.count("warning")) == (2, 1)
    notification = run["invocations"][0]["toolExecutionNotifications"][0]
    assert notification["message"]["text"].startswith("5 more results were left out")


def test_odd_file_names_become_valid_addresses(findings: tuple[Finding, ...]) -> None:
    odd = replace(findings[1], place=Place("topics/é d:#?\udc80.yaml", 1, 1))
    run = read_sarif(findings_sarif((odd,), "1"))
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "topics/%C3%A9%20d%3A%23%3F%5Cudc80.yaml"


def test_an_audit_becomes_results_and_unmanaged_objects_notes(audit: Audit) -> None:
    levels = [result["level"] for result in read_sarif(audit_sarif(audit, "1"))["results"]]
    assert levels == ["error"] * 6 + ["note"] * 24 + ["error"]  # the last one is waived
    strict = read_sarif(audit_sarif(replace(audit, strict=True), "1"))
    assert {result["level"] for result in strict["results"]} == {"error"}


def test_fingerprints_are_unique_and_do_not_depend_on_lines(findings: tuple[Finding, ...]) -> None:
    moved = tuple(
        replace(f, place=replace(f.place, line=f.place.line + 7) if f.place else None) for f in findings
    )

    def prints(found: tuple[Finding, ...]) -> list[str]:
        entries = json.loads(findings_gitlab(found))
        return [entry["fingerprint"] for entry in entries]

    assert prints(findings) == prints(moved)
    twice = prints(findings + findings)
    assert len(set(twice)) == len(twice) == 10


def test_a_run_without_findings_has_a_test_that_passes() -> None:
    assert 'tests="1" failures="0"' in findings_junit(())
    assert findings_gitlab(()) == "[]\n"
    assert read_sarif(findings_sarif((), "1"))["results"] == []


def test_unmanaged_objects_fail_only_in_a_strict_audit(audit: Audit) -> None:
    assert 'tests="32" failures="5"' in audit_junit(audit)
    assert 'tests="32" failures="29"' in audit_junit(replace(audit, strict=True))


def test_help_is_left_out_where_there_is_none(findings: tuple[Finding, ...]) -> None:
    assert 'message="nothing to govern"' in findings_junit((replace(findings[0], help="", resource=None),))
    kind = replace(findings[0], resource=ResourceId("Topic", "x"), severity=Severity.ERROR)
    assert 'classname="Topic/x"' in findings_junit((kind,))


def test_what_was_not_looked_at_has_no_sample(audit: Audit) -> None:
    blind = replace(audit, drift=(), unmanaged=(), unknown_acls=None)
    text = audit_prometheus(blind)
    assert "kgov_unmanaged" not in text
    assert "kgov_unknown_acls" not in text
    assert "kgov_drift_oldest" not in text
    assert 'kgov_not_looked_at{environment="prod"} 1' in text
    seen = audit_prometheus(replace(blind, not_looked_at=()))
    assert 'kgov_unmanaged{environment="prod",kind="Acl"} 0' in seen
