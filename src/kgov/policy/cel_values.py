"""Model values as the plain mappings that expressions see.

What nobody says is left out, and so reads as empty; what kgov works out of categories, defaults and overlays is
there. Unlimited is the largest number: ``object.spec.retention <= ms("30d")`` is false of it.
"""

from collections.abc import Iterable, Mapping

from kgov.model.acl import AclBinding
from kgov.model.desired import Grant
from kgov.model.place import ResourceId
from kgov.model.policies import Team
from kgov.model.project import Environment
from kgov.model.topic import Topic
from kgov.model.topic_facts import Volume
from kgov.policy.cel_messages import Plain
from kgov.policy.cel_types import LARGEST

RETENTION = "retention.ms"


def topic_values(topic: Topic) -> Plain:
    """Show a topic as one environment has it."""
    config = {key: value.text for key, value in topic.config.items()}
    lifecycle, data, archive, schema = topic.lifecycle, topic.data, topic.archive, topic.schema
    spec: dict[str, object] = {
        "purpose": topic.purpose,
        "category": topic.category,
        "criticality": topic.criticality,
        "partitions": topic.partitions,
        "replicas": topic.replicas,
        "retention": milliseconds(config.get(RETENTION)),
        "config": config,
        "labels": topic.labels,
        "ignoreConfig": topic.ignore_config,
        "keyed": topic.keyed,
        "volume": None if topic.volume is None else _volume(topic.volume),
        "consumers": [
            {"principal": each.principal, "team": each.team, "parallel": each.parallel}
            for each in topic.consumers
        ],
        "data": {
            "classification": data.classification,
            "personal": data.personal,
            "legalBasis": data.legal_basis,
            "subjects": data.subjects,
            "encrypted": data.encrypted,
            "categories": data.categories,
            "transfers": [{"to": each.to, "safeguard": each.safeguard} for each in data.transfers or ()],
        },
        "lifecycle": {
            "state": lifecycle.state,
            "since": None if lifecycle.since is None else lifecycle.since.isoformat(),
            "replacedBy": lifecycle.replaced_by,
        },
    }
    if schema is not None:
        spec["schema"] = {"key": schema.key, "value": schema.value, "compatibility": schema.compatibility}
    if archive is not None:
        spec["archive"] = {
            "target": archive.target,
            "keep": None if archive.keep is None else unlimited_last(archive.keep),
        }
    return {
        "kind": "Topic",
        "metadata": {"name": topic.name, "owner": topic.owner},
        "spec": spec,
        "segments": topic.segments,
    }


def bindings_values(bindings: Iterable[tuple[AclBinding, Grant]]) -> list[Plain]:
    """Show what an Access or an Acl comes to in Kafka, one line an operation."""
    return [
        {
            "principal": binding.principal,
            "permission": binding.permission.lower(),
            "operation": binding.operation,
            "resource": binding.resource.type,
            "name": binding.resource.name,
            "pattern": binding.resource.pattern.lower(),
            "host": binding.host,
            "role": grant.role,
        }
        for binding, grant in bindings
    ]


def declaration_values(
    resource: ResourceId, owner: str | None, spec: Plain, bindings: Iterable[tuple[AclBinding, Grant]]
) -> Plain:
    """Show an Access or an Acl; ``spec`` is in the fields of its message already."""
    return {
        "kind": resource.kind,
        "metadata": {"name": resource.name, "owner": owner},
        "spec": spec,
        "bindings": bindings_values(bindings),
    }


def team_values(team: Team) -> Plain:
    """Show a team."""
    return {
        "metadata": {"name": team.name},
        "spec": {
            "members": team.members,
            "principals": team.principals,
            "owns": {"domains": team.domains, "prefixes": team.prefixes},
            "operators": team.operators,
            "accounts": team.accounts,
        },
    }


def environment_values(environment: Environment) -> Plain:
    """Show an environment."""
    return {
        "name": environment.name,
        "clusterId": environment.cluster_id,
        "kafka": environment.kafka,
        "production": environment.production,
        "minReplicas": environment.min_replicas,
    }


def milliseconds(text: str | None) -> int | None:
    """Read a canonical config value; ``None`` where there is none, or where it is no number (KG202)."""
    if text is None:
        return None
    try:
        return unlimited_last(int(text))
    except ValueError:
        return None


def unlimited_last(value: int) -> int:
    """Put Kafka's -1 behind every other number."""
    return LARGEST if value < 0 else value


def _volume(volume: Volume) -> Mapping[str, object]:
    return {
        "recordsPerSecond": volume.records_per_second,
        "bytesPerSecond": volume.bytes_per_second,
        "peak": volume.peak,
        "messageSize": volume.message_size,
    }
