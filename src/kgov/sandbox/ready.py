"""Wait until brokers really answer: a port that accepts connections proves little."""

import time
from collections.abc import Callable, Mapping
from typing import Any

POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until a condition holds; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


class Listening:
    """Ask one broker, as one user, how many brokers it knows."""

    def __init__(self, config: Mapping[str, str]) -> None:
        from confluent_kafka.admin import AdminClient

        quiet: dict[str, Any] = {"log_level": 0, "error_cb": lambda _: None, "reconnect.backoff.max.ms": 200}
        self._client = AdminClient({**config, **quiet})

    def brokers(self) -> int:
        """Give the number of brokers in the answer; 0 where none came within a second."""
        from confluent_kafka import KafkaException

        try:
            return len(self._client.list_topics(timeout=1).brokers)
        except KafkaException:
            return 0

    def answers(self) -> bool:
        """Tell whether the broker lets this user in and answers."""
        return self.brokers() > 0
