"""Keeps a lock alive from a thread of its own, and answers before each request whether it is still ours."""

from collections.abc import Callable
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Self

from kgov.apply.lock import RENEWED, Lock
from kgov.errors import KgovError, UnreachableError

PATIENCE = 45.0
"""Seconds to wait for the lock to be confirmed: as long as the election of a leader may take, and more."""

_SLICE = 0.2
_RETRY = 0.2
_END_SECONDS = 5.0


class Keeper:
    """Renews a lock as long as the ``with`` block lasts, or until ``stop``.

    The lock is used by its thread alone. ``clock`` is that of the lock, in seconds.
    """

    def __init__(self, lock: Lock, clock: Callable[[], float]) -> None:
        self._lock = lock
        self._clock = clock
        self._changed = Condition()
        self._wake = Event()
        self._over = Event()
        self._trouble: KgovError | None = None
        self._thread = Thread(target=self._keep, name="kgov-lock", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Show no more signs; the lock stays ours, and may be used again."""
        self._over.set()
        self._wake.set()
        self._thread.join(_END_SECONDS)

    def lost(self, interrupted: Callable[[], bool]) -> KgovError | None:
        """Say why nothing may be sent any more; ``None`` while the lock is ours.

        Waits where the last sign is too old: until the next one is confirmed, for ``PATIENCE`` seconds at most
        and no longer than until somebody interrupts. Without a confirmation the answer is an
        ``UnreachableError``.
        """
        deadline = self._clock() + PATIENCE
        with self._changed:
            while not self._lock.is_trusted():
                if self._lock.lost is not None:
                    return self._lock.lost
                if interrupted() or self._clock() >= deadline:
                    return self._unconfirmed()
                self._wake.set()
                self._changed.wait(_SLICE)
        return None

    def _unconfirmed(self) -> KgovError:
        trouble = self._trouble
        return UnreachableError(
            f"whether the lock {self._lock.id} is still ours is not known; nothing more was sent",
            why=trouble.what if trouble else "no answer came in time",
            todo="run the same command again when the cluster answers",
        )

    def _keep(self) -> None:
        pause = RENEWED
        while True:
            self._wake.wait(pause)
            self._wake.clear()
            if self._over.is_set():
                return
            pause = self._renew()
            with self._changed:
                self._changed.notify_all()
            if self._lock.lost is not None:
                return

    def _renew(self) -> float:
        """Renew once, and say how many seconds to wait before the next time."""
        try:
            self._lock.renew()
        except UnreachableError as trouble:
            self._trouble = trouble
            return _RETRY
        except Exception as bug:
            # A thread that dies unseen would leave a lock that nobody renews.
            self._lock.lost = KgovError(f"the lock cannot be kept any more: {type(bug).__name__}: {bug}")
        return RENEWED
