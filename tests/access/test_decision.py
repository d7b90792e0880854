"""One question, answered with the bindings that decide."""

import pytest
from worlds import allow, deny

from kgov.access.decision import Answer, decide
from kgov.model.access import Attempt, Bindings
from kgov.model.acl import Operation, ResourceType

WIDE, NARROW = allow("User:a", "All", "x.*"), allow("User:a", "Read", "x.y")
AGAINST = deny("User:*", "Read", "x.y.z")


@pytest.mark.parametrize(
    ("name", "answer", "allows", "denies"),
    [
        ("x.y", Answer.ALLOWED, (NARROW, WIDE), ()),
        ("x.y.z", Answer.DENIED, (WIDE,), (AGAINST,)),
        ("y", Answer.NOT_GRANTED, (), ()),
    ],
)
def test_an_answer_comes_with_what_speaks_for_it_and_against_it(name, answer, allows, denies) -> None:
    attempt = Attempt("User:a", Operation.READ, ResourceType.TOPIC, name)
    decision = decide(Bindings.of([WIDE, NARROW, AGAINST]), attempt)
    assert (decision.answer, decision.allows, decision.denies) == (answer, allows, denies)
    assert decision.allowed is (answer is Answer.ALLOWED)


def test_what_no_binding_is_about_is_open_only_where_the_brokers_say_so() -> None:
    bindings = Bindings.of([WIDE])
    elsewhere = Attempt("User:b", Operation.READ, ResourceType.TOPIC, "y")
    guarded = Attempt("User:b", Operation.READ, ResourceType.TOPIC, "x.y")
    assert decide(bindings, elsewhere, open_without_acl=True).answer is Answer.OPEN
    assert decide(bindings, elsewhere, open_without_acl=True).allowed
    assert decide(bindings, elsewhere).answer is Answer.NOT_GRANTED
    assert decide(bindings, guarded, open_without_acl=True).answer is Answer.NOT_GRANTED


def test_the_wildcard_does_not_match_names_that_begin_with_an_asterisk() -> None:
    group = {"type": ResourceType.GROUP}
    bindings = Bindings.of([allow("User:a", "Read", "*", **group)])
    for name, expected in (("g", True), ("*", True), ("*g", False)):
        assert bindings.permits(Attempt("User:a", Operation.READ, ResourceType.GROUP, name)) is expected
