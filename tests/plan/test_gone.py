"""What a base revision declared and the manifests do not."""

from kgov.model.place import ResourceId
from kgov.plan.gone import gone_since

OLD, KEPT = ResourceId("Topic", "old"), ResourceId("Topic", "kept")
ACCESS, EMPTY = ResourceId("Access", "a"), ResourceId("Access", "empty")


def test_a_manifest_that_is_still_there_is_not_gone_whatever_its_environments_say():
    assert gone_since({OLD: (), KEPT: ()}, {KEPT: ()}) == {OLD: ()}


def test_a_principal_that_its_manifest_names_no_more_is_gone():
    base = {ACCESS: ("User:a", "User:b"), EMPTY: ()}
    assert gone_since(base, {ACCESS: ("User:b",), EMPTY: ()}) == {ACCESS: ("User:a",)}
    assert gone_since(base, base) == {}
    assert gone_since(base, {}) == base
