"""What an earlier run left behind is never overwritten."""

import pytest

from kgov.apply.evidence import keep_beside
from kgov.errors import KgovError


def test_a_copy_takes_the_next_free_name(tmp_path):
    file = tmp_path / "report.json"
    for number, name in (
        (1, "report.json.unfinished"),
        (2, "report.json.unfinished.2"),
        (3, "report.json.unfinished.3"),
    ):
        file.write_text(str(number))
        assert keep_beside(file).name == name
    assert [path.read_text() for path in sorted(tmp_path.glob("*.unfinished*"))] == ["1", "2", "3"]
    assert file.read_text() == "3"


def test_where_it_cannot_be_kept_the_run_does_not_begin(tmp_path):
    with pytest.raises(KgovError, match="cannot keep a copy") as raised:
        keep_beside(tmp_path / "missing.json")
    assert "another file" in raised.value.todo
