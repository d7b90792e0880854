from kgov.manifest.nodes import MappingNode, find, is_null, key_position, plain, position
from kgov.manifest.reader import read

TEXT = b"""\
a: 1
b:
  c: [x, {d: y}]
  e:
"""


def tree() -> MappingNode:
    node = read("f.yaml", TEXT).documents[0].node
    assert isinstance(node, MappingNode)
    return node


def test_a_tree_becomes_plain_values():
    assert plain(tree()) == {"a": 1, "b": {"c": ["x", {"d": "y"}], "e": None}}


def test_paths_are_followed():
    found = find(tree(), ("b", "c", 1, "d"))
    assert found is not None
    assert plain(found) == "y"
    assert find(tree(), ("b", "c", 2)) is None
    assert find(tree(), ("b", 0)) is None
    assert find(tree(), ("a", "x")) is None
    assert tree().get("nope") is None


def test_null_is_recognised():
    empty = find(tree(), ("b", "e"))
    assert empty is not None
    assert is_null(empty)
    assert not is_null(tree())


def test_values_stand_where_they_are_written():
    assert position(tree(), ("a",)) == (1, 4)
    assert position(tree(), ("b", "c", 1, "d")) == (3, 14)
    assert position(tree(), ("b", "c", 0)) == (3, 7)


def test_collections_and_empty_values_stand_at_their_key():
    assert position(tree(), ("b",)) == (2, 1)
    assert position(tree(), ("b", "c")) == (3, 3)
    assert position(tree(), ("b", "e")) == (4, 3)


def test_what_is_missing_stands_at_what_lacks_it():
    assert position(tree(), ("b", "nope")) == (2, 1)
    assert position(tree(), ("b", "c", 9)) == (3, 3)
    assert position(tree(), ()) == (1, 1)


def test_keys_have_places():
    assert key_position(tree(), ("b", "c")) == (3, 3)
    assert key_position(tree(), ("b", "nope")) == (2, 1)
    assert key_position(tree(), ("b", "c", 1)) == (3, 10)
