"""Names in order, and ranges of positions among them."""

import random

import pytest
from worlds import allow

from kgov.model.ordered_names import Names
from kgov.policy.reach import merged, outside

NAMES = Names.of(["a", "a.b", "a.c", "ab", "b", "b"])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a", ["a"]),
        ("a*", ["a", "a.b", "a.c", "ab"]),
        ("a.*", ["a.b", "a.c"]),
        ("*", ["a", "a.b", "a.c", "ab", "b"]),
        ("c", []),
        ("c*", []),
        ("aa", []),
    ],
)
def test_names_that_a_pattern_matches_stand_side_by_side(pattern, expected) -> None:
    resource = allow("User:x", "Read", pattern).resource
    assert [NAMES.ordered[at] for at in NAMES.matching(resource)] == expected
    assert NAMES.any_matches(resource) is bool(expected)


def test_ranges_that_touch_or_overlap_become_one() -> None:
    assert merged([range(5, 7), range(2), range(1, 3), range(3, 3), range(7, 9), range(6, 6)]) == (
        range(3),
        range(5, 9),
    )


def test_what_lies_outside_of_all_holes_is_found_whatever_they_are() -> None:
    draw = random.Random(3)
    for _ in range(300):
        holes = merged(range(start := draw.randrange(20), start + draw.randrange(6)) for _ in range(4))
        start = draw.randrange(20)
        positions = range(start, start + draw.randrange(12))
        expected = [at for at in positions if not any(at in hole for hole in holes)]
        assert list(outside(positions, holes)) == expected
