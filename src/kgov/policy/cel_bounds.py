"""How much memory an expression may come to need, found before it is run.

CEL bounds how often an expression loops (10,000 rounds an evaluation), not how much it puts together:
``[s + s].all(a, [a + a].all(b, …))`` doubles a text at every step, and 400 letters of it take a gigabyte. So
what is put together in a loop, and what comes of it, is weighed in the texts that it was made of.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from kgov.policy.cel_tree import Call, Comprehension, Literal, Name, Select, Tree, below

MOST_TEXTS_IN_LOOPS: Final = 12
"""Texts that all loops of one expression may put together in one round. With texts of 4,096 letters and 10,000
rounds that is half a gigabyte at the very worst, and a few kilobytes in every honest use."""

MOST_TEXTS: Final = 200
"""How often an expression may put texts or lists together at all."""

MOST_ITEMS_IN_LOOPS: Final = 200
"""Items that lists and maps which are written out within loops may have."""

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
    if scale.joins_lists_in_loops:
        return "puts lists together within a loop"
    if scale.in_loops > MOST_TEXTS_IN_LOOPS:
        return f"puts {scale.in_loops} texts together in each round of a loop, more than {MOST_TEXTS_IN_LOOPS}"
    if scale.outside > MOST_TEXTS:
        return f"puts texts or lists together {scale.outside} times, more than {MOST_TEXTS}"
    if scale.items > MOST_ITEMS_IN_LOOPS:
        return f"writes out lists of {scale.items} items within loops, more than {MOST_ITEMS_IN_LOOPS}"
    return ""


class _Scale:
    """Adds up what is put together, in loops and outside of them."""

    def __init__(self) -> None:
        self.in_loops = 0
        self.outside = 0
        self.items = 0
        self.joins_lists_in_loops = False

    def weigh(self, tree: Tree, bound: Mapping[str, int], *, in_loop: bool) -> int:
        """Give how many texts the value of ``tree`` may be made of, and add up what is made on the way.

        ``bound`` has the weights of the variables of the loops around.
        """
        match tree:
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
            case _:
                return 1

    def _call(self, call: Call, bound: Mapping[str, int], *, in_loop: bool) -> int:
        weights = [self.weigh(each, bound, in_loop=in_loop) for each in call.arguments]
        if call.function == _ADD and not _JOINING.isdisjoint(call.overloads):
            weight = sum(weights)
            self.in_loops += weight if in_loop else 0
            self.outside += 1
            self.joins_lists_in_loops |= in_loop and _LISTS in call.overloads
            return weight
        if call.function == _CHOICE:
            return max(weights[1:])
        return weights[0] if call.function in (_INDEX, *_PASSING_ON) and weights else 1

    def _comprehension(self, loop: Comprehension, bound: Mapping[str, int], *, in_loop: bool) -> int:
        over = self.weigh(loop.over, bound, in_loop=in_loop)
        # What a loop gathers is never read by its author's own parts of it.
        inside = {**bound, **dict.fromkeys(loop.variables, over), loop.gathered: 0}
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
