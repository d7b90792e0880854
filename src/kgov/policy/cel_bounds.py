"""How much memory an expression may come to need, found before it is run.

CEL bounds how often an expression loops (10,000 rounds an evaluation), not how much it puts together:
``[s + s].all(a, [a + a].all(b, …))`` doubles a text at every step, and 400 letters of it take a gigabyte. So
what is put together in a loop, and what comes of it, is weighed in the texts that it was made of.
"""

from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from kgov.policy.cel_tree import Call, Comprehension, Constant, Literal, Name, Select, Tree, below

MOST_TEXTS_IN_LOOPS: Final = 8
"""Texts that all loops of one expression may put together in one round. With texts of 4,096 letters and 10,000
rounds that is a third of a gigabyte at the very worst, and a few kilobytes in every honest use."""

MOST_TEXTS: Final = 200
"""How often an expression may put texts or lists together at all."""

MOST_ITEMS_IN_LOOPS: Final = 200
"""Items that lists and maps which are written out within loops may have."""

LARGEST_PATTERN: Final = 500
"""Steps of a regular expression: RE2 compiles it anew for every match."""

_LISTS: Final = "add_list"
_JOINING: Final = frozenset(("add_string", "add_bytes", _LISTS))
_ADD: Final = "_+_"
_CHOICE: Final = "_?_:_"
_INDEX: Final = "_[_]"
_PASSING_ON: Final = ("string", "bytes", "lowerAscii", "dyn")
"""Functions whose answer is as large as what they are given."""


def too_much(tree: Tree) -> str:
    """Say what an expression puts together too much of; empty where it is bounded."""
    scale = _Scale()
    scale.weigh(tree, {}, in_loop=False)
    if scale.joins_lists:
        return "puts lists together, which grow with every loop over them; loop over each by itself"
    if scale.in_loops > MOST_TEXTS_IN_LOOPS:
        return f"puts {scale.in_loops} texts together in each round of a loop, more than {MOST_TEXTS_IN_LOOPS}"
    if scale.outside > MOST_TEXTS:
        return f"puts texts or lists together {scale.outside} times, more than {MOST_TEXTS}"
    if scale.items > MOST_ITEMS_IN_LOOPS:
        return f"writes out lists of {scale.items} items within loops, more than {MOST_ITEMS_IN_LOOPS}"
    return ""


def pattern_too_large(pattern: str | None) -> str:
    """Say why a regular expression may take too long; empty where it is small, ``None`` is not written out."""
    if pattern is None:
        return "the pattern must be written out as one text"
    if _QUOTE in pattern:
        return f"the pattern may not quote with {_QUOTE}"
    steps = _steps(pattern)
    return f"the pattern has {steps} steps, more than {LARGEST_PATTERN}" if steps > LARGEST_PATTERN else ""


_QUOTE: Final = "\\Q"


def _steps(pattern: str) -> int:
    """Count the steps of a pattern with its repetitions written out; ``last`` is what one would repeat."""
    sums, last, at = [0], 0, 0
    while at < len(pattern):
        letter = pattern[at]
        at += 1
        if letter == "(":
            sums, last = [*sums, 0], 0
            continue
        times, end = _times(pattern, at) if letter == "{" else (0, at)
        if times:
            last, at = last * (times - 1), end
        elif letter == ")" and len(sums) > 1:
            last = sums.pop()
        else:
            last, at = 1, _behind(pattern, letter, at)
        sums[-1] += last
    return sum(sums)


def _times(pattern: str, at: int) -> tuple[int, int]:
    """Read ``3}``, ``3,}`` or ``3,5}``: how often at most, and where it ends; 0 where it is no repetition."""
    end = pattern.find("}", at)
    numbers = pattern[at:end].split(",") if end > at else []
    known = [int(number) for number in numbers if number.isascii() and number.isdecimal()]
    return (max(1, *known, 1), end + 1) if known and len(numbers) <= 2 else (0, at)


def _behind(pattern: str, letter: str, at: int) -> int:
    """Find where a step ends that began with ``letter``: behind an escaped letter, or behind a class."""
    if letter == "\\":
        return at + 1
    if letter != "[":
        return at
    at += pattern.startswith("^", at)
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        named = pattern.find(":]", at) if pattern.startswith("[:", at) else -1
        at = named + 2 if named > 0 else at + 1 + (pattern[at] == "\\")
    return at + 1


class _Scale:
    """Adds up what is put together, in loops and outside of them."""

    def __init__(self) -> None:
        self.in_loops = 0
        self.outside = 0
        self.items = 0
        self.joins_lists = False

    def weigh(self, tree: Tree, bound: Mapping[str, int], *, in_loop: bool) -> int:
        """Give how many texts the value of ``tree`` may be made of, and add up what is made on the way.

        ``bound`` has the weights of the variables of the loops around.
        """
        match tree:
            case Constant():
                # It is no longer than the expression, unless it is put together again and again.
                return 0
            case Name():
                return bound.get(tree.name, 1)
            case Select():
                return self.weigh(tree.operand, bound, in_loop=in_loop)
            case Call():
                return self._call(tree, bound, in_loop=in_loop)
            case Literal():
                if in_loop:
                    self.items += len(tree.items)
                return max((self.weigh(item, bound, in_loop=in_loop) for item in tree.items), default=1)
            case Comprehension():
                return self._comprehension(tree, bound, in_loop=in_loop)
            case _ as never:
                assert_never(never)

    def _call(self, call: Call, bound: Mapping[str, int], *, in_loop: bool) -> int:
        weights = [self.weigh(each, bound, in_loop=in_loop) for each in call.arguments]
        if call.function == _ADD and not _JOINING.isdisjoint(call.overloads):
            weight = sum(weights)
            self.in_loops += weight if in_loop else 0
            self.outside += 1
            self.joins_lists |= _LISTS in call.overloads
            return weight
        if call.function == _CHOICE:
            return max(weights[1:])
        return weights[0] if call.function in (_INDEX, *_PASSING_ON) and weights else 1

    def _comprehension(self, loop: Comprehension, bound: Mapping[str, int], *, in_loop: bool) -> int:
        over = self.weigh(loop.over, bound, in_loop=in_loop)
        # What a loop gathers is never read by its author's own parts of it.
        inside = {**bound, **dict.fromkeys(loop.variables, max(1, over)), loop.gathered: 0}
        made = max((self.weigh(part, inside, in_loop=True) for part in _authored(loop)), default=1)
        return max(made, over)


def _authored(loop: Comprehension) -> Iterator[Tree]:
    """List the parts of a loop that its author wrote: macros add ``gathered + [item]`` around them."""
    for part in (loop.condition, loop.step):
        waiting = [part]
        while waiting:
            each = waiting.pop()
            if not _mentions(each, loop.gathered):
                yield each
            else:
                waiting.extend(below(each))


def _mentions(tree: Tree, name: str) -> bool:
    """Say whether a tree reads what its loop gathers; loops within it use the same name for their own."""
    if isinstance(tree, Name):
        return tree.name == name
    return not isinstance(tree, Comprehension) and any(_mentions(each, name) for each in below(tree))
