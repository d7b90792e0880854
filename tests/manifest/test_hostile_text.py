"""What manifests may not hold, and what must not hurt: every case is a finding with its place."""

import time

import pytest
from manifests import HEAD, codes, where
from manifests import problems as problems_of

from kgov.manifest.nodes import MappingNode, plain
from kgov.manifest.reader import LARGEST_FILE, MOST_PROBLEMS, read
from kgov.model.place import Place


def values(data: bytes) -> list[object]:
    return [plain(document.node) for document in read("f.yaml", data).documents]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"a: &x 1\n", (1, 4), "anchor &x is not allowed"),
        (b"a: &x [1]\n", (1, 4), "anchor &x is not allowed"),
        (b"&x a: 1\n", (1, 1), "anchor &x is not allowed"),
        (b"a: *x\n", (1, 4), "alias *x is not allowed"),
        (b"a: 1\n<<: {b: 2}\n", (2, 1), "merge key << is not allowed"),
        (b"a: !!str 1\n", (1, 4), 'tag "tag:yaml.org,2002:str" is not allowed'),
        (b"a: ! x\n", (1, 4), 'tag "!" is not allowed'),
        (
            b"a: !!python/object:os.system x\n",
            (1, 4),
            'tag "tag:yaml.org,2002:python/object:os.system" is not allowed',
        ),
        (b"a: !!map {b: 1}\n", (1, 4), 'tag "tag:yaml.org,2002:map" is not allowed'),
        (b"!!str a: 1\n", (1, 1), 'tag "tag:yaml.org,2002:str" is not allowed'),
        (b'a: 1\n"a": 2\n', (2, 1), 'key "a" stands twice, first at f.yaml:1:1'),
        (b"a: 1\n'\\a': 2\n\"\\x61\": 3\n", (3, 1), 'key "a" stands twice, first at f.yaml:1:1'),
        (b"? [a, b]\n: c\n", (1, 3), "a list or mapping cannot be a key"),
        (b"{ {a: b}: c}\n", (1, 3), "a list or mapping cannot be a key"),
        (b"1: a\n", (1, 1), "key 1 is no text"),
        (b"true: a\n", (1, 1), "key true is no text"),
        (b"?\n: a\n", (1, 2), "key (empty) is no text"),
        (b"a: " + b"[" * 60 + b"]" * 60, (1, 53), "nested more than 50 deep"),
        (b"\n".join(b" " * depth + b"a:" for depth in range(60)), (51, 51), "nested more than 50 deep"),
    ],
)
def test_what_is_forbidden_is_told_with_its_place(data, place, message):
    (problem,) = read("f.yaml", data).problems
    assert (problem.code, problem.place, problem.message) == ("KG002", Place("f.yaml", *place), message)
    assert problem.hint


def test_fifty_levels_are_fine():
    assert read("f.yaml", b"[" * 50 + b"]" * 50).problems == ()


def test_a_quoted_merge_key_is_an_ordinary_key():
    assert values(b'"<<": x') == [{"<<": "x"}]


def test_the_first_of_two_equal_keys_counts():
    assert values(b"a: 1\na: 2\n") == [{"a": 1}]


