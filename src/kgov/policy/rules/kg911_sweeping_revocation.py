"""KG911: a principal that would lose most of its grants. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG911",
    name="sweeping-revocation",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster; a Consent or --allow lifts what can be lifted",
    page=Page(
        what="""\
More than half, and at least three, of a principal's live grants would be revoked, so that it really loses
access. `kgov apply` refuses before any write (exit code 4).""",
        why="""\
This is the mark of a first adoption: the manifests name a principal for the first time and forget most of
what it uses. The application would stop in the minute after the apply.""",
        fix="""\
Declare what the principal uses: the plan lists every grant that would go. Or set `undeclaredGrants:
report` until everything is declared. If the revocation is meant, consent to it with a Consent (`allow:
disruptive`), or with `kgov apply --allow disruptive --reason TEXT`.""",
        failing=(
            Scene("""\
Live, `User:billing` has 8 grants. A new Access for `User:billing` declares 2 of them; 6 would go."""),
        ),
        passing=(
            Scene("""\
The Access declares all 8 grants, and later pull requests take them away one by one."""),
        ),
        see=("KG901", "KG910"),
    ),
)
