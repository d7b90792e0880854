"""KG804: a waiver or a consent that does not say why."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.leftover import leftover
from kgov.policy.exceptions import exceptions
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted


def _check(case: Case) -> Iterator[Problem]:
    for each in exceptions(case.desired):
        left = leftover(each.reason)
        if each.reason and not left:
            continue
        what = f"only {quoted(left)} for a reason, as a template does" if left else "no reason"
        yield Problem(
            "KG804",
            f"the {each.noun} gives {what}",
            each.where.get("reason", each.place),
            each.id,
            hint="say what stands in the way of mending it, and until when",
        )


RULE = Rule(
    code="KG804",
    name="waiver-without-reason",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    unwaivable="say why in the waiver itself",
    page=Page(
        what="""\
A Waiver or a Consent has no `reason`, an empty one, or what a template left behind: `because ...`, `TODO`,
`<reason>`, `n/a`, `your reason here`.""",
        why="""\
The reason is what the next reader has to decide by: whether the exception still stands, and whether it is a
precedent. In one public repository 105 of 107 exceptions said `because ...`, and nobody could tell any more
which of them were needed.""",
        fix="""\
Say in a sentence what stands in the way, who is concerned and what will end it: "the warehouse reads this
name until it is replaced in spring" is one.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {replicas: 1, config: {min.insync.replicas: 1}}
""",
                    "policies/waivers.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {members: ["alice@example.com"]}
---
apiVersion: kgov/v1
kind: Waiver
metadata: {name: one-replica}
spec:
  rule: KG204
  resource: Topic/orders.created.v1
  reason: because ...
  owner: orders
  expires: 2027-03-31
""",
                },
                says='the waiver gives only "because ..." for a reason, as a template does',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {replicas: 1, config: {min.insync.replicas: 1}}
""",
                    "policies/waivers.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {members: ["alice@example.com"]}
---
apiVersion: kgov/v1
kind: Waiver
metadata: {name: one-replica}
spec:
  rule: KG204
  resource: Topic/orders.created.v1
  reason: one broker until the new cluster is there
  owner: orders
  expires: 2027-03-31
""",
                },
            ),
        ),
        see=("KG801", "KG803"),
    ),
)
