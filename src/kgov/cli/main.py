"""The root of the command line, and the one place where errors become sentences and exit codes."""

import errno
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import click

from kgov import __version__
from kgov.cli.context import Colour, Settings
from kgov.errors import ExitCode, KgovError, UsageError

COMMANDS = {
    "validate": ("kgov.cli.validate:validate", "Check all manifests, offline."),
    "plan": ("kgov.cli.plan:plan", "Show what would change on the cluster."),
    "apply": ("kgov.cli.apply:apply", "Make the changes of a saved plan, or of a new one."),
    "approve": ("kgov.cli.approve:approve", "Agree to a resource as it is, and sign that."),
    "rollback": ("kgov.cli.rollback:rollback", "Put back what an apply did, as its report says."),
    "show": ("kgov.cli.show:show", "Render a saved plan or report again."),
    "audit": ("kgov.cli.audit:audit", "Look for drift; never writes."),
    "size": ("kgov.cli.size:size", "Work out storage, network and brokers: of a topic, a change, or all."),
    "report": ("kgov.cli.report:report", "Registers for auditors: personal data, and resilience."),
    "access": ("kgov.cli.access:access", "Who may do what, and why: by the manifests, or on the cluster."),
    "explain": ("kgov.cli.explain:explain", "Explain a rule, a policy, a topic's values or a role."),
    "policy": ("kgov.cli.policy:policy", "Run the tests of the repository's own policies."),
    "schema": ("kgov.cli.schema:schema", "Print the JSON Schema of a kind, for editors."),
    "sandbox": ("kgov.cli.sandbox:sandbox", "Run an embedded real Kafka for trying things."),
}
"""Where each command lives, and its line in the help: a command's module is imported when it runs."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What can be wrong with a file that standard output goes to."""


class _LazyGroup(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgovError as error:
            from kgov.cli.errors import say_error

            say_error(error, ctx.obj)
            return error.exit_code

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from kgov.model.nearest import nearest

            near = nearest(args[0], COMMANDS)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"no such command: {args[0]}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "KGOV"},
    epilog="Every option is also a variable: --env is KGOV_ENV for all commands, KGOV_PLAN_ENV for plan. "
    "Exit codes: 0 done, 1 kgov failed, 2 changes or drift, 3 findings, 4 refused, 5 applied in part, "
    "6 cluster not reached or not seen, 64 wrong usage, 130 interrupted.",
)
@click.version_option(__version__, prog_name="kgov", message="%(prog)s %(version)s")
@click.option(
    "-C",
    "--directory",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the current folder",
    envvar="KGOV_DIRECTORY",
    help="The repository: the folder with kgov.yaml.",
)
@click.option(
    "--color",
    type=click.Choice([colour.value for colour in Colour]),
    default=Colour.AUTO.value,
    show_default=True,
    envvar="KGOV_COLOR",
    help="Colours; auto is a terminal without NO_COLOR, or FORCE_COLOR.",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    envvar="KGOV_VERBOSE",
    help="Say which connection settings hold, and where each comes from; secrets are masked.",
)
@click.pass_context
def root(ctx: click.Context, directory: Path, color: str, verbose: bool) -> None:
    """Keep topics, ACLs and retention of Kafka clusters the way a Git repository says."""
    ctx.obj = Settings(directory, Colour(color), verbose)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    _open_what_is_closed()
    try:
        result: Any = root.main(arguments, prog_name="kgov", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message(), err=True)
        return ExitCode.USAGE
    except click.ClickException as error:
        return _wrong_usage(error)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        # Who reads our output has closed it: nothing more can be said to them, and Python's own flush at exit
        # would only complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    except Exception as error:
        from kgov.cli.errors import is_interrupt

        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _say_anywhere(KgovError(f"cannot write the output: {error.strerror}"))
            return ExitCode.FAILED
        return _interrupted() if is_interrupt(error) else _bug(error)
    return int(result) if isinstance(result, int) else ExitCode.DONE


def _open_what_is_closed() -> None:
    """Send to nowhere what would go to a standard stream that was closed before us."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _terminated(number: int, frame: FrameType | None) -> None:
    """Let SIGTERM end a run as Ctrl-C does."""
    del number, frame
    raise KeyboardInterrupt


def _interrupted() -> int:
    click.echo("interrupted", err=True)
    return ExitCode.INTERRUPTED


def _wrong_usage(error: click.ClickException) -> int:
    command = "kgov"
    if isinstance(error, click.UsageError) and error.ctx:
        click.echo(error.ctx.get_usage(), err=True)
        command = error.ctx.command_path
    message = error.format_message().removesuffix(".")
    _say_anywhere(UsageError(message, todo=f"see {command} --help"))
    return ExitCode.USAGE


def _bug(error: Exception) -> int:
    if os.environ.get("KGOV_DEBUG"):
        import traceback

        traceback.print_exception(error)
    _say_anywhere(
        KgovError(
            f"kgov failed, which is a bug: {type(error).__name__}: {' '.join(str(error).split())[:300]}",
            todo="please report it, with what `KGOV_DEBUG=1 kgov …` prints",
        )
    )
    return ExitCode.FAILED


def _say_anywhere(error: KgovError) -> None:
    """Say an error where the options before the command may not have been read."""
    from kgov.cli.errors import say_error

    say_error(error, Settings(Path(), Colour.AUTO, verbose=False))
