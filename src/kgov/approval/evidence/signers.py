"""Whose a key is: everybody to whom an allowed-signers file gives it. Pure.

ssh-keygen says whether a key is that of one person, and not who else has it.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Final

_MAGIC: Final = b"SSHSIG"
_VERSION_BYTES: Final = 4
_LENGTH_BYTES: Final = 4
_WILD: Final = frozenset("*?!")


def holders(signers: bytes, signature: bytes) -> frozenset[str]:
    """List the principals to whom ``signers`` gives the key of a signature, as they stand there.

    A certificate is given to nobody: it says itself whose it is.
    """
    key = _key(signature)
    return frozenset(_principals(signers, key)) if key else frozenset()


def is_pattern(principal: str) -> bool:
    """Say whether a principal of an allowed-signers file may be anybody."""
    return not _WILD.isdisjoint(principal)


def _principals(signers: bytes, key: bytes) -> Iterator[str]:
    for line in signers.decode("utf-8", "replace").splitlines():
        whose, *words = _words(line)
        if not whose.startswith("#") and any(_decoded(word) == key for word in words):
            yield from whose.split(",")


def _words(line: str) -> list[str]:
    """Cut a line after its principals, which may stand between quotes, and at blanks."""
    text = line.strip()
    if text.startswith('"'):
        whose, _, rest = text[1:].partition('"')
        return [whose, *rest.split()]
    return text.split() or [""]


def _key(signature: bytes) -> bytes:
    """Take the public key out of an armored signature (OpenSSH's PROTOCOL.sshsig); empty where it is none."""
    lines = signature.decode("ascii", "replace").splitlines()
    blob = _decoded("".join(line.strip() for line in lines if not line.startswith("-----")))
    start = len(_MAGIC) + _VERSION_BYTES
    length = int.from_bytes(blob[start : start + _LENGTH_BYTES])
    return blob[start + _LENGTH_BYTES :][:length] if blob.startswith(_MAGIC) else b""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
