"""One apply at a time: the lock of an environment, kept in a log on the cluster itself.

What is promised, and why it holds, is in ``docs/adr/0006-one-apply-at-a-time.md``. In short: the log decides
who holds the lock; its holder trusts a sign of life for ``TRUSTED`` seconds after it began to send it, and only
once it has read that nobody broke the lock before; whoever breaks the lock has seen no sign for longer.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kgov.apply import lock_refusals as refusals
from kgov.apply.lock_history import History, Tenure
from kgov.apply.lock_record import Claimant, Kind, Record, encode
from kgov.cluster.lock_interface import LockLog
from kgov.cluster.settle import Pace
from kgov.errors import KgovError, RefusedError, UnreachableError

RENEWED = 2.0
"""Seconds between two signs of life."""

TRUSTED = 5.0
"""Seconds for which a holder believes that the lock is its own, from before it began to send a sign."""

STALE = 15.0
"""Seconds without a sign after which a lock counts as abandoned."""

WATCHED = 10.0
"""Seconds for which whoever breaks a lock has seen no sign itself, by its own clock: twice ``TRUSTED``."""

MARGIN = 60.0
"""Seconds by which the clocks of brokers may differ, where it is asked whether another apply was active."""

_ANSWER_SECONDS = 10.0
_GIVE_UP_SECONDS = 3.0
_LOOK_SECONDS = 0.5

_ANEW_AFTER = 60.0
"""Seconds after which a holder reads the log from its beginning again, which may have been forgotten or deleted
meanwhile."""


def _unknown(_claimant: Claimant) -> bool:
    """Know of nobody that he is dead."""
    return False


@dataclass(frozen=True, slots=True)
class Contest:
    """What it takes to ask for a lock.

    ``new_id`` draws an ID, short and printable. ``pace`` has a clock that goes on while the machine sleeps.
    ``began`` is when this apply began to read the cluster, by that clock. ``say`` tells people what is waited
    for. ``has_ended`` says of a claimant whether its process has ended for certain, which only the machine can
    know that it ran on.
    """

    log: LockLog
    claimant: Claimant
    new_id: Callable[[], str]
    pace: Pace
    began: float
    say: Callable[[str], None]
    has_ended: Callable[[Claimant], bool] = _unknown


class Lock:
    """A lock that is ours, as far as we know. Used by one thread at a time, but for ``is_trusted``.

    ``lost`` is why it is ours no more. ``was_contested`` says that another apply may have been at work since
    this one began to read the cluster: what it touches is to be read again.
    """

    def __init__(self, contest: Contest, history: History, own: Tenure, confirmed: float) -> None:
        self.id = own.id
        self.lost: KgovError | None = None
        self._log = contest.log
        self._clock = contest.pace.clock
        self._history = history
        self._own = own
        self._previous = own.claimed
        self._confirmed = confirmed
        self.was_contested = own.breaks is not None or any(
            _may_be_younger(other, own, confirmed - contest.began) for other in history.others(own.id)
        )

    def is_trusted(self) -> bool:
        """Say whether something may be sent now without looking."""
        return self.lost is None and self._clock() - self._confirmed < TRUSTED

    def renew(self) -> None:
        """Show a sign of life and see whether the lock is still ours.

        Raises ``UnreachableError`` where the log does not answer: then nothing is known, and it may be tried
        again. Sets ``lost`` where the lock is not ours any more.
        """
        began = self._clock()
        try:
            self._catch_up(self._append(Kind.SIGN, _ANSWER_SECONDS), began)
        except RefusedError as refusal:
            self.lost = refusal
            return
        if self.lost is None:
            self._confirmed = began

    def release(self) -> None:
        """Give the lock up; raises ``KgovError`` where that is not answered."""
        self._append(Kind.END, _GIVE_UP_SECONDS)

    def _append(self, kind: Kind, seconds: float) -> int:
        key, value = encode(Record(kind, self.id, claimed=self._own.claimed, previous=self._previous))
        self._previous = self._log.append(key, value, seconds)
        return self._previous

    def _catch_up(self, offset: int, began: float) -> None:
        if began - self._confirmed > _ANEW_AFTER:
            self._history = History(self._log.bounds(_ANSWER_SECONDS))
        if offset < self._history.next:
            self.lost = refusals.deleted(self.id)
            return
        _read(self._log, self._history, offset)
        holder = self._history.holder()
        if holder is None or holder.id != self.id:
            self.lost = refusals.broken(self.id, self._history.breaker(self.id))


def acquire(contest: Contest, force: str | None) -> Lock:
    """Ask for the lock; ``force`` is the ID of an abandoned lock that is to be broken.

    One whose holder has ended for certain is taken over without being asked to. Raises ``RefusedError`` where
    somebody else holds it, ``UnreachableError`` where the log does not answer. Whatever is raised, the claim is
    given up.
    """
    history = History(contest.log.bounds(_ANSWER_SECONDS))
    _catch_up_with_end(contest.log, history)
    held = _claim(contest, history, None)
    if isinstance(held, Lock):
        if force is not None:
            contest.say(f"note: nobody holds the lock {force} (any more), so there was nothing to break")
        return held
    if force not in (None, held.by.id):
        raise refusals.held_by_another(held.by, held.age, force)
    if contest.has_ended(held.by.claimant):
        contest.say(f"note: {refusals.left(held.by)}")
        seconds = TRUSTED if held.age is None else max(0.0, TRUSTED - held.age)
    elif force is None:
        raise refusals.held(held.by, held.age, stale=held.age is not None and held.age >= STALE)
    else:
        seconds = STALE if held.age is None else max(WATCHED, STALE - held.age)
    held = _claim(contest, history, _watch(contest, history, held, seconds))
    if isinstance(held, Lock):
        return held
    raise refusals.held(held.by, held.age, stale=False)


@dataclass(frozen=True, slots=True)
class _Held:
    """Somebody else holds the lock; ``age`` is seconds since the last sign, by the broker's clock."""

    by: Tenure
    age: float | None


