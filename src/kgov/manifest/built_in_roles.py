"""The roles that are built in: what each kind of client needs, and nothing that it does not ask for.

tests/roles runs a client of each kind with exactly these rights, and then without each of them. Read and Write
imply Describe (StandardAuthorizerData, KIP-11); Describe is named all the same, as kafka-acls does, so that
whoever lists the bindings sees it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kgov.model.acl import Operation, PatternType, ResourceType
from kgov.model.policies import Role, RoleBinding, RoleParameter

_READ: Final = (Operation.READ, Operation.DESCRIBE)
_WRITE: Final = (Operation.WRITE, Operation.DESCRIBE)


def _needs(name: str, description: str) -> RoleParameter:
    return RoleParameter(name, required=True, description=description)


def _takes(name: str, description: str) -> RoleParameter:
    return RoleParameter(name, required=False, description=description)


def _on(
    resource: ResourceType,
    name: str,
    operations: tuple[Operation, ...],
    pattern: PatternType = PatternType.LITERAL,
) -> RoleBinding:
    return RoleBinding(resource, name, operations, pattern)


def _built_in(
    name: str,
    description: str,
    parameters: tuple[RoleParameter, ...],
    bindings: tuple[RoleBinding, ...],
    *,
    groupless: bool = False,
) -> Role:
    return Role(name, None, description, parameters, bindings, groupless)


BUILT_IN: Final[Mapping[str, Role]] = MappingProxyType(
    {
        role.name: role
        for role in (
            # The rights that kafka-acls --producer gives, without Create: topics are declared.
            _built_in(
                "producer",
                "Writes to topics, idempotently or not",
                (_needs("topic", "what it writes"),),
                (_on(ResourceType.TOPIC, "{topic}", _WRITE),),
            ),
            _built_in(
                "transactional-producer",
                "Writes to topics in transactions",
                (_needs("topic", "what it writes"), _needs("transactionalId", "its transactional.id")),
                (
                    _on(ResourceType.TOPIC, "{topic}", _WRITE),
                    _on(ResourceType.TRANSACTIONAL_ID, "{transactionalId}", _WRITE),
                ),
            ),
            # The rights that kafka-acls --consumer gives. Without a group: readers by assign().
            _built_in(
                "consumer",
                "Reads topics, in a group or by assignment",
                (
                    _needs("topic", "what it reads"),
                    _takes("group", "its group.id; without, say groupless: true"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", _READ),
                    _on(ResourceType.GROUP, "{group}", (Operation.READ,)),
                ),
            ),
            # Kafka Streams developer guide, "Required ACL setting for secure Kafka clusters": internal topics
            # and transactional ids are the application id, a dash and more, so the prefix ends in that dash.
            # Delete is for purging repartition topics (DeleteRecords). DescribeConfigs is not needed: it only
            # puts configs into the answer of CreateTopics, and Streams does not look at them. The transactional
            # ids are for exactly_once_v2; group.protocol=streams (KIP-1071) needs the same rights.
            _built_in(
                "streams",
                "Runs a Kafka Streams application with its internal topics",
                (
                    _needs("applicationId", "its application.id"),
                    _takes("inputTopic", "what it reads"),
                    _takes("outputTopic", "what it writes"),
                ),
                (
                    _on(ResourceType.TOPIC, "{inputTopic}", _READ),
                    _on(ResourceType.TOPIC, "{outputTopic}", _WRITE),
                    _on(
                        ResourceType.TOPIC,
                        "{applicationId}-",
                        (
                            Operation.READ,
                            Operation.WRITE,
                            Operation.CREATE,
                            Operation.DELETE,
                            Operation.DESCRIBE,
                        ),
                        PatternType.PREFIXED,
                    ),
                    _on(ResourceType.GROUP, "{applicationId}", _READ),
                    _on(ResourceType.TRANSACTIONAL_ID, "{applicationId}-", _WRITE, PatternType.PREFIXED),
                ),
            ),
            # Kafka Connect user guide, "Configuring workers": the worker reads and writes its three internal
            # topics, and coordinates in its group. Without DescribeConfigs it starts all the same, but no
            # longer refuses topics that are not compacted, which forget connectors and offsets
            # (TopicAdmin.verifyTopicCleanupPolicyOnlyCompact). Connectors get the roles of producers and
            # consumers.
            _built_in(
                "connect-worker",
                "Runs a Kafka Connect worker: its group and its internal topics",
                (
                    _needs("group", "group.id of the worker"),
                    _needs("topic", "its config, offset and status topics"),
                ),
                (
                    _on(
                        ResourceType.TOPIC,
                        "{topic}",
                        (Operation.READ, Operation.WRITE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS),
                    ),
                    _on(ResourceType.GROUP, "{group}", _READ),
                ),
            ),
            _built_in(
                "schema-reader",
                "Reads the topic in which a schema registry keeps its schemas",
                (
                    RoleParameter("topic", required=False, description="where they are", default="_schemas"),
                    _takes("group", "its group.id"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", _READ),
                    _on(ResourceType.GROUP, "{group}", (Operation.READ,)),
                ),
                # Schema registries read by assignment (KafkaStore of Confluent's); some join a group as well.
                groupless=True,
            ),
            # KafkaStore of Confluent's registry: it refuses to start where it may not read the topic's cleanup
            # policy; the group elects the instance that writes (KafkaGroupLeaderElector). Apicurio's
            # (KafkaSqlRegistryStorage) checks its three topics in the same way, reads two of them in groups of
            # its own, and tells on the third what has happened (KafkaSqlEventsProcessor).
            _built_in(
                "schema-registry",
                "Runs a schema registry: the topic with its schemas, and the group of its instances",
                (
                    RoleParameter("topic", required=False, description="where they are", default="_schemas"),
                    RoleParameter(
                        "group", required=False, description="its group id", default="schema-registry"
                    ),
                    _takes("eventsTopic", "where Apicurio's registry tells what has happened"),
                ),
                (
                    _on(
                        ResourceType.TOPIC,
                        "{topic}",
                        (Operation.READ, Operation.WRITE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS),
                    ),
                    _on(ResourceType.TOPIC, "{eventsTopic}", (*_WRITE, Operation.DESCRIBE_CONFIGS)),
                    _on(ResourceType.GROUP, "{group}", _READ),
                ),
            ),
            # MirrorMaker 2 (KIP-382) with the DefaultReplicationPolicy. It reads by assignment, and its copies
            # have the configs of the original, for which it describes them. Describe on groups is for their
            # offsets (ListGroups shows a group to whoever may describe it). Nothing here lets it copy ACLs:
            # who may do what, manifests say.
            _built_in(
                "mirror-maker-source",
                "Runs MirrorMaker 2 where it reads: the topics and groups of the cluster that is mirrored",
                (
                    _needs("topic", "what is mirrored"),
                    _needs("target", "the alias of the cluster that it writes to"),
                    _takes("group", "groups whose offsets are mirrored"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", (*_READ, Operation.DESCRIBE_CONFIGS)),
                    _on(
                        ResourceType.TOPIC,
                        "mm2-offset-syncs.{target}.internal",
                        (Operation.READ, Operation.WRITE, Operation.CREATE, Operation.DESCRIBE),
                    ),
                    _on(ResourceType.GROUP, "{group}", (Operation.DESCRIBE,)),
                ),
                groupless=True,
            ),
            # Mirrored topics, checkpoints and heartbeats are the alias, a dot and more. Alter grows topics,
            # AlterConfigs is for sync.topic.configs.enabled, Read on them and on groups for
            # sync.group.offsets.enabled (OffsetCommit). The other three are the topics of its Connect worker.
            _built_in(
                "mirror-maker-target",
                "Runs MirrorMaker 2 where it writes: mirrored topics, and its own topics and group",
                (
                    _needs("source", "the alias of the cluster that is mirrored"),
                    _takes("group", "groups whose offsets are mirrored"),
                ),
                (
                    _on(
                        ResourceType.TOPIC,
                        "{source}.",
                        (
                            Operation.READ,
                            Operation.WRITE,
                            Operation.CREATE,
                            Operation.DESCRIBE,
                            Operation.ALTER,
                            Operation.ALTER_CONFIGS,
                        ),
                        PatternType.PREFIXED,
                    ),
                    *(
                        _on(
                            ResourceType.TOPIC,
                            f"mm2-{what}.{{source}}.internal",
                            (Operation.READ, Operation.WRITE, Operation.CREATE, Operation.DESCRIBE),
                        )
                        for what in ("configs", "offsets", "status")
                    ),
                    _on(
                        ResourceType.TOPIC,
                        "heartbeats",
                        (Operation.WRITE, Operation.CREATE, Operation.DESCRIBE),
                    ),
                    _on(ResourceType.GROUP, "{source}-mm2", _READ),
                    _on(ResourceType.GROUP, "{group}", _READ),
                ),
            ),
            # The role names of Confluent Platform's RBAC, as far as ACLs can say the same.
            _built_in(
                "DeveloperRead",
                "Reads topics and joins groups",
                (_takes("topic", "what it reads"), _takes("group", "its group.id")),
                (
                    _on(ResourceType.TOPIC, "{topic}", _READ),
                    _on(ResourceType.GROUP, "{group}", _READ),
                ),
            ),
            _built_in(
                "DeveloperWrite",
                "Writes to topics, also in transactions",
                (_takes("topic", "what it writes"), _takes("transactionalId", "its transactional.id")),
                (
                    _on(ResourceType.TOPIC, "{topic}", _WRITE),
                    _on(ResourceType.TRANSACTIONAL_ID, "{transactionalId}", _WRITE),
                ),
            ),
            _built_in(
                "Operator",
                "Tunes topics and looks after groups, without reading or writing records",
                (_takes("topic", "what it tunes"), _takes("group", "what it looks after")),
                (
                    _on(
                        ResourceType.TOPIC,
                        "{topic}",
                        (
                            Operation.DESCRIBE,
                            Operation.DESCRIBE_CONFIGS,
                            Operation.ALTER,
                            Operation.ALTER_CONFIGS,
                        ),
                    ),
                    _on(ResourceType.GROUP, "{group}", (Operation.DESCRIBE, Operation.DELETE)),
                ),
            ),
            _built_in(
                "Admin",
                "May do everything with what it is given",
                (
                    _takes("topic", "topics"),
                    _takes("group", "groups"),
                    _takes("transactionalId", "transactional ids"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", (Operation.ALL,)),
                    _on(ResourceType.GROUP, "{group}", (Operation.ALL,)),
                    _on(ResourceType.TRANSACTIONAL_ID, "{transactionalId}", (Operation.ALL,)),
                ),
            ),
        )
    }
)
"""The roles that every repository has; their names cannot be declared again."""
