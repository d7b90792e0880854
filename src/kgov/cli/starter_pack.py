"""The starter pack: policies with tests that many begin with, a file each in the package."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from kgov.manifest.repository import load_files

_FOLDER: Final = files("kgov.policy") / "starter"


def descriptions() -> Mapping[str, str]:
    """Say by name what each policy is for."""
    manifests = {f"policies/{path.name}": path.read_bytes() for path in _FOLDER.iterdir()}
    read = load_files({name: text for name, text in manifests.items() if name.endswith(".yaml")})
    return {each.name: each.description for each in read.policies.policies}


def manifest(name: str) -> str:
    """Give the manifest of one policy, by its name."""
    return (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
