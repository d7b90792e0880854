import gc

import pytest
from manifests import (
    HEAD,
    PROJECT,
    TEAM,
    TOPIC,
    codes,
    load_texts,
    manifest,
    only,
    problems,
    repository,
    topic,
    where,
)

from kgov.manifest.repository import base_identities, identities, load, load_base, load_files
from kgov.manifest.revision import Base
from kgov.model.place import Place, ResourceId

ACCESS = manifest("Access", "x", "{principal: 'User:x', grants: []}")


def test_every_problem_of_every_file_is_told_in_one_run():
    loaded = load_texts(
        {
            "kgov.yaml": PROJECT,
            "topics/a.yaml": topic("{partitions: six}"),
            "topics/b.yaml": "a: [",
            "acls/c.yaml": manifest("Acces", "x", "{}"),
            "policies/d.yaml": manifest("Role", "r", "{bindings: []}"),
        }
    )
    assert [(problem.code, problem.place.file if problem.place else "") for problem in loaded.problems] == [
        ("KG003", "acls/c.yaml"),
        ("KG004", "policies/d.yaml"),
        ("KG004", "topics/a.yaml"),
        ("KG001", "topics/b.yaml"),
    ]


def test_the_order_of_files_does_not_matter():
    files = {"kgov.yaml": PROJECT.encode(), "topics/b.yaml": TOPIC.encode(), "topics/a.yaml": TOPIC.encode()}
    backwards = dict(reversed(files.items()))
    assert load_files(files).problems == load_files(backwards).problems
    assert load_files(files).digest == load_files(backwards).digest


def test_the_digest_is_of_every_file_that_is_read_and_of_no_other():
    files = {"kgov.yaml": PROJECT.encode(), "topics/a.yaml": TOPIC.encode()}
    digest = load_files(files).digest
    assert len(digest) == 64
    assert load_files({**files, "schemas/x.avsc": b"{}", "readme.yaml": b"x"}).digest == digest
    assert load_files({**files, "topics/a.yaml": TOPIC.encode() + b"#"}).digest != digest
    assert load_files({"kgov.yaml": PROJECT.encode(), "topics/b.yaml": TOPIC.encode()}).digest != digest


def test_documents_are_by_identity():
    loaded = repository(TOPIC, TEAM)
    document = loaded.documents[ResourceId("Topic", "a.b")]
    assert document.place == Place("topics/a.yaml", 3, 18)
    assert loaded.of_kind("Team")[0].id.name == "team-a"


TEAM_ACCESS = manifest("Access", "t", "{team: team-a, grants: []}")
OTHER_TEAM = manifest("Team", "team-a", "{principals: ['User:z']}")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"topics/a.yaml": TOPIC}, {"topics/a.yaml": TOPIC}),
        ({"topics/a.yaml": TOPIC, "acls/a.yaml": ACCESS}, {"topics/a.yaml": TOPIC}),
        ({"acls/a.yaml": ACCESS}, {"acls/a.yaml": ACCESS.replace("User:x", "User:y")}),
        ({"acls/t.yaml": TEAM_ACCESS, "policies/t.yaml": OTHER_TEAM}, {"acls/t.yaml": TEAM_ACCESS}),
        ({"topics/a.yaml": TOPIC, "topics/b.yaml": "a: ["}, {"topics/a.yaml": TOPIC, "acls/a.yaml": ACCESS}),
        # A manifest that moves to another file; and one that stood in two, of which the first counted.
        ({"acls/a.yaml": ACCESS}, {"acls/b.yaml": ACCESS}),
        (
            {"acls/a.yaml": ACCESS.replace("User:x", "User:y"), "acls/b.yaml": ACCESS},
            {"acls/b.yaml": ACCESS, "topics/a.yaml": TOPIC},
        ),
    ],
)
def test_the_base_has_the_same_identities_whether_unchanged_files_are_read_again_or_not(before, now):
    shared = {"kgov.yaml": PROJECT, "policies/team.yaml": TEAM}
    before, now = {**shared, **before}, {**shared, **now}
    if "policies/t.yaml" in before:
        del before["policies/team.yaml"]
    unchanged = frozenset(path for path in before if before[path] == now.get(path))
    others = {path: text.encode() for path, text in before.items() if path not in unchanged}
    base = Base(unchanged, others)
    assert base_identities(load_texts(now), base) == identities(load_texts(before))
    assert load_base(load_texts(now), base).digest == load_texts(before).digest


