"""What can stop kgov: each error says what happened, why, what to do next, and with which exit code.

Expected problems of manifests and of a run are values (findings, outcomes), never exceptions. An exception
means "cannot go on"; only ``kgov.cli`` catches them.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The public exit codes of kgov."""

    DONE = 0
    FAILED = 1
    CHANGES = 2
    FINDINGS = 3
    REFUSED = 4
    PARTIAL = 5
    UNREACHABLE = 6
    USAGE = 64
    INTERRUPTED = 130


PRECEDENCE = (
    ExitCode.USAGE,
    ExitCode.INTERRUPTED,
    ExitCode.FAILED,
    ExitCode.FINDINGS,
    ExitCode.UNREACHABLE,
    ExitCode.REFUSED,
    ExitCode.PARTIAL,
    ExitCode.CHANGES,
    ExitCode.DONE,
)
"""Which exit code wins where several apply, the strongest first."""


def strongest(*codes: ExitCode) -> ExitCode:
    """Pick the exit code that wins; ``DONE`` where none is given."""
    return min(codes, key=PRECEDENCE.index, default=ExitCode.DONE)


class KgovError(Exception):
    """Something that kgov cannot go on from.

    ``what`` is one sentence without a full stop, ``why`` the cause as far as it is known, ``todo`` what the
    user can do next. None of them ever holds a secret.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, what: str, *, why: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.todo = todo


class UsageError(KgovError):
    """The command line asks for something that makes no sense (exit 64)."""

    exit_code = ExitCode.USAGE


class RefusedError(KgovError):
    """kgov will not do it: stale, edited or foreign plan, over a limit, no consent (exit 4).

    ``code`` is the public code of the rule that refuses (``KG905`` for a stale plan), or empty.
    """

    exit_code = ExitCode.REFUSED

    def __init__(self, what: str, *, why: str = "", todo: str = "", code: str = "") -> None:
        super().__init__(what, why=why, todo=todo)
        self.code = code


class UnreachableError(KgovError):
    """The cluster does not answer, or does not let us in (exit 6)."""

    exit_code = ExitCode.UNREACHABLE


class CannotSeeError(UnreachableError):
    """The principal may not see what it would judge (KG907, exit 6).

    ``missing`` names every missing right, such as ``Describe on Cluster kafka-cluster``.
    """

    def __init__(self, what: str, *, missing: tuple[str, ...], why: str = "", todo: str = "") -> None:
        super().__init__(what, why=why, todo=todo)
        self.missing = missing


class SandboxError(KgovError):
    """The embedded Kafka cannot be fetched or started (exit 1)."""
