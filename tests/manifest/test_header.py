import pytest
from manifests import HEAD, PROJECT, TOPIC, load_texts, only, where


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (f"{HEAD}kind: Topik\n", (2, 7), 'unknown kind "Topik"', "did you mean Topic?"),
        (f"{HEAD}kind: KafkaTopic\n", (2, 7), 'unknown kind "KafkaTopic"', "did you mean Topic?"),
        (f"{HEAD}kind: Zzz\n", (2, 7), 'unknown kind "Zzz"', "kinds are Project, "),
        (f"{HEAD}kind: [Topic]\n", (1, 1), 'unknown kind "…"', "kinds are Project, "),
        (f"{HEAD}metadata: {{name: a}}\n", (1, 1), "kind is missing", "kinds are Project, "),
        ("kind: Topic\nmetadata: {name: a}\n", (1, 1), "apiVersion is missing", "write apiVersion: kgov/v1"),
        (
            "apiVersion: kgov/v2\nkind: Topic\n",
            (1, 13),
            'apiVersion "kgov/v2" is not kgov/v1',
            "did you mean kgov/v1?",
        ),
        ("apiVersion: [kgov/v1]\nkind: Topic\n", (1, 1), 'apiVersion "…" is not kgov/v1', "did you mean"),
        ("- a\n", (1, 1), "a manifest is a mapping with apiVersion and kind, not a list", ""),
        (
            "just text\n",
            (1, 1),
            'a manifest is a mapping with apiVersion and kind, not the text "just text"',
            "",
        ),
        ("''\n", (1, 1), 'a manifest is a mapping with apiVersion and kind, not the text ""', ""),
        ("~\n", (1, 1), "a manifest is a mapping with apiVersion and kind, not nothing", ""),
    ],
)
def test_what_is_no_manifest_is_told_with_its_place(text, place, message, hint):
    problem = only(text)
    assert (problem.code, where(problem), problem.message) == ("KG003", place, message)
    assert problem.hint.startswith(hint)


def test_kinds_stand_where_they_belong():
    (elsewhere, inside) = load_texts(
        {"kgov.yaml": f"{PROJECT}---\n{TOPIC}", "topics/a.yaml": f"{TOPIC}---\n{PROJECT}"}
    ).problems
    assert (
        elsewhere.message
        == "kgov.yaml holds the Project only, and Topic belongs under topics/, acls/ or policies/"
    )
    assert inside.message == "a Project stands in kgov.yaml only"
    assert {elsewhere.code, inside.code} == {"KG003"}
