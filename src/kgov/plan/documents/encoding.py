"""JSON text, times and untrusted documents: what all formats share."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pydantic_core import to_json

from kgov.model.finding import Finding, Severity, Waived

Document = dict[str, Any]

_NOT_PLAIN: Final = re.compile(r"[^\n -~]")


def to_text(document: Mapping[str, Any]) -> str:
    """Write a document for people and scripts: indented, one newline at the end, ASCII only."""
    try:
        # Python's own encoder is slow where it indents: a tenth of a run that saves a large plan.
        text = to_json(document, indent=2).decode()
    except ValueError:
        # Surrogates of undecodable file names have no bytes.
        return json.dumps(document, indent=2) + "\n"
    return _NOT_PLAIN.sub(_escaped, text) + "\n"


def _escaped(letter: re.Match[str]) -> str:
    return json.dumps(letter[0])[1:-1]


def to_canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Write a document so that equal documents give equal bytes."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def timestamp(moment: datetime | None) -> str | None:
    """Write a moment in UTC to the second: ``2026-11-24T06:00:00Z``."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def finding_document(finding: Finding) -> Document:
    """Write one finding; its resource is ``Kind/name`` as in text."""
    place = finding.place
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": finding.message,
        "resource": None if finding.resource is None else str(finding.resource),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "help": finding.help,
        "environment": finding.environment,
        "waived": waived_document(finding.waived),
    }


def waived_document(waived: Waived | None) -> Document | None:
    """Write who set something aside, until when and why; ``null`` where nobody did."""
    if waived is None:
        return None
    return {
        "waiver": waived.waiver,
        "owner": waived.owner,
        "expires": waived.expires.isoformat(),
        "reason": waived.reason,
    }


def findings_document(findings: Iterable[Finding]) -> Document:
    """Write what ``kgov validate --format json`` prints; waived findings are not in the summary."""
    listed = tuple(findings)
    return {
        "format": "kgov-findings/1",
        "findings": [finding_document(finding) for finding in listed],
        "summary": {str(s): sum(f.counts and f.severity is s for f in listed) for s in Severity},
    }
