"""The register of personal data as a table."""

from collections.abc import Iterator

from kgov.capacity.keeping import RETENTION, RETENTION_BYTES, is_compacted, is_deleted_from, number
from kgov.model.acl import ANYBODY, WILDCARD, PatternType, ResourcePattern
from kgov.model.topic import Topic
from kgov.model.units import UNLIMITED, format_duration, format_size
from kgov.policy.wording import counted, listed
from kgov.register.privacy import PersonalTopic, PrivacyRegister
from kgov.register.readers import LiveReaders, Reader
from kgov.report.register.table import Cell, Table

NOT_SAID = "not said"

_COLUMNS = (
    "Topic",
    "Owner",
    "Purpose",
    "Legal basis",
    "About",
    "Classification",
    "Kept",
    "Archive",
    "Encryption",
    "Read by",
    "Not said",
)


def privacy_table(register: PrivacyRegister) -> Table:
    """Lay the register out, a row for each topic."""
    asked = register.cluster_id is not None
    columns = (*_COLUMNS, "On the cluster") if asked else _COLUMNS
    rows = tuple(
        (*_row(entry, register), tuple(_live(entry))) if asked else _row(entry, register)
        for entry in register.entries
    )
    title = f"Personal data in {register.environment}"
    return Table(title, "topic", columns, rows, tuple(_notes(register)))


def _row(entry: PersonalTopic, register: PrivacyRegister) -> tuple[Cell, ...]:
    topic, data = entry.topic, entry.topic.data
    return (
        (topic.name,),
        (topic.owner or NOT_SAID,),
        (" ".join(topic.purpose.split()) if topic.purpose else NOT_SAID,),
        (data.legal_basis or NOT_SAID,),
        data.subjects or (NOT_SAID,),
        (data.classification or NOT_SAID,),
        tuple(kept_in_words(topic)),
        (archive_in_words(entry),),
        (data.encrypted or NOT_SAID,),
        tuple(map(reader_in_words, entry.readers)) or (_nobody(register),),
        entry.missing,
    )


def _nobody(register: PrivacyRegister) -> str:
    return "nobody, by the manifests" if register.governs_access else "not governed by manifests"


def kept_in_words(topic: Topic) -> Iterator[str]:
    """Say how long Kafka keeps the records of a topic."""
    if topic.retired:
        yield "retired: to be deleted"
    if is_deleted_from(topic):
        retention = number(topic, RETENTION)
        words = "not said: the broker decides" if retention is None else format_duration(retention)
        yield "for ever" if words == UNLIMITED else words
        size = number(topic, RETENTION_BYTES)
        if size is not None and size >= 0:
            yield f"at most {format_size(size)} for each partition"
    if is_compacted(topic):
        yield "the newest record of each key" if topic.keyed is not False else "compacted, without keys"


def archive_in_words(entry: PersonalTopic) -> str:
    """Say where records are archived and for how long."""
    archive = entry.topic.archive
    if archive is None:
        return "none"
    keep = entry.archive_keep
    return archive.target if keep is None else f"{archive.target}, {format_duration(keep)}"


def reader_in_words(reader: Reader) -> str:
    """Say who reads, of which team, through what, from where, and which manifest lets it."""
    who = "everybody" if reader.principal == ANYBODY else reader.principal
    about = list(reader.teams)
    if reader.operator:
        about.append("operator")
    wide = [_wide(pattern) for pattern in reader.through]
    about += [words for words in wide if words]
    if reader.hosts != (WILDCARD,):
        about.append(f"from {listed(reader.hosts)}")
    about += [f"by {listed(reader.granted_by)}"] if reader.granted_by else []
    return f"{who} ({', '.join(about)})" if about else who


def _wide(pattern: ResourcePattern) -> str:
    if pattern.pattern is PatternType.PREFIXED:
        return f"all that begins with {pattern.name}"
    return "all topics" if pattern.name == WILDCARD else ""


def _live(entry: PersonalTopic) -> Iterator[str]:
    """Say how the cluster differs from the manifests."""
    live = entry.live or LiveReaders()
    for reader in live.undeclared:
        yield f"reads, and no manifest says so: {reader_in_words(reader)}"
    for principal in live.missing:
        yield f"cannot read yet: {principal}"
    for reader in live.protected:
        yield f"reads, kept out of the manifests: {reader_in_words(reader)}"
    if not entry.differs:
        yield "as declared"


def _notes(register: PrivacyRegister) -> Iterator[str]:
    if register.silent:
        verb = "does" if register.silent == 1 else "do"
        others = counted(register.silent, "other topic")
        yield f"{others} {verb} not say whether data are personal (data.personal)"
    if not register.governs_access:
        yield "no Access or Acl manifest says who may read"
    if register.cluster_id is None:
        yield "who reads is what the manifests say; with --live it is held against the cluster"
    else:
        yield f"held against the ACLs of cluster {register.cluster_id}; super users of the brokers need none"
    if register.unknown_acls != 0:
        number = "some ACLs" if register.unknown_acls is None else counted(register.unknown_acls, "ACL")
        yield f"not looked at: {number} of a type that the client does not know"
