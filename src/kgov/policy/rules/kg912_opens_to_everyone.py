"""KG912: a resource whose last ACL goes where that opens it to everybody. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG912",
    name="opens-to-everyone",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster; a Consent or --allow lifts what can be lifted",
    page=Page(
        what="""\
The last binding of a resource would be removed on a cluster that sets `allow.everyone.if.no.acl.found`.
`kgov apply` refuses before any write (exit code 4).""",
        why="""\
On such a cluster a resource without bindings is open to everybody. Taking the last right away then gives
all rights to all. The other way round, the first binding on a resource takes it from everybody else, which
a plan calls disruptive. Only the presence of the setting can be seen; `openWithoutAcl: false` in kgov.yaml
states that it is off.""",
        fix="""\
Leave one binding on the resource, such as one for its owner. If it is meant, consent to it with a Consent
(`allow: disruptive`), or with `kgov apply --allow disruptive --reason TEXT`.""",
        failing=(
            Scene("""\
`User:billing` has the only binding on topic `invoices`, and its Access now says `grants: []`."""),
        ),
        passing=(
            Scene("""\
Another principal still has a binding on `invoices`, or on a prefix of it."""),
        ),
        see=("KG910", "KG911"),
    ),
)
