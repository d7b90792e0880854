"""What a reviewer sees as one line is one line for kgov as well."""

import pytest
from manifests import HEAD, problems, where

from kgov.manifest.reader import read
from kgov.model.place import Place

TOPIC = f"{HEAD}kind: Topic\nmetadata: {{name: a.b}}\nspec: {{}}\n"


@pytest.mark.parametrize(
    ("letter", "says"),
    [
        ("\x85", "the character U+0085 (NEL), which some readers take for the end of a line"),
        ("\u2028", "the character U+2028 (LS), which some readers take for the end of a line"),
        ("\u2029", "the character U+2029 (PS), which some readers take for the end of a line"),
        ("\r", "a carriage return inside of a line, which some readers take for its end"),
        ("\ufeff", "a byte order mark that is not at the start of the file"),
    ],
)
def test_no_comment_hides_a_line_from_those_who_review_it(letter, says):
    (problem,) = read("f.yaml", f"a: 1\n# been{letter}b: 2\n".encode()).problems
    assert (problem.code, problem.message, problem.place) == ("KG001", says, Place("f.yaml", 2, 7))
    assert problem.hint


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_the_ends_of_lines_of_other_systems_are_fine(end):
    found = problems(TOPIC.replace("{}", "{partitions: x}").replace("\n", end))
    assert [where(problem) for problem in found] == [(4, 20)]


def test_written_as_escapes_these_characters_are_ordinary_text():
    assert read("f.yaml", b'a: "\\N\\L\\P\\r\\uFEFF"\n').problems == ()


@pytest.mark.parametrize("order", ["utf-32", "utf-16"])
def test_the_encoding_of_a_file_that_is_not_utf_8_is_named(order):
    (problem,) = read("f.yaml", TOPIC.encode(order)).problems
    assert problem.message == f"not UTF-8 but {order.upper()}"


def test_a_document_without_its_marker_is_told_what_it_lacks():
    (problem,) = read("f.yaml", b"a: 1\n...\nb: 2\n").problems
    assert problem.hint == "begin every document with a line of ---"
