"""Whatever file `show` and `apply` are given: one clear sentence, and no cluster is called."""

import json

import pytest
from command import Repository


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path)
    made.project()
    made.topic("a.b")
    return made


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(range(256)),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"NaN",
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"format": "\\ud800\\u001b[31m"}',
        b'{"format": {"a": 1}}',
        b'{"format": "kgov-plan/1", "changes": 3}',
        b'{"format": "kgov-plan/1", "digest": "\\ud800"}',
        b'{"format": "kgov-report/1", "started": 1e400}',
        b'{"format": "kgov-audit/1", "at": "0001-01-01T00:00:00+14:00"}',
    ],
    ids=range(12),
)
@pytest.mark.parametrize("command", [("show",), ("apply", "--bootstrap-server", "127.0.0.1:1")])
def test_what_is_no_document_of_kgov_is_refused(repository, content, command):
    file = repository.root / "x.json"
    file.write_bytes(content)
    run = repository.kgov(*command, file)
    assert (run.code, run.out) == (4, "")
    assert run.err.startswith("error")
    assert "bug" not in run.err
    assert "\x1b" not in run.err


def test_a_device_is_not_read_to_its_end(repository, monkeypatch):
    from pathlib import Path

    from kgov.cli import applying
    from kgov.errors import RefusedError

    monkeypatch.setattr(applying, "_PLAN_LIMIT", 1_000)
    with pytest.raises(RefusedError, match="too large"):
        applying.load_json(Path("/dev/zero"))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "2027-01-31", 1e400, None])
def test_times_that_are_none_are_refused(repository, moment):
    report = {
        "format": "kgov-report/1",
        "plan": None,
        "environment": "dev",
        "by": "x",
        "commit": None,
        "started": moment,
        "finished": None,
        "allowed": [],
        "reason": "",
        "outcomes": [],
        "summary": {},
    }
    file = repository.write("r.json", json.dumps(report))
    run = repository.kgov("show", file)
    assert (run.code, run.out) == (4, "")
    assert "this is not a complete report" in run.err
