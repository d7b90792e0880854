"""Roles: what a grant of one expands to, and what can be wrong with it."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from kgov.manifest.kinds.access import GrantPart
from kgov.manifest.kinds.role import PREFIX, parameter_in
from kgov.manifest.wording import listed, shown
from kgov.model.acl import AclBinding, PatternType, ResourcePattern
from kgov.model.nearest import nearest
from kgov.model.policies import Role, RoleBinding, RoleParameter


class Mistake(NamedTuple):
    """What is wrong with a grant: at which of its keys (``None`` = the grant itself), and what to do."""

    key: str | None
    message: str
    hint: str


def mistakes(role: Role, grant: GrantPart) -> tuple[Mistake, ...]:
    """Say what is wrong with the parameters of a grant."""
    if _is_plain(role, grant) and next(_expand(role, grant), None) is not None:
        return ()
    keys = [key for parameter in role.parameters for key in (parameter.name, parameter.name + PREFIX)]
    found: list[Mistake] = []
    meant: set[str] = set()
    for key, values in grant.parameters.items():
        if key not in keys:
            near = nearest(key, keys)
            meant.update(near[:1])
            hint = f"did you mean {near[0]}?" if near else f"its parameters are {_signature(role)}"
            found.append(Mistake(key, f"role {role.name} has no parameter {shown(key)}", hint))
        elif not values:
            found.append(Mistake(key, f"{key} is an empty list", "give at least one name"))
    found += [
        Mistake(None, f"role {role.name} needs {parameter.name}", f"its parameters are {_signature(role)}")
        for parameter in role.parameters
        if parameter.required and not _is_in(meant, parameter) and not _is_in(grant.parameters, parameter)
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


def _is_in(keys: Container[str], parameter: RoleParameter) -> bool:
    """Say whether a parameter is among these, by its name or as a prefix."""
    return parameter.name in keys or parameter.name + PREFIX in keys


def _unfit_prefixes(role: Role, grant: GrantPart) -> list[Mistake]:
    """Find prefixes for parameters after which a role's binding goes on: no prefix says that."""
    given = [each.name for each in role.parameters if each.name + PREFIX in grant.parameters]
    return [
        Mistake(name + PREFIX, f"role {role.name} takes no prefix for {name}", f"give {name}")
        for name in given
        if not takes_prefix(role, name)
    ]


def takes_prefix(role: Role, parameter: str) -> bool:
    """Say whether a grant may give the parameter as a prefix: nothing may come after it in any binding."""
    return all(
        parameter_in(binding.name) != parameter or binding.name.endswith("}") for binding in role.bindings
    )


def _signature(role: Role) -> str:
    names = [parameter.name for parameter in role.parameters]
    prefixes = [f" (or {name}{PREFIX} …)" for name in names if takes_prefix(role, name)]
    return listed(names) + "".join(prefixes[:1]) if names else "none"
