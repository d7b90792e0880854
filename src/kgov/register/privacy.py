"""The register of personal data: what an auditor asks for (GDPR article 30, Quebec's Law 25), by topic."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgov.access.hosts import ANYWHERE
from kgov.capacity.keeping import RETENTION, goes_by_age, is_compacted, is_kept_forever, number
from kgov.model.acl import ANYBODY
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveAcls, NotLookedAt
from kgov.model.policies import RetentionCategory
from kgov.model.project import Controller
from kgov.model.topic import Topic
from kgov.register.readers import Library, LiveReaders, Reader, compare_readers


@dataclass(frozen=True, slots=True)
class PersonalTopic:
    """One topic with personal data.

    ``contacts`` are the members of the team that owns it. ``archive_keep`` is in milliseconds (-1: for ever,
    ``None``: nobody says). ``missing`` names in words what the manifest leaves open. ``live`` is ``None`` where
    the cluster was not asked.
    """

    topic: Topic
    contacts: tuple[str, ...]
    category: RetentionCategory | None
    readers: tuple[Reader, ...]
    archive_keep: int | None
    missing: tuple[str, ...]
    live: LiveReaders | None = None

    @property
    def differs(self) -> bool:
        """Whether others can read it than the manifests say."""
        return self.live is not None and bool(self.live.undeclared or self.live.missing)


@dataclass(frozen=True, slots=True)
class PrivacyRegister:
    """All topics with personal data, by name.

    ``silent`` counts the topics that do not say whether their data are personal. ``governs_access`` says
    whether manifests say who reads at all. ``cluster_id`` and ``unknown_acls`` (bindings that the client does
    not understand) are of the cluster that was asked.
    """

    environment: str
    controller: Controller | None
    entries: tuple[PersonalTopic, ...]
    silent: int
    governs_access: bool
    cluster_id: str | None = None
    unknown_acls: int | None = 0

    @property
    def leaves_open(self) -> bool:
        """Whether a manifest leaves open what the register asks for, or whether data are personal at all."""
        return bool(self.silent) or any(entry.missing for entry in self.entries)

    @property
    def differs(self) -> bool:
        """Whether any topic can be read by others than the manifests say."""
        return any(entry.differs for entry in self.entries)


def privacy_register(desired: Desired, live: Live | None = None) -> PrivacyRegister:
    """Gather every topic with personal data that is to stay or still there, retired ones included.

    With ``live``, whose ACLs must have been looked at, the readers are held against the cluster's own.
    """
    declared = Library(desired, desired.bindings)
    seen = None if live is None else _seen(live)
    personal = sorted((t for t in desired.topics.values() if t.data.personal), key=lambda topic: topic.name)
    there = None if seen is None else Library(desired, seen.bindings)
    is_open = live is not None and live.open_without_acl
    return PrivacyRegister(
        environment=desired.environment.name,
        controller=desired.project.controller,
        entries=tuple(_entry(topic, desired, declared, there, is_open=is_open) for topic in personal),
        silent=sum(t.data.personal is None and not t.retired for t in desired.topics.values()),
        governs_access=desired.declares_access,
        cluster_id=None if live is None else live.cluster_id,
        unknown_acls=0 if seen is None else seen.unknown,
    )


def _seen(live: Live) -> LiveAcls:
    if isinstance(live.acls, NotLookedAt):
        raise ValueError(f"readers cannot be held against ACLs that were not looked at: {live.acls.reason}")
    return live.acls


def _entry(
    topic: Topic, desired: Desired, declared: Library, there: Library | None, *, is_open: bool
) -> PersonalTopic:
    readers = declared.readers(topic.name)
    compared = None
    if there is not None:
        live = there.readers(topic.name)
        if is_open and not there.is_guarded(topic.name):
            live = (*live, Reader(ANYBODY, (), ANYWHERE, (), (), operator=False))
        compared = compare_readers(readers, live, desired.project.scope.protects_principals)
    category = desired.categories.get(topic.category or "")
    owner = desired.teams.get(topic.owner or "")
    return PersonalTopic(
        topic,
        owner.members if owner else (),
        category,
        readers,
        _archive_keep(topic, category),
        tuple(_missing(topic)),
        compared,
    )


def _archive_keep(topic: Topic, category: RetentionCategory | None) -> int | None:
    if topic.archive is None:
        return None
    keep = topic.archive.keep
    return category.archive_keep if keep is None and category is not None else keep


def _missing(topic: Topic) -> Iterable[str]:
    data = topic.data
    said = (
        ("a purpose", topic.purpose),
        ("an owner", topic.owner),
        ("a legal basis", data.legal_basis),
        ("whom the data are about", data.subjects),
        ("which kinds of data", data.categories),
        ("a classification", data.classification),
        ("a retention", is_compacted(topic) or number(topic, RETENTION) is not None),
        ("whether records have keys", topic.keyed is not None or goes_by_age(topic) or not is_compacted(topic)),
    )
    yield from (words for words, value in said if not value)
    if is_kept_forever(topic):
        yield "an end of the retention"
