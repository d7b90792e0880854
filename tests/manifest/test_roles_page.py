"""The page on roles tells of every built-in one, and what it shows is right."""

import re
from pathlib import Path

from kgov.manifest.built_in_roles import BUILT_IN
from kgov.manifest.repository import load_files

PAGE = (Path(__file__).parents[2] / "docs" / "roles.md").read_text(encoding="utf-8")
PROJECT = b"apiVersion: kgov/v1\nkind: Project\nenvironments: {prod: {}, laval: {}}\n"


def test_every_built_in_role_stands_there_with_its_parameters_and_who_proved_it():
    for role in BUILT_IN.values():
        (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{role.name}` |"))
        _, _, parameters, purpose, proof, _ = row.split("|")
        assert purpose.strip()
        assert proof.strip()
        assert re.findall(r"`(\w+)`", parameters)[0] == role.parameters[0].name
        assert {each.name for each in role.parameters} <= set(re.findall(r"`(\w+)`", parameters))


def test_the_examples_are_a_sound_repository():
    examples = "---\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
    loaded = load_files({"kgov.yaml": PROJECT, "acls/all.yaml": examples.encode()})
    assert loaded.problems == ()
