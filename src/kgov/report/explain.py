"""The effective values of a topic with their sources, and the bindings of a role, as text."""

from collections.abc import Iterable

from kgov.model.place import Layer, Source
from kgov.model.policies import Role
from kgov.report.escape import visible
from kgov.report.style import Ink, Style

_LAYERS = {
    Layer.CATEGORY: "category",
    Layer.DEFAULT: "default of the environment",
    Layer.MANIFEST: "manifest",
    Layer.OVERLAY: "overlay",
}


def topic_text(name: str, environment: str, values: Iterable[tuple[str, str, Source]], style: Style) -> str:
    """Say each effective value with the layer and the place that it comes from; ``values`` are in order."""
    lines = [style.paint(f"Topic/{visible(name)} in {visible(environment)}", Ink.STRONG)]
    for path, value, source in values:
        lines.append(f"  {visible(path)} = {visible(value)}")
        lines.append(style.paint(f"      {_LAYERS[source.layer]}, {visible(str(source.place))}", Ink.FAINT))
    return "\n".join(lines) + "\n"


def role_text(role: Role, style: Style) -> str:
    """Say what a role asks for and which bindings it gives."""
    lines = [style.paint(f"Role/{visible(role.name)}", Ink.STRONG)]
    if role.description:
        lines.append(f"  {visible(role.description)}")
    lines.append("  parameters, each as NAME for one resource or as NAMEPrefix for all that begin so:")
    for parameter in role.parameters:
        needed = "needed" if parameter.required else "may be left out"
        default = f", default {parameter.default}" if parameter.default is not None else ""
        said = f": {parameter.description}" if parameter.description else ""
        lines.append(f"    {visible(parameter.name)} ({needed}{visible(default)}){visible(said)}")
    lines.append("  gives:")
    for binding in role.bindings:
        operations = ", ".join(binding.operations)
        lines.append(
            f"    {binding.permission} {operations} on {binding.resource} {visible(binding.name)}"
            f" from {visible(binding.host)}"
        )
    where = "built in" if role.place is None else visible(str(role.place))
    lines.append(style.paint(f"  {where}", Ink.FAINT))
    return "\n".join(lines) + "\n"
