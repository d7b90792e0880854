"""What people are told of a broker that did not start."""

from pathlib import Path

import pytest

from kgov.sandbox import logs

SHUT_DOWN = """\
2026-11-24 06:57:00.998 [main] INFO kafka.server.BrokerServer - Starting
2026-11-24 06:57:00.999 [main] ERROR kafka.server.BrokerServer - Fatal error during broker startup.
org.apache.kafka.common.errors.InvalidConfigurationException: Failed to load PEM SSL keystore /k.pem
\tat kafka.Kafka.main(Kafka.scala)
Caused by: org.apache.kafka.common.errors.InvalidConfigurationException: Private key could not be loaded
Caused by: java.security.InvalidKeyException: algid parse error
\t... 12 more
2026-11-24 06:57:01.169 [q] INFO org.apache.kafka.Q - because of RejectedExecutionException: shutting down
"""


def written(folder: Path, text: str) -> Path:
    log = folder / "broker.log"
    log.write_text(text, encoding="utf-8")
    return log


def test_the_last_error_what_was_thrown_and_its_cause_are_told(tmp_path: Path) -> None:
    assert logs.last_words(written(tmp_path, SHUT_DOWN)) == (
        "Fatal error during broker startup.",
        "InvalidConfigurationException: Failed to load PEM SSL keystore /k.pem",
        "Caused by: InvalidKeyException: algid parse error",
    )


def test_an_exception_before_logging_begins_is_told(tmp_path: Path) -> None:
    text = 'Exception in thread "main" org.apache.kafka.common.config.ConfigException: Invalid value\n\tat x\n'
    assert logs.last_words(written(tmp_path, text)) == ("ConfigException: Invalid value",)


def test_a_log_without_an_error_ends_with_its_last_lines(tmp_path: Path) -> None:
    assert logs.last_words(written(tmp_path, "a\nb\n\nc\nd\n")) == ("b", "c", "d")
    assert logs.last_words(tmp_path / "none") == ()


def test_the_port_that_somebody_else_has_is_found(tmp_path: Path) -> None:
    text = "KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use."
    assert logs.port_taken(written(tmp_path, text)) == 9092
    assert logs.port_taken(written(tmp_path, SHUT_DOWN)) is None


def test_a_failure_keeps_the_log_and_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGOV_CACHE_DIR", str(tmp_path / "cache"))
    error = logs.failure("node 1 has ended", written(tmp_path, SHUT_DOWN))
    assert error.what == "the sandbox cannot start: node 1 has ended"
    assert "algid parse error" in error.why
    assert str(tmp_path / "cache") in error.todo
    assert (tmp_path / "cache" / "sandbox-failed.log").read_text(encoding="utf-8") == SHUT_DOWN


def test_the_lines_of_one_logger_are_picked(tmp_path: Path) -> None:
    assert list(logs.lines_of(written(tmp_path, SHUT_DOWN), "kafka.server.BrokerServer")) == [
        SHUT_DOWN.splitlines()[0],
        SHUT_DOWN.splitlines()[1],
    ]
