"""From where something may be done, and how Kafka writes addresses."""

from itertools import product

import pytest

from kgov.access.hosts import ANYWHERE, NOWHERE, Hosts, as_kafka_writes

ADDRESSES = ("1.1.1.1", "2.2.2.2", "3.3.3.3")
EVERY = [
    Hosts(others=others, named=tuple(a for a, is_in in zip(ADDRESSES[:2], chosen, strict=True) if is_in))
    for others in (True, False)
    for chosen in product((True, False), repeat=2)
]


def members(hosts: Hosts) -> set[str]:
    return {address for address in ADDRESSES if (address in hosts.named) is not hosts.others}


@pytest.mark.parametrize(("one", "other"), list(product(EVERY, EVERY)))
def test_addresses_are_taken_from_addresses_as_from_sets(one: Hosts, other: Hosts) -> None:
    assert members(one - other) == members(one) - members(other)
    assert (one <= other) is (members(one) <= members(other))
    assert bool(one) is bool(members(one))


@pytest.mark.parametrize(
    ("allowed", "denied", "expected", "words"),
    [
        ({"*"}, set(), ANYWHERE, ""),
        ({"*", "1.1.1.1"}, {"2.2.2.2"}, Hosts(others=True, named=("2.2.2.2",)), "from anywhere but 2.2.2.2"),
        ({"*"}, {"*", "2.2.2.2"}, NOWHERE, "from nowhere"),
        ({"1.1.1.1", "2.2.2.2"}, {"2.2.2.2"}, Hosts(others=False, named=("1.1.1.1",)), "from 1.1.1.1"),
    ],
)
def test_denies_take_addresses_from_allows(allowed, denied, expected, words) -> None:
    assert Hosts.of(allowed, denied) == expected
    assert expected.in_words == words


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::1", "0:0:0:0:0:0:0:1"),
        ("2001:DB8::0a", "2001:db8:0:0:0:0:0:a"),
        ("fe80::1%eth0", None),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("localhost", None),
        ("10.0.0.0/8", None),
        ("*", None),
    ],
)
def test_addresses_are_written_as_java_writes_them(address, written) -> None:
    assert as_kafka_writes(address) == written
