"""KG801: a waiver or a consent whose day has passed."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.place import ResourceId
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted


def _check(case: Case) -> Iterator[Problem]:
    for waiver in case.desired.waivers:
        if waiver.expires < case.today:
            yield Problem(
                "KG801",
                f"the waiver of {waiver.rule} for {waiver.resource} by {quoted(waiver.owner)} "
                f"ended on {waiver.expires}, and sets nothing aside any more",
                waiver.where.get("expires", waiver.place),
                ResourceId("Waiver", waiver.name),
                hint="mend what it was for and take it away, or have it agreed again with a new day",
            )
    for consent in case.desired.consents:
        if consent.expires < case.today:
            yield Problem(
                "KG801",
                f"the consent to {consent.allow} for {consent.resource} by {quoted(consent.owner)} "
                f"ended on {consent.expires}, and lets nothing through any more",
                consent.where.get("expires", consent.place),
                ResourceId("Consent", consent.name),
                hint="take it away if the change was made, or have it agreed again with a new day",
            )


RULE = Rule(
    code="KG801",
    name="waiver-expired",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    unwaivable="renew the waiver itself, or take it away",
    page=Page(
        what="""\
The `expires` day of a Waiver or a Consent has passed. That day itself still counts. From the next day on it
sets nothing aside: what it covered is reported again, beside this finding.""",
        why="""\
Somebody agreed to an exception until a day, so that it would be looked at again. If it ran on quietly,
every exception would be for ever; if only the old finding came back, nobody would know why it does today.""",
        fix="""\
Mend what the waiver was for and take it away. If it is needed for longer, give it a new day, in a pull
request that its owner agrees to. A consent whose change has been made is simply taken away.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {replicas: 3}
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
  expires: 2020-03-31
""",
                },
                says='the waiver of KG204 for Topic/orders.created.v1 by "orders" ended on 2020-03-31, '
                "and sets nothing aside any more",
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
        see=("KG008", "KG802", "KG803", "KG804"),
    ),
)