def test_what_was_refused_marks_the_document_as_broken():
    documents = read("f.yaml", b"a: *x\n---\nb: 1\n").documents
    assert [document.broken for document in documents] == [True, False]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        ("a: 1".encode("utf-16"), (1, 1), "not UTF-8 but UTF-16"),
        (b"\xfe\xff\x00a", (1, 1), "not UTF-8 but UTF-16"),
        (b"a: x\nb: \xe9t\xe9\n", (2, 4), "not UTF-8: byte 0xe9 is out of place"),
        (b"a: \xed\xa0\x80", (1, 4), "not UTF-8: byte 0xed is out of place"),
        (b"a: x\x00y", (1, 5), "not YAML: the control character U+0000"),
        (b"\na: \x1b[31m", (2, 4), "not YAML: the control character U+001B"),
        (b"a: \x7f", (1, 4), "not YAML: the control character U+007F"),
        ("a: \ufffe".encode(), (1, 4), "not YAML: the control character U+FFFE"),
        (b"a: b\n\tc: d\n", (2, 1), "not YAML: found a tab character that violates indentation"),
        (b"a: b: c\n", (1, 5), "not YAML: mapping values are not allowed in this context"),
        (b"a:\n\tb: 1\n", (2, 1), "not YAML: a tab character in the indentation"),
        (b"a:\r\tb: 1\r", (2, 1), "not YAML: a tab character in the indentation"),
        (b"a: @x\n", (1, 4), "not YAML: found character that cannot start any token"),
        (b"a: [1\nb: 2\n", (2, 2), "not YAML: did not find expected ',' or ']'"),
        (b'a: "\\ud800"\n', (1, 7), "not YAML: found invalid Unicode character escape code"),
        (b"%YAML 3.0\n---\na: 1\n", (1, 1), "not YAML: found incompatible YAML document"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(data, place, message):
    (problem,) = read("f.yaml", data).problems
    assert (problem.code, problem.place, problem.message) == ("KG001", Place("f.yaml", *place), message)


def test_an_undecodable_tag_is_no_yaml():
    (problem,) = read("f.yaml", b"a: !<%C0%80> x").problems
    assert (problem.code, problem.message) == ("KG001", "not YAML")


def test_a_file_over_one_mebibyte_is_refused():
    (problem,) = read("f.yaml", b"#" * (LARGEST_FILE + 1)).problems
    assert (problem.code, problem.message) == ("KG001", "larger than 1 MiB")
    assert read("f.yaml", b"#" * LARGEST_FILE).problems == ()


@pytest.mark.parametrize("data", [b"", b"\n", b"# nothing\n", b"---\n---\n", b"\xef\xbb\xbf", b"---\n...\n"])
def test_empty_documents_are_skipped(data):
    assert read("f.yaml", data) == ((), (), ())


def test_a_byte_order_mark_and_windows_line_ends_are_fine():
    (document,) = read("f.yaml", b"\xef\xbb\xbfa:\r\n  b: 1\r\n").documents
    assert plain(document.node) == {"a": {"b": 1}}
    assert isinstance(document.node, MappingNode)
    assert document.node.entries["a"].line == 1


def test_a_broken_document_does_not_hide_those_after_it():
    reading = read("f.yaml", b"a: 1\n---\nb: [\n---\nc: 1\n---\nd: @\n--- {e: *x}\n---\nf: 1\n")
    assert [plain(document.node) for document in reading.documents][:2] == [{"a": 1}, {"c": 1}]
    assert plain(reading.documents[-1].node) == {"f": 1}
    assert [(problem.code, problem.place.line) for problem in reading.problems if problem.place] == [
        ("KG001", 4),
        ("KG001", 7),
        ("KG002", 8),
    ]


def test_a_deep_document_does_not_hide_those_after_it():
    assert values(b"[" * 60 + b"\n---\nb: 1\n") == [{"b": 1}]


def test_a_marker_inside_of_a_text_is_no_document():
    assert values(b"a: [\n---b: 1\n") == []


@pytest.mark.parametrize(
    ("data", "place", "template"),
    [
        (b"a: {{ .Values.x }}\n", (1, 4), "{{ .Values.x }}"),
        (b"{{ x }}: 1\n", (1, 1), "{{ x }}"),
        (b'"{{ x }}": 1\n', (1, 1), "{{ x }}"),
        (b"\xef\xbb\xbfb: 1\na: {{ x }}\n", (2, 4), "{{ x }}"),
        (b"a: 1\n{{- if .x }}\nb: 1\n{{- end }}\n", (2, 1), "{{- if .x }}"),
        (b"a: {% x %}\n", (1, 4), "{% x %}"),
        (b"name: '{{ x }}'\n", (1, 7), "{{ x }}"),
        (b"names: [a, '{{ x }}']\n", (1, 12), "{{ x }}"),
        (b"a: User:${X}\n", (1, 4), "${X}"),
        (b"a: {b: ${X}}\n", (1, 8), "${X}"),
        (b"a: '{{ x }}'\nb: {c: ${X}}\n", (1, 4), "{{ x }}"),
        (b"a: {{ x }}\n---\nb: @\n---\n{{- end }}\n---\nc: '{{ x }}'\n", (1, 4), "{{ x }}"),
    ],
)
def test_a_template_that_nobody_rendered_is_told_once(data, place, template):
    found = read("f.yaml", data).problems
    (problem,) = (problem for problem in found if "not rendered" in problem.message)
    assert (problem.code, problem.place) == ("KG001", Place("f.yaml", *place))
    assert problem.message.startswith(f'"{template}" is a ')
    assert "render the template first" in problem.hint


@pytest.mark.parametrize("key", ["purpose", "reason", "description", "message", "pattern"])
def test_text_for_people_may_hold_braces(key):
    assert read("f.yaml", f"{key}: 'as in {{{{ x }}}} or ${{Y}}'\n".encode()).problems == ()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("no", ", or false"),
        ("On", ", or true"),
        ("YES", ", or true"),
        ("0777", ""),
        ("1:20", ""),
        ("1_000", ""),
        ("0b1", ""),
    ],
)
def test_ambiguous_scalars_are_text_with_a_warning(text, other):
    reading = read("f.yaml", f"a: [{text}]\n".encode())
    assert plain(reading.documents[0].node) == {"a": [text]}
    (problem,) = reading.problems
    assert (problem.code, problem.hint) == ("KG005", f'write "{text}"{other}')


