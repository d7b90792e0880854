"""What tests of applies share."""

import pytest


@pytest.fixture
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what only matters when the power goes, in tests that write thousands of reports."""
    monkeypatch.setattr("kgov.apply.journal.os.fsync", lambda handle: None)
