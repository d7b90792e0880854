"""The reference of manifests for users is right and complete."""

import re
from pathlib import Path

import pytest

from kgov.manifest.built_in_roles import BUILT_IN
from kgov.manifest.near_fields import fields_of
from kgov.manifest.registry import KINDS
from kgov.manifest.repository import load_files

PAGE = (Path(__file__).parents[2] / "docs" / "manifests.md").read_text()
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_the_examples_are_a_sound_repository():
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    project = next(example for example in examples if "kind: Project" in example)
    others = "---\n".join(example for example in examples if example is not project)
    loaded = load_files(
        {"kgov.yaml": project.encode(), "topics/all.yaml": others.encode(), "schemas/order.avsc": b"{}"}
    )
    assert loaded.problems == ()
    assert {resource.kind for resource in loaded.documents} | {"Project"} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_described(kind):
    spec = KINDS[kind].spec or KINDS[kind].manifest
    described = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", SECTIONS[kind]))))
    assert set(fields_of(spec)) - {"apiVersion", "kind", "metadata"} <= described


def test_every_built_in_role_is_described_with_its_parameters():
    for role in BUILT_IN.values():
        (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{role.name}` |"))
        for parameter in role.parameters:
            assert f"`{parameter.name}`" in row or f"(`{parameter.name}`" in row
