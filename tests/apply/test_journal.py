"""The report on disk is one complete document at every moment."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kgov.apply.journal import FileJournal, NoJournal, write_whole
from kgov.errors import KgovError
from kgov.model.outcome import ApplyReport

NOW = datetime(2026, 11, 24, tzinfo=UTC)
REPORT = ApplyReport("sha256:x", "dev", "me", None, NOW, None, (), "", ())


def test_a_report_replaces_the_one_before_and_leaves_nothing_beside_it(tmp_path):
    file = tmp_path / "report.json"
    journal = FileJournal(file)
    for _ in range(2):
        journal.write(REPORT)
    assert json.loads(file.read_text())["format"] == "kgov-report/1"
    assert list(tmp_path.iterdir()) == [file]


def test_nobody_has_to_ask_for_a_report():
    NoJournal().write(REPORT)


def test_a_file_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    with pytest.raises(KgovError, match="cannot write"):
        write_whole(tmp_path / "missing" / "plan.json", ("x",))


@pytest.mark.parametrize("accident", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_was_there_stays_where_writing_is_cut_short(tmp_path, monkeypatch, accident):
    file = tmp_path / "report.json"
    write_whole(file, ("be", "fore"))

    def fails(_descriptor):
        raise accident

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises((KgovError, KeyboardInterrupt)):
        write_whole(file, ("after",))
    assert file.read_text() == "before"
    assert list(Path(tmp_path).iterdir()) == [file]
