from hypothesis import given
from hypothesis import strategies as st
from manifests import HEAD, codes, only, problems, repository, topic, where

from kgov.manifest.nodes import MappingNode, find, plain, position
from kgov.manifest.overlay import merge, says
from kgov.manifest.reader import read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["a", "b"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from("abcd"), below, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4)


def tree(value: object) -> MappingNode:
    # Every JSON text is YAML.
    import json

    node = read("f.yaml", json.dumps(value).encode()).documents[0].node
    assert isinstance(node, MappingNode)
    return node


def rfc_7396(target: object, patch: object) -> object:
    """The algorithm of section 2 of RFC 7396, word for word."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = rfc_7396(result.get(name), value)
    return result


@given(OBJECTS, OBJECTS)
def test_overlays_merge_as_rfc_7396_says(base, patch):
    assert plain(merge(tree(base), tree(patch))) == rfc_7396(base, patch)


def test_places_are_those_of_the_text_that_counts():
    node = read("f.yaml", b"a: {x: 1,\n  y: 2}\nb: {a: {x: 3}}\n").documents[0].node
    base, patch = find(node, ("a",)), find(node, ("b", "a"))
    assert isinstance(base, MappingNode)
    assert isinstance(patch, MappingNode)
    merged = merge(base, patch)
    assert position(merged, ("x",)) == (3, 12)
    assert position(merged, ("y",)) == (2, 6)


def test_a_patch_says_what_it_gives_and_not_what_it_takes_away():
    patch = tree({"a": {"b": 1}, "c": None})
    assert says(patch, ("a", "b"))
    assert not says(patch, ("a", "x"))
    assert not says(patch, ("c",))
    assert not says(patch, ("a", "b", "x"))


def test_an_undeclared_environment_is_told_with_the_nearest():
    problem = only(topic("{environments: {prd: {}}}"))
    assert (problem.code, problem.message, problem.hint) == (
        "KG008",
        '"prd" is no environment of kgov.yaml',
        "did you mean prod?",
    )
    assert where(problem) == (4, 23)


def test_an_undeclared_environment_that_is_like_no_other_is_told_where_to_look():
    assert only(topic("{environments: {qa: {}}}")).hint == "look at environments in kgov.yaml"


def test_every_overlay_is_checked_whichever_environment_is_asked_for():
    problem = only(topic("{environments: {prod: {partitions: many}}}"))
    assert (problem.code, where(problem)) == ("KG004", (4, 42))


def test_a_mistake_of_the_spec_is_told_once_and_not_for_every_overlay():
    assert (
        codes(problems(topic("{partitions: many, environments: {prod: {}, dev: {replicas: x}}}")))
        == ["KG004"] * 2
    )


def test_what_an_overlay_takes_away_is_missing():
    text = (
        f"{HEAD}kind: Acl\nmetadata: {{name: x}}\nspec: {{principal: 'User:x', bindings: [], "
        f"environments: {{prod: {{principal: }}}}}}\n"
    )
    problem = only(text)
    assert problem.message == "spec.principal is missing"


def test_an_overlay_is_a_mapping_or_null():
    problem = only(topic("{environments: {prod: 5}}"))
    assert problem.message == "spec.environments.prod must be a patch of the spec, or null for not there"
    problem = only(topic("{environments: [prod]}"))
    assert problem.message == "spec.environments must be a mapping of an environment to a patch of the spec"


def test_an_overlay_holds_no_environments():
    problem = only(topic("{environments: {prod: {environments: {dev: {}}}}}"))
    assert (problem.message, where(problem)) == (
        "spec.environments.prod must not hold environments itself",
        (4, 30),
    )


def test_kinds_without_overlays_know_no_environments():
    found = problems(topic("{}"), f"{HEAD}kind: Team\nmetadata: {{name: t}}\nspec: {{environments: {{}}}}\n")
    assert [problem.message for problem in found] == ["unknown field spec.environments"]


def test_an_overlay_with_references_is_checked():
    loaded = repository(topic("{environments: {prod: {category: nope}}}"))
    assert codes(loaded.problems) == ["KG008"]
