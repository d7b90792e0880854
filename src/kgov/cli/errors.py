"""Errors as people read them."""

from kgov.errors import CannotSeeError, KgovError, RefusedError
from kgov.report.escape import visible


def describe(error: KgovError) -> str:
    """Say what happened, why, and what to do, a line each."""
    code = "KG907" if isinstance(error, CannotSeeError) else ""
    if isinstance(error, RefusedError):
        code = error.code
    lines = [f"error{f'[{code}]' if code else ''}: {error.what}"]
    if error.why:
        lines += [f"  why: {error.why}"]
    if isinstance(error, CannotSeeError):
        lines += [f"  missing right: {right}" for right in error.missing]
    if error.todo:
        lines += [f"  to do: {error.todo}"]
    # Names in it may come from manifests or from the cluster: none of them may steer the terminal.
    return "\n".join(map(visible, lines))