@dataclass(frozen=True, slots=True)
class _Abandoned:
    """A lock to be broken, and where the last sign of anybody stood when it was watched."""

    tenure: Tenure
    signed_at: int


def _claim(contest: Contest, history: History, abandoned: _Abandoned | None) -> Lock | _Held:
    """Append a claim, read up to it and give it up unless it has won."""
    breaks = abandoned.tenure.id if abandoned else None
    claim = Record(Kind.CLAIM, contest.new_id(), breaks=breaks, claimant=contest.claimant)
    began = contest.pace.clock()
    try:
        _append_claim(contest.log, history, claim)
        own, holder = _verdict(history, claim.id)
        if holder is own:
            if abandoned and history.signed_at > abandoned.signed_at:
                raise refusals.came_back(abandoned.tenure)
            return Lock(contest, history, own, began)
    except BaseException:
        _give_up(contest.log, claim.id)
        raise
    _give_up(contest.log, claim.id)
    return _Held(holder, _age(holder, own))


def _append_claim(log: LockLog, history: History, claim: Record) -> None:
    """Append the claim and read up to it; where no answer comes, look whether it is there all the same."""
    key, value = encode(claim)
    try:
        offset = log.append(key, value, _ANSWER_SECONDS)
    except UnreachableError:
        _catch_up_with_end(log, history)
        if history.tenure(claim.id) is None:
            raise
    else:
        _read(log, history, offset)


def _verdict(history: History, id_: str) -> tuple[Tenure, Tenure]:
    """Give our own claim, and the one that held the lock once it stood in the log: it has won or lost there."""
    own = history.tenure(id_)
    holder = own and history.holder_at(own.claimed)
    if own is None or holder is None:
        raise UnreachableError("the lock's log does not show what was just appended to it")
    return own, holder


def _watch(contest: Contest, history: History, held: _Held, seconds: float) -> _Abandoned:
    """Look until there was no sign of life for so long; raise ``RefusedError`` where there is one.

    Whoever shows it: only one who believes that the lock is its own does. Ends early where somebody else holds
    the lock, or nobody: the claim will tell.
    """
    abandoned = _Abandoned(held.by, history.signed_at)
    if seconds >= 1:
        contest.say(f"watching the lock {held.by.id} for {seconds:.0f} s, to see that it is abandoned")
    deadline = contest.pace.clock() + seconds
    while True:
        _catch_up_with_end(contest.log, history)
        if history.holder() is not held.by:
            return abandoned
        if history.signed_at > abandoned.signed_at:
            raise refusals.alive(held.by)
        left = deadline - contest.pace.clock()
        if left <= 0:
            return abandoned
        contest.pace.sleep(min(_LOOK_SECONDS, left))


def _age(holder: Tenure, own: Tenure) -> float | None:
    if holder.seen_ms is None or own.since_ms is None:
        return None
    return max(0.0, (own.since_ms - holder.seen_ms) / 1000)


def _may_be_younger(other: Tenure, own: Tenure, seconds: float) -> bool:
    """Say whether another claim may have shown a sign in the seconds before our own, by the broker's clock."""
    age = _age(other, own)
    return age is None or age <= seconds + MARGIN


def _give_up(log: LockLog, id_: str) -> None:
    """Withdraw a claim. One that lost never holds the lock; one that won and is left counts as abandoned."""
    key, value = encode(Record(Kind.END, id_))
    with suppress(KgovError):
        log.append(key, value, _GIVE_UP_SECONDS)


def _catch_up_with_end(log: LockLog, history: History) -> None:
    _read(log, history, log.bounds(_ANSWER_SECONDS).end - 1)


def _read(log: LockLog, history: History, last: int) -> None:
    if last >= history.next:
        history.add(log.read(history.next, last, _ANSWER_SECONDS), last)