def test_identities_are_what_is_governed_with_its_principals():
    loaded = repository(
        TEAM,
        TOPIC,
        ACCESS,
        manifest(
            "Access", "v", "{team: team-a, grants: [], environments: {prod: {team: null, principal: 'User:p'}}}"
        ),
        manifest("Access", "z", "{principals: ['User:x', 'User:y', 'User:x'], grants: []}"),
        manifest("Acl", "w", "{principal: 'User:w', bindings: []}"),
    )
    assert loaded.problems == ()
    assert identities(loaded) == {
        ResourceId("Topic", "a.b"): (),
        ResourceId("Access", "x"): ("User:x",),
        ResourceId("Access", "v"): ("User:a", "User:b", "User:p"),
        ResourceId("Access", "z"): ("User:x", "User:y"),
        ResourceId("Acl", "w"): ("User:w",),
    }


def test_one_identity_declared_twice_is_told_with_both_places():
    loaded = repository(topic("{partitions: 1}"), topic("{partitions: 2}"))
    (problem,) = loaded.problems
    assert problem.code == "KG006"
    assert problem.message == "Topic/a.b is declared twice: at topics/a.yaml:3:18 and at topics/a.yaml:8:18"
    assert where(problem) == (8, 18)
    assert loaded.documents[ResourceId("Topic", "a.b")].base.spec.partitions == 1


def test_one_name_may_be_of_two_kinds_and_one_principal_in_two_manifests():
    other = manifest("Access", "v", "{principal: 'User:x', grants: []}")
    assert problems(ACCESS, other, manifest("Acl", "x", "{principal: 'User:x', bindings: []}")) == ()


def test_both_declarations_of_one_identity_are_checked():
    assert codes(problems(TOPIC, topic("{partitions: x}"))) == ["KG006", "KG004"]


def test_a_built_in_role_cannot_be_declared_again():
    role = manifest(
        "Role",
        "consumer",
        "{parameters: [topic], bindings: [{resource: Topic, name: '{topic}', operations: [All]}]}",
    )
    loaded = repository(role, TOPIC)
    (problem,) = loaded.problems
    assert (problem.code, problem.message) == (
        "KG006",
        "Role/consumer is built into kgov and cannot be declared again",
    )
    assert loaded.policies.roles["consumer"].place is None


@pytest.mark.parametrize("documents", [(), ("",), (TEAM,)])
def test_nothing_to_govern_is_an_error_without_a_place(documents):
    problem = only(*documents)
    assert (problem.code, problem.place) == ("KG007", None)
    assert "nothing to govern" in problem.message


def test_no_kgov_yaml_is_nothing_to_govern():
    problem = only(TOPIC, project=None)
    assert (problem.code, problem.place) == ("KG007", None)
    assert problem.message == "there is no kgov.yaml here"


def test_a_near_name_of_kgov_yaml_is_told():
    (problem,) = load_texts({"kgov.yml": PROJECT}).problems
    assert problem.hint == "rename kgov.yml"


@pytest.mark.parametrize(
    ("name", "meant"), [("topic", "topics"), ("acl", "acls"), ("policy", "policies"), ("Topics", "topics")]
)
def test_a_folder_with_a_near_name_is_told(name, meant):
    others = {f"{folder}/x.yaml": "" for folder in ("topics", "acls", "policies") if folder != meant}
    (problem,) = load_texts({"kgov.yaml": PROJECT, f"{name}/a.yaml": TOPIC, **others}).problems
    assert problem.code == "KG007"
    assert problem.hint == f"{name}/ is not read: did you mean {meant}/?"


def test_an_empty_folder_says_how_to_begin(tmp_path):
    (problem,) = load(tmp_path).problems
    assert (problem.code, problem.hint) == (
        "KG007",
        "give its folder with -C, or write a first one",
    )


