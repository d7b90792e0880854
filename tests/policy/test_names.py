import pytest

from kgov.policy.names import unversioned, version, words


@pytest.mark.parametrize(
    ("name", "number"), [("orders.v1", 1), ("orders-v12", 12), ("Orders_V3", 3), ("a.v9", 9)]
)
def test_a_version_stands_at_the_end_behind_a_separator(name, number) -> None:
    found = version(name)
    assert found is not None
    assert (found.stem + str(found.number), found.number) == (name, number)
    assert unversioned(name) == name[: len(found.stem) - 2]


@pytest.mark.parametrize(
    "name",
    ["orders", "v1", ".v1", "orders.1", "ordersv1", "orders.v0", "orders.v01", "orders.v2024", "orders.v"],
)
def test_other_endings_are_no_version(name) -> None:
    assert version(name) is None
    assert unversioned(name) == name


def test_a_name_is_cut_into_words() -> None:
    assert words("Commerce.web_click-Stream..v1") == ["commerce", "web", "click", "stream", "v1"]
