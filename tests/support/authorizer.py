"""The authorizer of the brokers itself, asked without a broker: Java runs one file from its source."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kgov.model.access import Attempt
from kgov.model.acl import AclBinding, Operation, ResourceType
from kgov.sandbox.cache import cache_folder
from kgov.sandbox.jars import ensure_jars
from kgov.sandbox.java import find_java
from kgov.sandbox.lock import read_lock
from kgov.sandbox.settings import SandboxSettings

_PROGRAM = Path(__file__).with_name("AskTheAuthorizer.java")
_TYPES = {type_: re.sub("(?<=[a-z])(?=[A-Z])", "_", type_).upper() for type_ in ResourceType}
_OPERATIONS = {each: re.sub("(?<=[a-z])(?=[A-Z])", "_", each).upper() for each in Operation}


@dataclass(frozen=True, slots=True)
class AclCase:
    """A set of bindings and what is attempted; ``open`` says whether what has no binding is open to all."""

    bindings: tuple[AclBinding, ...]
    attempts: tuple[Attempt, ...]
    open: bool


def has_compiler() -> bool:
    """Say whether the Java that runs Kafka here is one that can compile: a JDK."""
    asked = subprocess.run(
        [find_java(), "--list-modules"], capture_output=True, text=True, check=True, timeout=60
    )
    return "jdk.compiler@" in asked.stdout


class Authorizer:
    """A running authorizer that answers one case after the other."""

    def __init__(self) -> None:
        jars = ensure_jars(read_lock(SandboxSettings().release), cache_folder())
        self._process = subprocess.Popen(
            [
                find_java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                ":".join(map(str, jars)),
                _PROGRAM,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def answers(self, case: AclCase) -> tuple[bool, ...]:
        """Ask whether each attempt is let through."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join("\t".join(fields) + "\n" for fields in _lines(case)))
        process.stdin.flush()
        said = process.stdout.readline().strip()
        assert len(said) == len(case.attempts), f"the authorizer said {said!r}"
        return tuple(letter == "A" for letter in said)

    def close(self) -> None:
        """End it: it ends when its input does."""
        self._process.communicate(timeout=60)


def _lines(case: AclCase) -> Sequence[Sequence[str]]:
    acls = [
        (
            "ACL",
            _TYPES[binding.resource.type],
            binding.resource.name,
            binding.resource.pattern,
            binding.principal,
            binding.host,
            _OPERATIONS[binding.operation],
            binding.permission,
        )
        for binding in case.bindings
    ]
    asks = [
        ("ASK", _TYPES[each.type], each.name, _OPERATIONS[each.operation], each.principal, each.host)
        for each in case.attempts
    ]
    return [("SET", "open" if case.open else "closed"), *acls, *asks, ("END",)]
