"""KG309: a reader of topics that may join no consumer group."""

from collections.abc import Iterator

from kgov.model.acl import ANYBODY, AclBinding, Operation, ResourceType
from kgov.model.finding import Problem, Severity
from kgov.model.place import Place, ResourceId
from kgov.policy.grants import at_name, in_words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed


def _check(case: Case) -> Iterator[Problem]:
    reads_group = case.filing.allows(ResourceType.GROUP, (Operation.READ, Operation.ALL))
    grouped = {binding.principal for binding in reads_group}
    if ANYBODY in grouped:
        return
    first: dict[str, tuple[Place, ResourceId, AclBinding]] = {}
    for binding in case.filing.allows(ResourceType.TOPIC, (Operation.READ,)):
        if binding.principal in grouped:
            continue
        for grant in case.desired.bindings[binding]:
            if not grant.groupless:
                found = (at_name(binding, grant), grant.resource, binding)
                # One principal lacks one group, however many grants let it read.
                first[binding.principal] = min(first.get(binding.principal, found), found, key=_order)
    together: dict[tuple[Place, ResourceId], list[AclBinding]] = {}
    for place, resource, binding in first.values():
        together.setdefault((place, resource), []).append(binding)
    for (place, resource), bindings in together.items():
        who = listed(sorted(binding.principal for binding in bindings))
        yield Problem(
            "KG309",
            f"{who} may read {in_words(bindings[0].resource)}, and no consumer group",
            place,
            resource,
            hint="grant the group that it reads in, or say groupless: true where it reads by assign()",
        )


def _order(found: tuple[Place, ResourceId, AclBinding]) -> tuple[Place, ResourceId, str]:
    return found[0], found[1], str(found[2])


RULE = Rule(
    code="KG309",
    name="consumer-without-group",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Access", "Acl", "Role", "Team"),
    yields_to=("KG301",),
    page=Page(
        what="""\
A principal may `Read` a topic, and no manifest lets it `Read` any group. It is reported once for each
principal, at the first grant that lets it read.

Programs that read by assignment (`assign()`) need no group. A grant in an Access and a binding of an Acl
say so with `groupless: true`; a Role with `groupless: true` says so for all its grants, as the built-in
`schema-reader` does.""",
        why="""\
A consumer that subscribes joins a group, and Kafka asks for `Read` on that group as well as on the topic.
With the topic alone it gets GroupAuthorizationException at its first poll, in production, because on the
laptop there was no authorizer.""",
        fix="""\
Give the grant its `group` (the `group.id` of the application), or in an Acl a binding with `{resource:
Group, name: …, operations: [Read]}`. Where the program really assigns partitions to itself, say `groupless:
true`.""",
        failing=(
            Example(
                files={
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topic: orders.created.v1}
"""
                },
                says='User:reports may read Topic "orders.created.v1", and no consumer group',
            ),
        ),
        passing=(
            Example(
                files={
                    "acls/reports.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: reports}
spec:
  principal: User:reports
  grants:
    - {role: consumer, topic: orders.created.v1, group: reports}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: replay-tool}
spec:
  principal: User:replay-tool
  grants:
    - {role: consumer, topic: orders.created.v1, groupless: true}
"""
                },
            ),
        ),
        see=("KG310",),
    ),
)
