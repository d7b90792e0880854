"""Registers as JSON. Durations are milliseconds, -1 is unlimited, ``null`` is not said."""

from typing import Any

from kgov.capacity.keeping import (
    CLEANUP,
    RETENTION,
    RETENTION_BYTES,
    goes_by_age,
    is_compacted,
    number,
    segment_time,
)
from kgov.model.acl import WILDCARD
from kgov.plan.documents.encoding import Document
from kgov.register.privacy import PersonalTopic, PrivacyRegister
from kgov.register.readers import Reader
from kgov.register.resilience import ResilienceRegister, TopicResilience

PRIVACY = "kgov-privacy/1"
RESILIENCE = "kgov-resilience/1"


def privacy_document(register: PrivacyRegister) -> Document:
    """Write the register of personal data; ``live`` is ``null`` where the cluster was not asked."""
    return {
        "format": PRIVACY,
        "environment": register.environment,
        "controller": register.controller
        and {"name": register.controller.name, "contact": register.controller.contact or None},
        "cluster": {"id": register.cluster_id},
        "governsAccess": register.governs_access,
        "topics": [_personal(entry) for entry in register.entries],
        "summary": {
            "topics": len(register.entries),
            "silent": register.silent,
            "differing": sum(entry.differs for entry in register.entries),
            "unknownAcls": register.unknown_acls,
        },
    }


def _personal(entry: PersonalTopic) -> Document:
    topic, data = entry.topic, entry.topic.data
    cleanup = topic.config.get(CLEANUP)
    return {
        "name": topic.name,
        "owner": topic.owner,
        "contacts": list(entry.contacts),
        "purpose": topic.purpose,
        "legalBasis": data.legal_basis,
        "subjects": list(data.subjects),
        "categories": list(data.categories),
        "classification": data.classification,
        "encrypted": data.encrypted,
        "retention": {
            "ms": number(topic, RETENTION),
            "bytes": number(topic, RETENTION_BYTES),
            "cleanup": None if cleanup is None else cleanup.text,
            "segmentMs": segment_time(topic),
            "category": entry.category
            and {
                "name": entry.category.name,
                "minimum": entry.category.minimum,
                "maximum": entry.category.maximum,
            },
        },
        "erased": {"byAge": goes_by_age(topic), "byKey": is_compacted(topic) and topic.keyed},
        "archive": topic.archive and {"target": topic.archive.target, "keep": entry.archive_keep},
        "state": topic.lifecycle.state,
        "readers": [_reader(reader) for reader in entry.readers],
        "transfers": None
        if data.transfers is None
        else [{"to": each.to, "safeguard": each.safeguard} for each in data.transfers],
        "missing": list(entry.missing),
        "live": entry.live
        and {
            "undeclared": [_reader(reader) for reader in entry.live.undeclared],
            "missing": [reader.principal for reader in entry.live.missing],
            "protected": [_reader(reader) for reader in entry.live.protected],
        },
        "origin": {"file": topic.place.file, "line": topic.place.line, "column": topic.place.column},
    }


def _reader(reader: Reader) -> Document:
    return {
        "principal": reader.principal,
        "teams": list(reader.teams),
        "operator": reader.operator,
        "through": [str(pattern) for pattern in reader.through],
        "hosts": [WILDCARD] if reader.hosts.others else list(reader.hosts.named),
        "exceptHosts": list(reader.hosts.named) if reader.hosts.others else [],
        "exceptPrincipals": list(reader.kept_out),
        "grantedBy": list(reader.granted_by),
    }


def resilience_document(register: ResilienceRegister) -> Document:
    """Write the register of recovery tiers."""
    recovery = register.environment.recovery
    return {
        "format": RESILIENCE,
        "environment": register.environment.name,
        "cluster": {"id": register.cluster_id},
        "brokersDown": list(register.down),
        "racksNotLookedAt": register.racks and register.racks.reason,
        "recovery": recovery and {"site": recovery.site, "topics": list(recovery.topics)},
        "topics": [_resilient(entry) for entry in register.entries],
        "summary": {
            "topics": len(register.entries),
            "lacking": sum(bool(entry.lacks) for entry in register.entries),
            "lackingLive": sum(bool(entry.lacks_live) for entry in register.entries),
            "withoutTier": sum(entry.tier is None for entry in register.entries),
        },
    }


def _resilient(entry: TopicResilience) -> dict[str, Any]:
    return {
        "name": entry.topic.name,
        "owner": entry.topic.owner,
        "tier": entry.tier,
        "onCluster": entry.is_live,
        "concerns": [
            {
                "concern": s.concern,
                "has": s.has,
                "needs": s.needs or None,
                "lacking": s.lacking,
                "live": {"has": s.live, "lacking": s.lacking_live} if s.live else None,
            }
            for s in entry.standings
        ],
    }
