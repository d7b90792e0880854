"""A program in Java at work, such as Streams, Connect or MirrorMaker 2, from the jars of a lock."""

import json
import signal
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from outsider import eventually

from kgov.sandbox.cache import cache_folder
from kgov.sandbox.jars import ensure_jars
from kgov.sandbox.java import find_java
from kgov.sandbox.lock import DEFAULT_RELEASE, Jar, JarLock, read_lock
from kgov.sandbox.node import SMALL_JVM, class_path
from kgov.sandbox.process import GuardedProcess

LOCK = Path(__file__).with_name("kafka-programs.json")
"""The jars that the programs need beside those of the broker; scripts/sandbox_lock.py writes it."""

END_SECONDS = 60.0
LAST_LINES = 15


@cache
def jars() -> tuple[Path, ...]:
    """Bring the jars, those of the broker first."""
    document = json.loads(LOCK.read_text(encoding="utf-8"))
    lock = JarLock(document["kafka"], tuple(Jar(**entry) for entry in document["jars"]))
    return (*ensure_jars(read_lock(DEFAULT_RELEASE), cache_folder()), *ensure_jars(lock, cache_folder()))


class Program:
    """One run of a program; it is ended with the block, and with the tests."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self._log = folder / "program.log"
        self._process = GuardedProcess(command, self._log, folder / "worthless")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note("\n".join(self._log.read_text(encoding="utf-8").splitlines()[-LAST_LINES:]))
        self._process.send(signal.SIGKILL)
        self._process.wait(END_SECONDS)

    @property
    def ended(self) -> bool:
        """Say whether it has ended."""
        return self._process.exit_code is not None

    def says(self, *texts: str) -> bool:
        """Say whether its log holds each of the texts by now."""
        said = self._log.read_text(encoding="utf-8", errors="replace")
        return all(text in said for text in texts)

    def until(self, look: Callable[[], object], what: str) -> None:
        """Wait until something is true; that the program ends before is a failure."""

        def holds() -> bool:
            found = bool(look())
            assert found or not self.ended, f"it ended before this came true: {what}"
            return found

        eventually(holds, what)

    def stop(self) -> None:
        """Have it end by itself."""
        self._process.send(signal.SIGTERM)
        self._process.wait(END_SECONDS)


class JavaProgram(Program):
    """One run of a class of Apache Kafka's with a ``main``."""

    def __init__(self, folder: Path, main: str, settings: Mapping[str, str]) -> None:
        file = write_settings(folder, settings)
        super().__init__(folder, [str(find_java()), *SMALL_JVM, "-cp", class_path(jars()), main, str(file)])


def write_settings(folder: Path, settings: Mapping[str, str]) -> Path:
    """Make the folder of a program, with a file of its properties."""
    folder.mkdir(parents=True)
    file = folder / "program.properties"
    escaped = {name: value.replace("\\", "\\\\") for name, value in settings.items()}
    file.write_text("".join(f"{name}={value}\n" for name, value in escaped.items()), encoding="utf-8")
    return file
