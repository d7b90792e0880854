import pytest

from kgov.manifest.templates import in_broken_file, in_scalar


@pytest.mark.parametrize(
    ("text", "shown", "noun"),
    [
        ("{{ .Values.name }}", "{{ .Values.name }}", "Helm or Jinja template"),
        ("x-{% if y %}", "{% if y %}", "Jinja template"),
        ("User:${NAME}", "${NAME}", "template variable"),
        ("${A}{{ b }}", "${A}", "template variable"),
    ],
)
def test_placeholders_are_recognised(text, shown, noun):
    found = in_scalar(text)
    assert found is not None
    assert (found.text, found.noun) == (shown, noun)


@pytest.mark.parametrize("text", ["{domain}.{entity}", "{{ not closed", "v[0-9]{2}", "$NAME", "}}{{"])
def test_other_braces_are_no_placeholders(text):
    assert in_scalar(text) is None


def test_a_long_placeholder_is_cut():
    found = in_scalar("{{" + "x" * 500 + "}}")
    assert found is not None
    assert len(found.text) == 60


def test_comments_are_looked_over_in_broken_files():
    assert in_broken_file("# {{ x }}\na: [", 2) is None


def test_shell_variables_count_only_on_the_line_of_the_error():
    text = "a: '${X}'\nb: {c: ${Y}}\n"
    found = in_broken_file(text, 2)
    assert found is not None
    assert (found.text, found.line, found.column) == ("${Y}", 2, 8)
    assert in_broken_file(text, 3) is None


def test_blocks_count_wherever_they_stand():
    found = in_broken_file("a: 1\n{{- if .x }}\n", 7)
    assert found is not None
    assert (found.line, found.column) == (2, 1)
