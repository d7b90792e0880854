"""Several applies that ask for one lock, on a stage where the test says who goes on, how time passes, who dies.

Each runs the real code in a thread of its own, which stands still before every call to the log, every sleep and
every look at the lock, until the test lets it make one step. So a test is the same each time, however long
somebody is frozen: that is not to be let on.
"""

import re
from threading import Semaphore, Thread

from memory_log import Lost, MemoryLog, Topic, contest

from kgov.apply.lock import Lock, acquire
from kgov.cluster.settle import Pace
from kgov.errors import RefusedError, UnreachableError

ACTS = 4


class KilledError(BaseException):
    """The process is no more."""


class Actor:
    """One apply: asks for the lock, breaking it if need be, then looks and acts a few times, and lets it go."""

    def __init__(self, stage: "Stage", name: str, *, breaks: bool) -> None:
        self._stage = stage
        self._name = name
        self._breaks = breaks
        self._go = Semaphore(0)
        self._stands = Semaphore(0)
        self._wakes_at = 0.0
        self._is_dead = False
        self.is_over = False
        self.ended = ""
        self.log = MemoryLog(stage.topic)
        self.log.before = lambda _call: self._stand()
        self._thread = Thread(target=self._play)
        self._thread.start()
        self._stands.acquire()

    def may_go(self) -> bool:
        """Say whether it would do anything now."""
        return not self.is_over and self._stage.topic.time.now >= self._wakes_at

    def go(self) -> None:
        """Let it make one step."""
        self._go.release()
        self._stands.acquire()

    def kill(self) -> None:
        """Let it make no more steps."""
        self._is_dead = True
        while not self.is_over:
            self.go()
        self._thread.join()

    def _stand(self) -> None:
        self._stands.release()
        self._go.acquire()
        if self._is_dead:
            raise KilledError

    def _sleep(self, seconds: float) -> None:
        self._wakes_at = self._stage.topic.time.now + seconds
        self._stand()

    def _play(self) -> None:
        try:
            self._stand()
            self._apply()
        except KilledError:
            self.ended = "killed"
        except (RefusedError, UnreachableError) as error:
            self.ended = error.what
        finally:
            self.is_over = True
            self._stands.release()

    def _apply(self) -> None:
        time = self._stage.topic.time
        asked = contest(self._stage.topic, self._name, log=self.log, pace=Pace(time.clock, self._sleep))
        try:
            lock = acquire(asked, None)
        except RefusedError as refusal:
            named = re.search(r"lock (\w+)", refusal.why)
            if not self._breaks or named is None:
                raise
            lock = acquire(asked, named[1])
        for _ in range(ACTS):
            self._stand()
            self._act(lock)
        lock.release()
        self.ended = "done"

    def _act(self, lock: Lock) -> None:
        if not lock.is_trusted():
            lock.renew()
            if lock.lost:
                raise lock.lost
            self._stand()
        # Between the look and the deed nothing comes: what can is written down in the ADR.
        if lock.is_trusted():
            self._stage.acts.append(lock.id)


class Stage:
    """The log, and who acted, in order, by the ID of the lock."""

    def __init__(self) -> None:
        self.topic = Topic()
        self.acts: list[str] = []
        self.actors: list[Actor] = []

    def enter(self, name: str, *, breaks: bool = False) -> Actor:
        """Let somebody begin."""
        actor = Actor(self, name, breaks=breaks)
        self.actors.append(actor)
        return actor

    def leave(self) -> None:
        """End everybody."""
        for actor in self.actors:
            if not actor.is_over:
                actor.kill()

    def play_on(self) -> None:
        """Let everybody go on in turn until nobody is left."""
        while any(not actor.is_over for actor in self.actors):
            moved = [actor for actor in self.actors if actor.may_go()]
            for actor in moved:
                actor.go()
            if not moved:
                self.topic.time.sleep(0.5)

    def lose(self, actor: Actor, lost: Lost) -> None:
        """Lose the next record of somebody, or its answer."""
        actor.log.accidents.append(lost)

    def judge(self) -> None:
        """Once somebody else has acted, nobody acts again."""
        turns = [lock for n, lock in enumerate(self.acts) if n == 0 or self.acts[n - 1] != lock]
        assert len(turns) == len(set(turns)), f"two acted at once: {self.acts}"
