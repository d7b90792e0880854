"""Coverage and precedence as Kafka's StandardAuthorizer has them."""

import random

import pytest
from worlds import allow, deny

from kgov.model.access import Attempt, Bindings, covers, in_words, voids
from kgov.model.acl import CLUSTER_NAME, Operation, Permission, ResourceType


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        (allow("User:a", "Read", "x.*"), allow("User:a", "Read", "x.y"), True),
        (allow("User:a", "Read", "x.*"), allow("User:a", "Read", "x.y.*"), True),
        (allow("User:a", "Read", "x.*"), allow("User:a", "Read", "*"), False),
        (allow("User:a", "Read", "*"), allow("User:a", "Read", "x.*"), True),
        (allow("User:a", "Read", "x"), allow("User:a", "Read", "x.*"), False),
        (allow("User:a", "Read", "x"), allow("User:a", "Read", "x"), True),
        (allow("User:a", "Read", "x"), allow("User:b", "Read", "x"), False),
        (allow("User:*", "Read", "x"), allow("User:b", "Read", "x"), True),
        (allow("User:a", "All", "x"), allow("User:a", "Write", "x"), True),
        (allow("User:a", "Read", "x"), allow("User:a", "Describe", "x"), True),
        (allow("User:a", "Describe", "x"), allow("User:a", "Read", "x"), False),
        (allow("User:a", "AlterConfigs", "x"), allow("User:a", "DescribeConfigs", "x"), True),
        (allow("User:a", "Create", "x"), allow("User:a", "Describe", "x"), False),
        (deny("User:a", "Read", "x"), deny("User:a", "Describe", "x"), False),
        (deny("User:a", "All", "x"), deny("User:a", "Describe", "x"), True),
        (deny("User:a", "All", "x"), allow("User:a", "Describe", "x"), False),
        (allow("User:a", "Read", "x"), allow("User:a", "Read", "x", host="10.0.0.1"), True),
        (allow("User:a", "Read", "x", host="10.0.0.1"), allow("User:a", "Read", "x"), False),
        (allow("User:a", "Read", "x", type=ResourceType.GROUP), allow("User:a", "Read", "x"), False),
    ],
)
def test_a_binding_covers_another_exactly_where_kafka_says_so(wide, narrow, expected):
    assert covers(wide, narrow) is expected


@pytest.mark.parametrize(
    ("forbidding", "granting", "expected"),
    [
        (deny("User:a", "Read", "x"), allow("User:a", "Read", "x"), True),
        (deny("User:*", "All", "x*"), allow("User:a", "Read", "x.y"), True),
        (deny("User:a", "Read", "x"), allow("User:a", "Read", "x.*"), False),
        (deny("User:a", "Read", "x"), allow("User:a", "All", "x"), False),
        (deny("User:a", "Read", "x", host="10.0.0.1"), allow("User:a", "Read", "x"), False),
        (allow("User:a", "Read", "x"), allow("User:a", "Read", "x"), False),
        (deny("User:b", "Read", "x"), allow("User:a", "Read", "x"), False),
    ],
)
def test_a_deny_makes_an_allow_void_only_where_it_takes_all_of_it(forbidding, granting, expected):
    assert voids(forbidding, granting) is expected


def test_the_index_finds_what_looking_at_every_binding_finds():
    draw = random.Random(7)
    names = ["*", "a", "a*", "ab", "ab*", "abc", "a.b", "a.b*", "a.b.c", "**"]
    every = [
        make(f"User:{who}", operation, name, host=host)
        for make in (allow, deny)
        for who in ("a", "b", "*")
        for operation in ("All", "Read", "Describe", "AlterConfigs", "DescribeConfigs")
        for name in names
        for host in ("*", "10.0.0.1")
    ]
    for _ in range(50):
        chosen = draw.sample(every, 40)
        index = Bindings.of(chosen)
        for asked in draw.sample(every, 20):
            assert set(index.wider(asked)) == {b for b in chosen if b != asked and covers(b, asked)}
            if asked.permission is Permission.ALLOW:
                assert (index.voiding(asked) is None) is not any(voids(b, asked) for b in chosen)


def test_a_set_of_bindings_names_the_one_that_covers():
    wide, narrow = allow("User:a", "Read", "x.*"), allow("User:a", "Read", "x.y")
    assert Bindings.of([wide, narrow]).covering(narrow) == wide
    assert Bindings.of([narrow]).covering(narrow) is None


def test_a_set_of_bindings_names_the_deny_that_voids():
    granting, forbidding = allow("User:a", "Read", "x.y"), deny("User:a", "All", "x.*")
    assert Bindings.of([granting, forbidding]).voiding(granting) == forbidding


