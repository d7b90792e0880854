"""The known word that somebody most likely meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice

_CUTOFF = 0.6
_SHARED_START = 0.75
"""What part of the shorter word two words must begin alike with to count as near whatever follows."""

_LONGEST = 80
_MOST_CANDIDATES = 5_000
_MOST_COMPARED = 40
"""Bounds on hostile input: letters of a word, words looked at, words compared in full."""

_MOST_WORDS = 200
"""How many different words are compared with one vocabulary: a hostile repository holds very many slips."""

_SEPARATORS = str.maketrans("", "", "-_. /")


def nearest(word: str, candidates: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """Find the candidates that ``word`` may be a slip of, the best first; empty where none is near.

    Capitals and separators do not count, so that ``minInsyncReplicas`` finds ``min.insync.replicas``. Of very
    long words only the beginning is looked at, of very many candidates only the first.
    """
    wanted = _plain(word)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    estimates: list[tuple[float, str]] = []
    for candidate in dict.fromkeys(islice(candidates, _MOST_CANDIDATES)):
        matcher.set_seq1(_plain(candidate))
        estimate = max(matcher.quick_ratio(), _alike_at_the_start(wanted, _plain(candidate)))
        if estimate >= _CUTOFF:
            estimates.append((estimate, candidate))
    scores: list[tuple[float, str]] = []
    for _, candidate in nlargest(_MOST_COMPARED, estimates):
        matcher.set_seq1(_plain(candidate))
        score = max(matcher.ratio(), _alike_at_the_start(wanted, _plain(candidate)))
        if score >= _CUTOFF:
            scores.append((score, candidate))
    scores.sort(key=lambda scored: (-scored[0], len(scored[1]), scored[1]))
    return tuple(candidate for _, candidate in scores[:limit])


class Vocabulary:
    """Known words that many others are compared with; after very many different ones, nothing is near."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._found: dict[str, tuple[str, ...]] = {}

    def nearest(self, word: str) -> tuple[str, ...]:
        """Find the known word that ``word`` may be a slip of; empty where none is near."""
        if word not in self._found:
            if len(self._found) >= _MOST_WORDS:
                return ()
            self._found[word] = nearest(word, self._words)
        return self._found[word]


def _plain(word: str) -> str:
    return word[:_LONGEST].translate(_SEPARATORS).casefold()


def _alike_at_the_start(left: str, right: str) -> float:
    """Give the cut-off to words that begin alike, such as ``replicationFactor`` and ``replicas``; else 0."""
    shorter = min(len(left), len(right))
    shared = 0
    while shared < shorter and left[shared] == right[shared]:
        shared += 1
    return _CUTOFF if shorter and shared >= max(3, _SHARED_START * shorter) else 0.0
