"""Kind ApprovalPolicy."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kgov.manifest.document import Document
from kgov.manifest.fields import Line, Manifest, Part, complaint
from kgov.manifest.kinds.policy import Expression, placed_text
from kgov.manifest.metadata import Metadata
from kgov.model.approval import TERM_DAYS, ApprovalPolicy, Concern, Extent

_MOST_APPROVALS = 20
_LONGEST_TERM = 3_650
_OWNED_DATA = ["foreign-data"]


class ApprovalMatch(Part):
    """What a policy is about; everything where it is left out."""

    kind: Literal["Topic", "Access", "Acl"] | None = None
    environments: list[Line] = Field(default_factory=list)


class ApprovalPolicySpec(Part):
    """Under which condition who must have agreed."""

    when: Expression | None = None
    """A condition in CEL on `object`, such as `object.spec.data.personal`; or else `concerns`."""

    concerns: list[Literal["personal-data", "restricted-data", "foreign-data", "data-loss"]] = Field(
        default_factory=list
    )
    """Conditions that are built in; one of them is enough. Or else `when`."""

    match: ApprovalMatch = ApprovalMatch()

    approvers: list[Line] = Field(default_factory=list)
    """The Teams whose members can agree; may be left out for `foreign-data`: then each owner of the data."""

    minimum: Annotated[int, Field(ge=1, le=_MOST_APPROVALS)] = 1
    """How many people must have agreed."""

    days: Annotated[int, Field(ge=1, le=_LONGEST_TERM)] = TERM_DAYS
    """How long an approval holds."""

    scope: Literal["all", "changes"] = "all"
    """`changes` takes for agreed what the base revision already has with the same content."""

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if (self.when is None) == (not self.concerns):
            raise complaint("must say under which condition: `when` in CEL, or `concerns`, one of the two")
        if not self.approvers and list(self.concerns) != _OWNED_DATA:
            raise complaint("must name `approvers`, the Teams whose members can agree")
        return self


class ApprovalPolicyManifest(Manifest):
    """Who must have agreed to what before it is applied."""

    kind: Literal["ApprovalPolicy"]
    metadata: Metadata
    spec: ApprovalPolicySpec


def to_approval_policy(document: Document[ApprovalPolicySpec], lines: tuple[str, ...]) -> ApprovalPolicy:
    """Make the model value; ``lines`` are those of the file, in which the condition finds its places."""
    spec = document.base.spec
    return ApprovalPolicy(
        name=document.id.name,
        place=document.place,
        when=None if spec.when is None else placed_text(document, lines, spec.when, ("when",)),
        concerns=tuple(Concern(each) for each in spec.concerns),
        kind=spec.match.kind,
        environments=tuple(spec.match.environments),
        approvers=tuple(spec.approvers),
        minimum=spec.minimum,
        days=spec.days,
        extent=Extent(spec.scope),
        where={
            name: document.base.written.place("match", "environments", index)
            for index, name in enumerate(spec.match.environments)
        },
    )
