"""The history of the repository of manifests, by git's own plumbing.

As in ``kgov.manifest.revision`` the Git folder is given explicitly, and nothing of the checked out files is
obeyed. GitPython is not used: its import would cost every ``kgov validate`` a tenth of a second.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgov.manifest.files import FOLDERS, is_manifest
from kgov.manifest.reader import LARGEST_FILE
from kgov.manifest.registry import PROJECT_FILE

SIGNERS: Final = "policies/allowed_signers"
"""Where the keys stand whose signatures count, as ssh-keygen reads them; from the base revision alone."""

GIT: Final = "git"

_HEAD: Final = "HEAD"

_SETTINGS: Final = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    # What it shows would stand before the first author, who would be nobody then.
    "log.showSignature=false",
)
_SECONDS: Final = 60

MOST_COMMITS: Final = 2_000
"""How far back the author of a content is looked for."""

_DEFAULT_BRANCHES: Final = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)
_REGULAR: Final = ("100644", "100755")
_LINK: Final = "120000"
_NOWHERE: Final = ([b"symlink"], [b"dangling"], [b"loop"], [b"notdir"])
"""How ``git cat-file --follow-symlinks`` begins what it says of a link out of the repository, or to nothing."""
_TRAILER: Final = "%(trailers:key=Co-authored-by,valueonly,separator=%x1f)"


@dataclass(frozen=True, slots=True)
class Blob:
    """A regular file of a commit: the id of its content."""

    id: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with the addresses of its authors, and which files it has otherwise than its parent."""

    name: str
    authors: frozenset[str]
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class History:
    """The Git repository around the manifests. ``inside`` is their folder in it, with ``/`` at its end."""

    git_folder: Path
    inside: str

    @classmethod
    def around(cls, root: Path) -> "History | None":
        """Find it; ``None`` outside Git."""
        resolved = root.resolve()
        for folder in (resolved, *resolved.parents):
            if (folder / ".git").exists():
                inside = resolved.relative_to(folder).as_posix()
                return cls(folder / ".git", "" if inside == "." else f"{inside}/")
        return None

    def commit(self, revision: str) -> str | None:
        """Find the full id of a commit; ``None`` where there is no such one here."""
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return found.decode().strip() if found else None

    def before(self) -> str | None:
        """Find the commit that what is checked out began with, where nobody names one.

        Where it left the default branch, as the remote has it or else as it is here; on that branch, what is
        not pushed yet began at the remote's. Otherwise the first parent. ``None`` where there is none.
        """
        head = self.commit("HEAD")
        here = self._ask("symbolic-ref", "--quiet", "HEAD") or b""
        listed = self._ask("for-each-ref", "--format=%(refname)", *_DEFAULT_BRANCHES) or b""
        there = listed.decode("utf-8", "replace").split()
        for name in _DEFAULT_BRANCHES:
            if name not in there or name == here.decode("utf-8", "replace").strip():
                continue
            found = self._ask("merge-base", name, "HEAD")
            if found and found.decode().strip() != head:
                return found.decode().strip()
        return self.commit("HEAD^1")

    def setting(self, name: str) -> str:
        """Read a setting of git; empty where there is none."""
        return (self._ask("config", "--get", name) or b"").decode("utf-8", "replace").strip()

    def is_shallow(self) -> bool:
        """Say whether the clone was cut off, so that older commits are not here."""
        return (self._ask("rev-parse", "--is-shallow-repository") or b"true").strip() != b"false"

    def first_commit(self, commit: str) -> str | None:
        """Find where the line of first parents begins; ``None`` where the clone is cut off before."""
        if self.is_shallow():
            return None
        found = self._ask("rev-list", "--first-parent", "--max-parents=0", commit, "--")
        return found.decode().split()[0] if found else None

    def blobs(self, commit: str) -> Mapping[str, Blob]:
        """List the manifests and the signers' keys of a commit, by path from the folder of the manifests.

        What is too large to be read as a manifest is left out. A manifest that is a symlink within the
        repository is what it leads to, as for those who read the folder. Where the commit has the folder at
        another place, which is gone since, it is that one. Raises ``OSError`` where Git cannot
        list them, or a symlink leads to a folder: nothing would be taken for no policies.
        """
        found = self._blobs(commit, self.inside)
        if PROJECT_FILE in found:
            return found
        # Who moves the folder does not leave behind what it was judged by.
        others = [self._blobs(commit, folder) for folder in self._given_up(commit)]
        here = set(found.values()) | set(self._blobs(_HEAD, self.inside).values())
        return max(others, key=lambda other: len(here.intersection(other.values())), default=found)

    def _given_up(self, commit: str) -> list[str]:
        """List the folders that held a kgov.yaml in a commit and hold none now."""
        held, holding = (self._projects(each) for each in (commit, _HEAD))
        return sorted(held - holding)

    def _projects(self, commit: str) -> frozenset[str]:
        listed = self._ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        if listed is None:
            raise OSError(f"Git does not list {commit}")
        paths = map(os.fsdecode, listed.split(b"\0"))
        return frozenset(p.removesuffix(PROJECT_FILE) for p in paths if f"/{p}".endswith(f"/{PROJECT_FILE}"))

    def _blobs(self, commit: str, inside: str) -> Mapping[str, Blob]:
        paths = [inside + name for name in (*FOLDERS, PROJECT_FILE)]
        listed = self._ask("ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *paths)
        if listed is None:
            raise OSError(f"Git does not list {commit}")
        found: dict[str, Blob] = {}
        links: list[str] = []
        for line in filter(None, listed.split(b"\0")):
            about, _, path = line.partition(b"\t")
            mode, _, name, size = about.decode().split()
            within = os.fsdecode(path).removeprefix(inside)
            if mode == _LINK and within != SIGNERS:
                links.append(within)
            elif mode in _REGULAR and int(size) <= LARGEST_FILE and (is_manifest(within) or within == SIGNERS):
                found[within] = Blob(name)
        return found | self._linked(commit, inside, links)

    def _linked(self, commit: str, inside: str, links: list[str]) -> dict[str, Blob]:
        """Follow symlinks within the repository; those that lead out of it, or nowhere, are no manifests."""
        found: dict[str, Blob] = {}
        for within in links:
            name = os.fsencode(f"{commit}:{inside}{within}\n")
            said = self._ask("cat-file", "--batch-check", "--follow-symlinks", stdin=name) or b""
            words = said.split()
            if words[:1] in _NOWHERE:
                continue
            if len(words) != 3 or words[1] != b"blob" or name.count(b"\n") > 1:
                raise OSError(f"{within} of {commit} is a symlink that cannot be followed")
            if int(words[2]) <= LARGEST_FILE and is_manifest(within):
                found[within] = Blob(words[0].decode())
        return found

    def contents(self, blobs: Mapping[str, Blob]) -> Mapping[str, bytes]:
        """Read files. Raises ``OSError`` where one of them is not here."""
        if not blobs:
            return {}
        names = sorted({blob.id for blob in blobs.values()})
        answer = self._ask("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode()) or b""
        read: dict[str, bytes] = {}
        start = 0
        for name in names:
            end = answer.find(b"\n", start)
            head = answer[start:end].split(b" ")
            if end < 0 or len(head) != 3 or head[0].decode() != name:
                raise OSError(f"Git does not give {name}")
            size = int(head[2])
            read[name] = answer[end + 1 : end + 1 + size]
            start = end + 1 + size + 1
        return {path: read[blob.id] for path, blob in blobs.items()}

    def changed(self, base: str, head: str) -> frozenset[str]:
        """List the files that two commits have otherwise. Raises ``OSError`` where Git cannot say."""
        about = ("--", self.inside) if self.inside else ()
        compare = ("--literal-pathspecs", "diff-tree", "-r", "-z", "--name-only", "--no-renames")
        said = self._ask(*compare, base, head, *about)
        if said is None:
            raise OSError(f"Git cannot compare {base} with {head}")
        return frozenset(os.fsdecode(path).removeprefix(self.inside) for path in said.split(b"\0") if path)

    def authors(self, base: str, head: str, paths: Iterable[str]) -> frozenset[str]:
        """List who wrote the commits of ``head`` that ``base`` lacks and that touch one of these files.

        E-mail addresses of authors, and of those named in ``Co-authored-by`` trailers. Who merges is an author
        only where the merge holds something that none of its parents has. Raises ``OSError`` where Git cannot
        say, as in a clone that is cut off between the two.
        """
        files = sorted({self.inside + path for path in paths})
        if not files:
            return frozenset()
        form = f"--format=%ae%x1f{_TRAILER}%x1e"
        if self._is_cut_off(base, head):
            raise OSError(f"the clone is cut off between {base} and {head}")
        log = ("--literal-pathspecs", "log", "--no-mailmap", form)
        said = self._ask(*log, f"{base}..{head}", "--", *files)
        if said is None:
            raise OSError(f"Git cannot list the commits from {base} to {head}")
        words = said.decode("utf-8", "replace").replace("\x1e", "\x1f").split("\x1f")
        return frozenset(address for word in words if (address := _address(word)))

    def since(self, base: str, head: str) -> frozenset[str]:
        """List the commits of ``head`` that ``base`` lacks. Raises ``OSError`` where Git cannot say."""
        said = self._ask("rev-list", f"{base}..{head}", "--")
        if said is None:
            raise OSError(f"Git cannot list the commits from {base} to {head}")
        return frozenset(said.decode().split())

    def recent(self, names: Iterable[str] = (*FOLDERS, PROJECT_FILE)) -> tuple[Commit, ...]:
        """List the last commits that touch manifests, the newest first, merges aside. Raises ``OSError``."""
        paths = [self.inside + name for name in sorted(names)]
        form = f"--format=%x1e%H%x1f%ae%x1f{_TRAILER}%x1d"
        log = ("--literal-pathspecs", "log", "-z", "--name-only", "--no-renames", "--no-merges", "--no-mailmap")
        said = self._ask(*log, f"--max-count={MOST_COMMITS}", form, "HEAD", "--", *paths)
        if said is None:
            raise OSError("Git cannot list the last commits")
        return tuple(self._commit(each) for each in said.split(b"\x1e")[1:])

    def _commit(self, said: bytes) -> Commit:
        head, _, names = said.partition(b"\x1d")
        name, *words = head.decode("utf-8", "replace").split("\x1f")
        files = (os.fsdecode(each.lstrip(b"\n")) for each in names.split(b"\0"))
        return Commit(
            name,
            frozenset(address for word in words if (address := _address(word))),
            frozenset(file.removeprefix(self.inside) for file in files if file),
        )

    def _is_cut_off(self, base: str, head: str) -> bool:
        """Say whether commits between the two are missing: the oldest one would seem to write everything."""
        if not self.is_shallow():
            return False
        path = self._ask("rev-parse", "--git-path", "shallow")
        between = self._ask("rev-list", f"{base}..{head}", "--")
        if path is None or between is None:
            return True
        cut = Path(os.fsdecode(path.rstrip(b"\n"))).read_bytes().split()
        return not frozenset(between.split()).isdisjoint(cut)

    def _ask(self, *arguments: str, stdin: bytes = b"") -> bytes | None:
        """Run git; ``None`` where it fails or is not there."""
        command = [GIT, f"--git-dir={self.git_folder}", "--no-pager", *_SETTINGS, *arguments]
        around = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        around |= {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0"}
        try:
            done = subprocess.run(
                command, input=stdin, capture_output=True, check=False, timeout=_SECONDS, env=around
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout if done.returncode == 0 else None


def is_of(blob: Blob, content: bytes) -> bool:
    """Say whether a file holds what the blob holds."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == blob.id


def _address(text: str) -> str:
    """Take the address out of ``Name <address>``."""
    words = text.strip()
    return words.rpartition("<")[2].removesuffix(">").strip() if words.endswith(">") else words
