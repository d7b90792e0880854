"""``--report FILE``: what stands there already, before a new report takes its place."""

import os
import stat
from pathlib import Path

from kgov.apply.evidence import keep_beside
from kgov.cli.applying import load_json
from kgov.cli.context import say
from kgov.errors import RefusedError, UsageError
from kgov.model.outcome import ApplyReport
from kgov.plan.documents.plan_document import plan_digest, plan_document
from kgov.plan.documents.report_document import FORMAT, read_report
from kgov.plan.plan import Plan
from kgov.report.unfinished import left_unfinished


def earlier_report(path: Path | None) -> ApplyReport | None:
    """Read the report that a new one would take the place of; ``None`` where there is none.

    Raises ``UsageError`` for anything else: a report must not take the place of a plan or of a manifest. An
    empty file, as ``mktemp`` makes it, is nothing.
    """
    found = None if path is None else _look(path)
    if path is None or found is None:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"--report {path} is no file", why="a report is replaced as a whole at every step")
    if found.st_size == 0:
        return None
    try:
        document = load_json(path)
        if document.get("format") == FORMAT:
            return read_report(document)
    except RefusedError:
        pass
    raise UsageError(
        f"--report {path} would take the place of a file that is no report of kgov", todo="name another file"
    )


def _look(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        # Where it cannot be written either, writing says why.
        return None


def keep_unfinished(path: Path | None, plan: Plan) -> None:
    """Where the report of a run that did not finish stands there, say so and keep it beside."""
    earlier = earlier_report(path)
    if path is None or earlier is None or earlier.finished is not None:
        return
    kept = keep_beside(path)
    left = left_unfinished(earlier, plan_digest(plan_document(plan)))
    say(
        f"note: an apply has not finished ({left}); what is done counts as done, and the rest is read anew; "
        f"its report is kept as {kept}"
    )