@pytest.mark.parametrize("text", ["a: [", "a: *x", f"{HEAD}kind: Topik\n"])
def test_what_cannot_be_read_may_be_something_to_govern(text):
    assert "KG007" not in codes(problems(text))


def test_a_manifest_with_mistakes_is_something_to_govern():
    assert codes(problems(topic("{partitions: x}"))) == ["KG004"]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_kgov_yaml_must_hold_a_project(text):
    problem = only(TOPIC, project=text)
    assert (problem.code, problem.place) == ("KG003", Place("kgov.yaml", 1, 1))


def test_an_unreadable_kgov_yaml_is_told_once():
    assert codes(problems(TOPIC, project="a: [")) == ["KG001"]


def test_two_projects_are_one_too_many():
    assert codes(problems(TOPIC, project=f"{PROJECT}---\n{PROJECT}")) == ["KG006"]


def test_a_broken_manifest_is_left_out_but_counts_as_declared():
    loaded = repository(
        f"{HEAD}kind: Team\nmetadata: {{name: team-a}}\nspec: {{members: *x}}\n",
        f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team-a}}\n",
    )
    assert codes(loaded.problems) == ["KG002"]
    assert loaded.policies.teams == {}


def test_of_a_broken_manifest_only_what_is_certain_is_told():
    merged = (
        f"{HEAD}kind: Access\nmetadata: {{name: x}}\nspec:\n  <<: *base\n  grants: *grants\n  nonsense: 1\n"
    )
    assert [(problem.code, where(problem)) for problem in problems(merged)] == [
        ("KG002", (5, 3)),
        ("KG002", (5, 7)),
        ("KG002", (6, 11)),
        ("KG004", (7, 3)),
    ]
    assert codes(problems(topic("{labels: {a: *x}, partitions: [*x]}"))) == ["KG002", "KG002"]


def test_a_template_in_a_name_is_all_that_is_told():
    assert codes(problems(topic("{}", name="'{{ x }}'"))) == ["KG001"]
    assert codes(problems(f"{HEAD}kind: '{{{{ x }}}}'\n")) == ["KG001"]
    assert codes(problems("apiVersion: '{{ x }}'\nkind: Topic\nmetadata: {name: a}\n")) == ["KG001"]
    assert codes(problems("{{ x }}: 1\n")) == ["KG001"]


def test_mistakes_do_not_hide_references():
    text = f"{HEAD}kind: Topic\nmetadata: {{name: a, owner: nobody}}\nspec: {{partitions: x}}\n"
    assert codes(problems(text)) == ["KG008", "KG004"]


def test_mistakes_in_one_grant_do_not_hide_the_others():
    access = manifest(
        "Access",
        "x",
        "{principal: 'User:x', grants: [5, {role: nope}, {topic: a}, {role: consumer, topic: 7}]}",
    )
    found = problems(access)
    assert sorted(codes(found)) == ["KG004", "KG004", "KG004", "KG008"]


def test_the_collector_is_as_it_was_before(tmp_path):
    assert gc.isenabled()
    load(tmp_path)
    assert gc.isenabled()
    gc.disable()
    try:
        load(tmp_path)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_file_may_declare_that_cannot_be_read_is_not_called_missing(tmp_path):
    root = tmp_path / "repo"
    (root / "topics").mkdir(parents=True)
    (tmp_path / "kgov.yaml").write_text(PROJECT)
    (tmp_path / "teams.yaml").write_text(TEAM)
    (root / "kgov.yaml").symlink_to(tmp_path / "kgov.yaml")
    (root / "policies").mkdir()
    (root / "policies" / "teams.yaml").symlink_to(tmp_path / "teams.yaml")
    named = f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team-a}}\nspec: {{category: event}}\n"
    (root / "topics" / "a.yaml").write_text(named)
    loaded = load(root)
    assert [problem.code for problem in loaded.problems] == ["KG001", "KG001"]
    assert loaded.unread.touches("Team")
    assert not loaded.unread.is_nothing
    assert not loaded.unread.touches("Topic")
