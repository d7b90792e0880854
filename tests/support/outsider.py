"""Somebody else than kgov on the same cluster: makes drift, and looks whether kgov kept its promises."""

import time
from collections.abc import Callable
from typing import Any

from confluent_kafka import admin

from kgov.sandbox import Sandbox

DEADLINE = 60.0


def eventually(look: Callable[[], Any], what: str) -> Any:
    """Wait until something is true; metadata lags behind writes."""
    deadline = time.monotonic() + DEADLINE
    while not (found := look()):
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(0.05)
    return found


class Outsider:
    """The cluster through its own client, as the super user or another."""

    def __init__(self, sandbox: Sandbox, user: str = "admin") -> None:
        self.client = admin.AdminClient(
            sandbox.client_config(user) | {"allow.auto.create.topics": "false", "log_level": "0"}
        )

    def create(self, name: str, partitions: int = 3, replicas: int = 1, **config: str) -> None:
        """Create a topic and wait until it is shown; config keys have ``_`` for ``.``."""
        topic = admin.NewTopic(name, partitions, replicas, config=_dotted(config))
        self._await(self.client.create_topics([topic]))
        eventually(lambda: self.partitions(name) == partitions and self.readable(name), f"{name} exists")

    def delete(self, name: str) -> None:
        """Delete a topic and wait until it is gone."""
        self._await(self.client.delete_topics([name]))
        eventually(lambda: not self.exists(name), f"{name} is gone")

    def configure(self, name: str, **config: str | None) -> None:
        """Set configs, or unset them with ``None``, and wait until that is shown."""
        wanted = _dotted(config)
        entries = [
            admin.ConfigEntry(
                key,
                value,
                incremental_operation=admin.AlterConfigOpType.DELETE
                if value is None
                else admin.AlterConfigOpType.SET,
            )
            for key, value in wanted.items()
        ]
        resource = admin.ConfigResource(admin.ResourceType.TOPIC, name, incremental_configs=entries)
        self._await(self.client.incremental_alter_configs([resource]))
        eventually(lambda: all(self.own(name).get(key) == value for key, value in wanted.items()), f"{wanted}")

    def grow(self, name: str, partitions: int) -> None:
        """Add partitions and wait until they are shown."""
        self._await(self.client.create_partitions([admin.NewPartitions(name, partitions)]))
        eventually(lambda: self.partitions(name) == partitions, f"{name} has {partitions}")

    def exists(self, name: str) -> bool:
        """Say whether a topic is shown."""
        return name in self.client.list_topics(timeout=10).topics

    def partitions(self, name: str) -> int:
        """Count partitions; 0 where there is no such topic."""
        topics = self.client.list_topics(timeout=10).topics
        return len(topics[name].partitions) if name in topics else 0

    def readable(self, name: str) -> bool:
        """Say whether the topic's configs can be read yet."""
        resource = admin.ConfigResource(admin.ResourceType.TOPIC, name)
        return self.client.describe_configs([resource])[resource].exception(timeout=10) is None

    def own(self, name: str) -> dict[str, str]:
        """Read the configs that are set on the topic itself."""
        resource = admin.ConfigResource(admin.ResourceType.TOPIC, name)
        entries = self.client.describe_configs([resource])[resource].result(timeout=10)
        own = admin.ConfigSource.DYNAMIC_TOPIC_CONFIG.value
        return {key: entry.value for key, entry in entries.items() if entry.source == own}

    def grant(self, principal: str, operation: str, name: str, **given: str) -> None:
        """Add a binding and wait until it is shown."""
        wanted = _binding(principal, operation, name, **given)
        self._await(self.client.create_acls([wanted]))
        eventually(lambda: wanted in self._acls(principal), f"{wanted} is there")

    def revoke(self, principal: str, operation: str, name: str, **given: str) -> None:
        """Remove a binding and wait until it is gone."""
        unwanted = _binding(principal, operation, name, **given)
        exact = admin.AclBindingFilter(
            unwanted.restype,
            unwanted.name,
            unwanted.resource_pattern_type,
            unwanted.principal,
            unwanted.host,
            unwanted.operation,
            unwanted.permission_type,
        )
        self._await(self.client.delete_acls([exact]))
        eventually(lambda: unwanted not in self._acls(principal), f"{unwanted} is gone")

    def grants(self, principal: str) -> set[str]:
        """List a principal's bindings as ``ALLOW READ TOPIC LITERAL name``."""
        return {
            f"{acl.permission_type.name} {acl.operation.name} {acl.restype.name} "
            f"{acl.resource_pattern_type.name} {acl.name}"
            for acl in self._acls(principal)
        }

    def _acls(self, principal: str) -> list[admin.AclBinding]:
        every = admin.AclBindingFilter(
            admin.ResourceType.ANY,
            None,
            admin.ResourcePatternType.ANY,
            principal,
            None,
            admin.AclOperation.ANY,
            admin.AclPermissionType.ANY,
        )
        found: list[admin.AclBinding] = self.client.describe_acls(every).result(timeout=10)
        return found

    @staticmethod
    def _await(futures: dict[Any, Any]) -> None:
        for future in futures.values():
            future.result(timeout=30)


def _dotted(config: dict[str, Any]) -> dict[str, Any]:
    return {key.replace("_", "."): value for key, value in config.items()}


def _binding(
    principal: str,
    operation: str,
    name: str,
    type_: str = "TOPIC",
    pattern: str = "LITERAL",
    permission: str = "ALLOW",
) -> admin.AclBinding:
    return admin.AclBinding(
        admin.ResourceType[type_],
        name,
        admin.ResourcePatternType[pattern],
        principal,
        "*",
        admin.AclOperation[operation],
        admin.AclPermissionType[permission],
    )
