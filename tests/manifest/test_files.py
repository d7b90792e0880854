"""The file system may hold anything: nothing hangs, and nothing outside of the repository is read."""

import errno
import os
from pathlib import Path

import pytest
from manifests import PROJECT, TOPIC

from kgov.errors import ExitCode, UsageError
from kgov.manifest import files
from kgov.manifest.files import read_folder
from kgov.manifest.repository import load


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    for name in ("topics", "acls", "policies"):
        (folder / name).mkdir(parents=True)
    (folder / "kgov.yaml").write_text(PROJECT)
    (folder / "topics" / "a.yaml").write_text(TOPIC)
    return folder


def refusals(root: Path) -> dict[str, str]:
    found = {}
    for problem in read_folder(root).problems:
        assert problem.code == "KG001"
        assert problem.place is not None
        found[problem.place.file] = problem.message
    return found


def test_a_good_repository_is_read(root):
    loaded = load(root)
    assert loaded.problems == ()
    assert loaded.root == root
    assert loaded.environments == ("dev", "prod")


def test_yaml_files_at_any_depth_are_read_in_order(root):
    (root / "topics" / "b" / "c").mkdir(parents=True)
    for name in (
        "topics/b/c/x.yml",
        "topics/b/a.yaml",
        "topics/z.yaml",
        "topics/readme.md",
        "other.yaml",
        "acls/é.yaml",
    ):
        (root / name).write_text("")
    assert list(read_folder(root).contents) == [
        "acls/é.yaml",
        "kgov.yaml",
        "topics/a.yaml",
        "topics/b/a.yaml",
        "topics/b/c/x.yml",
        "topics/z.yaml",
    ]


@pytest.mark.parametrize("name", ["nowhere", "kgov.yaml"])
def test_a_folder_that_does_not_exist_is_wrong_usage(root, name):
    with pytest.raises(UsageError, match="no such folder") as error:
        load(root / name)
    assert error.value.exit_code is ExitCode.USAGE


def test_a_fifo_does_not_hang(root):
    os.mkfifo(root / "topics" / "x.yaml")
    assert refusals(root) == {"topics/x.yaml": "topics/x.yaml is no regular file"}


def test_a_device_is_not_opened(root):
    (root / "topics" / "x.yaml").symlink_to("/dev/zero")
    assert refusals(root) == {"topics/x.yaml": "topics/x.yaml is a symlink that leaves the repository"}


def test_a_large_file_is_not_read(root):
    with (root / "topics" / "x.yaml").open("wb") as file:
        file.truncate(2 * 1024 * 1024)
    assert refusals(root) == {"topics/x.yaml": "larger than 1 MiB"}


def test_symlinks_that_leave_the_repository_are_refused(root):
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text(TOPIC)
    (root / "topics" / "file.yaml").symlink_to(outside / "secret.yaml")
    (root / "topics" / "folder").symlink_to(outside)
    (root / "policies").rmdir()
    (root / "policies").symlink_to(outside)
    (root / "kgov.yaml").unlink()
    (root / "kgov.yaml").symlink_to(outside / "secret.yaml")
    assert refusals(root) == dict.fromkeys(
        ("kgov.yaml", "policies", "topics/file.yaml", "topics/folder"),
    ) | {
        name: f"{name} is a symlink that leaves the repository"
        for name in ("kgov.yaml", "policies", "topics/file.yaml", "topics/folder")
    }
    assert list(read_folder(root).contents) == ["topics/a.yaml"]


def test_a_sibling_whose_name_begins_alike_is_outside(root):
    sibling = root.with_name(root.name + "-2")
    sibling.mkdir()
    (sibling / "x.yaml").write_text(TOPIC)
    (root / "topics" / "x.yaml").symlink_to(sibling / "x.yaml")
    assert "topics/x.yaml" in refusals(root)


def test_symlinks_inside_the_repository_are_followed(root):
    (root / "shared").mkdir()
    (root / "shared" / "x.yaml").write_text("")
    (root / "acls" / "x.yaml").symlink_to(root / "shared" / "x.yaml")
    (root / "policies" / "more").symlink_to(root / "shared")
    source = read_folder(root)
    assert source.problems == ()
    assert {"acls/x.yaml", "policies/more/x.yaml"} <= set(source.contents)


