import pytest

from kgov.capacity.figures import bits_in_words, bytes_in_words, number_in_words, rate_in_words, share_in_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (60.48e12, "60.48 TB"),
        (181.44e12, "181.44 TB"),
        (235.872e12, "235.9 TB"),
        (1_234_567, "1.23 MB"),
        (12_345_678, "12.3 MB"),
        (1e18, "1,000 PB"),
        (0, "0 B"),
        (0.4, "0.4 B"),
        (999, "999 B"),
        (-5e9, "-5 GB"),
    ],
)
def test_bytes_have_the_greatest_unit_that_fits(size: float, words: str) -> None:
    assert bytes_in_words(size) == words


def test_rates_are_written_in_bytes_and_in_bits() -> None:
    assert (rate_in_words(800e6), bits_in_words(800e6)) == ("800 MB/s", "6.4 Gbit/s")


def test_shares_and_numbers() -> None:
    assert share_in_words(1, 3) == "33 %"
    assert (number_in_words(12_450), number_in_words(1.3), number_in_words(0.1 + 0.2)) == (
        "12,450",
        "1.3",
        "0.3",
    )
