"""Gauges in Prometheus' text exposition format, for a textfile collector or a push gateway.

How many series there are does not grow with the cluster: objects are counted, never named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from kgov.model.drift import Audit, DriftState
from kgov.policy.summary import count
from kgov.report.escape import prometheus_label
from kgov.report.summaries import was_made

_DAY = 86_400

_UNMANAGED_KINDS = ("Topic", "Acl")


@dataclass(frozen=True, slots=True)
class _Gauge:
    name: str
    help: str
    samples: tuple[tuple[dict[str, str], int], ...]


def audit_prometheus(audit: Audit) -> str:
    """Write an audit as gauges; what was not looked at has no sample, which is not zero."""
    lines: list[str] = []
    for gauge in _gauges(audit):
        if gauge.samples:
            lines += [f"# HELP {gauge.name} {gauge.help}", f"# TYPE {gauge.name} gauge"]
        for labels, value in gauge.samples:
            every = {"environment": audit.environment} | labels
            text = ",".join(f'{key}="{prometheus_label(label)}"' for key, label in every.items())
            lines.append(f"{gauge.name}{{{text}}} {value}")
    return "\n".join(lines) + "\n"


def _gauges(audit: Audit) -> Iterable[_Gauge]:
    yield _gauge(
        "kgov_audit_made", "1 where the cluster was looked at, 0 where it could not be.", int(was_made(audit))
    )
    by_severity = tuple(({"severity": str(severity)}, n) for severity, n in count(audit.findings).items())
    yield _Gauge("kgov_findings", "Findings of the rules, by severity; waived ones left out.", by_severity)
    yield _gauge("kgov_findings_waived", "Findings that a Waiver sets aside.", len(audit.waived))
    if was_made(audit):
        yield from _results(audit)


def _results(audit: Audit) -> Iterable[_Gauge]:
    counting = [drift for drift in audit.drift if drift.waived is None]
    yield _gauge(
        "kgov_audit_timestamp_seconds", "When the audit was made (Unix time).", int(audit.at.timestamp())
    )
    yield _gauge("kgov_audit_drifted", "1 where the audit ended with exit code 2.", int(audit.drifted))
    plausible = "0 where far less is live than --previous knew, or it was of another cluster."
    yield _gauge("kgov_audit_plausible", plausible, int(not audit.doubts))
    by_state = tuple(
        ({"state": str(state)}, sum(drift.state is state for drift in counting)) for state in DriftState
    )
    yield _Gauge("kgov_drift", "Objects that are not as desired, by state; waived ones left out.", by_state)
    waived = len(audit.drift) - len(counting)
    yield _gauge("kgov_drift_waived", "Blocked differences that a Waiver sets aside.", waived)
    in_use = [finding.waived.expires for finding in audit.waived if finding.waived]
    in_use += [drift.waived.expires for drift in audit.drift if drift.waived]
    if in_use:
        # The last day counts whole: what it sets aside stands again when it is over.
        ends = int(datetime.combine(min(in_use), time(), UTC).timestamp()) + _DAY
        help_ = "When the first Waiver that sets something aside ends."
        yield _gauge("kgov_waiver_end_timestamp_seconds", help_, ends)
    if counting:
        oldest = int(min(drift.first_seen for drift in counting).timestamp())
        yield _gauge("kgov_drift_oldest_timestamp_seconds", "When the oldest drift was first seen.", oldest)
    yield _Gauge("kgov_unmanaged", "Live objects that no manifest declares, by kind.", tuple(_unmanaged(audit)))
    yield _gauge("kgov_in_sync", "Declared objects that are as desired.", audit.in_sync)
    if audit.unknown_acls is not None:
        help_ = "ACLs of a type that the client does not know."
        yield _gauge("kgov_unknown_acls", help_, audit.unknown_acls)
    yield _gauge(
        "kgov_not_looked_at", "Parts of the cluster that were not looked at.", len(audit.not_looked_at)
    )


def _gauge(name: str, help_: str, value: int) -> _Gauge:
    return _Gauge(name, help_, (({}, value),))


def _unmanaged(audit: Audit) -> Iterable[tuple[dict[str, str], int]]:
    for kind in _UNMANAGED_KINDS:
        number = sum(found.resource.kind == kind for found in audit.unmanaged)
        # Which part was not looked at only its reason says: a zero could then be "not looked at".
        if number or not audit.not_looked_at:
            yield {"kind": kind}, number
