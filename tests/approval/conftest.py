"""Keys are made once: they take longer than everything else."""

import shutil

import pytest
from approving import ALICE, BOB, DANA, EVE, MALLORY, Company, found_company, make_key
from fake_forge import fake_forge


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {who: make_key(folder, who) for who in (ALICE, BOB, DANA, EVE, MALLORY)}


@pytest.fixture(scope="session")
def founded(tmp_path_factory, keys):
    return found_company(tmp_path_factory.mktemp("company"), keys).root


@pytest.fixture
def company(founded, keys, tmp_path):
    """A repository whose base revision has an ApprovalPolicy, teams and signers."""
    root = tmp_path / "company"
    shutil.copytree(founded, root)
    return Company(root, keys)


@pytest.fixture
def forge():
    """A forge on localhost."""
    with fake_forge() as forge:
        yield forge
