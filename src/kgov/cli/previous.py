"""``--previous``: what an earlier audit or report knew of the cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgov.cli.context import say
from kgov.cli.options import option
from kgov.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from kgov.model.known import Known

Command = TypeVar("Command", bound=Callable[..., Any])


def previous_option(command: Command) -> Command:
    """Add what the cluster is held against before it is believed."""
    return option(
        "--previous",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="An earlier audit or report (JSON): a cluster that holds far less than it knew is not believed.",
    )(command)


def load_previous(path: Path) -> dict[str, Any]:
    """Read the document; raise ``UsageError`` where the file holds none."""
    from kgov.cli.applying import load_json

    try:
        return load_json(path)
    except RefusedError as error:
        raise UsageError(
            f"--previous: {error.what}",
            todo="give a file that `kgov audit --format json` or `kgov apply --report` wrote",
        ) from error


def known_before(path: Path | None, environment: str, cluster_id: str | None) -> "Known | None":
    """Read what was known of this environment and say where that is nothing; ``None`` where no file is given.

    ``cluster_id`` is the cluster that is meant, where kgov.yaml or a saved plan names it. Raises ``UsageError``
    where the file is of another environment or cluster.
    """
    from kgov.plan.documents.known_document import read_known

    if path is None:
        return None
    known = read_known(load_previous(path), environment)
    if cluster_id and known.cluster_id not in ("", cluster_id):
        raise UsageError(
            f"--previous is of cluster {known.cluster_id}, not of {cluster_id}",
            why=f"kgov.yaml or the saved plan names the cluster of {environment}",
            todo="give an audit or a report of that cluster, or leave --previous out",
        )
    if not known.says_something:
        say(f"note: {path} does not say what was live: nothing is compared with it")
    return known
