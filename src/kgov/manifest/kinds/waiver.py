"""Kind Waiver."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from kgov.manifest.document import Document
from kgov.manifest.fields import Day, Line, Manifest, Part, Reason, Resource, reason_needed
from kgov.manifest.metadata import Metadata
from kgov.model.place import ResourceId
from kgov.model.policies import Waiver


class WaiverSpec(Part):
    """Which rule is set aside for which resource, why, by whom and until when."""

    model_config = ConfigDict(json_schema_extra=reason_needed)

    rule: Line
    """The code of a rule, such as `KG101`."""

    resource: Resource
    """`Kind/name`."""

    reason: Reason = ""
    owner: Line
    """The Team that answers for it."""

    expires: Day
    """The last day on which it holds."""

    environments: Annotated[list[Line], Field(min_length=1)] | None = None
    """Where it holds; everywhere where it is not said."""


class WaiverManifest(Manifest):
    """A rule set aside for one resource."""

    kind: Literal["Waiver"]
    metadata: Metadata
    spec: WaiverSpec


def to_waiver(document: Document[WaiverSpec]) -> Waiver:
    """Make the model value."""
    spec = document.base.spec
    return Waiver(
        name=document.id.name,
        place=document.place,
        rule=spec.rule,
        resource=resource_id(spec.resource),
        reason=spec.reason,
        owner=spec.owner,
        expires=spec.expires,
        environments=tuple(spec.environments or ()),
        where={field: document.base.written.place(field) for field in WaiverSpec.model_fields},
    )


def resource_id(text: str) -> ResourceId:
    """Read ``Kind/name``."""
    kind, _, name = text.partition("/")
    return ResourceId(kind, name)
