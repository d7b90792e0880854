"""Kind Consent."""

from typing import Literal

from pydantic import ConfigDict

from kgov.manifest.document import Document
from kgov.manifest.fields import Day, Line, Manifest, Part, Reason, Resource, reason_needed
from kgov.manifest.kinds.waiver import resource_id
from kgov.manifest.metadata import Metadata
from kgov.model.policies import Consent, Lift


class ConsentSpec(Part):
    """What is let through for which resource, why, by whom and until when."""

    model_config = ConfigDict(json_schema_extra=reason_needed)

    allow: Literal["data-loss", "disruptive", "limits"]
    resource: Resource
    """`Topic/name`; for access `Principal/User:name`, the manifest (`Access/name`, `Acl/name`), or `Acl/` and
    the canonical text of one binding."""

    reason: Reason = ""
    owner: Line
    """The Team that answers for it."""

    expires: Day
    """The last day on which it holds."""


class ConsentManifest(Manifest):
    """One risky change that may go through, until a day."""

    kind: Literal["Consent"]
    metadata: Metadata
    spec: ConsentSpec


def to_consent(document: Document[ConsentSpec]) -> Consent:
    """Make the model value."""
    spec = document.base.spec
    return Consent(
        name=document.id.name,
        place=document.place,
        allow=Lift(spec.allow),
        resource=resource_id(spec.resource),
        reason=spec.reason,
        owner=spec.owner,
        expires=spec.expires,
        where={field: document.base.written.place(field) for field in ConsentSpec.model_fields},
    )
