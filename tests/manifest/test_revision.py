"""The revision that is checked out, and the manifests of the one before it."""

import subprocess

import pytest

from kgov.manifest.revision import Base, Revision, base_of, current, has_no_past


def git(folder, *arguments):
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", folder, *identity, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path):
    """A repository with two commits, the manifests in a folder of it; the second commit takes one away."""
    git(tmp_path, "init", "-q")
    folder = tmp_path / "kafka"
    write(folder, "kgov.yaml", "one")
    write(folder, "topics/deep/é.yaml", "topic")
    write(folder, "acls/a.yml", "acl")
    write(folder, "acls/notes.txt", "no manifest")
    write(tmp_path, "topics/other.yaml", "of somebody else")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    (folder / "acls/a.yml").unlink()
    git(tmp_path, "commit", "-qam", "two")
    return folder


def test_the_commit_is_named_and_clean(root):
    assert current(root) == Revision(git(root, "rev-parse", "HEAD"), dirty=False)


@pytest.mark.parametrize("path", ["kgov.yaml", "topics/new.yaml"])
def test_a_changed_or_new_manifest_makes_it_dirty(root, path):
    write(root, path, "changed")
    assert current(root).dirty


def test_what_is_no_manifest_does_not_make_it_dirty(root):
    write(root, "plan.json", "{}")
    write(root.parent, "topics/other.yaml", "changed")
    assert not current(root).dirty


def test_the_base_is_the_first_parent_with_the_manifests_of_this_folder_alone(root):
    base = base_of(root, None, {})
    assert base.others == {"kgov.yaml": b"one", "topics/deep/é.yaml": b"topic", "acls/a.yml": b"acl"}
    assert "acls/a.yml" not in base_of(root, "HEAD", {}).others


def test_what_was_read_and_holds_the_same_bytes_is_not_read_from_the_base(root):
    now = {"kgov.yaml": b"two", "topics/deep/é.yaml": b"topic", "acls/new.yml": b"acl"}
    changed = {"kgov.yaml": b"one", "acls/a.yml": b"acl"}
    assert base_of(root, None, now) == Base(frozenset({"topics/deep/é.yaml"}), changed)


def test_there_is_no_base_without_git_without_history_or_without_such_a_revision(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    assert base_of(outside, None, {}) is None
    assert current(outside) == Revision(None, dirty=False)
    assert base_of(root, "HEAD~7", {}) is None
    assert base_of(root, "no-such-branch", {}) is None
    git(outside, "init", "-q")
    assert base_of(outside, None, {}) is None
    assert current(outside) == Revision(None, dirty=False)


def test_a_broken_git_folder_is_no_git(tmp_path):
    (tmp_path / ".git").mkdir()
    assert current(tmp_path) == Revision(None, dirty=False)


def test_where_git_itself_fails_nothing_is_called_clean(root, monkeypatch):
    (root.parent / ".git" / "index").write_bytes(b"damaged")
    assert current(root) == Revision(git(root, "rev-parse", "HEAD"), dirty=True)


def test_a_planted_bare_repository_is_not_obeyed(root, tmp_path):
    marker = tmp_path / "ran"
    (root / "objects").mkdir()
    (root / "refs").mkdir()
    write(root, "HEAD", "ref: refs/heads/main\n")
    write(root, "config", f"[core]\n\tbare = true\n\tfsmonitor = touch {marker}\n\tworktree = .\n")
    assert current(root).commit == git(root.parent, "rev-parse", "HEAD")
    assert base_of(root, None, {}) is not None
    assert not marker.exists()


def test_there_is_no_past_before_the_first_commit(root):
    assert not has_no_past(root)
    git(root.parent, "checkout", "-q", "HEAD^")
    assert has_no_past(root)


def test_a_shallow_clone_has_a_past_that_is_not_here(tmp_path_factory, root):
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", f"file://{root.parent}", ".")
    assert not has_no_past(clone / "kafka")


def test_outside_of_git_there_is_no_past(tmp_path):
    assert has_no_past(tmp_path)
    git(tmp_path, "init", "-q")
    assert has_no_past(tmp_path)


def test_what_git_cannot_tell_has_a_past(tmp_path, root, monkeypatch):
    def fail(self):
        raise ValueError

    monkeypatch.setattr("git.HEAD.is_valid", fail)
    assert not has_no_past(root)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd/.git").write_text("nothing", encoding="utf-8")
    assert not has_no_past(tmp_path / "odd")