def test_ambiguous_keys_are_text_with_a_warning():
    reading = read("f.yaml", b"on: 1\n")
    assert plain(reading.documents[0].node) == {"on": 1}
    assert codes(reading.problems) == ["KG005"]


@pytest.mark.parametrize("data", [b'a: "no"\n', b"a: '0777'\n", b"a: |\n  no\n", b"KG204: off\n"])
def test_quoted_scalars_and_settings_of_rules_are_clear(data):
    assert read("f.yaml", data).problems == ()


BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (letter, letter, letter - 1, letter - 1) for letter in range(ord("b"), ord("z"))
)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"[\n" * 100_000,
        b"{a: " * 100_000,
        b"- " * 100_000,
        b"? " * 100_000,
        BOMB,
        b"a: " + b"9" * 1_000_000,
        b"a" * 1_000_000 + b": 1",
        b"? " + b"k" * 1_000_000 + b"\n: 1",
        b"[" + b"a," * 500_000 + b"]",
        b"- no\n" * 200_000,
        b"---\n@\n" * 150_000,
        b"---\n\x07\n" * 150_000,
        b"a\n---\n" * 150_000,
        b"".join(b"k%d: 1\n" % number for number in range(90_000)),
        b"a: 1\n" * 200_000,
        b"- {{ x }}\n" * 100_000,
    ],
    ids=range(17),
)
def test_hostile_text_is_cheap(data):
    started = time.process_time()
    reading = read("f.yaml", data)
    assert len(reading.problems) <= MOST_PROBLEMS + 1
    assert time.process_time() - started < 10


def test_many_problems_of_one_file_are_cut_and_counted():
    last = read("f.yaml", b"- no\n" * 1_000).problems[-1]
    assert (last.code, last.message) == ("KG005", "800 more problems in this file are not shown")


def test_no_error_is_lost_behind_many_warnings():
    reading = read("f.yaml", b"- no\n" * 1_000 + b"- *x\n")
    assert reading.problems[0].code == "KG002"


def test_very_many_errors_of_one_manifest_are_cheap():
    fields = "".join(f"x{number}: 1\n" for number in range(50_000))
    started = time.process_time()
    assert len(problems_of(f"{HEAD}kind: Topic\nmetadata: {{name: a}}\n{fields}")) == 50
    assert time.process_time() - started < 10


def test_look_alikes_are_named():
    found = problems_of(f"{HEAD}kind: Topic\nmetadata: {{n\u0430me: a}}\n")
    assert codes(found) == ["KG004", "KG004"]
    assert "U+0430 (CYRILLIC SMALL LETTER A)" in found[1].hint
    assert where(found[1]) == (3, 12)
