"""The SCRAM users of a sandbox: a random password each, and a client.properties that is private."""

import contextlib
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from kgov.errors import SandboxError
from kgov.sandbox.node import NODE_USER, SCRAM, client_properties
from kgov.sandbox.ready import Listening, wait_until
from kgov.sandbox.settings import ADMIN

ITERATIONS = 4096
"""The least that Kafka takes (ScramMechanism)."""

LOGIN_SECONDS = 30.0


class Users:
    """Who may log in, and with what."""

    def __init__(self, names: Iterable[str], folder: Path) -> None:
        self.folder = folder
        self.names = tuple(names)
        self._passwords = {name: new_password() for name in (*self.names, NODE_USER)}

    @property
    def passwords(self) -> Mapping[str, str]:
        """Give all passwords by user; the brokers' own is among them."""
        return self._passwords

    def properties_file(self, user: str) -> Path:
        """Name the client.properties of a user."""
        return self.folder / f"{user}.properties"

    def client_config(self, servers: str, user: str) -> dict[str, str]:
        """Give librdkafka's settings for a user."""
        return {
            "bootstrap.servers": servers,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": SCRAM,
            "sasl.username": user,
            "sasl.password": self._passwords[user],
        }

    def write_properties(self, servers: str) -> None:
        """Write the client.properties of every user."""
        for user in self.names:
            write_private(self.properties_file(user), client_properties(servers, user, self._passwords[user]))

    def remove_properties(self) -> None:
        """Remove the client.properties of every user."""
        for user in self.names:
            self.properties_file(user).unlink(missing_ok=True)

    def create(self, user: str, servers: str) -> None:
        """Create a user on running brokers and wait until every one of them lets it in.

        Raises SandboxError when one does not in ``LOGIN_SECONDS``.
        """
        from confluent_kafka import admin

        password = new_password()
        client = admin.AdminClient({**self.client_config(servers, ADMIN), "log_level": 0})
        upsertion = admin.UserScramCredentialUpsertion(
            user,
            admin.ScramCredentialInfo(admin.ScramMechanism.SCRAM_SHA_512, ITERATIONS),
            password.encode(),
        )
        for future in client.alter_user_scram_credentials([upsertion]).values():
            future.result(timeout=LOGIN_SECONDS)
        self._passwords[user] = password
        self.names = (*self.names, user)
        self.write_properties(servers)
        for server in servers.split(","):
            listening = Listening(self.client_config(server, user))
            if not wait_until(listening.answers, LOGIN_SECONDS):
                raise SandboxError(f"the new user {user} cannot log in to {server}")


def new_password() -> str:
    """Draw a password that needs no quoting anywhere."""
    return secrets.token_hex(16)


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor has no path
        file.write(content)
