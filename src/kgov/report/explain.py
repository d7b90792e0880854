"""The effective values of a topic with their sources, and the bindings of a role, as text."""

from collections.abc import Iterable, Sequence

from kgov.manifest.explain import EffectiveValue, RoleGrant
from kgov.manifest.roles import takes_prefix
from kgov.model.acl import PatternType
from kgov.model.place import Layer, Source
from kgov.model.policies import Role, RoleBinding, RoleParameter
from kgov.report.sheet import Piece, Sheet, name
from kgov.report.style import Ink, Style
from kgov.report.values import value_in_words

_MOST_GRANTS = 20
_MOST_PRINCIPALS = 10

_LAYERS = {
    Layer.CATEGORY: "category",
    Layer.DEFAULT: "default of the environment",
    Layer.MANIFEST: "manifest",
    Layer.OVERLAY: "overlay",
}


def topic_text(topic: str, environment: str, values: Iterable[EffectiveValue], style: Style) -> str:
    """Say each effective value with the layer and the place that it comes from; ``values`` are in order."""
    sheet = Sheet(style)
    sheet.line(Piece(f"Topic/{topic}", Ink.STRONG), f" in {environment}")
    for each in values:
        sheet.line(
            Piece(each.path, Ink.STRONG), f" = {value_in_words(each.path, each.value)}", indent=2, hang=4
        )
        sheet.line(*_source("", each.source), indent=6)
        for weaker in each.over:
            said = value_in_words(each.path, weaker.value)
            sheet.line(*_source(f"wins over {said}: ", weaker.source), indent=6)
    return sheet.text()


def _source(before: str, source: Source) -> tuple[Piece, ...]:
    return Piece(f"{before}{_LAYERS[source.layer]}, ", Ink.FAINT), name(str(source.place), Ink.FAINT)


def role_text(role: Role, style: Style, given: Sequence[RoleGrant] = ()) -> str:
    """Say what a role asks for, which bindings it gives, and to whom it is ``given``."""
    sheet = Sheet(style)
    sheet.line(
        Piece(f"Role/{role.name}", Ink.STRONG), ", built in" if role.place is None else f", {role.place}"
    )
    if role.description:
        sheet.line(role.description, indent=2, hang=0)
    sheet.gap()
    if role.parameters:
        sheet.line(Piece("A grant says", Ink.STRONG))
        for parameter in role.parameters:
            _parameter(sheet, parameter)
        if open_ended := [each.name for each in role.parameters if takes_prefix(role, each.name)]:
            one = open_ended[0]
            sheet.line(f"{one} names one resource; {one}Prefix, all whose names begin so", indent=2, hang=0)
        sheet.gap()
    sheet.line(Piece("It gives", Ink.STRONG))
    for binding in role.bindings:
        _binding(sheet, binding)
    if role.groupless:
        sheet.line("Who has it reads by assignment: it needs no group", indent=2, hang=0)
    sheet.gap()
    sheet.line(Piece("A grant in an Access", Ink.STRONG))
    needed = [parameter for parameter in role.parameters if parameter.required] or role.parameters[:1]
    sheet.row(f"- {{role: {role.name}{''.join(f', {each.name}: …' for each in needed)}}}", indent=2)
    if given:
        sheet.gap()
        sheet.line(Piece("It is given to", Ink.STRONG))
        for grant in given[:_MOST_GRANTS]:
            _grant(sheet, grant)
        if len(given) > _MOST_GRANTS:
            sheet.line(f"and {len(given) - _MOST_GRANTS:,} times more", indent=2)
    return sheet.text()


def _grant(sheet: Sheet, grant: RoleGrant) -> None:
    whom = ", ".join(grant.principals[:_MOST_PRINCIPALS])
    if len(grant.principals) > _MOST_PRINCIPALS:
        whom += f" and {len(grant.principals) - _MOST_PRINCIPALS:,} more"
    team = "" if grant.team is None else f"Team/{grant.team}: "
    sheet.line(f"{team}{whom}", indent=2, hang=4)
    sheet.line(name(str(grant.place), Ink.FAINT), indent=6)


def _parameter(sheet: Sheet, parameter: RoleParameter) -> None:
    needed = "" if parameter.required else " (may be left out)"
    if parameter.default is not None:
        needed = f" (default {parameter.default})"
    said = f": {parameter.description}" if parameter.description else ""
    sheet.line(f"{parameter.name}{needed}{said}", indent=2, hang=4)


def _binding(sheet: Sheet, binding: RoleBinding) -> None:
    operations = ", ".join(binding.operations)
    prefixed = " (names that begin so)" if binding.pattern is PatternType.PREFIXED else ""
    host = "" if binding.host == "*" else f" from {binding.host}"
    sheet.line(
        f"{binding.permission} {operations} on {binding.resource} {binding.name}{prefixed}{host}",
        indent=2,
        hang=4,
    )
