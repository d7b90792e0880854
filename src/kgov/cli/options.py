"""Options that several commands share. Each is also a variable: ``KGOV_PLAN_ENV``, or ``KGOV_ENV`` for all."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from kgov.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])


class Option(click.Option):
    """An option that is also read from its command's own variable, or from the one for all commands."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Look for ``KGOV_<COMMAND>_<OPTION>``, then for ``KGOV_<OPTION>``; empty is not set."""
        name = (self.name or "").strip("_").upper()
        for prefix in (ctx.auto_envvar_prefix, "KGOV"):
            if value := os.environ.get(f"{prefix}_{name}"):
                return value
        return None


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """Declare an option of a command."""
    return click.option(*names, cls=Option, **settings)


def examples(*lines: str) -> str:
    """Set examples for the end of a command's help, a line each."""
    # click wraps a paragraph that does not begin with a backspace.
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


def environment_option(command: Command) -> Command:
    """Which environment; may be left out where there is one."""
    return option(
        "--env", metavar="NAME", help="The environment of kgov.yaml; may be left out where there is one."
    )(command)


def narrowing_options(command: Command) -> Command:
    """Which part of the manifests a plan is about, and what was before."""
    for add in (
        option(
            "--base",
            metavar="REVISION",
            help="What was before, to say which manifests are gone.  [default: the first parent of HEAD]",
        ),
        option(
            "--target",
            "target",
            multiple=True,
            metavar="KIND/NAME",
            help="Look at this Topic, Access, Acl or Principal alone; repeatable.",
        ),
        option("--only", type=click.Choice(["topics", "acls"]), help="Look at topics or at ACLs alone."),
    ):
        command = add(command)
    return command


def urgent_option(command: Command) -> Command:
    """Whether it cannot wait for the usual course of changes."""
    return option(
        "--urgent", is_flag=True, help="Record it as an urgent change; with --reason. Lifts no check."
    )(command)


def lock_options(command: Command) -> Command:
    """How to deal with other applies."""
    for add in (
        option("--no-lock", is_flag=True, help="Do not look whether another apply is running."),
        option(
            "--force-unlock",
            metavar="ID",
            help="Break this lock, whose apply is dead; kgov looks for signs of life first.",
        ),
    ):
        command = add(command)
    return command


def check_lock_options(options: Mapping[str, Any]) -> None:
    """Raise ``UsageError`` where they contradict each other."""
    if options["no_lock"] and options["force_unlock"]:
        raise UsageError("--no-lock and --force-unlock exclude each other")


def format_option(*formats: str) -> Callable[[Command], Command]:
    """In which format standard output is written; the first is the default."""
    return option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="The format of standard output.",
    )


def output_option(command: Command) -> Command:
    """Where to write instead of standard output."""
    return option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write there instead of to standard output.",
    )(command)


def connection_options(command: Command) -> Command:
    """How the cluster is reached."""
    for add in (
        option(
            "-X",
            "properties",
            multiple=True,
            metavar="KEY=VALUE",
            help="One client property; repeatable, never a secret.",
        ),
        option(
            "--command-config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Client properties, under Java's or librdkafka's names: login, TLS, servers.",
        ),
        option("--bootstrap-server", metavar="HOST:PORT", help="One or more brokers, separated by commas."),
    ):
        command = add(command)
    return command
