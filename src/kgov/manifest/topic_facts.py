"""What a topic's spec states about records and readers, as model values."""

from typing import Final

from kgov.manifest.kinds.topic import TopicSpec
from kgov.model.topic_facts import (
    NOTHING_SAID,
    Archive,
    Classification,
    Consumer,
    Data,
    Encryption,
    SchemaFiles,
    Transfer,
    Volume,
)
from kgov.model.units import parse_rate

_STEADY: Final = 1.0


def volume_of(spec: TopicSpec) -> Volume | None:
    """Work out records and bytes a second from the rate and the size of a record, where they say enough."""
    part = spec.volume
    if part is None:
        return None
    peak = _STEADY if part.peak is None else part.peak
    if part.rate is None:
        return Volume(None, None, part.message_size, peak)
    rate = parse_rate(part.rate)
    size = part.message_size
    if rate.is_bytes:
        return Volume(rate.per_second / size if size else None, rate.per_second, size, peak)
    return Volume(rate.per_second, rate.per_second * size if size else None, size, peak)


def consumers_of(spec: TopicSpec) -> tuple[Consumer, ...]:
    """List who is expected to read."""
    return tuple(Consumer(part.principal, part.team, part.parallel) for part in spec.consumers)


def data_of(spec: TopicSpec) -> Data:
    """Say what the records hold."""
    part = spec.data
    if part is None:
        return NOTHING_SAID
    return Data(
        classification=None if part.classification is None else Classification(part.classification),
        personal=part.personal,
        legal_basis=part.legal_basis,
        subjects=tuple(part.subjects or ()),
        encrypted=None if part.encrypted is None else Encryption(part.encrypted),
        categories=tuple(part.categories or ()),
        transfers=None
        if part.transfers is None
        else tuple(Transfer(each.to, each.safeguard) for each in part.transfers),
    )


def archive_of(spec: TopicSpec) -> Archive | None:
    """Say where records are archived."""
    return None if spec.archive is None else Archive(spec.archive.target, spec.archive.keep)


def schema_of(spec: TopicSpec) -> SchemaFiles | None:
    """Say which schemas the topic names."""
    part = spec.schema_
    return None if part is None else SchemaFiles(part.key, part.value, part.compatibility)
