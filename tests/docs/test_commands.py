"""Command lines in the pages must be ones that kgov understands."""

import re
import shlex
from pathlib import Path

import click
import pytest

from kgov.cli.main import COMMANDS, root

ROOT = Path(__file__).parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
TYPED = re.compile(r"^ *\$ (kgov (?:.*\\\n)*.+)$", re.MULTILINE)
INLINE = re.compile(r"`(kgov(?:\s[^`]*)?)`")


def commands() -> list[tuple[str, str]]:
    return [
        (page.relative_to(ROOT).as_posix(), " ".join(command.replace("\\\n", " ").split()))
        for page in PAGES
        for pattern in (TYPED, INLINE)
        for command in pattern.findall(page.read_text(encoding="utf-8"))
    ]


def understand(command: str) -> None:
    """Read a command line as kgov would, up to what files and values it names."""
    words = shlex.split(command.partition(" > ")[0].replace("…", ""), comments=True)[1:]
    group: click.Command = root
    while isinstance(group, click.Group):
        context = click.Context(group)
        context.allow_interspersed_args = False
        _, rest, _ = group.make_parser(context).parse_args(words)
        if not rest:
            return
        inner = group.get_command(context, rest[0])
        assert inner is not None, f"no such command: {rest[0]}"
        group, words = inner, rest[1:]
    values, _, _ = group.make_parser(click.Context(group)).parse_args([*words, "VALUE"])
    for parameter in group.params:
        if isinstance(parameter.type, click.Choice) and isinstance(values.get(parameter.name), str):
            parameter.type.convert(values[parameter.name], parameter, None)


@pytest.mark.parametrize(("page", "command"), commands())
def test_command_lines_in_the_pages_name_commands_and_options_that_exist(page, command):
    del page
    understand(command.replace("COMMAND", "plan"))


def test_command_lines_are_found_and_wrong_ones_are_refused():
    assert any(command.startswith("kgov apply mend.json --allow") for _, command in commands())
    assert all(understand(f"kgov {name}") is None for name in COMMANDS)
    with pytest.raises(click.NoSuchOption):
        understand("kgov plan --environment dev")
    with pytest.raises(AssertionError):
        understand("kgov doctor")
