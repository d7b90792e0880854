"""The main job on a container image of Kafka, where a Docker engine is at hand.

Everything else in these tests runs on the sandbox; this one keeps the two honest about each other.
"""

import os
from pathlib import Path

import pytest
from command import Repository

IMAGE = "confluentinc/cp-kafka:7.9.1"
ENGINE = Path("/var/run/docker.sock")


@pytest.fixture
def container():
    if not (ENGINE.exists() or os.environ.get("DOCKER_HOST")):
        pytest.skip("no Docker engine here; the sandbox covers the same ground")
    from testcontainers.community.kafka import KafkaContainer

    with KafkaContainer(IMAGE).with_kraft() as kafka:
        yield kafka


def test_topics_are_governed_on_a_container_image(container, tmp_path):
    repo = Repository(tmp_path / "repo", container.get_bootstrap_server(), tmp_path / "client.properties")
    repo.project()
    repo.properties.write_text("security.protocol=PLAINTEXT\n", encoding="utf-8")
    repo.topic("orders", "{partitions: 3, config: {retention.ms: 7d}}")
    repo.apply("--only", "topics")
    assert repo.online("plan", "--only", "topics", "--detailed-exitcode").code == 0
    assert repo.online("audit", "--only", "topics").code == 0
