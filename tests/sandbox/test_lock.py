"""The locks that ship, and how a release is named."""

import re

import pytest

from kgov.errors import UsageError
from kgov.sandbox.lock import DEFAULT_RELEASE, Jar, read_lock, release_named, releases


@pytest.mark.parametrize("release", releases())
def test_every_lock_names_a_broker_a_logger_and_the_sum_of_each_jar(release: str) -> None:
    lock = read_lock(release)
    artifacts = {jar.artifact for jar in lock.jars}
    assert lock.release == release
    assert {"kafka_2.13", "kafka-clients", "slf4j-simple", "argparse4j"} <= artifacts
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in lock.jars)
    assert len({jar.file_name for jar in lock.jars}) == len(lock.jars)


def test_the_default_release_has_a_lock() -> None:
    assert DEFAULT_RELEASE in releases()


def test_a_version_stands_for_its_newest_release() -> None:
    assert release_named("4.3.1") == "4.3.1"
    assert release_named("4.0") == "4.0.2"


@pytest.mark.parametrize("wanted", ["5.0", "43", "", "4.3.", "../4.3.1"])
def test_a_release_without_a_lock_is_refused_with_those_that_have_one(wanted: str) -> None:
    with pytest.raises(UsageError) as caught:
        release_named(wanted)
    assert DEFAULT_RELEASE in caught.value.todo


def test_a_jar_is_named_as_maven_names_it() -> None:
    jar = Jar("io.netty", "netty-transport", "4.1", 1, "00", "linux")
    assert jar.file_name == "netty-transport-4.1-linux.jar"
    assert Jar("g", "app", "1", 1, "00", "all", "tar.gz").file_name == "app-1-all.tar.gz"
