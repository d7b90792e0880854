"""Roles: those that are built in, and what a grant of one expands to."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from kgov.manifest.kinds.access import GrantPart
from kgov.manifest.kinds.role import PREFIX, parameter_in
from kgov.manifest.wording import did_you_mean, listed, shown
from kgov.model.acl import AclBinding, Operation, PatternType, ResourcePattern, ResourceType
from kgov.model.policies import Role, RoleBinding, RoleParameter

_READ: Final = (Operation.READ, Operation.DESCRIBE)
_WRITE: Final = (Operation.WRITE, Operation.DESCRIBE)


class Mistake(NamedTuple):
    """What is wrong with a grant: at which of its keys (``None`` = the grant itself), and what to do."""

    key: str | None
    message: str
    hint: str


def _needs(name: str, description: str) -> RoleParameter:
    return RoleParameter(name, required=True, description=description)


def _takes(name: str, description: str) -> RoleParameter:
    return RoleParameter(name, required=False, description=description)


def _on(
    resource: ResourceType,
    name: str,
    operations: tuple[Operation, ...],
    pattern: PatternType = PatternType.LITERAL,
) -> RoleBinding:
    return RoleBinding(resource, name, operations, pattern)


def _built_in(
    name: str,
    description: str,
    parameters: tuple[RoleParameter, ...],
    bindings: tuple[RoleBinding, ...],
    *,
    groupless: bool = False,
) -> Role:
    return Role(name, None, description, parameters, bindings, groupless)


BUILT_IN: Final[Mapping[str, Role]] = MappingProxyType(
    {
        role.name: role
        for role in (
            # The rights that kafka-acls --producer gives, without Create: topics are declared.
            _built_in(
                "producer",
                "Writes to topics, idempotently or not",
                (_needs("topic", "what it writes"),),
                (_on(ResourceType.TOPIC, "{topic}", _WRITE),),
            ),
            _built_in(
                "transactional-producer",
                "Writes to topics in transactions",
                (_needs("topic", "what it writes"), _needs("transactionalId", "its transactional.id")),
                (
                    _on(ResourceType.TOPIC, "{topic}", _WRITE),
                    _on(ResourceType.TRANSACTIONAL_ID, "{transactionalId}", _WRITE),
                ),
            ),
            # The rights that kafka-acls --consumer gives. Without a group: readers by assign().
            _built_in(
                "consumer",
                "Reads topics, in a group or by assignment",
                (
                    _needs("topic", "what it reads"),
                    _takes("group", "its group.id; without, say groupless: true"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", _READ),
                    _on(ResourceType.GROUP, "{group}", (Operation.READ,)),
                ),
            ),
            # Kafka Streams developer guide, "Required ACL setting for secure Kafka clusters": internal topics
            # and transactional ids are the application id, a dash and more, so the prefix ends in that dash.
            # Delete is for purging repartition topics, DescribeConfigs for validating internal topics.
            _built_in(
                "streams",
                "Runs a Kafka Streams application with its internal topics",
                (
                    _needs("applicationId", "its application.id"),
                    _takes("inputTopic", "what it reads"),
                    _takes("outputTopic", "what it writes"),
                ),
                (
                    _on(ResourceType.TOPIC, "{inputTopic}", _READ),
                    _on(ResourceType.TOPIC, "{outputTopic}", _WRITE),
                    _on(
                        ResourceType.TOPIC,
                        "{applicationId}-",
                        (
                            Operation.READ,
                            Operation.WRITE,
                            Operation.CREATE,
                            Operation.DELETE,
                            Operation.DESCRIBE,
                            Operation.DESCRIBE_CONFIGS,
                        ),
                        PatternType.PREFIXED,
                    ),
                    _on(ResourceType.GROUP, "{applicationId}", _READ),
                    _on(ResourceType.TRANSACTIONAL_ID, "{applicationId}-", _WRITE, PatternType.PREFIXED),
                ),
            ),
            # Kafka Connect user guide, "Configuring workers": the worker reads, writes and checks the cleanup
            # policy of its three internal topics, and coordinates in its group.
            _built_in(
                "connect-worker",
                "Runs a Kafka Connect worker: its group and its internal topics",
                (
                    _needs("group", "group.id of the worker"),
                    _needs("topic", "its config, offset and status topics"),
                ),
                (
                    _on(
                        ResourceType.TOPIC,
                        "{topic}",
                        (Operation.READ, Operation.WRITE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS),
                    ),
                    _on(ResourceType.GROUP, "{group}", _READ),
                ),
            ),
            _built_in(
                "schema-reader",
                "Reads the topic in which a schema registry keeps its schemas",
                (
                    RoleParameter("topic", required=False, description="where they are", default="_schemas"),
                    _takes("group", "its group.id"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", _READ),
                    _on(ResourceType.GROUP, "{group}", (Operation.READ,)),
                ),
                # Schema registries read by assignment (KafkaStore of Confluent's); some join a group as well.
                groupless=True,
            ),
            # The role names of Confluent Platform's RBAC, as far as ACLs can say the same.
            _built_in(
                "DeveloperRead",
                "Reads topics and joins groups",
                (_takes("topic", "what it reads"), _takes("group", "its group.id")),
                (
                    _on(ResourceType.TOPIC, "{topic}", _READ),
                    _on(ResourceType.GROUP, "{group}", _READ),
                ),
            ),
            _built_in(
                "DeveloperWrite",
                "Writes to topics, also in transactions",
                (_takes("topic", "what it writes"), _takes("transactionalId", "its transactional.id")),
                (
                    _on(ResourceType.TOPIC, "{topic}", _WRITE),
                    _on(ResourceType.TRANSACTIONAL_ID, "{transactionalId}", _WRITE),
                ),
            ),
            _built_in(
                "Operator",
                "Tunes topics and looks after groups, without reading or writing records",
                (_takes("topic", "what it tunes"), _takes("group", "what it looks after")),
                (
                    _on(
                        ResourceType.TOPIC,
                        "{topic}",
                        (
                            Operation.DESCRIBE,
                            Operation.DESCRIBE_CONFIGS,
                            Operation.ALTER,
                            Operation.ALTER_CONFIGS,
                        ),
                    ),
                    _on(ResourceType.GROUP, "{group}", (Operation.DESCRIBE, Operation.DELETE)),
                ),
            ),
            _built_in(
                "Admin",
                "May do everything with what it is given",
                (
                    _takes("topic", "topics"),
                    _takes("group", "groups"),
                    _takes("transactionalId", "transactional ids"),
                ),
                (
                    _on(ResourceType.TOPIC, "{topic}", (Operation.ALL,)),
                    _on(ResourceType.GROUP, "{group}", (Operation.ALL,)),
                    _on(ResourceType.TRANSACTIONAL_ID, "{transactionalId}", (Operation.ALL,)),
                ),
            ),
        )
    }
)
"""The roles that every repository has; their names cannot be declared again."""


def mistakes(role: Role, grant: GrantPart) -> tuple[Mistake, ...]:
    """Say what is wrong with the parameters of a grant."""
    if _is_plain(role, grant) and next(_expand(role, grant), None) is not None:
        return ()
    keys = [key for parameter in role.parameters for key in (parameter.name, parameter.name + PREFIX)]
    found: list[Mistake] = []
    for key, values in grant.parameters.items():
        if key not in keys:
            hint = did_you_mean(key, keys) or f"its parameters are {_signature(role)}"
            found.append(Mistake(key, f"role {role.name} has no parameter {shown(key)}", hint))
        elif not values:
            found.append(Mistake(key, f"{key} is an empty list", "give at least one name"))
    found += [
        Mistake(None, f"role {role.name} needs {parameter.name}", f"its parameters are {_signature(role)}")
        for parameter in role.parameters
        if parameter.required and not _given(parameter, grant)
    ]
    found += _unfit_prefixes(role, grant)
    if not found and next(_expand(role, grant), None) is None:
        found.append(
            Mistake(None, f"role {role.name} is given on nothing", f"its parameters are {_signature(role)}")
        )
    return tuple(found)


def _is_plain(role: Role, grant: GrantPart) -> bool:
    """Say whether names, and no prefixes, are given for parameters that there are, and for all that are needed.

    Nearly all grants are so, and nothing is wrong with them.
    """
    given = grant.parameters
    known = 0
    for parameter in role.parameters:
        if given.get(parameter.name):
            known += 1
        elif parameter.required:
            return False
    return known == len(given)


def expand(role: Role, grant: GrantPart, principal: str) -> Iterator[AclBinding]:
    """Give the bindings that a grant without mistakes stands for; one may come more than once."""
    for binding, pattern in _expand(role, grant):
        host = _host(grant, binding)
        for operation in binding.operations:
            yield AclBinding(principal, binding.permission, operation, pattern, host)


def _host(grant: GrantPart, binding: RoleBinding) -> str:
    """Take the host of the grant, unless only the role names one."""
    return binding.host if grant.host == "*" else grant.host


def _expand(role: Role, grant: GrantPart) -> Iterator[tuple[RoleBinding, ResourcePattern]]:
    defaults = {parameter.name: parameter.default for parameter in role.parameters}
    for binding in role.bindings:
        parameter = parameter_in(binding.name)
        if parameter is None:
            yield binding, ResourcePattern(binding.resource, binding.pattern, binding.name)
            continue
        names = grant.parameters.get(parameter, [])
        prefixes = grant.parameters.get(parameter + PREFIX, [])
        default = defaults[parameter]
        if default is not None and not names and not prefixes:
            names = [default]
        for name in names:
            yield binding, ResourcePattern(binding.resource, binding.pattern, _filled(binding, parameter, name))
        for prefix in prefixes:
            filled = _filled(binding, parameter, prefix)
            yield binding, ResourcePattern(binding.resource, PatternType.PREFIXED, filled)


def _filled(binding: RoleBinding, parameter: str, value: str) -> str:
    return binding.name.replace(f"{{{parameter}}}", value)


def _given(parameter: RoleParameter, grant: GrantPart) -> bool:
    return parameter.name in grant.parameters or parameter.name + PREFIX in grant.parameters


def _unfit_prefixes(role: Role, grant: GrantPart) -> list[Mistake]:
    """Find prefixes for parameters after which a role's binding goes on: no prefix says that."""
    given = [each.name for each in role.parameters if each.name + PREFIX in grant.parameters]
    return [
        Mistake(name + PREFIX, f"role {role.name} takes no prefix for {name}", f"give {name}")
        for name in given
        if any(
            parameter_in(binding.name) == name and not binding.name.endswith("}") for binding in role.bindings
        )
    ]


def _signature(role: Role) -> str:
    names = [parameter.name for parameter in role.parameters]
    return f"{listed(names)} (or {names[0]}{PREFIX} …)" if names else "none"