def test_a_deny_wins_over_every_allow():
    bindings = Bindings.of([allow("User:a", "All", "*"), deny("User:*", "Read", "x")])
    assert not bindings.allows("User:a", Operation.READ, ResourceType.TOPIC, "x")
    assert bindings.allows("User:a", Operation.WRITE, ResourceType.TOPIC, "x")
    assert bindings.allows("User:a", Operation.DESCRIBE, ResourceType.TOPIC, "x")


def test_a_literal_allow_of_the_very_thing_is_enough():
    granted = allow("User:a", "Alter", CLUSTER_NAME, type=ResourceType.CLUSTER)
    bindings = Bindings.of([granted])
    assert bindings.allows("User:a", Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME)
    assert not bindings.allows("User:b", Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME)


def test_a_deny_that_stands_beside_an_exact_allow_is_found():
    bindings = Bindings.of([allow("User:a", "Read", "x"), deny("User:a", "Read", "x")])
    assert not bindings.allows("User:a", Operation.READ, ResourceType.TOPIC, "x")


def test_a_resource_is_touched_by_literal_prefix_and_wildcard():
    asked = allow("User:z", "Read", "x.y").resource
    assert Bindings.of([allow("User:a", "Read", "x.*")]).touches(asked)
    assert Bindings.of([deny("User:a", "Read", "*")]).touches(asked)
    assert Bindings.of([allow("User:a", "Read", "x.y")]).touches(asked)
    assert not Bindings.of([allow("User:a", "Read", "x.y.z")]).touches(asked)
    assert not Bindings.of([allow("User:a", "Read", "x.y.z*")]).touches(asked)
    assert not Bindings.of([allow("User:a", "Read", "x.*")]).touches(allow("User:z", "Read", "*").resource)


@pytest.mark.parametrize(
    ("binding", "words"),
    [
        (allow("User:a", "Read", "x"), "Read on topic x"),
        (allow("User:a", "Read", "x.*"), "Read on topics x.*"),
        (allow("User:a", "Read", "*"), "Read on all topics"),
        (
            allow("User:a", "Read", "g", type=ResourceType.GROUP, host="10.0.0.1"),
            "Read on group g from 10.0.0.1",
        ),
        (allow("User:a", "Alter", CLUSTER_NAME, type=ResourceType.CLUSTER), "Alter on the cluster"),
    ],
)
def test_a_binding_is_said_in_words(binding, words):
    assert in_words(binding) == words


def test_hosts_are_those_that_bindings_of_the_principal_or_of_everybody_name():
    bindings = Bindings.of(
        [
            allow("User:a", "Read", "x", host="10.0.0.1"),
            deny("User:*", "Read", "x", host="10.0.0.2"),
            allow("User:b", "Read", "x", host="10.0.0.3"),
        ]
    )
    assert bindings.hosts("User:a") == {"10.0.0.1", "10.0.0.2", "*"}


def test_a_resource_is_about_a_name_by_text_prefix_and_wildcard():
    bindings = Bindings.of(
        [allow("User:a", "Read", "x.*"), allow("User:a", "Read", "*", type=ResourceType.GROUP)]
    )
    assert bindings.touches_name(ResourceType.TOPIC, "x.y")
    assert not bindings.touches_name(ResourceType.TOPIC, "y")
    assert bindings.touches_name(ResourceType.GROUP, "g")
    # StandardAuthorizer passes the wildcard over for names that begin with an asterisk.
    assert not bindings.touches_name(ResourceType.GROUP, "*g")


def test_what_is_covered_or_void_can_go_and_nobody_may_do_more_or_less():
    draw = random.Random(11)
    names = ("*", "a", "a*", "ab*", "a.b")
    needless = 0
    for _ in range(120):
        chosen = {
            draw.choice((allow, allow, deny))(
                draw.choice(("User:a", "User:b", "User:*")),
                draw.choice(("All", "Read", "Describe")),
                draw.choice(names),
                host=draw.choice(("*", "*", "10.0.0.1")),
            )
            for _ in range(10)
        }
        index = Bindings.of(chosen)
        for binding in chosen:
            void = (
                binding.permission is Permission.ALLOW and index.voiding(binding) and not index.implied(binding)
            )
            if index.covering(binding) or void:
                needless += 1
                assert may(Bindings.of(chosen - {binding})) == may(index), f"{binding} of {chosen}"
    assert needless > 100


def may(bindings):
    return {
        (principal, operation, name, host)
        for principal in ("User:a", "User:b", "User:c")
        for operation in (Operation.READ, Operation.DESCRIBE, Operation.WRITE)
        for name in ("a", "ab", "abc", "a.b", "z")
        for host in ("10.0.0.1", "10.0.0.2")
        if bindings.permits(Attempt(principal, operation, ResourceType.TOPIC, name, host))
    }
