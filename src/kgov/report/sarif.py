"""SARIF 2.1.0 (OASIS), for code scanning: results with rules, places and suppressions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from kgov.model.drift import Audit, Drift, DriftState
from kgov.model.finding import Finding, Severity, Waived
from kgov.model.place import Place, ResourceId
from kgov.report.escape import visible
from kgov.report.identity import NO_PLACE, fingerprints, numbered
from kgov.report.summaries import audit_summary, was_made
from kgov.report.values import field_drift, moment_in_words, waived_in_words

if TYPE_CHECKING:
    from kgov.policy.rule import Page, Rule

MOST_RESULTS: Final = 5_000
"""What GitHub's code scanning shows of one run; beyond it, the least important are left out and counted."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ORDER = list(Severity)
_UNMANAGED: Final = "unmanaged"

_DRIFT_RULES: Mapping[str, str] = {
    DriftState.MISSING: "An object is declared, but not on the cluster",
    DriftState.DRIFTED: "An object on the cluster is not as its manifest says",
    DriftState.UNDECLARED: "Something is on a managed object that no manifest declares",
    DriftState.BLOCKED: "A difference that kgov will not or cannot remove",
    _UNMANAGED: "An object is on the cluster that no manifest declares",
}

Json = dict[str, Any]


def findings_sarif(findings: Iterable[Finding], tool_version: str) -> str:
    """Write findings as one run; at most ``MOST_RESULTS``, those that count and weigh most first kept."""
    listed = list(findings)
    shown = _kept([(not f.counts, _ORDER.index(f.severity)) for f in listed])
    kept = [listed[index] for index in shown]
    rules, results = _findings(kept)
    return _document(rules, results, len(listed) - len(kept), "kgov/validate", tool_version)


def _findings(findings: Sequence[Finding], rules_before: int = 0) -> tuple[list[Json], list[Json]]:
    """Give the rules of these findings and their results; so many other rules stand before these."""
    names = dict(sorted({(finding.code, finding.name) for finding in findings}))
    index = {code: position for position, code in enumerate(names, start=rules_before)}
    prints = fingerprints(findings)
    return _rules(names), [_finding(f, index[f.code], p) for f, p in zip(findings, prints, strict=True)]


def audit_sarif(audit: Audit, tool_version: str) -> str:
    """Write an audit as one run: drift by state, unmanaged objects as notes, and what is waived."""
    rules = [_drift_rule(state, text) for state, text in _DRIFT_RULES.items()]
    results = [_drift(audit, drift) for drift in audit.drift] + _unmanaged(audit)
    prints = numbered((r["ruleId"], r["locations"][0]["logicalLocations"][0]["name"]) for r in results)
    for result, print_ in zip(results, prints, strict=True):
        result["partialFingerprints"] = {"kgov/v1": print_}
    waived_rules, waived = _findings(audit.waived, len(rules))
    results += waived
    kept = [results[index] for index in _kept([("suppressions" in r, _weight(r["level"])) for r in results])]
    category = f"kgov/audit/{visible(audit.environment)}"
    doubts = "; ".join(f"{finding.code}: {visible(finding.message)}" for finding in audit.doubts)
    trouble = doubts if was_made(audit) else audit_summary(audit)
    return _document(rules + waived_rules, kept, len(results) - len(kept), category, tool_version, trouble)


def _weight(level: str) -> int:
    return ("error", "warning", "note").index(level)


def _kept(weights: Sequence[tuple[bool, int]]) -> list[int]:
    """Choose which results are shown, in their own order."""
    by_weight = sorted(range(len(weights)), key=lambda index: (weights[index], index))
    return sorted(by_weight[:MOST_RESULTS])


def _rules(names: Mapping[str, str]) -> list[Json]:
    # The registry imports every rule: only this format needs their pages.
    from kgov.policy.registry import RULES

    return [_rule(code, name, RULES.get(code)) for code, name in names.items()]


def _rule(code: str, name: str, rule: "Rule | None") -> Json:
    shown = visible(name)
    described: Json = {"id": visible(code), "name": shown, "shortDescription": {"text": shown}}
    if rule is None:
        return described
    page = rule.page
    return described | {
        "fullDescription": {"text": page.what},
        "help": {"text": f"{page.what}\n\n{page.why}\n\n{page.fix}", "markdown": _page(page)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity_in(None)]},
    }


def _page(page: "Page") -> str:
    return f"{page.what}\n\n### Why\n\n{page.why}\n\n### How to mend it\n\n{page.fix}"


def _drift_rule(state: str, text: str) -> Json:
    level = "note" if state == _UNMANAGED else "error"
    return {
        "id": state,
        "name": state,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": "Run kgov plan to see what would put it right, or change the manifests."},
        "defaultConfiguration": {"level": level},
    }


def _finding(finding: Finding, rule: int, fingerprint: str) -> Json:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    result: Json = {
        "ruleId": visible(finding.code),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(map(_plain, text.split("\n")))},
        "locations": [_location(finding.place, finding.resource)],
        "partialFingerprints": {"kgov/v1": fingerprint},
    }
    if finding.environment:
        result["properties"] = {"environment": visible(finding.environment)}
    return result | _suppressions(finding.waived)


def _drift(audit: Audit, drift: Drift) -> Json:
    facts = [field_drift(field) for field in drift.fields] + ([drift.why] if drift.why else [])
    facts.append(f"since {moment_in_words(drift.first_seen)}")
    result = _audit_result(audit, drift.state, drift.resource, "; ".join(facts), drift.origin)
    return result | _suppressions(drift.waived)


def _unmanaged(audit: Audit) -> list[Json]:
    return [
        _audit_result(audit, _UNMANAGED, found.resource, f"since {moment_in_words(found.first_seen)}", None)
        for found in audit.unmanaged
    ]


def _audit_result(audit: Audit, state: str, resource: ResourceId, text: str, origin: Place | None) -> Json:
    counts = state != _UNMANAGED or audit.strict
    return {
        "ruleId": state,
        "ruleIndex": list(_DRIFT_RULES).index(state),
        "level": "error" if counts else "note",
        "message": {"text": _plain(f"{resource} is {state} in {audit.environment}: {text}")},
        "locations": [_location(origin, resource)],
        "properties": {"environment": visible(audit.environment)},
    }


def _plain(text: str) -> str:
    """Keep a text from being read as an embedded link, ``[text](target)``."""
    return visible(text).replace("](", "] (")


def _location(place: Place | None, resource: ResourceId | None) -> Json:
    at = place or NO_PLACE
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(visible(at.file)), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": at.line, "startColumn": at.column},
        }
    }
    if resource:
        name = visible(str(resource))
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": name, "kind": "resource"}]
    return location


def _suppressions(waived: Waived | None) -> Json:
    if waived is None:
        return {}
    why = visible(waived_in_words(waived))
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": why}]}


def _document(
    rules: list[Json], results: list[Json], left_out: int, category: str, version: str, trouble: str = ""
) -> str:
    """Put a run together; ``trouble`` says why it could not be made, so that no absence counts as mended."""
    told = [f"{left_out} more results were left out: a run holds at most {MOST_RESULTS}"] if left_out else []
    notifications = [{"level": "warning", "message": {"text": text}} for text in told]
    if trouble:
        notifications.append({"level": "error", "message": {"text": trouble}})
    invocation: Json = {"executionSuccessful": not trouble}
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    run = {
        "tool": {"driver": {"name": "kgov", "version": version, "rules": rules}},
        "automationDetails": {"id": f"{category}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
