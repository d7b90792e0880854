"""Run kgov as its users do: a process, with a repository and a client properties file."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "KGOV_CACHE_DIR", "XDG_CACHE_HOME", "JAVA_HOME")
"""What of our own environment a run gets: nothing that could steer it."""


@dataclass(frozen=True)
class Run:
    """What one process said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        return self.out + self.err


class Repository:
    """A repository of manifests on disk, and kgov at work in it."""

    def __init__(self, root: Path, bootstrap: str = "", properties: Path | None = None) -> None:
        self.root = root
        self.bootstrap = bootstrap
        self.properties = properties

    def write(self, path: str, text: str) -> Path:
        """Write one file; the indentation of the test's own code is taken off."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return file

    def project(self, text: str = "environments: {dev: {}}") -> None:
        """Write kgov.yaml."""
        self.write("kgov.yaml", "apiVersion: kgov/v1\nkind: Project\n" + textwrap.dedent(text).lstrip("\n"))

    def topic(self, name: str, spec: str = "{}") -> None:
        """Write a Topic into a file of its own."""
        self.write(f"topics/{name}.yaml", manifest("Topic", name, spec))

    def access(self, name: str, spec: str) -> None:
        """Write an Access into a file of its own."""
        self.write(f"acls/{name}.yaml", manifest("Access", name, spec))

    def acl(self, name: str, principal: str, *bindings: str) -> None:
        """Write an Acl with bindings in flow style."""
        lines = "".join(f"\n    - {binding}" for binding in bindings) or " []"
        text = f"apiVersion: kgov/v1\nkind: Acl\nmetadata: {{name: {name}}}\nspec:\n"
        self.write(f"acls/{name}.yaml", text + f"  principal: {principal}\n  bindings:{lines}\n")

    def kgov(self, *arguments: object, stdin: str | None = None, env: dict[str, str] | None = None) -> Run:
        """Run a command that needs no cluster."""
        done = subprocess.run(
            [sys.executable, "-m", "kgov", "-C", str(self.root), *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            input=stdin or "",
            env=environment() | (env or {}),
            timeout=170,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def online(self, *arguments: object, **given: Any) -> Run:
        """Run a command on the cluster."""
        return self.kgov(*arguments, *self.connection(), **given)

    def connection(self) -> tuple[object, ...]:
        """Say how the cluster is reached."""
        assert self.properties is not None
        return ("--bootstrap-server", self.bootstrap, "--command-config", self.properties)

    def plan(self, *arguments: object) -> Any:
        """Make a plan and return its document."""
        run = self.online("plan", "--format", "json", *arguments)
        assert run.code in (0, 2), run.said
        return run.document

    def apply(self, *arguments: object, code: int = 0) -> Run:
        """Apply without asking, and insist on the exit code."""
        run = self.online("apply", "--yes", *arguments)
        assert run.code == code, run.said
        return run


def manifest(kind: str, name: str, spec: str) -> str:
    """Write one manifest with a spec in flow style."""
    return f"apiVersion: kgov/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def environment() -> dict[str, str]:
    """Keep what a process needs to run at all."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}
