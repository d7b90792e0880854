"""``kgov sandbox``: an embedded real Apache Kafka for trying things."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.context import deliver, say
from kgov.cli.options import Command, examples, format_option, option
from kgov.errors import ExitCode

if TYPE_CHECKING:
    from kgov.sandbox.detached import SandboxState
    from kgov.sandbox.settings import SandboxSettings


@click.group()
def sandbox() -> None:
    """Run an embedded real Apache Kafka for trying things.

    It needs a Java (17 or later) and Maven, or pip install 'kgov[sandbox]', which brings both.
    """


def broker_options(command: Command) -> Command:
    """Say what the sandbox looks like."""
    for add in (
        option("--kafka-version", metavar="VERSION", help="The Apache Kafka release, such as 4.2 or 4.3.1."),
        option(
            "--port",
            type=click.IntRange(1, 65535),
            metavar="PORT",
            help="The first node's port, the others' follow; a free one without.",
        ),
        option(
            "--nodes",
            type=click.IntRange(1, 9),
            default=1,
            show_default=True,
            help="How many brokers; each has its own rack.",
        ),
    ):
        command = add(command)
    return command


def folder_option(command: Command) -> Command:
    """Say where the sandbox lives."""
    return option(
        "--dir",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="The folder of the sandbox: one for itself. Without, one in the cache.",
    )(command)


@sandbox.command(
    epilog=examples("kgov sandbox run -- bash", "kgov sandbox run --nodes 3 -- kgov plan --env dev"),
    context_settings={"allow_interspersed_args": False},
    short_help="Run a command beside a sandbox that ends with it.",
)
@broker_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(nodes: int, port: int | None, kafka_version: str | None, command: tuple[str, ...]) -> int:
    """Run COMMAND beside a sandbox that ends with it, and give COMMAND's exit code.

    COMMAND finds the sandbox in its environment: KGOV_BOOTSTRAP_SERVER, KGOV_COMMAND_CONFIG (the super
    user's client.properties) and KGOV_SANDBOX_DIR (where kgov.properties and reader.properties are, for two
    users without any rights).
    """
    from kgov.sandbox.run import run_command

    return run_command(_settings(nodes, port, kafka_version), command)


@sandbox.command(
    epilog=examples('eval "$(kgov sandbox start)"', "kgov plan --env dev"),
    short_help="Start a sandbox that stays, and print how to reach it.",
)
@broker_options
@folder_option
def start(nodes: int, port: int | None, kafka_version: str | None, folder: Path | None) -> int:
    """Start a sandbox that stays, and print how to reach it, for a shell to read."""
    from kgov.sandbox import detached

    place = _place(folder)
    state, new = detached.start(_settings(nodes, port, kafka_version), place)
    say(f"Apache Kafka {state.release} {'runs' if new else 'runs already'} at {state.bootstrap_servers}")
    say(f"`kgov sandbox stop{f' --dir {shlex.quote(str(folder))}' if folder else ''}` ends it")
    deliver(
        f"export KGOV_BOOTSTRAP_SERVER={shlex.quote(state.bootstrap_servers)}\n"
        f"export KGOV_COMMAND_CONFIG={shlex.quote(str(state.command_config))}\n"
    )
    return ExitCode.DONE


@sandbox.command()
@folder_option
def stop(folder: Path | None) -> int:
    """End the sandbox that was started, and remove its data."""
    from kgov.sandbox import detached

    place = _place(folder)
    state = detached.stop(place)
    if state is None:
        say(f"no sandbox was started in {place}")
    elif state.runs:
        say("the sandbox is stopped and its data removed")
    else:
        say("the sandbox had ended already; what was left of it is removed")
    return ExitCode.DONE


@sandbox.command()
@folder_option
@format_option("text", "json")
def status(folder: Path | None, format_: str) -> int:
    """Say whether a sandbox runs, and how to reach it."""
    from kgov.sandbox import detached

    place = _place(folder)
    state = detached.status(place)
    if format_ == "json":
        deliver(json.dumps(_document(state, place), indent=2) + "\n")
    else:
        deliver(_text(state, place))
    return ExitCode.DONE


def _settings(nodes: int, port: int | None, kafka_version: str | None) -> "SandboxSettings":
    from kgov.sandbox.lock import DEFAULT_RELEASE, release_named
    from kgov.sandbox.settings import SandboxSettings

    release = release_named(kafka_version) if kafka_version else DEFAULT_RELEASE
    return SandboxSettings(release=release, nodes=nodes, port=port or 0)


def _place(folder: Path | None) -> Path:
    from kgov.sandbox.detached import default_folder

    return folder.expanduser().resolve() if folder else default_folder()


def _document(state: "SandboxState | None", place: Path) -> dict[str, Any]:
    if state is None:
        return {"format": "kgov-sandbox/1", "running": False, "folder": str(place), "nodes": []}
    return {
        "format": "kgov-sandbox/1",
        "running": state.runs,
        "folder": str(place),
        "kafka": state.release,
        "cluster": {"id": state.cluster_id},
        "bootstrapServers": state.bootstrap_servers,
        "commandConfig": str(state.command_config),
        "users": list(state.users),
        "nodes": [
            {
                "id": node.number,
                "running": node.pid is not None,
                "pid": node.pid,
                "address": node.address,
                "log": str(node.log_file),
            }
            for node in state.nodes
        ],
    }


def _text(state: "SandboxState | None", place: Path) -> str:
    if state is None:
        return f"no sandbox was started in {place}\n"
    if not state.nodes:
        return f"the sandbox in {place} is starting, or was cut off while it started\n"
    if not state.runs:
        return f"the sandbox in {place} has ended; `kgov sandbox stop` removes what is left of it\n"
    lines = [
        f"Apache Kafka {state.release} runs at {state.bootstrap_servers}",
        f"  cluster  {state.cluster_id}",
        f"  folder   {state.folder}",
        f"  users    {', '.join(state.users)} (NAME.properties in the folder)",
    ]
    for node in state.nodes:
        running = f"process {node.pid}" if node.pid else "has ended"
        lines.append(f"  node {node.number}   {node.address}, {running}, log {node.log_file}")
    return "\n".join(lines) + "\n"
