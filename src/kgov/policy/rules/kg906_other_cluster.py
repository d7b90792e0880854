"""KG906: a cluster other than the one that is meant. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG906",
    name="other-cluster",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster",
    page=Page(
        what="""\
The cluster that answers has another id than `clusterId` of the environment in kgov.yaml, or than the saved
plan. Nothing is read further or written (exit code 4).""",
        why="""\
A connection setting that points to the wrong cluster is a small mistake with large effects: the plan of dev
applied to prod.""",
        fix="""\
Check the address that kgov connects to: `kgov -v plan` shows where each setting comes from. If the cluster
was rebuilt, write its new id into kgov.yaml, in a pull request.""",
        failing=(
            Scene("""\
kgov.yaml says `clusterId: 9hXcf256Rum0yxZxOcBilA` for prod, and `--bootstrap-server` leads to the cluster
of dev."""),
        ),
        passing=(
            Scene("""\
Both ids are the same. Without `clusterId` in kgov.yaml only saved plans are checked: production should say
it."""),
        ),
        see=("KG905",),
    ),
)
