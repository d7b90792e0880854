"""What topics behind a pattern hold."""

import pytest
from worlds import allow, retired, topic

from kgov.access.holdings import Catalogue, Holdings
from kgov.access.hosts import ANYWHERE
from kgov.access.shift import Reach, Shift
from kgov.access.wording import sentences, some
from kgov.model.acl import Operation, ResourceType
from kgov.model.topic_facts import Classification, Data

TOPICS = (
    topic("a.x", owner="sales", data=Data(Classification.CONFIDENTIAL)),
    topic("a.y", owner="sales", data=Data(Classification.CONFIDENTIAL, personal=True)),
    topic("b.x", owner="audit", data=Data(Classification.RESTRICTED)),
    topic("c.x"),
    retired("d.x"),
)
CATALOGUE = Catalogue({each.name: each for each in TOPICS})


def pattern(name: str, **given):
    return allow("User:a", "Read", name, **given).resource


@pytest.mark.parametrize(
    ("name", "but", "words"),
    [
        ("a.x", (), "from team sales, confidential"),
        ("a.*", (), "from team sales, confidential, personal data"),
        ("a.*", ("a.y",), "from team sales, confidential"),
        ("*", (), "from teams audit and sales, up to restricted, personal data"),
        ("c.x", (), ""),
        ("d.x", (), ""),
    ],
)
def test_teams_and_the_closest_classification_are_said(name, but, words) -> None:
    found = CATALOGUE.behind(pattern(name), tuple(map(pattern, but)))
    assert found is not None
    assert found.in_words == words
    assert CATALOGUE.behind(pattern(name), tuple(map(pattern, but))) is found


def test_only_topics_hold_data() -> None:
    assert CATALOGUE.behind(pattern("a", type=ResourceType.GROUP)) is None


def test_of_many_teams_the_number_is_said() -> None:
    assert Holdings(4, ("a", "b", "c", "d")).in_words == "from 4 teams"


def test_a_sentence_says_whose_data_it_is_about() -> None:
    reach = Reach((Operation.READ,), pattern("a.*"), (), ANYWHERE, CATALOGUE.behind(pattern("a.x")))
    assert sentences(Shift("User:billing", (reach,), ())) == (
        "User:billing gains Read on a.* (from team sales, confidential)",
    )


def test_of_many_patterns_the_first_are_named() -> None:
    names = [pattern("*"), *(pattern(f"t{number}") for number in range(6))]
    assert some((pattern("g", type=ResourceType.GROUP), pattern("t*"))) == "group g and t*"
    assert some(tuple(names)) == "all topics, t0, t1, t2, t3 and 2 more"
