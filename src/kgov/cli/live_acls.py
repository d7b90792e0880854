"""Reading the ACLs of a cluster and nothing else, for commands that do so only with ``--live``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.context import Settings
from kgov.errors import UsageError

if TYPE_CHECKING:
    from kgov.model.desired import Desired
    from kgov.model.live import Live

CONNECTION = ("bootstrap_server", "command_config", "properties")
"""Options that name a cluster."""


@dataclass(frozen=True, slots=True)
class SeenAcls:
    """What was read; ``open_without_acl`` is ``None`` where neither kgov.yaml nor a broker says it."""

    live: "Live"
    open_without_acl: bool | None


def refuse_connection() -> None:
    """Refuse a cluster that is named on the command line for nothing; variables may be there for others."""
    given = click.get_current_context().get_parameter_source
    if any(given(name) is click.core.ParameterSource.COMMANDLINE for name in CONNECTION):
        raise UsageError("a cluster is named, and --live is not given", todo="say --live, or name no cluster")


def read_acls(settings: Settings, desired: "Desired", options: dict[str, Any]) -> SeenAcls:
    """Read them; raise ``CannotSeeError`` where an empty list would prove nothing."""
    from dataclasses import replace

    from kgov.cli.connection import Connection, connected
    from kgov.cluster.reader import ReadScope, read
    from kgov.cluster.sight import open_without_acl

    environment = desired.environment
    is_open = environment.open_without_acl
    scope = ReadScope(
        topics=frozenset(),
        looks_at_topics=False,
        needs_acls=True,
        expected_cluster_id=environment.cluster_id,
        open_without_acl=bool(is_open),
    )
    with connected(Connection.of(options).read(settings)) as session:
        live = read(session.cluster, scope)
        if is_open is None:
            is_open = open_without_acl(session.cluster, session.cluster.identity())
    return SeenAcls(replace(live, open_without_acl=bool(is_open)), is_open)
