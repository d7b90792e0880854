"""The name of the topic in which the lock of an environment is kept."""

import re
from hashlib import sha256
from typing import Final

_PREFIX: Final = "__kgov_lock_"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9_-]")
_KEPT: Final = 40


def lock_topic(environment: str) -> str:
    """Name the topic of an environment's lock.

    Where the environment's name has letters that Kafka does not take, a ``.``, which collides with ``_``
    (``Topic.hasCollision``), or too many letters, it gets a digest of its name instead of them.
    """
    if _PLAIN.fullmatch(environment):
        return _PREFIX + environment
    digest = sha256(environment.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"{_PREFIX}{_FOREIGN.sub('-', environment)[:_KEPT]}-{digest}"
