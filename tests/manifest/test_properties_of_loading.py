"""Whatever the files hold, loading ends with a repository and never with an exception."""

from hypothesis import given, settings
from hypothesis import strategies as st
from manifests import ACCESS_AND_MORE, PROJECT

from kgov.manifest.compose import compose
from kgov.manifest.explain import effective_values
from kgov.manifest.repository import Repository, load_files

VOCABULARY = """
apiVersion kgov/v1 kind Project Topic Access Acl Role Team Waiver Consent NamingConvention RetentionCategory
metadata name owner spec environments dev prod partitions replicas config retention retention.ms category
principal principals team grants role bindings resource operations pattern host permission parameters format
segments values labels lifecycle state retired schema consumers defaults limits rules User:x consumer
producer topic topicPrefix group Read Cluster a.b 7d null true no 0777 3 -1 1.5 .inf {a}.{b} {{x}} ${X} "" *
& ! [] {} : - , # | > ? % @ << *a &a !!str '
"""
WORDS = st.sampled_from(VOCABULARY.split())
SPACES = st.sampled_from(
    ["", " ", "\n", "\n  ", "\n    ", ": ", ": {", "}", ": [", "]", ", ", "\n- ", "\n---\n", "\t"]
)
YAML_LIKE = st.lists(st.tuples(SPACES, WORDS), max_size=60).map(lambda parts: "".join(a + b for a, b in parts))

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(WORDS, below, max_size=4),
    max_leaves=20,
)
KINDS = st.sampled_from(
    ["Topic", "Access", "Acl", "Role", "Team", "Waiver", "Consent", "NamingConvention", "RetentionCategory"]
)


def use(repository: Repository) -> None:
    """Do with a repository what commands do."""
    for environment in repository.environments:
        desired, _ = compose(repository, environment)
        for topic in desired.topics.values():
            for path in topic.sources:
                topic.where(path)
            effective_values(repository, environment, topic.name)


@given(st.binary(max_size=300), st.binary(max_size=100))
@settings(deadline=None)
def test_random_bytes_never_raise(topics, project):
    use(load_files({"topics/a.yaml": topics, "kgov.yaml": project}))


@given(YAML_LIKE, YAML_LIKE | st.just(PROJECT))
@settings(max_examples=300, deadline=None)
def test_random_text_that_looks_like_yaml_never_raises(topics, project):
    use(load_files({"topics/a.yaml": topics.encode(), "kgov.yaml": project.encode()}))


@given(KINDS, VALUES, VALUES)
@settings(max_examples=300, deadline=None)
def test_random_specs_never_raise(kind, spec, overlay):
    import json

    if isinstance(spec, dict):
        spec["environments"] = {"dev": overlay}
    document = {"apiVersion": "kgov/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}
    use(load_files({"topics/a.yaml": json.dumps(document).encode(), "kgov.yaml": PROJECT.encode()}))


@given(VALUES)
@settings(deadline=None)
def test_random_projects_never_raise(environments):
    import json

    document = {"apiVersion": "kgov/v1", "kind": "Project", "environments": environments}
    use(load_files({"kgov.yaml": json.dumps(document).encode()}))


@given(st.integers(0, 2000), st.sampled_from("\0\t\n{[}]:*&!%@\"'|->#? 0n\xff"))
@settings(max_examples=300, deadline=None)
def test_one_wrong_letter_in_good_manifests_never_raises(at, letter):
    text = (
        ACCESS_AND_MORE[: at % len(ACCESS_AND_MORE)] + letter + ACCESS_AND_MORE[at % len(ACCESS_AND_MORE) + 1 :]
    )
    use(load_files({"topics/a.yaml": text.encode(), "kgov.yaml": PROJECT.encode()}))


@given(st.integers(0, 2000))
@settings(deadline=None)
def test_manifests_that_end_in_the_middle_never_raise(length):
    text = ACCESS_AND_MORE[: length % len(ACCESS_AND_MORE)]
    use(load_files({"topics/a.yaml": text.encode(), "kgov.yaml": PROJECT.encode()}))
