"""Kind Role."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from kgov.manifest.document import Document, Written
from kgov.manifest.fields import Line, Manifest, Part, complaint
from kgov.manifest.kinds.access import OWN_FIELDS
from kgov.manifest.kinds.acl import OperationField, ResourceTypeField
from kgov.manifest.metadata import Metadata
from kgov.manifest.wording import did_you_mean, shown
from kgov.model.acl import CLUSTER_NAME, PatternType, Permission, ResourceType
from kgov.model.policies import Role, RoleBinding, RoleParameter

PREFIX = "Prefix"
"""What a grant writes behind the name of a parameter to give a prefix in its place."""

_MOST_PARAMETERS = 50
_TAKEN = (*OWN_FIELDS, "parameters")


def parameter_in(name: str) -> str | None:
    """Find the parameter of a binding's name, such as ``topic`` in ``{topic}-dlq``; ``None`` without one."""
    _, opened, rest = name.partition("{")
    return rest.partition("}")[0] if opened else None


def _short(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Read parameters by name as a list of them."""
    if isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
        return [{"name": name, **each} for name, each in value.items()]
    return value


def _parameter_name(text: str) -> str:
    if not text.isidentifier() or not text.isascii():
        raise complaint(f"must be a word of letters and digits, not {shown(text)}")
    if text in _TAKEN or text.endswith(PREFIX):
        taken = f"{', '.join(OWN_FIELDS)} and names that end in {PREFIX} are taken"
        raise complaint(f"must not be {shown(text)}: {taken}")
    return text


def _binding_name(text: str) -> str:
    before, opened, rest = text.partition("{")
    _, closed, after = rest.partition("}")
    if any(brace in before + after for brace in "{}") or bool(opened) != bool(closed):
        raise complaint(f"may hold one {{parameter}}, not {shown(text)}")
    return text


class ParameterPart(Part):
    """A value that a grant gives to the role."""

    name: Annotated[Line, AfterValidator(_parameter_name)]
    required: bool | None = None
    """Required unless it says otherwise or has a default. Bindings without their parameter are left out."""

    description: str = ""
    default: Line | None = None


class RoleBindingPart(Part):
    """Operations on a resource whose name may hold one `{parameter}`."""

    resource: ResourceTypeField
    name: Annotated[Line, AfterValidator(_binding_name)] | None = None
    pattern: Literal["literal", "prefixed"] = "literal"
    operations: Annotated[list[OperationField], Field(min_length=1)]
    host: Line = "*"
    permission: Literal["allow", "deny"] = "allow"


class RoleSpec(Part):
    """A list of bindings with parameters."""

    description: str = ""
    parameters: Annotated[
        list[Annotated[ParameterPart, BeforeValidator(_short)]],
        BeforeValidator(_listed),
        WithJsonSchema({"type": ["array", "object"]}),
    ] = Field(default_factory=list, max_length=_MOST_PARAMETERS)
    """A list of names, or of mappings with a name, or a mapping by name."""

    bindings: Annotated[list[RoleBindingPart], Field(min_length=1)]
    groupless: bool = False
    """Whether whoever is given it reads by assignment, without a consumer group (KG309)."""

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        names: list[str] = []
        for index, parameter in enumerate(self.parameters):
            if parameter.name in names:
                raise complaint(f"is declared twice: {shown(parameter.name)}", "parameters", index)
            names.append(parameter.name)
        for index, binding in enumerate(self.bindings):
            _check_name(binding, names, index)
        return self


def _check_name(binding: RoleBindingPart, parameters: list[str], index: int) -> None:
    if binding.name is None:
        if binding.resource is not ResourceType.CLUSTER:
            raise complaint(f"is missing: which {binding.resource} it is about", "bindings", index, "name")
        return
    parameter = parameter_in(binding.name)
    if parameter is not None and parameter not in parameters:
        words = f"names the parameter {shown(parameter)}, which the role does not have"
        raise complaint(words, "bindings", index, "name", hint=did_you_mean(parameter, parameters))


class RoleManifest(Manifest):
    """A named list of bindings that Access manifests grant."""

    kind: Literal["Role"]
    metadata: Metadata
    spec: RoleSpec


def to_role(document: Document[RoleSpec]) -> Role:
    """Make the model value."""
    spec, written = document.base.spec, document.base.written
    return Role(
        name=document.id.name,
        place=document.place,
        description=spec.description,
        parameters=tuple(_to_parameter(part) for part in spec.parameters),
        bindings=tuple(_to_binding(part, written, index) for index, part in enumerate(spec.bindings)),
        groupless=spec.groupless,
    )


def _to_parameter(part: ParameterPart) -> RoleParameter:
    required = part.default is None if part.required is None else part.required and part.default is None
    return RoleParameter(part.name, required, part.description, part.default)


def _to_binding(part: RoleBindingPart, written: Written, index: int) -> RoleBinding:
    operations = range(len(part.operations))
    return RoleBinding(
        resource=part.resource,
        name=part.name or CLUSTER_NAME,
        operations=tuple(part.operations),
        pattern=PatternType(part.pattern.upper()),
        host=part.host,
        permission=Permission(part.permission.upper()),
        places=tuple(written.place("bindings", index, "operations", at) for at in operations),
    )
