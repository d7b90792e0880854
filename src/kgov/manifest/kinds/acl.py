"""Kind Acl: the raw form of access, one principal with explicit bindings."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from kgov.manifest.fields import Line, Manifest, Part, Principal, complaint
from kgov.manifest.metadata import OwnedMetadata
from kgov.manifest.wording import described, did_you_mean, listed, shown
from kgov.model.acl import (
    CLUSTER_NAME,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)

Word = TypeVar("Word", bound=StrEnum)

_UNMANAGEABLE = ("DelegationToken", "User")


def _resource_type(value: object) -> ResourceType:
    if value in _UNMANAGEABLE:
        raise complaint(
            f"is {value}: kgov cannot manage such bindings, because the Kafka client does not know them"
        )
    return _word(value, ResourceType)


def _operation(value: object) -> Operation:
    return _word(value, Operation)


def _word(value: object, words: type[Word]) -> Word:
    known = [str(word) for word in words]
    if not isinstance(value, str):
        raise complaint(f"must be one of {listed(known)}, not {described(value)}")
    if value not in known:
        raise complaint(f"must be one of {listed(known)}, not {shown(value)}", hint=did_you_mean(value, known))
    return words(value)


ResourceTypeField = Annotated[
    ResourceType,
    BeforeValidator(_resource_type),
    WithJsonSchema({"type": "string", "enum": [str(word) for word in ResourceType]}),
]
OperationField = Annotated[
    Operation,
    BeforeValidator(_operation),
    WithJsonSchema({"type": "string", "enum": [str(word) for word in Operation]}),
]


class BindingPart(Part):
    """Operations on one resource, or on all whose name begins alike."""

    resource: ResourceTypeField
    name: Line | None = None
    """`*` is every resource of the type. Of the cluster it is `kafka-cluster` and may be left out."""

    pattern: Literal["literal", "prefixed"] = "literal"
    operations: Annotated[list[OperationField], Field(min_length=1)]
    host: Line = "*"
    permission: Literal["allow", "deny"] = "allow"
    groupless: bool = False
    """Whether the topics are read by assignment, without a consumer group (KG309)."""

    @model_validator(mode="after")
    def _named_as_its_type_asks(self) -> Self:
        if self.resource is not ResourceType.CLUSTER:
            if self.name is None:
                raise complaint(f"is missing: which {self.resource} the binding is about", "name")
        elif self.name not in {None, CLUSTER_NAME}:
            raise complaint(f"must be {CLUSTER_NAME}, the only cluster that Kafka knows", "name")
        elif self.pattern != "literal":
            raise complaint(f"must be literal: there is only one cluster, {CLUSTER_NAME}", "pattern")
        return self

    @property
    def resource_pattern(self) -> ResourcePattern:
        """Which resources it is about."""
        return ResourcePattern(self.resource, PatternType(self.pattern.upper()), self.name or CLUSTER_NAME)


class AclSpec(Part):
    """One principal and its bindings."""

    principal: Principal
    bindings: list[BindingPart]
    """May be empty: then the principal loses everything."""

    def expand(self, index: int) -> Iterator[AclBinding]:
        """Give the bindings that the entry at ``index`` stands for, one an operation."""
        part = self.bindings[index]
        permission = Permission(part.permission.upper())
        for operation in part.operations:
            yield AclBinding(self.principal, permission, operation, part.resource_pattern, part.host)


class AclManifest(Manifest):
    """ACL bindings of one principal, written out."""

    kind: Literal["Acl"]
    metadata: OwnedMetadata
    spec: AclSpec
