"""The promises of an embedded Kafka, kept on the real one."""

import stat

import pytest
from confluent_kafka.admin import AdminClient

from kgov.sandbox import Sandbox

pytestmark = pytest.mark.broker


def test_the_super_user_sees_the_cluster_that_was_started(broker: Sandbox) -> None:
    admin = AdminClient(broker.client_config())
    cluster = admin.describe_cluster().result(timeout=10)
    assert cluster.cluster_id == broker.cluster_id


def test_a_new_user_can_log_in_at_once(broker: Sandbox, user: str) -> None:
    assert AdminClient(broker.client_config(user)).list_topics(timeout=10).topics == {}


def test_passwords_are_for_their_owner_only(broker: Sandbox, user: str) -> None:
    assert stat.S_IMODE(broker.properties_file(user).stat().st_mode) == 0o600
