"""One apply at a time: what the options say of the lock, and how a run gets it and lets it go."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kgov import __version__
from kgov.apply.lock import Contest, Lock, acquire
from kgov.apply.lock_keeper import Keeper
from kgov.apply.lock_need import can_change_nothing
from kgov.apply.lock_record import Claimant
from kgov.apply.lock_topic import ensure_topic
from kgov.apply.readiness import read_again
from kgov.cli.connection import Session
from kgov.cli.context import say
from kgov.cli.process_name import has_ended, own_name
from kgov.cluster.settings import ConnectionSettings, own_principal
from kgov.cluster.settle import Pace
from kgov.errors import KgovError
from kgov.model.lock_topic import lock_topic
from kgov.model.outcome import ApplyReport
from kgov.plan.freshness import Freshness
from kgov.plan.plan import Plan

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""

_ID_LENGTH = 8


def waking_clock() -> float:
    """Read a clock (seconds) that goes on while the machine sleeps, as ``time.monotonic`` does not.

    A laptop that is closed and opened again must notice that its lock is old. macOS counts its sleep in
    ``CLOCK_MONOTONIC``, Linux in ``CLOCK_BOOTTIME`` alone.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Locking:
    """What the command line says of the lock.

    ``began`` is when the cluster is about to be read for the first time, by ``waking_clock``.
    """

    connection: ConnectionSettings
    no_lock: bool
    force: str | None
    began: float

    @classmethod
    def of(cls, options: dict[str, Any], connection: ConnectionSettings) -> "Locking":
        """Take the options that ``lock_options`` declares; to be called before anything is read."""
        return cls(connection, options["no_lock"], options["force_unlock"], waking_clock())


class Held:
    """What a run has of the lock: ``fresh`` is what is left to do, ``id`` is ``None`` where it runs without."""

    def __init__(self, fresh: Freshness, lock: Lock | None = None, keeper: Keeper | None = None) -> None:
        self.fresh = fresh
        self.id = lock.id if lock else None
        self._lock = lock
        self._keeper = keeper

    def lost(self, interrupted: Callable[[], bool]) -> KgovError | None:
        """Say why nothing may be sent any more, as ``Keeper.lost`` does."""
        return self._keeper.lost(interrupted) if self._keeper else None

    def release(self) -> None:
        """Let the lock go, once; where that is not answered, say so."""
        lock, self._lock = self._lock, None
        if lock is None or self._keeper is None:
            return
        self._keeper.stop()
        if lock.lost is not None:
            return
        try:
            lock.release()
        except KgovError as error:
            say(
                f"note: the lock could not be released: {error.what}; "
                f"the next apply may need --force-unlock {lock.id}"
            )


@contextmanager
def locked(
    locking: Locking, plan: Plan, fresh: Freshness, session: Session, opening: ApplyReport
) -> Iterator[Held]:
    """Hold the lock of the plan's environment as long as the block lasts, where anything is to be done.

    Raises ``RefusedError`` where another apply holds it or our principal may not use it, and where the cluster
    has changed meanwhile; ``UnreachableError`` where the cluster does not answer.
    """
    if not _is_needed(locking, fresh, session):
        yield Held(fresh)
        return
    from kgov.cluster.lock_log import KafkaLockLog

    pace = Pace(waking_clock, time.sleep)
    topic = lock_topic(plan.environment)
    ensure_topic(session.cluster, topic, pace)
    log = KafkaLockLog(locking.connection, topic)
    try:
        contest = Contest(
            log,
            _claimant(opening, locking),
            _new_id,
            pace,
            locking.began,
            _teller(session),
            lambda claimant: has_ended(claimant.process),
        )
        lock = acquire(contest, locking.force)
        with Keeper(lock, waking_clock) as keeper:
            held = Held(fresh, lock, keeper)
            try:
                if lock.was_contested:
                    held.fresh = read_again(plan, session.cluster, own_principal(locking.connection))
                yield held
            finally:
                held.release()
    finally:
        log.close()


def _is_needed(locking: Locking, fresh: Freshness, session: Session) -> bool:
    if not fresh.todo:
        return False
    if locking.no_lock:
        say("note: without a lock (--no-lock): an apply that runs beside this one is not noticed")
        return False
    if can_change_nothing(fresh.todo, session.cluster):
        say("note: without a lock: our principal may not make a single one of these changes")
        return False
    return True


def _teller(session: Session) -> Callable[[str], None]:
    def tell(text: str) -> None:
        session.bar.clear()
        say(text)

    return tell


def _claimant(opening: ApplyReport, locking: Locking) -> Claimant:
    return Claimant(
        by=opening.by,
        principal=own_principal(locking.connection) or "",
        host=socket.gethostname(),
        pid=os.getpid(),
        commit=opening.commit or "",
        plan=opening.plan,
        kgov=__version__,
        since=opening.started.isoformat(timespec="seconds"),
        process=own_name(),
    )


def _new_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
