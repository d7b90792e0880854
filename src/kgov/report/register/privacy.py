"""The register of personal data as a table."""

from collections.abc import Iterator

from kgov.capacity.keeping import (
    RETENTION,
    RETENTION_BYTES,
    is_compacted,
    is_deleted_from,
    number,
    segment_time,
)
from kgov.model.acl import ANYBODY, WILDCARD, PatternType, ResourcePattern
from kgov.model.topic import Topic
from kgov.model.topic_facts import Transfer
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
    "Data",
    "Classification",
    "Encryption",
    "Kept",
    "Erased",
    "Archive",
    "Read by",
    "Goes to",
    "Not said",
)
_GROUPS = (("Processing", 3), ("Data", 4), ("Kept", 3), ("Recipients", 2), ("Not said", 1))
_ON_THE_CLUSTER = "On the cluster"


def privacy_table(register: PrivacyRegister) -> Table:
    """Lay the register out, a row for each topic."""
    asked = register.cluster_id is not None
    columns = (*_COLUMNS, _ON_THE_CLUSTER) if asked else _COLUMNS
    groups = (*_GROUPS, (_ON_THE_CLUSTER, 1)) if asked else _GROUPS
    rows = tuple(
        (*_row(entry, register), tuple(_live(entry))) if asked else _row(entry, register)
        for entry in register.entries
    )
    title = f"Personal data in {register.environment}"
    return Table(title, "topic", columns, rows, tuple(_notes(register)), groups)


def _row(entry: PersonalTopic, register: PrivacyRegister) -> tuple[Cell, ...]:
    topic, data = entry.topic, entry.topic.data
    return (
        (topic.name,),
        (_owner(entry),),
        (" ".join(topic.purpose.split()) if topic.purpose else NOT_SAID,),
        (data.legal_basis or NOT_SAID,),
        data.subjects or (NOT_SAID,),
        data.categories or (NOT_SAID,),
        (data.classification or NOT_SAID,),
        (data.encrypted or NOT_SAID,),
        tuple(kept_in_words(entry)),
        tuple(erased_in_words(topic)),
        (archive_in_words(entry),),
        tuple(map(reader_in_words, entry.readers)) or (_nobody(register),),
        tuple(_outside(data.transfers)),
        entry.missing,
    )


def _nobody(register: PrivacyRegister) -> str:
    return "nobody, by the manifests" if register.governs_access else "not governed by manifests"


def _owner(entry: PersonalTopic) -> str:
    owner = entry.topic.owner or NOT_SAID
    return f"{owner} ({listed(entry.contacts)})" if entry.contacts else owner


def _outside(transfers: tuple[Transfer, ...] | None) -> Iterator[str]:
    if not transfers:
        yield NOT_SAID if transfers is None else "nobody outside"
    for each in transfers or ():
        yield f"{each.to} ({each.safeguard})" if each.safeguard else f"{each.to} (no safeguard is said)"


def kept_in_words(entry: PersonalTopic) -> Iterator[str]:
    """Say how long Kafka keeps the records of a topic, and how long its category lets it."""
    topic, category = entry.topic, entry.category
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
    if category is not None:
        least = "" if category.minimum is None else f", at least {format_duration(category.minimum)}"
        most = "" if category.maximum is None else f", at most {format_duration(category.maximum)}"
        yield f"category {category.name}{least}{most}"


_ERASED_BY_KEY = {
    True: "by a record without value for its key",
    False: "not by key: records have none",
    None: "by key only if records have keys, which is not said",
}


def erased_in_words(topic: Topic) -> Iterator[str]:
    """Say how a record about somebody goes: by age, a segment at a time, or by a newer one of its key."""
    if topic.retired:
        yield "with the topic"
    if is_deleted_from(topic):
        retention = number(topic, RETENTION)
        if retention is None or retention < 0:
            yield NOT_SAID if retention is None else "never by age"
        else:
            later = format_duration(segment_time(topic))
            yield f"after {format_duration(retention)}, up to {later} later (segment.ms)"
    if is_compacted(topic):
        yield _ERASED_BY_KEY[topic.keyed]


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
    if reader.kept_out:
        about.append(f"but not {listed(reader.kept_out)}")
    if reader.hosts.in_words:
        about.append(reader.hosts.in_words)
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
    for reader in live.missing:
        yield f"declared, and cannot read: {reader.principal} {reader.hosts.in_words}".rstrip()
    for reader in live.protected:
        yield f"reads, kept out of the manifests: {reader_in_words(reader)}"
    if not entry.differs:
        yield "as declared"


def _notes(register: PrivacyRegister) -> Iterator[str]:
    controller = register.controller
    if controller is None:
        yield "kgov.yaml does not say who answers for these data (privacy: {controller: …, contact: …})"
    else:
        contact = controller.contact or "no contact is said"
        yield f"controller: {controller.name} ({contact})"
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
