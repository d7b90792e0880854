"""``kgov explain``: a rule's or a policy's page, where a topic's values come from, or what a role gives."""

from typing import TYPE_CHECKING

import click

from kgov.cli.context import Settings, deliver
from kgov.cli.options import environment_option, examples
from kgov.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from kgov.manifest.repository import Repository


@click.command(
    epilog=examples(
        "kgov explain KG204",
        "kgov explain Topic/orders --env prod",
        "kgov explain Role/consumer",
        "kgov explain Policy/partition-ceiling",
    )
)
@click.argument("subject", metavar="RULE|KIND/NAME")
@environment_option
@click.pass_obj
def explain(settings: Settings, subject: str, env: str | None) -> int:
    """Explain a rule or a Policy, where each value of a Topic comes from, or what a Role gives and to whom."""
    kind, slash, name = subject.partition("/")
    if not slash:
        deliver(_rule(subject))
    elif kind == "Topic":
        deliver(_topic(settings, name, env))
    elif kind == "Role":
        deliver(_role(settings, name))
    elif kind == "Policy":
        deliver(_policy(settings, name, env))
    else:
        raise UsageError(
            f"kgov cannot explain {subject}",
            todo="name a rule (KG204), a Topic/NAME, a Role/NAME or a Policy/NAME",
        )
    return ExitCode.DONE


def _rule(code: str) -> str:
    from kgov.manifest.built_in_roles import BUILT_IN
    from kgov.model.nearest import nearest
    from kgov.policy.page import page_text
    from kgov.policy.registry import RULES

    by_name = {rule.name: rule for rule in RULES.values()}
    rule = RULES.get(code.upper()) or by_name.get(code.lower())
    if rule is None and code[:2].upper() == "KG" and code[2:].isdigit():
        raise _no_such_code(code.upper())
    if rule is None:
        role = (f"Role/{code}",) if code in BUILT_IN else ()
        # Names of topics hold dots, those of rules none.
        topic = (f"Topic/{code}",) if "." in code else ()
        near = (*role, *nearest(code.upper(), RULES), *nearest(code.lower(), by_name), *topic)
        raise UsageError(
            f"there is no rule {code}", todo=f"did you mean {near[0]}?" if near else "see docs/rules"
        )
    return page_text(rule)


def _no_such_code(code: str) -> UsageError:
    """Say what there is in its family: of numbers, one is no slip of another."""
    from kgov.policy.registry import RESERVED, RULES

    if code in RESERVED:
        return UsageError(f"there is no rule {code} yet", why=f"the code is kept for {RESERVED[code]}")
    family = [each for each in RULES if each.startswith(code[:3])]
    there = f"its family is {family[0]} to {family[-1]}: " if family else ""
    return UsageError(f"there is no rule {code}", todo=f"{there}see docs/rules")


def _topic(settings: Settings, name: str, env: str | None) -> str:
    from kgov.manifest.explain import effective_values
    from kgov.manifest.repository import load
    from kgov.plan.review import one_environment
    from kgov.report.explain import topic_text

    repository = load(settings.directory)
    environments = one_environment(repository, env)
    if not environments:
        raise UsageError("kgov.yaml could not be read", todo="run kgov validate")
    values = effective_values(repository, environments[0], name)
    if values is None:
        raise UsageError(
            f"no manifest declares Topic/{name} in {environments[0]}", todo=_near_topic(repository, name)
        )
    return topic_text(name, environments[0], values, settings.style())


def _near_topic(repository: "Repository", name: str) -> str:
    from kgov.manifest.repository import identities
    from kgov.model.nearest import nearest

    near = nearest(name, [resource.name for resource in identities(repository) if resource.kind == "Topic"])
    return f"did you mean Topic/{near[0]}?" if near else ""


def _role(settings: Settings, name: str) -> str:
    from kgov.manifest.explain import grants_of
    from kgov.manifest.repository import load
    from kgov.model.nearest import nearest
    from kgov.report.explain import role_text

    repository = load(settings.directory)
    roles = repository.policies.roles
    if name not in roles:
        near = nearest(name, roles)
        hint = f"did you mean Role/{near[0]}? " if near else ""
        raise UsageError(f"there is no Role/{name}", todo=f"{hint}there are {', '.join(sorted(roles))}")
    return role_text(roles[name], settings.style(), grants_of(repository, name))


def _policy(settings: Settings, name: str, env: str | None) -> str:
    from kgov.manifest.repository import load
    from kgov.model.nearest import nearest
    from kgov.plan.review import one_environment
    from kgov.report.policies import policy_text

    repository = load(settings.directory)
    policies = {policy.name: policy for policy in repository.policies.policies}
    if name not in policies:
        near = nearest(name, policies)
        raise UsageError(
            f"there is no Policy/{name}",
            todo=f"did you mean Policy/{near[0]}?" if near else "declare it with kind: Policy",
        )
    policy = policies[name]
    severity: str = policy.severity
    if env is not None and repository.project is not None:
        one_environment(repository, env)
        severity = repository.project.environments[env].rules.get(policy.code, severity)
    return policy_text(policy, severity, settings.style())
