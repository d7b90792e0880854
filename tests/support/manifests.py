"""Repositories of manifests in memory, for tests of what reads them."""

from collections.abc import Mapping

from kgov.manifest.compose import compose
from kgov.manifest.repository import Repository, load_files
from kgov.model.desired import Desired
from kgov.model.finding import Problem

PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  dev: {}
  prod: {production: true}
"""
HEAD = "apiVersion: kgov/v1\n"
TEAM = f"{HEAD}kind: Team\nmetadata: {{name: team-a}}\nspec: {{principals: ['User:a', 'User:b']}}\n"
TOPIC = f"{HEAD}kind: Topic\nmetadata: {{name: a.b}}\nspec: {{}}\n"


def topic(spec: str, name: str = "a.b") -> str:
    """Write a Topic with a spec in flow style."""
    return f"{HEAD}kind: Topic\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def manifest(kind: str, name: str, spec: str) -> str:
    """Write a manifest with a spec in flow style on line 4."""
    return f"{HEAD}kind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def repository(*documents: str, project: str | None = PROJECT, **others: bytes) -> Repository:
    """Load documents, all in `topics/a.yaml`, with a kgov.yaml; `others` are files of a folder `schemas`."""
    files: dict[str, bytes] = {"topics/a.yaml": "---\n".join(documents).encode()}
    if project is not None:
        files["kgov.yaml"] = project.encode()
    files |= {f"schemas/{name}.avsc": content for name, content in others.items()}
    return load_files(files)


def problems(*documents: str, project: str | None = PROJECT) -> tuple[Problem, ...]:
    """Load documents and return everything that is wrong with them."""
    return repository(*documents, project=project).problems


def only(*documents: str, project: str | None = PROJECT) -> Problem:
    """Load documents and return the one thing that is wrong with them."""
    found = problems(*documents, project=project)
    assert len(found) == 1, found
    return found[0]


def codes(found: tuple[Problem, ...]) -> list[str]:
    """List the codes in order."""
    return [problem.code for problem in found]


def where(problem: Problem) -> tuple[int, int]:
    """Return line and column."""
    assert problem.place is not None
    return problem.place.line, problem.place.column


def desired(*documents: str, environment: str = "dev", project: str = PROJECT) -> Desired:
    """Compose sound documents for an environment."""
    loaded = repository(*documents, project=project)
    assert loaded.problems == ()
    found, wrong = compose(loaded, environment)
    assert wrong == ()
    return found


def load_texts(files: Mapping[str, str]) -> Repository:
    """Load files by path."""
    return load_files({path: text.encode() for path, text in files.items()})


ACCESS_AND_MORE = f"""\
{TEAM}---
{HEAD}kind: RetentionCategory
metadata: {{name: events}}
spec: {{retention: 7d, min: 1d, max: 14d, cleanup: delete, archive: {{required: true, keep: 7y}}}}
---
{HEAD}kind: NamingConvention
metadata: {{name: topics}}
spec:
  format: "{{domain}}.{{entity}}"
  segments:
    domain: {{values: [a, b]}}
    entity: {{pattern: "[a-z]+"}}
---
{HEAD}kind: Topic
metadata:
  name: a.b
  owner: team-a
spec:
  purpose: |
    Everything about b.
  category: events
  partitions: 6
  config: {{max.message.bytes: 2MiB, cleanup.policy: [compact, delete]}}
  lifecycle: {{state: deprecated, since: 2026-01-31}}
  labels: {{cost.centre: "12"}}
  environments:
    prod: {{partitions: 24, config: {{max.message.bytes: null}}}}
---
{HEAD}kind: Role
metadata: {{name: watcher}}
spec:
  parameters: [topic, {{name: group, required: false}}]
  bindings:
    - {{resource: Topic, name: "{{topic}}", operations: [Describe]}}
    - {{resource: Group, name: "{{group}}-x", operations: [Describe]}}
    - {{resource: Cluster, operations: [Describe]}}
---
{HEAD}kind: Access
metadata: {{name: x, owner: team-a}}
spec:
  team: team-a
  grants:
    - {{role: watcher, topicPrefix: a., group: g}}
    - {{role: consumer, topic: [a.b, a.c], groupPrefix: g., host: 10.0.0.1}}
---
{HEAD}kind: Acl
metadata: {{name: x}}
spec:
  principal: User:y
  bindings:
    - {{resource: Topic, name: a., pattern: prefixed, operations: [Read, Describe], permission: deny}}
"""
"""Sound manifests of most kinds."""
