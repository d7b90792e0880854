import pytest

from kgov.cluster.bootstrap import Address, parse_bootstrap
from kgov.errors import UsageError


def test_servers_are_separated_by_commas_and_maybe_blanks() -> None:
    assert parse_bootstrap(" a:1 ,b.example.com:9092,, [::1]:3,", "-X") == (
        Address("a", 1),
        Address("b.example.com", 9092),
        Address("::1", 3),
    )


def test_an_address_is_written_as_it_was_read() -> None:
    assert [str(address) for address in parse_bootstrap("a:1,[::1]:3", "-X")] == ["a:1", "[::1]:3"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kafka-1", "port is missing"),
        ("ssl://kafka-1:9092", "security.protocol"),
        ("::1:9092", "brackets"),
        ("kafka-1:http", "no number"),
        ("kafka-1:", "no number"),
        (":9092", "no number"),
        ("kafka 1:9092", "no number"),
        ("kafka-1:0", "0 is no port"),
        ("kafka-1:65536", "65536 is no port"),
    ],
)
def test_what_is_no_address_is_refused_with_its_source(text: str, why: str) -> None:
    with pytest.raises(UsageError, match="is no bootstrap server") as raised:
        parse_bootstrap(f"ok:1,{text}", "client.properties:3")
    assert why in raised.value.why
    assert "client.properties:3" in raised.value.what
    assert raised.value.todo


def test_nothing_but_commas_is_refused() -> None:
    with pytest.raises(UsageError, match="is empty"):
        parse_bootstrap(" , ", "-X")
