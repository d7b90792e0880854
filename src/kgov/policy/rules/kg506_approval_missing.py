"""KG506: an ApprovalPolicy applies, and who must agree has not. Found by ``kgov.approval``."""

from typing import Final

from kgov.model.finding import Severity
from kgov.policy.rule import Example, Page, Rule, Stage

_POLICIES: Final = """\
apiVersion: kgov/v1
kind: Team
metadata: {name: data-governance}
spec: {members: ["dana@example.com"]}
---
apiVersion: kgov/v1
kind: ApprovalPolicy
metadata: {name: personal-data}
spec: {when: object.spec.data.personal, approvers: [data-governance]}
"""

RULE = Rule(
    code="KG506",
    name="approval-missing",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    fixed="a pull request could approve itself with it",
    unwaivable="a pull request could approve itself with it; what it waits for is an approval",
    page=Page(
        what="""\
An ApprovalPolicy asks that people of certain teams have agreed to a resource as it is, and too few have. An
approval is bound to content: to the SHA-256 of what one environment makes of the manifest. It counts when
it

- is a signed statement in `approvals/`, made by `kgov approve`, or a review on GitHub or an approval on
  GitLab where kgov is told to ask for those;
- is about this repository, environment, resource and content;
- comes from a member of one of the teams in `approvers`, who is not an author of the change;
- is not past its term.

Teams, members, signers' keys and policies are those of the base revision, which is the target branch
without the pull request: a pull request cannot change who must agree to it. Only a policy that it adds asks
at once. Without a base revision nobody's approval counts.

`kgov validate` ends with 3. `kgov plan` shows it and goes on, so that there is something to agree to, and
`kgov apply` refuses (4) where the plan changes what was not agreed to. An approval for access also settles
KG314, where it comes from the team whose data are read.""",
        why="""\
Some changes are not only for the team that makes them: whoever answers for personal data must have seen
which are kept, for how long, and who reads them. An approval that is bound to a commit says nothing after
the next push, and one that is bound to a pull request still stands when its content has changed.""",
        fix="""\
Let a member of the teams named run `kgov approve Topic/NAME`, which shows what is agreed to and signs, and
commit what it wrote to `approvals/`. Where the content changes after that, somebody must agree again. If
nobody has to agree, have the policy changed and merged first.""",
        failing=(
            Example(
                files={
                    "topics/customers.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: commerce.customers.created.v1}
spec:
  partitions: 6
  retention: 30d
  keyed: true
  data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}
""",
                    "policies/personal-data.yaml": _POLICIES,
                },
                says='object.spec.data.personal: the ApprovalPolicy "personal-data" wants 1 member of '
                '"data-governance" to agree to it as it is, and nobody has agreed; this is not '
                "a Git repository: kgov cannot tell whose agreement counts",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/carts.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: commerce.carts.created.v1}
spec:
  partitions: 6
  retention: 30d
  keyed: true
  data: {classification: internal, personal: false}
""",
                    "policies/personal-data.yaml": _POLICIES,
                },
            ),
        ),
        see=("KG314", "KG501", "KG904"),
    ),
)
