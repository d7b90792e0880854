"""Makes a statement and its signature, with ``ssh-keygen -Y sign``, and keeps both."""

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kgov.approval.evidence.files import FOLDER, SIGNATURE, STATEMENT
from kgov.approval.statement import NAMESPACE, Statement, write_statement
from kgov.errors import KgovError, UsageError

_HASH: Final = 12
_LONGEST_NAME: Final = 60
_OTHERS: Final = re.compile(r"[^A-Za-z0-9._-]+")

Sign = Callable[[bytes], bytes]
"""Makes a detached signature of a text."""


def ssh_sign(key: Path, program: str = "ssh-keygen") -> Sign:
    """Sign with a private key, or with the key of an agent by its public half.

    Raises ``UsageError`` where there is no such file, ``KgovError`` where ssh-keygen is not there or fails.
    """
    if not key.is_file():
        raise UsageError(
            f"there is no key {key}", todo="name a private key, or the public half of an agent's, with --key"
        )

    def sign(text: bytes) -> bytes:
        command = [program, "-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE]
        try:
            # Standard error and the terminal are left to it: it may ask for a passphrase or for a touch.
            done = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=False)
        except OSError as error:
            raise KgovError(
                "cannot sign: ssh-keygen is not here",
                why=error.strerror or "",
                todo="install OpenSSH 8.0 or newer",
            ) from error
        if done.returncode != 0 or not done.stdout:
            raise KgovError("ssh-keygen did not sign", todo="look at what it says, and at the key")
        return done.stdout

    return sign


def keep_statement(root: Path, statement: Statement, sign: Sign) -> Path:
    """Sign a statement and write both files to ``approvals/``; give the statement's path.

    Raises ``KgovError`` where that cannot be done; nothing is overwritten but the same statement.
    """
    text = write_statement(statement)
    signature = sign(text)
    who = _OTHERS.sub("-", statement.approver)[:_LONGEST_NAME]
    name = f"{statement.given.isoformat()}-{who}-{hashlib.sha256(text).hexdigest()[:_HASH]}{STATEMENT}"
    folder = root / FOLDER
    try:
        if folder.is_symlink():
            raise KgovError(f"{folder} is a symlink", todo="make it a folder")
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(text)
        (folder / (name + SIGNATURE)).write_bytes(signature)
    except OSError as error:
        raise KgovError(f"cannot write {folder / name}", why=error.strerror or str(error)) from error
    return folder / name