def test_symlink_loops_end(root):
    (root / "topics" / "loop").symlink_to(root / "topics")
    (root / "topics" / "up").symlink_to(root)
    (root / "topics" / "self.yaml").symlink_to("self.yaml")
    (root / "topics" / "gone.yaml").symlink_to("nowhere.yaml")
    found = refusals(root)
    assert found["topics/loop"] == "topics/loop is a symlink that leads back to a folder around it"
    assert found["topics/up"] == "topics/up is a symlink that leads back to a folder around it"
    assert found["topics/self.yaml"].startswith("topics/self.yaml cannot be read: ")
    assert found["topics/gone.yaml"] == "topics/gone.yaml cannot be read: No such file or directory"


def test_a_folder_that_is_a_file_is_refused(root):
    (root / "acls").rmdir()
    (root / "acls").write_text("")
    assert refusals(root) == {"acls": "acls is no folder"}


def test_a_folder_that_ends_in_yaml_is_a_folder(root):
    (root / "topics" / "x.yaml").mkdir()
    (root / "topics" / "x.yaml" / "y.yaml").write_text("")
    assert "topics/x.yaml/y.yaml" in read_folder(root).contents


def test_names_that_are_not_utf_8_are_refused(root):
    base = os.fsencode(root)
    for name in (b"topics/\xff.yaml", b"topics/\xfe"):
        path = base + b"/" + name
        if name.endswith(b".yaml"):
            Path(os.fsdecode(path)).write_text("")
        else:
            Path(os.fsdecode(path)).mkdir()
    Path(os.fsdecode(base + b"/topics/\xfd.md")).write_text("")
    assert refusals(root) == {
        "topics/\\xff.yaml": "topics/\\xff.yaml has a name that is not UTF-8",
        "topics/\\xfe": "topics/\\xfe has a name that is not UTF-8",
    }


def test_a_symlink_to_itself_with_a_name_that_is_not_utf_8_is_harmless(root):
    Path(os.fsdecode(os.fsencode(root) + b"/topics/\xfa")).symlink_to("\udcfa")
    assert refusals(root) == {}


def test_unreadable_files_and_folders_are_told(root, monkeypatch):
    (root / "topics" / "locked").mkdir()
    real_open, real_scan = os.open, os.scandir

    def deny_open(path, *rest, **more):
        if str(path).endswith("a.yaml"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_open(path, *rest, **more)

    def deny_scan(path):
        if str(path).endswith("locked"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_scan(path)

    monkeypatch.setattr(files.os, "open", deny_open)
    monkeypatch.setattr(files.os, "scandir", deny_scan)
    assert refusals(root) == {
        "topics/a.yaml": "topics/a.yaml cannot be read: Permission denied",
        "topics/locked": "topics/locked cannot be read: Permission denied",
    }


def test_a_top_folder_that_cannot_be_read_is_told(root, monkeypatch):
    def deny(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files.os, "scandir", deny)
    assert refusals(root) == {".": ". cannot be read: Permission denied"}


def test_schemas_are_looked_for_inside_of_the_repository_only(root):
    (root / "schemas").mkdir()
    (root / "schemas" / "a.avsc").write_text("{}")
    (root / "schemas" / "out.avsc").symlink_to("/etc/hostname")
    holds = read_folder(root).holds
    assert holds("schemas/a.avsc")
    assert not holds("schemas")
    assert not holds("schemas/b.avsc")
    assert not holds("schemas/out.avsc")
    assert not holds("schemas/\0")


def test_the_repository_may_be_the_root_of_the_file_system():
    assert files._inside("/etc", "/")


def test_a_file_that_grows_while_it_is_read_is_read_on_up_to_the_limit(root):
    large = root / "topics" / "large.yaml"
    large.write_bytes(b"#" * (files.LARGEST_FILE + 100_000))
    known = files._content(str(large), 0)
    assert files.LARGEST_FILE < len(known) < files.LARGEST_FILE + 100_000
    small = root / "topics" / "a.yaml"
    assert files._content(str(small), 3) == small.read_bytes()


@pytest.mark.parametrize(("inner", "written"), [("topics", "topics/.."), ("topics/shop", "topics/shop/../..")])
def test_a_folder_below_the_repository_is_told_where_kgov_yaml_is(tmp_path, monkeypatch, inner, written):
    (tmp_path / "kgov.yaml").touch()
    (tmp_path / "topics" / "shop").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (problem,) = load(Path(inner)).problems
    assert (problem.code, problem.hint) == ("KG007", f"there is one above: say -C {written}")
