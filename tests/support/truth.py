"""What is live, asked without kgov, and a report held against it."""

from pathlib import Path
from typing import Any

from confluent_kafka import KafkaError, KafkaException, admin
from outsider import eventually
from running import outcomes

from kgov.sandbox import Sandbox

_SECONDS = 60.0
_ANY = admin.AclBindingFilter(
    admin.ResourceType.ANY,
    None,
    admin.ResourcePatternType.ANY,
    None,
    None,
    admin.AclOperation.ANY,
    admin.AclPermissionType.ANY,
)


class Truth:
    """A cluster as it is, by way of its client alone."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.client = admin.AdminClient(
            sandbox.client_config() | {"allow.auto.create.topics": "false", "log_level": "0"}
        )

    def bindings(self, about: str) -> frozenset[str]:
        """List the bindings with this text in them, as kgov names them."""
        found = self.client.describe_acls(_ANY).result(_SECONDS)
        return frozenset(name for acl in found if about in (name := _name(acl)))

    def topics(self, about: str) -> dict[str, tuple[int, dict[str, str]]]:
        """Map the topics with this text in their names to their partitions and own configs.

        Of several brokers one may show a topic and another not yet: such a one is left out.
        """
        shown = self.client.list_topics(timeout=_SECONDS).topics
        sizes = {name: len(topic.partitions) for name, topic in shown.items() if about in name}
        resources = [admin.ConfigResource(admin.ResourceType.TOPIC, name) for name in sizes]
        futures = self.client.describe_configs(resources) if resources else {}
        own = admin.ConfigSource.DYNAMIC_TOPIC_CONFIG.value
        return {
            resource.name: (
                sizes[resource.name],
                {key: entry.value for key, entry in future.result().items() if entry.source == own},
            )
            for resource, future in futures.items()
            if not _is_absent(future.exception(_SECONDS))
        }

    def all(self, about: str) -> tuple[dict[str, tuple[int, dict[str, str]]], frozenset[str]]:
        """Give topics and bindings: two clusters that are alike give the same."""
        return self.topics(about), self.bindings(about)

    def bears_out(self, report: Path, about: str) -> None:
        """Insist that what the report calls done is so, and that what it says was not made is not.

        What is ``sent`` or ``unknown`` may be either.
        """

        def lies() -> list[str]:
            topics, bindings = self.all(about)
            return [
                f"{outcome['resource']['name']} is {outcome['status']} and {'' if so else 'not '}as wanted"
                for outcome in outcomes(report)
                if (so := _is_so(outcome, topics, bindings)) is not _claimed(outcome["status"], so)
            ]

        eventually(lambda: not lies(), f"the report is borne out: {lies()}")


def _is_absent(error: BaseException | None) -> bool:
    """Say whether there is no such topic; anything else that is wrong is raised."""
    if error is None:
        return False
    if isinstance(error, KafkaException) and error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        return True
    raise error


def _claimed(status: str, so: bool) -> bool:
    if status == "done":
        return True
    return so if status in ("sent", "unknown") else False


def _is_so(
    outcome: dict[str, Any], topics: dict[str, tuple[int, dict[str, str]]], bindings: frozenset[str]
) -> bool:
    """Say whether live is as the change of this outcome wanted it."""
    name, action = outcome["resource"]["name"], outcome["action"]
    if outcome["resource"]["kind"] == "Acl":
        return (name in bindings) is (action == "create")
    if action == "delete":
        return name not in topics
    if name not in topics:
        return False
    partitions, own = topics[name]
    now = {"partitions": partitions} | {f"config.{key}": value for key, value in own.items()}
    return all(
        now.get(field["path"]) == field["after"] for field in outcome["fields"] if field["path"] != "replicas"
    )


def _name(acl: admin.AclBinding) -> str:
    return (
        f"{acl.principal} {acl.permission_type.name} {_camel(acl.operation.name)} on "
        f"{_camel('CLUSTER' if acl.restype.name == 'BROKER' else acl.restype.name)} "
        f"{acl.resource_pattern_type.name} {acl.name} from {acl.host}"
    )


def _camel(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
