"""``kgov schema``: the JSON Schema of a kind, for editors and other tools."""

import click

from kgov.cli.context import deliver
from kgov.cli.options import examples
from kgov.errors import ExitCode, UsageError


@click.command(epilog=examples("kgov schema Topic > topic.schema.json"))
@click.argument("kind", required=False)
def schema(kind: str | None) -> int:
    """Print the JSON Schema of a kind, for editors; without one, the names of the kinds."""
    from kgov.manifest.schema import KINDS, json_schema
    from kgov.model.nearest import nearest
    from kgov.plan.documents.encoding import to_text

    if kind is None:
        deliver("".join(f"{name}\n" for name in KINDS))
        return ExitCode.DONE
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        raise UsageError(
            f"there is no kind {kind}",
            todo=f"did you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}",
        )
    deliver(to_text(json_schema(kind)))
    return ExitCode.DONE
