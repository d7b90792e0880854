"""What is said where a lock is not ours. Names of others come from the log: whoever shows them escapes them."""

from datetime import UTC, datetime

from kgov.apply.lock_history import Tenure
from kgov.apply.lock_record import Claimant
from kgov.errors import RefusedError

_MINUTE, _HOUR = 60, 3_600
_SHORT = 12


def held(holder: Tenure, age: float | None, *, stale: bool) -> RefusedError:
    """Refuse because somebody else holds the lock; ``age`` is seconds since its last sign, where known."""
    if stale:
        return RefusedError(
            f"an apply holds the lock and seems to be dead: {_who(holder)}; nothing was changed",
            why=_lock(holder, age),
            todo=f"make sure that it has ended, then run the same command with --force-unlock {holder.id}",
        )
    todo = "wait until it has ended, and run the same command again"
    if age is None:
        todo += f"; or, where it is dead, with --force-unlock {holder.id}"
    return RefusedError(
        f"another apply is running: {_who(holder)}; nothing was changed", why=_lock(holder, age), todo=todo
    )


def left(holder: Tenure) -> str:
    """Say whose lock is taken over because that process has ended."""
    return f"the lock {holder.id} was left by an apply of this machine that has ended: {_who(holder)}"


def held_by_another(holder: Tenure, age: float | None, asked: str | None) -> RefusedError:
    """Refuse to break a lock that is not the one that was named."""
    return RefusedError(
        f"the lock is not {asked}: {_who(holder)} holds it; nothing was changed",
        why=_lock(holder, age),
        todo="leave --force-unlock away: what is said then names the lock as it is",
    )


def alive(holder: Tenure) -> RefusedError:
    """Refuse to break a lock whose holder shows that it lives."""
    return RefusedError(
        f"the lock {holder.id} is not abandoned: it has just shown a sign of life; nothing was changed",
        why=f"{_who(holder)}",
        todo="wait until it has ended, or stop it where it runs (Ctrl-C, SIGTERM)",
    )


def came_back(holder: Tenure) -> RefusedError:
    """Stop because the holder came back to life at the very moment at which its lock was broken."""
    return RefusedError(
        f"the lock {holder.id} was broken, and its holder came back to life; nothing was changed",
        why=f"{_who(holder)}; it will find its lock broken, and stop",
        todo="run the same command again, without --force-unlock",
    )


def broken(id_: str, breaker: Tenure | None) -> RefusedError:
    """Say to a holder that its lock was broken."""
    by = f"{_who(breaker)}, with the lock {breaker.id}" if breaker else "it is not in the lock's log any more"
    return RefusedError(
        f"the lock {id_} of this apply was broken; nothing more was sent",
        why=by,
        todo="let the other apply end, look at what it did, and plan again",
    )


def deleted(id_: str) -> RefusedError:
    """Say to a holder that its log is another one now."""
    return RefusedError(
        f"the lock {id_} of this apply is gone: its topic was deleted; nothing more was sent",
        todo="see that nobody deletes the lock's topic, and run the same command again",
    )


def _who(tenure: Tenure) -> str:
    claimant = tenure.claimant
    by = claimant.by or "somebody"
    host = f" on {claimant.host}" if claimant.host else ""
    process = f" (process {claimant.pid})" if claimant.pid else ""
    return f"{by}{host}{process}, since {_since(tenure, claimant)}"


def _since(tenure: Tenure, claimant: Claimant) -> str:
    if tenure.since_ms is None:
        return claimant.since or "an unknown time"
    moment = datetime.fromtimestamp(min(tenure.since_ms, _LAST_MS) / 1000, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


_LAST_MS = 253_402_300_799_000
"""The end of the year 9999, which is as far as dates go."""


def _lock(holder: Tenure, age: float | None) -> str:
    claimant = holder.claimant
    seen = "not known: its topic keeps no time of the broker" if age is None else f"{_span(age)} ago"
    about = [f"principal {claimant.principal}"] if claimant.principal else []
    about += [f"commit {claimant.commit[:_SHORT]}"] if claimant.commit else []
    rest = f" ({', '.join(about)})" if about else ""
    return f"lock {holder.id}{rest}; its last sign of life: {seen}"


def _span(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.0f} h"
