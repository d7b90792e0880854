"""Repositories of any size, as a company would write them: a file a topic, a file a service."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

SERVICE_TOPICS: Final = 10
"""How many topics a service writes."""

_DOMAINS: Final = ("commerce", "finance", "iot", "logistique")
_TYPES: Final = ("created", "updated", "completed", "deleted")

PROJECT: Final = """\
apiVersion: kgov/v1
kind: Project
environments:
  dev:
    defaults: {replicas: 1, config: {min.insync.replicas: 1}}
    rules: {KG204: "off"}
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
"""

POLICIES: Final = """\
apiVersion: kgov/v1
kind: NamingConvention
metadata: {name: topics}
spec:
  format: "{domain}.{subdomain}.{entity}.{type}.{version}"
  segments:
    domain: {values: [commerce, finance, iot, logistique]}
    entity: {pattern: "[a-z][a-z0-9-]*"}
    type: {values: [created, updated, completed, deleted]}
    version: {pattern: "v[1-9][0-9]*"}
---
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: operational-event}
spec: {retention: 7d, min: 1d, max: 30d, cleanup: delete}
---
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: business-transaction}
spec: {retention: 30d, min: 7d, max: 90d, cleanup: delete, archive: {required: true, keep: 7y}}
"""

TOPIC: Final = """\
apiVersion: kgov/v1
kind: Topic
metadata:
  name: {name}
  owner: team-{team}
spec:
  purpose: One event for every item of line {number} that was {type}.
{category}
  partitions: {partitions}
  keyed: true
  criticality: important
  data: {{classification: internal}}
{consumers}  config: {{max.message.bytes: {size}MiB}}
  environments:
    prod: {{partitions: {more}, config: {{min.insync.replicas: 2}}}}
"""

_KEPT: Final = """\
  category: business-transaction
  archive: {target: s3://archive, keep: 7y}"""

TEAM: Final = """\
apiVersion: kgov/v1
kind: Team
metadata: {{name: team-{team}}}
spec: {{members: ["team-{team}@example.com"], owns: {{domains: [{domain}]}}}}
"""

ACCESS: Final = """\
apiVersion: kgov/v1
kind: Access
metadata: {{name: service-{service}, owner: team-{team}}}
spec:
  principal: User:service-{service}
  grants:
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: topics of ``partitions`` partitions each, and ACL bindings for each topic.

    ``acls_a_topic`` is 0, 2 (one service writes it) or 5 (another one reads it, in a group of its own).
    """

    topics: int
    partitions: int = 1
    acls_a_topic: int = 0

    @property
    def acls(self) -> int:
        """How many bindings the manifests stand for."""
        return self.topics * self.acls_a_topic

    def __str__(self) -> str:
        topics = f"{self.topics:,} topics x {self.partitions}"
        return f"{topics} + {self.acls:,} ACLs" if self.acls_a_topic else topics


class Binding(NamedTuple):
    """One ACL binding, allowed from everywhere on a literal name."""

    principal: str
    operation: str
    type: str
    name: str


def configs(number: int) -> dict[str, str]:
    """Say which configs the manifests of a topic lead to in the environment ``dev``."""
    days = 30 if number % 5 == 0 else 7
    return {
        "cleanup.policy": "delete",
        "max.message.bytes": str((1 + number % 4) * 1024 * 1024),
        "min.insync.replicas": "1",
        "retention.ms": str(days * 86_400_000),
    }


def bindings(number: int, size: Size) -> list[Binding]:
    """List the bindings of a topic: of the service that writes it, and of the one that reads it."""
    name, writer = topic_name(number), number // SERVICE_TOPICS
    found = [Binding(f"User:service-{writer}", each, "Topic", name) for each in ("Write", "Describe")]
    if size.acls_a_topic > len(found):
        reader = writer + 1
        found += [Binding(f"User:service-{reader}", each, "Topic", name) for each in ("Read", "Describe")]
        found.append(Binding(f"User:service-{reader}", "Read", "Group", f"service-{reader}.{number}"))
    return found[: size.acls_a_topic]


def topic_name(number: int) -> str:
    """Name the topic of a number from 0 on."""
    type_ = _TYPES[number % 7 % len(_TYPES)]
    return f"{_DOMAINS[_team(number)]}.area{number % 25}.item{number}.{type_}.v1"


def _team(number: int) -> int:
    """Say whose topic it is: one service writes it, and each team has every fourth service."""
    return number // SERVICE_TOPICS % len(_DOMAINS)


def write_repository(folder: Path, size: Size) -> None:
    """Write a repository without faults into a new folder."""
    for path, text in files(size):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def files(size: Size) -> Iterator[tuple[str, str]]:
    """Write every file of a repository, by its path from the top."""
    yield "kgov.yaml", PROJECT
    yield "policies/policies.yaml", POLICIES
    teams = (TEAM.format(team=team, domain=domain) for team, domain in enumerate(_DOMAINS))
    yield "policies/teams.yaml", "---\n".join(teams)
    for number in range(size.topics):
        yield f"topics/{_DOMAINS[_team(number)]}/{topic_name(number)}.yaml", _topic(number, size)
    if size.acls_a_topic:
        # The last service writes nothing and reads what the one before it writes.
        for service in range(-(-size.topics // SERVICE_TOPICS) + (size.acls_a_topic > 2)):
            yield f"acls/service-{service}.yaml", _access(service, size)


def _topic(number: int, size: Size) -> str:
    name, reader = topic_name(number), number // SERVICE_TOPICS + 1
    return TOPIC.format(
        name=name,
        team=_team(number),
        number=number,
        type=name.split(".")[3],
        category=_KEPT if number % 5 == 0 else "  category: operational-event",
        partitions=size.partitions,
        more=size.partitions * 2,
        size=1 + number % 4,
        consumers=f"  consumers: [User:service-{reader}]\n" if size.acls_a_topic > 2 else "",
    )


def _access(service: int, size: Size) -> str:
    written = _topics_of(service, size)
    grants = ["    - role: producer", "      topic:", *(f"        - {topic_name(each)}" for each in written)]
    if not written:
        grants = []
    if size.acls_a_topic > 2:
        grants += [
            f"    - {{role: consumer, topic: {topic_name(number)}, group: service-{service}.{number}}}"
            for number in _topics_of(service - 1, size)
        ]
    return ACCESS.format(service=service, team=service % len(_DOMAINS)) + "\n".join(grants) + "\n"


def _topics_of(service: int, size: Size) -> range:
    start = service * SERVICE_TOPICS
    return range(max(start, 0), max(min(start + SERVICE_TOPICS, size.topics), 0))
