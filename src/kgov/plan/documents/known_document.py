"""Counts of what was live, in every document, and what an earlier document knew."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from kgov.errors import UsageError
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.plan.documents.encoding import Document, timestamp
from kgov.plan.documents.moment import Moment

_Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
_Count = _Number | None


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class LiveWire(_Wire):
    """Counts of what was live as JSON has them; a document of an older kgov has none."""

    topics: _Count = None
    acls: _Count = None
    unmanaged_topics: _Count = None
    unmanaged_acls: _Count = None
    protected_topics: _Count = None
    protected_acls: _Count = None

    def value(self) -> LiveCount:
        """Turn it into counts."""
        return LiveCount(
            self.topics,
            self.acls,
            self.unmanaged_topics,
            self.unmanaged_acls,
            self.protected_topics,
            self.protected_acls,
        )


class _ClusterWire(_Wire):
    id: str | None = None


class KnownWire(_Wire):
    """What was known earlier, as JSON has it."""

    cluster: _ClusterWire
    at: Moment
    live: LiveWire
    objects: _Count = None

    def value(self) -> Known:
        """Turn it into what was known."""
        return Known(self.cluster.id or "", self.at, self.live.value(), self.objects)


def live_document(live: LiveCount) -> Document:
    """Write counts of what was live; null is what was not looked at."""
    return {
        "topics": live.topics,
        "acls": live.acls,
        "unmanagedTopics": live.unmanaged_topics,
        "unmanagedAcls": live.unmanaged_acls,
        "protectedTopics": live.protected_topics,
        "protectedAcls": live.protected_acls,
    }


def known_document(known: Known | None) -> Document | None:
    """Write what was known earlier."""
    return (
        None
        if known is None
        else {
            "cluster": {"id": known.cluster_id or None},
            "at": timestamp(known.at),
            "live": live_document(known.live),
            "objects": known.objects,
        }
    )


class _AuditWire(_Wire):
    environment: str
    cluster: _ClusterWire
    at: Moment
    live: LiveWire | None = None
    known: KnownWire | None = None
    drift: tuple[dict[str, Any], ...]
    summary: dict[str, _Number]

    def value(self) -> Known:
        if self.known is not None:
            return self.known.value()
        id_ = self.cluster.id or ""
        if self.live is not None:
            return Known(id_, self.at, self.live.value())
        return Known(id_, self.at, LiveCount(), self._objects() if id_ else None)

    def _objects(self) -> int:
        """Count what an older kgov did not: what is as desired, and what drifts and is there."""
        there = {str(drift.get("resource")) for drift in self.drift if drift.get("state") != "missing"}
        return len(there) + self.summary.get("inSync", 0)


class _ReportWire(_Wire):
    environment: str
    cluster: _ClusterWire = _ClusterWire()
    started: Moment
    finished: Moment | None
    live: LiveWire = LiveWire()

    def value(self) -> Known:
        return Known(self.cluster.id or "", self.finished or self.started, self.live.value())


def read_known(document: Mapping[str, Any], environment: str) -> Known:
    """Read what an audit or a report of this environment knew; raise ``UsageError`` for anything else."""
    wire: type[_AuditWire | _ReportWire]
    match document.get("format"):
        case "kgov-audit/1":
            wire = _AuditWire
        case "kgov-report/1":
            wire = _ReportWire
        case other:
            raise _no_memory(f"its format is {str(other)[:40]}")
    try:
        read = wire.model_validate(document)
    except ValidationError as error:
        raise _no_memory("it is not complete") from error
    if read.environment != environment:
        raise UsageError(f"--previous is of {read.environment}, not of {environment}")
    return read.value()


def _no_memory(why: str) -> UsageError:
    return UsageError(
        "--previous is neither an audit nor a report of kgov",
        why=why,
        todo="give a file that `kgov audit --format json` or `kgov apply --report` wrote",
    )
