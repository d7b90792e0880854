"""KG803: a waiver or a consent that runs for longer than agreed."""

from collections.abc import Iterator
from datetime import timedelta

from kgov.model.finding import Problem, Severity
from kgov.policy.exceptions import exceptions
from kgov.policy.rule import Case, Example, Page, Rule, Stage


def _check(case: Case) -> Iterator[Problem]:
    most = case.desired.project.waiver_max_days
    for each in exceptions(case.desired):
        days = (each.expires - case.today).days
        if days > most:
            yield Problem(
                "KG803",
                f"the {each.noun} runs until {each.expires}, {days} days from now: {most} are the most",
                each.where.get("expires", each.place),
                each.id,
                hint=f"let it end by {case.today + timedelta(days=most)}; it can be renewed then",
            )


RULE = Rule(
    code="KG803",
    name="waiver-too-long",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    unwaivable="give it an earlier day, or raise waivers.maxDays of kgov.yaml",
    page=Page(
        what="""\
A Waiver or a Consent `expires` more than 365 days from today, or more than `waivers.maxDays` of kgov.yaml
where that is said.""",
        why="""\
An exception without an end is a change of the rule that nobody agreed to. The day makes somebody look
again: whether the reason still holds, and whether the one who agreed is still there.""",
        fix="""\
Choose a day that lies nearer, by which the reason should be gone. If it is not, the waiver can be renewed
in a pull request. Where exceptions last longer by nature, raise `waivers.maxDays` in kgov.yaml once, for
all to see.""",
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
  reason: one broker until the new cluster is there
  owner: orders
  expires: 2031-03-31
""",
                },
                says="the waiver runs until 2031-03-31, 1750 days from now: 365 are the most",
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
        see=("KG801", "KG804"),
    ),
)
