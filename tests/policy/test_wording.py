from kgov.policy.wording import counted, listed, quoted


def test_a_legal_topic_name_is_never_cut() -> None:
    assert quoted("a" * 249) == '"' + "a" * 249 + '"'


def test_a_hostile_text_is_cut() -> None:
    assert quoted("a" * 1_000_000) == '"' + "a" * 248 + '…"'


def test_lists_read_like_a_sentence() -> None:
    assert [listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed("ab", "or") == "a or b"


def test_a_long_list_says_how_many_are_left_out() -> None:
    assert listed(map(str, range(20))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"


def test_one_is_not_plural() -> None:
    assert (counted(1, "segment"), counted(2, "segment")) == ("1 segment", "2 segments")
