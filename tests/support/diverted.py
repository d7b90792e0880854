"""A cluster some of whose methods go another way."""

from typing import Any


class Diverted:
    """Answers as ``cluster`` does, but for the methods that are given."""

    def __init__(self, cluster: Any, **methods: Any) -> None:
        self._cluster = cluster
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods.get(name) or getattr(self._cluster, name)
