"""KG905: a saved plan that no longer fits the cluster, or that was edited. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG905",
    name="stale-plan",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster",
    page=Page(
        what="""\
A saved plan is applied, and something that it touches is neither as it was when the plan was made nor as
the plan wants it: another value, another topic of the same name, another grant of the principal. Or the
file was edited. Nothing is written (exit code 4), and what differs is named.""",
        why="""\
A plan was reviewed against a state of the cluster. Applied to another one, it may undo what somebody
repaired in the night. What already is as the plan wants it counts as done, so that a plan whose first run
was cut short can be run again.""",
        fix="""\
Make a new plan with `kgov plan -o plan.json`, look at it, and apply that one.""",
        failing=(
            Scene("""\
`kgov plan -o plan.json` wants `retention.ms` of `orders.created.v1` from 7d to 14d. Before `kgov apply
plan.json`, somebody sets it to 30d by hand. Apply refuses and names the topic."""),
        ),
        passing=(
            Scene("""\
Nobody touches the topic in between, or somebody has already set it to 14d."""),
        ),
        see=("KG906",),
    ),
)
