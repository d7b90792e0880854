"""Kind Access: roles given to principals."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from kgov.manifest.fields import Line, Manifest, Part, Principal, complaint, one_or_many
from kgov.manifest.metadata import OwnedMetadata
from kgov.manifest.wording import described

MOST_PARAMETERS: Final = 100

OWN_FIELDS: Final = ("role", "host", "groupless")
"""The keys of a grant that are no parameters of its role."""

_GRANT_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["role"],
    "properties": {
        "role": {"type": "string"},
        "host": {"type": "string"},
        "groupless": {
            "type": "boolean",
            "description": "Whether it reads by assignment, without a consumer group.",
        },
    },
    "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
}


def _parameters(value: object) -> object:
    """Collect what is no field of every grant: which parameters there are is the role's to say."""
    if not isinstance(value, dict):
        raise complaint(f"must be a mapping such as {{role: consumer, topic: orders}}, not {described(value)}")
    grant: dict[str, Any] = {key: value[key] for key in OWN_FIELDS if key in value}
    grant["parameters"] = {key: each for key, each in value.items() if key not in grant}
    return grant


def _describe(schema: dict[str, Any]) -> None:
    """Replace the schema of what is collected by that of what is written."""
    schema.clear()
    schema.update(_GRANT_SCHEMA)


class GrantPart(Part):
    """A role with its parameters.

    Each is one text or a list of texts; with `Prefix` behind its name it stands for all that begins so.
    """

    model_config = ConfigDict(json_schema_extra=_describe)

    role: Line
    host: Line = "*"
    groupless: bool = False
    parameters: Annotated[
        dict[str, Annotated[list[str], BeforeValidator(one_or_many)]], Field(max_length=MOST_PARAMETERS)
    ]


class AccessSpec(Part):
    """Who may do what, in roles. Exactly one of `principal`, `principals` and `team` is given."""

    principal: Principal | None = None
    principals: list[Principal] | None = None
    team: Line | None = None
    """The Team whose principals are meant."""

    grants: list[Annotated[GrantPart, BeforeValidator(_parameters)]]
    """May be empty: then the principal loses everything."""

    @model_validator(mode="after")
    def _one_grantee(self) -> Self:
        given = [name for name in ("principal", "principals", "team") if getattr(self, name) is not None]
        if len(given) != 1:
            found = f"not {' and '.join(given)}" if given else "there is none"
            raise complaint(f"must name one of principal, principals and team: {found}")
        return self


class AccessManifest(Manifest):
    """Roles that are given to a principal, to several, or to a team."""

    kind: Literal["Access"]
    metadata: OwnedMetadata
    spec: AccessSpec
