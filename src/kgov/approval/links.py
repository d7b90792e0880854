"""Where a manifest really stands: whoever writes what a symlink leads to writes the manifest."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_MOST_LINKS: Final = 40


def places(root: Path, file: str) -> frozenset[str]:
    """Give the paths that Git has for what is read as ``file``: every symlink on the way, and where it ends.

    Paths are those from the folder of the manifests. Raises ``OSError`` where the way leaves it.
    """
    top = os.path.realpath(root)
    if os.path.realpath(path := os.path.join(top, file)) == path:  # noqa: PTH118 (one of thousands)
        return frozenset((file,))
    passed = tuple(_passed(Path(top), file))
    if not all(each.is_relative_to(top) for each in passed):
        raise OSError(f"{file} is read through a symlink that leaves the repository")
    return frozenset(each.relative_to(top).as_posix() for each in passed)


def _passed(top: Path, file: str) -> Iterator[Path]:
    here, ahead, links = top, file.split("/"), 0
    while ahead:
        part, *ahead = ahead
        if part == "..":
            here = here.parent
            continue
        step = here / part
        if step.is_symlink() and links < _MOST_LINKS:
            links += 1
            yield step
            target = step.readlink()
            here = Path(target.anchor) if target.is_absolute() else here
            ahead = [*(part for part in target.parts if part != target.anchor), *ahead]
        else:
            here = step
    yield here
