"""Questions about access cost what they find, and not what there is."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from work import counted, out_of_proportion
from worlds import allow, deny

from kgov.access.holders import Asked, who_can
from kgov.access.rights import rights_of
from kgov.access.shift import Step, shifts
from kgov.model.access import Bindings
from kgov.model.acl import ANYBODY, AclBinding, Operation, ResourceType

SMALL, LARGE, TIMES = 120, 360, 3


def services(number: int) -> list[AclBinding]:
    """Each has a topic and a prefix of its own, and something is denied to it."""
    return [
        binding
        for at in range(number)
        for binding in (
            allow(f"User:s{at}", "Read", f"domain.team{at % 10}.t{at}"),
            allow(f"User:s{at}", "Write", f"domain.s{at}.*"),
            deny(f"User:s{at}", "Write", f"domain.s{at}.secret"),
        )
    ]


def of_one(number: int) -> list[AclBinding]:
    """One has very many of them, one within the other."""
    return [allow("User:s", "Read", f"a.{at}.*") for at in range(number)] + [
        deny("User:s", "Read", f"a.{at}.x") for at in range(number)
    ]


NOBODY: frozenset[AclBinding] = frozenset()
AGAINST_ALL = frozenset([deny(ANYBODY, "Read", "*")])

WORK: dict[str, tuple[Callable[[int], list[AclBinding]], Callable[[list[AclBinding]], object]]] = {
    "indexing": (services, Bindings.of),
    "rights": (of_one, lambda bindings: rights_of(bindings, "User:s")),
    "adopting": (services, lambda bindings: shifts(Step(NOBODY, frozenset(bindings), NOBODY))),
    "adopting what is open": (
        services,
        lambda bindings: shifts(Step(NOBODY, frozenset(bindings), NOBODY, open_without_acl=True)),
    ),
    "one of very many": (of_one, lambda bindings: shifts(Step(NOBODY, frozenset(bindings), NOBODY))),
    "a Deny for everybody": (services, lambda bindings: shifts(Step(frozenset(bindings), AGAINST_ALL, NOBODY))),
}


def work_of(do: Callable[[], object]) -> Counter[str]:
    with counted() as work:
        do()
    return work


@pytest.mark.parametrize("what", WORK)
def test_three_times_the_bindings_are_three_times_the_work(what: str) -> None:
    make, do = WORK[what]
    small, large = (work_of(partial(do, make(size))) for size in (SMALL, LARGE))
    assert small
    assert out_of_proportion(small, large, TIMES) == {}


def test_who_can_costs_the_same_however_many_other_bindings_there_are() -> None:
    asked = Asked(Operation.READ, ResourceType.TOPIC, "domain.team1.t1")
    small, large = (Bindings.of(services(size)) for size in (SMALL, LARGE))
    assert work_of(lambda: who_can(small, asked)) == work_of(lambda: who_can(large, asked))
