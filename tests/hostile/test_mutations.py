"""Every node of our own manifests is replaced by every other type: findings with places, never an exception."""

import copy
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kgov.manifest.repository import load_files
from kgov.model.finding import Finding, Severity
from kgov.plan.review import all_environments, review

ROOT = Path(__file__).parents[2]
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**64,
    10**60,
    1.5,
    float("inf"),
    float("nan"),
    "",
    " ",
    "x",
    "*",
    "..",
    "../../etc/passwd",
    "\x1b[31m\u202e",
    "a\nb",
    "9" * 5_000,
    "99999999999y",
    "{",
    "{topic}{x}",
    "(a+)+$",
    "[",
    "*" * 500,
    "9999-12-31",
    "Topic/x",
    "KG999",
    "130%",
    [],
    [[]],
    [None],
    ["x", "x"],
    {},
    {"": ""},
    {"environments": {}},
)
PER_NODE = 3


class Plain(yaml.SafeDumper):
    """Writes everything out: manifests hold no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def documents() -> Iterator[dict[str, Any]]:
    """Read the first manifests of each kind of our own repository."""
    seen: dict[str, int] = {}
    for file in (ROOT / "kgov.yaml", *sorted(ROOT.glob("policies/*")), *sorted(ROOT.glob("[at]*s/**/*.yaml"))):
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            seen[document["kind"]] = seen.get(document["kind"], 0) + 1
            if seen[document["kind"]] <= 2:
                yield document


OURS = tuple(documents())


def paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, below in items:
        yield from paths(below, (*path, key))


def put(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    whole = copy.deepcopy(node)
    parent = whole
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    return whole


def findings(*manifests: Any) -> tuple[Finding, ...]:
    files = {
        "kgov.yaml": yaml.dump_all(manifests[:1], Dumper=Plain, allow_unicode=True).encode(),
        "topics/a.yaml": yaml.dump_all(manifests[1:], Dumper=Plain, allow_unicode=True).encode(),
    }
    repository = load_files(files)
    return review(repository, all_environments(repository), date(2026, 8, 1)).findings


@pytest.mark.parametrize("index", range(len(OURS)), ids=[f"{d['kind']}-{n}" for n, d in enumerate(OURS)])
def test_no_value_of_any_type_stops_kgov(index):
    chance = random.Random(index)
    for path in paths(OURS[index]):
        for value in chance.sample(VALUES, PER_NODE):
            mutant = put(OURS[index], path, value)
            for finding in findings(*(mutant if n == index else ours for n, ours in enumerate(OURS))):
                assert finding.code == "KG007" or finding.place is not None, (path, value, finding)
                assert finding.severity is not Severity.ERROR or finding.message


@pytest.mark.parametrize("index", range(len(OURS)), ids=[f"{d['kind']}-{n}" for n, d in enumerate(OURS)])
def test_a_field_that_nobody_knows_is_always_told(index):
    for path in paths(OURS[index]):
        node = OURS[index]
        for step in path:
            node = node[step]
        if not isinstance(node, dict) or path[-1:] in (("labels",), ("segments",), ("environments",)):
            continue
        if OURS[index]["kind"] == "Policy" and path[:2] == ("spec", "tests") and len(path) > 3:
            # The objects of a policy's tests are in pieces: kgov policy test tells what is no field.
            continue
        found = findings(
            *(put(OURS[index], (*path, "zzz"), [[0]]) if n == index else o for n, o in enumerate(OURS))
        )
        assert any("zzz" in f.message and f.severity is Severity.ERROR and f.place for f in found), path
