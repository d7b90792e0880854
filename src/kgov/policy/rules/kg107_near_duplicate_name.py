"""KG107: a topic name that is one letter from another, digits aside: one of the two is probably a slip."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.live import Live, NotLookedAt
from kgov.model.topic import LifecycleState, Topic
from kgov.policy.names import SEPARATORS
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.slips import slips
from kgov.policy.wording import quoted

_BARE: Final = str.maketrans("", "", SEPARATORS)
_WORDS: Final = str.maketrans("_-", "..", "0123456789")
_TWINS: Final = frozenset({"dlq", "dlt", "dead", "letter", "deadletter", "retry", "retries"})
"""Words that mark a companion of another topic, not a topic of its own."""

_VERSION: Final = "v"
_MOST_WORDS: Final = 16
"""Words of a name that are compared."""

_ESTABLISHED: Final = 3
"""In so many different names a word is no slip."""

_SHORTEST: Final = 5
"""Letters of names that differ in separators alone: ``a.b`` and ``a-b`` are mere examples."""

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """Every name that counts: declared topics, and ``None`` for what only the cluster has."""

    topics: Mapping[str, Topic | None]
    live: frozenset[str]


def _check(case: Case) -> Iterator[Problem]:
    names = _collect(case)
    told: set[str] = set()
    for slip, other in (*_other_separators(names), *_other_letters(names)):
        topic, known = names.topics[slip], names.topics[other]
        # Two names that both exist where one is nobody's cannot be mended in a manifest.
        if topic is None or slip in told or (known is None and slip in names.live):
            continue
        told.add(slip)
        where = f" ({known.place})" if known else ", which exists on the cluster"
        message = f"{quoted(slip)} is one letter from {quoted(other)}{where}"
        hint = "rename one of the two, or set the rule aside with a Waiver where both are meant"
        yield Problem("KG107", message, topic.place, topic.resource, hint)


def _collect(case: Case) -> _Names:
    """Leave out topics that are on their way out: that is how a slip is mended."""
    active = LifecycleState.ACTIVE
    declared = {name: t for name, t in case.desired.topics.items() if t.lifecycle.state is active}
    return _Names(
        {**dict.fromkeys(_others(case.live)), **declared}, frozenset(case.live.topics if case.live else ())
    )


def _others(live: Live | None) -> tuple[str, ...]:
    return () if live is None or isinstance(live.other_topics, NotLookedAt) else live.other_topics


def _other_separators(names: _Names) -> Iterator[tuple[str, str]]:
    """Pair names that differ in separators or capitals alone; ``.`` against ``_`` is KG102."""
    by_letters: dict[str, list[str]] = {}
    for name in names.topics:
        by_letters.setdefault(name.casefold().translate(_BARE), []).append(name)
    for letters, alike in by_letters.items():
        if len(alike) > 1 and len(letters) >= _SHORTEST:
            first, *later = sorted(alike, key=lambda name: _age(name, names))
            for name in later:
                if name.replace(".", "_") != first.replace(".", "_") and _numbers(name) == _numbers(first):
                    yield name, first


def _other_letters(names: _Names) -> Iterator[tuple[str, str]]:
    """Pair names that are the same but for one letter of one word."""
    by_words: dict[_Words, list[str]] = {}
    for name in names.topics:
        by_words.setdefault(_words(name), []).append(name)
    pairs = list(_near(by_words))
    uses = Counter(word for said in by_words for word in set(said)) if pairs else Counter[str]()
    for (said, word), (facing, other) in pairs:
        if min(uses[word], uses[other]) < _ESTABLISHED:
            yield from _blame((uses[word], by_words[said]), (uses[other], by_words[facing]), names)


def _near(names: Iterable[_Words]) -> Iterator[tuple[tuple[_Words, str], tuple[_Words, str]]]:
    """Pair names that differ in one word that may be a slip, each with that word, from both sides."""
    around: dict[tuple[int, _Words], list[str]] = {}
    for said in names:
        for position, word in enumerate(said[:_MOST_WORDS]):
            around.setdefault((position, said[:position] + said[position + 1 :]), []).append(word)
    for (position, rest), group in around.items():
        if len(group) > 1:
            before, after = rest[:position], rest[position:]
            for word, others in slips(group).items():
                for other in others:
                    yield ((*before, word, *after), word), ((*before, other, *after), other)


def _blame(one: tuple[int, list[str]], two: tuple[int, list[str]], names: _Names) -> Iterator[tuple[str, str]]:
    """Take the word that is used less for the slip, of two that are used alike the one that came later.

    Each pair is met from both sides; it is told from the side of the slip. A name that only the cluster has is
    older than any that is declared.
    """
    (uses, alike), (other_uses, facing) = one, two
    first = min(facing, key=lambda name: _age(name, names))
    oldest = min(alike, key=lambda name: _age(name, names))
    ours, theirs = names.topics[oldest] is not None, names.topics[first] is not None
    if (ours, -uses, _age(oldest, names)) > (theirs, -other_uses, _age(first, names)):
        yield from ((name, first) for name in alike)


def _age(name: str, names: _Names) -> tuple[bool, str, int, int, str]:
    """Order names by where they are declared; what only the cluster has comes first."""
    topic = names.topics[name]
    if topic is None:
        return False, "", 0, 0, name
    place = topic.place
    return True, place.file, place.line, place.column, name


def _words(name: str) -> _Words:
    """Cut a name into words of letters, without its version and without what marks a companion."""
    cut = name.casefold().translate(_WORDS).split(".")
    return tuple(word for word in cut if word and word != _VERSION and word not in _TWINS)


def _numbers(name: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in name).split()


RULE = Rule(
    code="KG107",
    name="near-duplicate-name",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    sees_live=True,
    live_matters=LiveMatters.WITH_OTHER_TOPICS,
    yields_to=("KG101", "KG102", "KG103", "KG104"),
    page=Page(
        what="""\
Two topics have names that differ in one letter of one word, such as `unrevsolved-package` and
`unresolved-package`: a letter too many, one too few, another one, or two that swapped places. Names that
differ only in separators or capitals count too (`user-signup`, `userSignup`). The topic whose word stands
in fewer names is reported; where both stand in as many, the one that is declared later. When kgov plans or
audits, a new topic is also compared with the topics that only the cluster has.

These are left alone:

- names that differ in numbers: `sensor-1` and `sensor-2`, versions, retries;
- companions of one topic, such as `orders` and `orders-dlq`;
- short words (under five letters, or six where one letter stands for another), words with another first
  letter, and a command beside its event (`close`, `closed`);
- words that both stand in three names or more: nobody slips that often;
- topics that are deprecated or retired: that is how a slip is mended.""",
        why="""\
A topic cannot be renamed. A slip in its name is copied into every producer and consumer; one that writes to
the right name and one that reads from the wrong one do not meet, and nothing says so. Both topics of the
example lived side by side in a public repository.""",
        fix="""\
Rename the new topic before it is created. If it exists, declare the right one, move its writers and readers,
and retire the other. Where both names are meant, set the rule aside with a Waiver.""",
        failing=(
            Example(
                files={
                    "topics/packages.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: solver.unresolved-package.created.v1}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: solver.unrevsolved-package.created.v1}
spec: {partitions: 6}
"""
                },
                says='"solver.unrevsolved-package.created.v1" is one letter from '
                '"solver.unresolved-package.created.v1" (topics/packages.yaml:3:18)',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/packages.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: solver.unresolved-package.created.v1}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: solver.unresolved-package.created.v2}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: solver.unresolved-package.created.v2.dlq}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG101", "KG102", "KG106"),
    ),
)
