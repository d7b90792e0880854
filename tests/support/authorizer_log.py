"""What a broker's authorizer was asked for one user, and what it said.

The lines are those of StandardAuthorizerData.buildAuditMessage; the broker must write them:
``SandboxSettings(loggers={"kafka.authorizer.logger": "trace"})``.
"""

import re
from pathlib import Path
from typing import NamedTuple

from kgov.model.access import pattern_covers
from kgov.model.acl import AclBinding, Operation, PatternType, ResourcePattern, ResourceType

_LINE = re.compile(
    r" kafka\.authorizer\.logger - Principal = (\S+) is (Allowed|Denied) operation = (\w+) from host = \S+ "
    r"on resource = (\w+):LITERAL:(.*) for request = (\w+) with"
)

_TELL_RIGHTS = frozenset(
    {"ConsumerGroupDescribe", "DescribeCluster", "DescribeGroups", "DescribeTopicPartitions", "Metadata"}
)
"""Requests whose answers may tell what the client is allowed to do (KIP-430): the broker asks for all."""


_SHOWS_CONFIGS = ("CreateTopics", "DESCRIBE_CONFIGS")
"""The answer holds the configs of what was created where the client may see them (KIP-525)."""


class Asked(NamedTuple):
    """One question, and the request that it was asked for."""

    allowed: bool
    operation: Operation
    type: ResourceType
    name: str
    request: str

    @property
    def resource(self) -> ResourcePattern:
        """Name what it was about."""
        return ResourcePattern(self.type, PatternType.LITERAL, self.name)

    def under(self, binding: AclBinding) -> bool:
        """Say whether this is a question that the binding is there for."""
        asks_for = binding.operation in (self.operation, Operation.ALL)
        return asks_for and pattern_covers(binding.resource, self.resource)


class AuthorizerLog:
    """The questions about one user so far; the log is read on from where it was read before."""

    def __init__(self, log_file: Path, principal: str) -> None:
        self._log_file = log_file
        self._principal = principal
        self._read = 0
        self._asked: dict[Asked, None] = {}

    def asked(self) -> tuple[Asked, ...]:
        """List the questions, each once, in order; not those that only say what else the answer may tell."""
        with self._log_file.open("rb") as log:
            log.seek(self._read)
            whole = log.read().rpartition(b"\n")[0]
        self._read += len(whole)
        for principal, verdict, operation, type_, name, request in _LINE.findall(
            whole.decode("utf-8", "replace")
        ):
            besides = request in _TELL_RIGHTS and operation != "DESCRIBE"
            if principal == self._principal and not besides and (request, operation) != _SHOWS_CONFIGS:
                allowed = verdict == "Allowed"
                self._asked[Asked(allowed, Operation[operation], ResourceType(type_), name, request)] = None
        return tuple(self._asked)
