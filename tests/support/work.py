"""Counting work instead of time: how often each function of kgov is called, and calls something."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import kgov

_PACKAGE = str(Path(kgov.__file__).parent)
_GENERATED = "<string>"
"""Where the methods of dataclasses come from: comparing and hashing is work, too."""


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count calls by function, as long as the block lasts: those that it gets, and those that it makes to C.

    A loop that calls anything at all shows, however it is written.
    """
    by_code: Counter[object] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event in ("call", "c_call"):
            by_code[frame.f_code] += 1

    _forget_what_is_cached()
    work: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield work
    finally:
        sys.setprofile(before)
        for code, times in by_code.items():
            if code.co_filename.startswith(_PACKAGE):
                work[f"{code.co_filename.removeprefix(_PACKAGE)}:{code.co_qualname}"] += times
            elif code.co_filename == _GENERATED:
                work[f"dataclass {code.co_name}"] += times


def _forget_what_is_cached() -> None:
    """Empty every cache of kgov: what other tests have looked at already would be no work for this one."""
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] == "kgov":
            for value in tuple(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def out_of_proportion(small: Counter[str], large: Counter[str], times: float) -> dict[str, tuple[int, int]]:
    """List the functions whose work grew by more than ``times`` and a little: sorting may take some more.

    What is done a fixed number of times is not looked at.
    """
    return {
        name: (small[name], calls)
        for name, calls in large.items()
        if calls > max(small[name], 200) * times * 1.3
    }
