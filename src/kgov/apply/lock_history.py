"""Who holds a lock, by what its log says. Pure.

A claim takes the lock if, at its own place in the log, nobody holds it, or the one who does is the one that it
breaks; otherwise it has lost for good. So everybody who reads up to that place comes to the same answer, at
whatever time, and what is done to the lock later does not change it.

A log that is compacted loses earlier signs alone. One that forgets its beginning (retention) keeps the answer
as long as the holder shows signs, because they name the place of its claim, and of the sign before. A holder
that was frozen until even that is forgotten cannot come back: who broke its lock may be forgotten as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kgov.apply.lock_record import NOBODY, Claimant, Kind, Record, decode
from kgov.cluster.lock_interface import Bounds, Entry


@dataclass(slots=True)
class Tenure:
    """One claim and what became of it.

    ``claimed`` and ``ended`` are offsets; ``since_ms`` is when it was claimed, ``seen_at`` and ``seen_ms`` say
    where and when its last record was appended. Times are the broker's, where they are known.
    """

    id: str
    claimed: int
    seen_at: int
    seen_ms: int | None
    since_ms: int | None = None
    ended: int | None = None
    breaks: str | None = None
    claimant: Claimant = NOBODY

    def is_over(self, offset: int) -> bool:
        """Say whether the claim was given up by then."""
        return self.ended is not None and self.ended <= offset


class History:
    """The records of a log from its beginning up to ``next``, the first offset that is not known yet.

    ``signed_at`` is where the last sign of life stands, whoever showed it.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._start = bounds.start
        self._tenures: dict[str, Tenure] = {}
        self.next = bounds.start
        self.signed_at = -1

    def add(self, entries: Iterable[Entry], last: int) -> None:
        """Take in the records up to ``last``; raise ``RefusedError`` for those of a newer kgov."""
        for entry in entries:
            record = decode(entry)
            if record is not None:
                self._note(record, entry)
        self.next = last + 1

    def holder(self) -> Tenure | None:
        """Say who holds the lock after the last record that is known."""
        return self.holder_at(self.next - 1)

    def holder_at(self, offset: int) -> Tenure | None:
        """Say who held the lock right after the record of that offset."""
        holder: Tenure | None = None
        for tenure in sorted(self._tenures.values(), key=lambda each: each.claimed):
            if tenure.claimed > offset:
                break
            if holder is None or holder.is_over(tenure.claimed) or holder.id == tenure.breaks:
                holder = tenure
        return None if holder is None or holder.is_over(offset) else holder

    def tenure(self, id_: str) -> Tenure | None:
        """Find a claim."""
        return self._tenures.get(id_)

    def others(self, id_: str) -> tuple[Tenure, ...]:
        """List everybody else's claims."""
        return tuple(tenure for tenure in self._tenures.values() if tenure.id != id_)

    def breaker(self, id_: str) -> Tenure | None:
        """Find the claim that broke another."""
        return next((each for each in self._tenures.values() if each.breaks == id_), None)

    def _note(self, record: Record, entry: Entry) -> None:
        if record.kind is Kind.SIGN:
            self.signed_at = entry.offset
        tenure = self._tenures.get(record.id) or self._begin(record, entry)
        if tenure is None:
            return
        tenure.seen_at, tenure.seen_ms = entry.offset, entry.time_ms
        if record.kind is Kind.END and tenure.ended is None:
            tenure.ended = entry.offset

    def _begin(self, record: Record, entry: Entry) -> Tenure | None:
        """Begin a tenure by its claim, or by a record that names a claim which the log has forgotten.

        Where the log still holds that place and the claim is not there, it is the claim of a log that was
        deleted. An end without any claim comes before it: it was given up before it arrived.
        """
        if record.kind is Kind.CLAIM:
            tenure = Tenure(
                record.id,
                entry.offset,
                entry.offset,
                entry.time_ms,
                entry.time_ms,
                breaks=record.breaks,
                claimant=record.claimant,
            )
        elif record.claimed is not None and record.claimed < self._start <= (record.previous or -1):
            tenure = Tenure(record.id, record.claimed, entry.offset, entry.time_ms)
        elif record.kind is Kind.END:
            tenure = Tenure(record.id, entry.offset, entry.offset, entry.time_ms)
        else:
            return None
        self._tenures[record.id] = tenure
        return tenure
