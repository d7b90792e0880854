"""Detached SSH signatures in ``approvals/``, verified by ``ssh-keygen -Y verify``."""

import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgov.approval.evidence.files import ApprovalFiles
from kgov.approval.evidence.interface import Evidence, Testimony
from kgov.approval.evidence.signers import holders, is_pattern
from kgov.approval.statement import NAMESPACE, Statement, read_statement
from kgov.model.approval import SetAside, Subject
from kgov.model.place import ResourceId

_SECONDS: Final = 20

Verify = Callable[[bytes, bytes, str], str]
"""Given a statement, its signature and who is said to have made it: why it does not count, or nothing."""


@dataclass(frozen=True, slots=True)
class SshKeygen:
    """Asks OpenSSH. ``signers`` is the text of an allowed-signers file, ``None`` where there is none."""

    signers: bytes | None
    program: str = "ssh-keygen"

    def __call__(self, statement: bytes, signature: bytes, who: str) -> str:
        """Say why a signature does not count; empty where it does."""
        if self.signers is None:
            return "cannot be verified: the base revision has no policies/allowed_signers"
        with tempfile.TemporaryDirectory(prefix="kgov-") as folder:
            keys, made = Path(folder, "allowed_signers"), Path(folder, "signature")
            keys.write_bytes(self.signers)
            made.write_bytes(signature)
            command = [
                self.program,
                "-Y",
                "verify",
                "-f",
                str(keys),
                "-I",
                who,
                "-n",
                NAMESPACE,
                "-s",
                str(made),
            ]
            try:
                done = subprocess.run(
                    command, input=statement, capture_output=True, check=False, timeout=_SECONDS
                )
            except FileNotFoundError:
                return "cannot be verified: ssh-keygen (OpenSSH 8.0 or newer) is not here"
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                return f"cannot be verified: ssh-keygen {error.__class__.__name__}"
        return "" if done.returncode == 0 else _why(who)


def _why(who: str) -> str:
    return (
        f"is not signed for {NAMESPACE} with a key that the base revision's policies/allowed_signers "
        f"gives to {who}"
    )


@dataclass(frozen=True, slots=True)
class _Filed:
    path: str
    data: bytes
    signature: bytes | None
    statement: Statement


class SignatureFiles:
    """The statements of ``approvals/``, each verified once, and only where it is about what is asked."""

    def __init__(
        self, files: ApprovalFiles, repository: str | None, signers: bytes | None, verify: Verify
    ) -> None:
        self._repository = repository
        self._signers = signers or b""
        self._verify = verify
        self._verdicts: dict[str, str] = {}
        self._about: dict[ResourceId, list[tuple[Subject, _Filed]]] = {}
        self._unread = list(files.refused)
        for path, (data, signature) in files.statements.items():
            statement = read_statement(data)
            if isinstance(statement, str):
                self._unread.append(SetAside(path, statement))
                continue
            filed = _Filed(path, data, signature, statement)
            for subject in statement.subjects:
                self._about.setdefault(subject.resource, []).append((subject, filed))

    def about(self, subject: Subject) -> Evidence:
        """Find the statements about exactly this content."""
        testimonies: list[Testimony] = []
        aside: list[SetAside] = []
        for said, filed in self._about.get(subject.resource, ()):
            if said.environment != subject.environment:
                continue
            why = self._objection(said, subject, filed)
            if why:
                aside.append(SetAside(filed.path, why))
            else:
                statement = filed.statement
                also = self._holders(filed) - {statement.approver}
                testimonies.append(
                    Testimony(statement.approver, filed.path, statement.given, statement.expires, also=also)
                )
        return Evidence(tuple(testimonies), (*aside, *self._unread))

    def mentions(self, resource: ResourceId) -> bool:
        """Say whether any statement names it."""
        return resource in self._about

    def authors(self) -> Iterable[str]:
        """Files do not say who wrote the change."""
        return ()

    def _objection(self, said: Subject, subject: Subject, filed: _Filed) -> str:
        if said.digest != subject.digest:
            return f"by {filed.statement.approver} is for other content than there is now"
        if self._repository is None:
            return "cannot be told to be for this repository: name it in kgov.yaml, or fetch the whole history"
        if filed.statement.repository != self._repository:
            return f"by {filed.statement.approver} is for another repository"
        if filed.signature is None:
            return f"by {filed.statement.approver} has no signature"
        if filed.path not in self._verdicts:
            self._verdicts[filed.path] = self._verdict(filed, filed.signature)
        return self._verdicts[filed.path]

    def _verdict(self, filed: _Filed, signature: bytes) -> str:
        who = filed.statement.approver
        why = self._verify(filed.data, signature, who)
        if why or not (patterns := sorted(filter(is_pattern, self._holders(filed)))):
            return why
        return f"by {who} does not count: policies/allowed_signers gives its key to anybody of {patterns[0]}"

    def _holders(self, filed: _Filed) -> frozenset[str]:
        return holders(self._signers, filed.signature or b"")
