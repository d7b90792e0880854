"""Change a cluster behind kgov's back: the drift that the demo then finds.

Reads KGOV_BOOTSTRAP_SERVER and KGOV_COMMAND_CONFIG as ``kgov sandbox run`` sets them. Returns once a reader of
the cluster sees every change.
"""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

ORDERS = "commerce.commandes.ordre.created.v1"
PAYMENTS = "finance.paiements.transaction.completed.v2"
COMPLETED_ORDERS = "commerce.commandes.ordre.completed.v1"
SCRATCH = "essai-xavier"
DAY_MS = 24 * 60 * 60 * 1000
ANSWER_SECONDS = 30


def client_settings(properties: str) -> dict[str, str]:
    """Turn a client.properties file into librdkafka's settings; Java's JAAS line becomes user and password."""
    lines = [line.strip() for line in properties.splitlines()]
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    settings = {key.strip(): value.strip() for key, _, value in pairs}
    jaas = settings.pop("sasl.jaas.config", "")
    for name in ("username", "password"):
        if found := re.search(rf'{name}="([^"]*)"', jaas):
            settings[f"sasl.{name}"] = found[1]
    return settings


def connect() -> AdminClient:
    """Log in as the sandbox's administrator."""
    settings = client_settings(Path(os.environ["KGOV_COMMAND_CONFIG"]).read_text(encoding="utf-8"))
    settings["bootstrap.servers"] = os.environ["KGOV_BOOTSTRAP_SERVER"]
    return AdminClient({**settings, "allow.auto.create.topics": False})


def read_right(principal: str, topic: str) -> AclBinding:
    """Make the right to read one topic from anywhere."""
    literal, read = ResourcePatternType.LITERAL, AclOperation.READ
    return AclBinding(ResourceType.TOPIC, topic, literal, principal, "*", read, AclPermissionType.ALLOW)


def exactly(binding: AclBinding) -> AclBindingFilter:
    """Make the filter that matches this binding and no other."""
    return AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )


def wait_until(seen: Callable[[], bool], what: str) -> None:
    """Wait for a reader to see what the controller has accepted: reads lag behind writes."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while not seen():
        if time.monotonic() > deadline:
            raise SystemExit(f"the cluster does not show it after {ANSWER_SECONDS} s: {what}")
        time.sleep(0.05)


def raise_retention(admin: AdminClient) -> str:
    """Keep the orders for 30 days instead of the 7 of their category."""
    entry = ConfigEntry("retention.ms", str(30 * DAY_MS), incremental_operation=AlterConfigOpType.SET)
    orders = ConfigResource(ConfigResource.Type.TOPIC, ORDERS, incremental_configs=[entry])
    admin.incremental_alter_configs([orders])[orders].result(ANSWER_SECONDS)

    def seen() -> bool:
        configs = admin.describe_configs([orders])[orders].result(ANSWER_SECONDS)
        return bool(configs["retention.ms"].value == entry.value)

    what = f"retention of {ORDERS} raised from 7 to 30 days"
    wait_until(seen, what)
    return what


def add_grant(admin: AdminClient) -> str:
    """Let the web tracking read payments."""
    principal = "User:web-tracking-service"
    right = read_right(principal, PAYMENTS)
    admin.create_acls([right])[right].result(ANSWER_SECONDS)
    what = f"{principal} may read {PAYMENTS}"
    wait_until(lambda: bool(admin.describe_acls(exactly(right)).result(ANSWER_SECONDS)), what)
    return what


def take_grant(admin: AdminClient) -> str:
    """Take from billing the orders that it invoices."""
    principal = "User:billing-service"
    right = exactly(read_right(principal, COMPLETED_ORDERS))
    taken = admin.delete_acls([right])[right].result(ANSWER_SECONDS)
    if not taken:
        raise SystemExit(f"{principal} had no right to read {COMPLETED_ORDERS}: were the manifests applied?")
    what = f"{principal} may no longer read {COMPLETED_ORDERS}"
    wait_until(lambda: not admin.describe_acls(right).result(ANSWER_SECONDS), what)
    return what


def create_unmanaged_topic(admin: AdminClient) -> str:
    """Create a topic by hand, for a try."""
    admin.create_topics([NewTopic(SCRATCH, 1, 1)])[SCRATCH].result(ANSWER_SECONDS)
    what = f"topic {SCRATCH} created by hand"
    wait_until(lambda: SCRATCH in admin.list_topics(timeout=ANSWER_SECONDS).topics, what)
    return what


def main() -> None:
    """Make each change and say what was done."""
    admin = connect()
    for change in (raise_retention, add_grant, take_grant, create_unmanaged_topic):
        print(f"  {change(admin)}")


if __name__ == "__main__":
    main()
