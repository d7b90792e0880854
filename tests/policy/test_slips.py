import pytest

from kgov.policy.slips import slips


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("unresolved", "unrevsolved"),
        ("orders", "order"),
        ("ordre", "order"),
        ("ordre", "ordr"),
        ("payment", "paymant"),
        ("ccommerce", "commerce"),
        ("comerce", "commerce"),
    ],
)
def test_a_letter_too_many_too_few_wrong_or_swapped_is_a_slip(left, right) -> None:
    assert slips([left, right]) == {left: (right,), right: (left,)}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("cart", "card"),
        ("price", "prize"),
        ("batch", "patch"),
        ("email", "mail"),
        ("close", "closed"),
        ("contact", "contract"),
        ("charge", "change"),
        ("payment", "paxmxnt"),
        ("abcde", "abedc"),
        ("abcdef", "abdcfe"),
        ("größer", "größe"),
        ("a" * 61, "a" * 62),
    ],
)
def test_what_is_rather_another_word_is_none(left, right) -> None:
    assert slips([left, right]) == {}


def test_very_many_words_that_are_alike_take_no_longer_than_others() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [f"{a}{'x' * 20}{b}{c}" for a in letters for b in letters for c in letters]
    assert max(len(others) for others in slips(words).values()) <= 16
