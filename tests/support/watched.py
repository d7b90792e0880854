"""A broker whose authorizer tells what it was asked, and users with exactly the rights that manifests give."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from authorizer_log import AuthorizerLog
from manifests import desired, manifest
from outsider import Outsider, eventually

from kgov.cluster.acl_translation import to_client
from kgov.model.access import IMPLIES, pattern_covers
from kgov.model.acl import AclBinding
from kgov.sandbox import Sandbox, SandboxSettings

USERS = 150
"""They are made while the disk is formatted, which costs next to nothing."""


def watched_settings() -> SandboxSettings:
    """Log every question of the authorizer, and let members of groups report often (KIP-848, KIP-1071)."""
    quick = {
        f"group.{kind}.{bound}heartbeat.interval.ms": "300"
        for kind in ("consumer", "streams")
        for bound in ("", "min.")
    }
    return SandboxSettings(
        users=("admin", "kgov", "reader", *(f"client-{number}" for number in range(USERS))),
        loggers={"kafka.authorizer.logger": "trace"},
        properties=quick,
    )


def bindings_of(principal: str, *grants: str) -> tuple[AclBinding, ...]:
    """Expand grants as an Access gives them, such as ``role: producer, topic: orders``."""
    listed = ", ".join(f"{{{grant}}}" for grant in grants)
    return tuple(desired(manifest("Access", "x", f"{{principal: '{principal}', grants: [{listed}]}}")).bindings)


def telling(bindings: Collection[AclBinding]) -> tuple[AclBinding, ...]:
    """Leave out what another of the bindings implies: taking it away takes nothing away."""
    return tuple(
        binding
        for binding in bindings
        if not any(
            binding.operation in IMPLIES.get(other.operation, ()) and other.resource == binding.resource
            for other in bindings
        )
    )


@dataclass(frozen=True, slots=True)
class Client:
    """A user of the broker, its rights, those that were taken away, and what was asked about it."""

    user: str
    granted: tuple[AclBinding, ...]
    lost: tuple[AclBinding, ...]
    log: AuthorizerLog

    def refused(self) -> bool:
        """Say whether it asked for all that it lost, and was refused it."""
        asked = [each for each in self.log.asked() if not each.allowed]
        return all(any(each.under(right) for each in asked) for right in self.lost)

    def not_asked_for(self) -> set[str]:
        """List the rights that it has and that nothing asked for."""
        asked = self.log.asked()
        return {str(right) for right in self.granted if not any(each.under(right) for each in asked)}

    def refusals(self) -> set[str]:
        """List what it was refused of anything that its rights are about, as ``Create Topic orders``."""
        return {
            f"{each.operation} {each.type} {each.name}"
            for each in self.log.asked()
            if not each.allowed and any(pattern_covers(right.resource, each.resource) for right in self.granted)
        }


class Watched:
    """The broker. It hands out its users one after the other."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.outsider = Outsider(sandbox)
        self._numbers: Iterator[int] = count()

    def user(self) -> str:
        """Give a new user without rights."""
        return f"client-{next(self._numbers)}"

    def client(self, *grants: str, without: Collection[str] = ()) -> Client:
        """Give a new user what the grants say, but rights that are named by their operation and resource."""
        user = self.user()
        given = bindings_of(f"User:{user}", *grants)
        lost = tuple(each for each in given if right(each) in without)
        assert len(lost) == len(without), f"{without} are not all among {[*map(right, given)]}"
        kept = tuple(each for each in given if each not in lost)
        self.give(kept)
        return Client(user, kept, lost, AuthorizerLog(self.sandbox.log_file(), f"User:{user}"))

    def give(self, bindings: Iterable[AclBinding]) -> None:
        """Add bindings and wait until the authorizer knows them."""
        wanted = {to_client(binding) for binding in bindings}
        self.outsider._await(self.outsider.client.create_acls([*wanted]))
        for principal in {binding.principal for binding in wanted}:
            mine = {binding for binding in wanted if binding.principal == principal}
            eventually(lambda: mine <= {*self.outsider._acls(principal)}, f"{principal} has its rights")  # noqa: B023

    def config(self, user: str, **settings: str) -> dict[str, str]:
        """Give librdkafka's settings for a user; keys have ``_`` for ``.``."""
        own = {key.replace("_", "."): value for key, value in settings.items()}
        return self.sandbox.client_config(user) | {"log_level": "0", "allow.auto.create.topics": "false"} | own

    def properties(self, user: str) -> dict[str, str]:
        """Give Java's settings for a user."""
        return properties_in(self.sandbox.properties_file(user))

    def topics(self, *names: str, **config: str) -> None:
        """Create topics of one partition."""
        for name in names:
            self.outsider.create(name, partitions=1, **config)


def right(binding: AclBinding) -> str:
    """Name a right without whose it is: ``Read Topic orders``."""
    return f"{binding.operation} {binding.resource.type} {binding.resource.name}"


def properties_in(file: Path) -> dict[str, str]:
    """Read the simple properties that a sandbox writes."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)
