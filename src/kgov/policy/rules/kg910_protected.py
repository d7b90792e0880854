"""KG910: a change to what kgov must not touch. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG910",
    name="protected",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster",
    page=Page(
        what="""\
A change would touch a protected topic (built in, or `protects.topics` of kgov.yaml), the grants of a
protected principal, something outside of `manages`, or take a right that kgov itself is using. `kgov apply`
refuses before any write (exit code 4).""",
        why="""\
Protected things hold the cluster together, and no pull request should be able to reach them. If kgov took
its own rights in the middle of an apply, it could neither go on nor undo what it has done.""",
        fix="""\
Take the object out of the manifests. If it is to be managed after all, the pattern comes out of `protects`,
or into `manages`, in kgov.yaml. Rights of kgov's own principal are best granted by an administrator, by
hand.""",
        failing=(
            Scene("""\
kgov runs as `User:kgov`, and an Access for `User:kgov` no longer grants Describe on the cluster."""),
        ),
        passing=(
            Scene("""\
`protects: {principals: ["User:kgov"]}` in kgov.yaml, and no manifest that names `User:kgov`."""),
        ),
        see=("KG104", "KG907"),
    ),
)
