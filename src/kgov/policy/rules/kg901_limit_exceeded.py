"""KG901: a plan that destroys more than the environment allows. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG901",
    name="limit-exceeded",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster; a Consent or --allow lifts what can be lifted",
    page=Page(
        what="""\
A plan deletes more topics, revokes more bindings or changes a greater share of what exists than `limits` of
the environment allow: by default 5 topics, 50 bindings, and 30 % of the managed objects that exist, from 10
objects up. Creations do not count. `kgov plan` shows it and goes on; `kgov apply` refuses before any write
(exit code 4).""",
        why="""\
A bad merge, a wrong folder or a script gone wrong shows first in the numbers. A plan that touches a third
of the cluster is either a migration that everybody knows about, or an accident.""",
        fix="""\
Look at each change. If all of it is meant, run `kgov apply --allow limits --reason TEXT`; the reason is
written into the report. A larger limit for good belongs in `limits` of the environment in kgov.yaml.""",
        failing=(
            Scene("""\
kgov.yaml says `limits: {deletes: 0}` for prod. A pull request sets one topic to `lifecycle: {state:
retired}`. The plan shows the deletion and says that 1 topic deletion is over the 0 that are allowed."""),
        ),
        passing=(
            Scene("""\
The same plan is applied with `--allow limits --reason "replaced by v2, agreed with its readers"` and a
consent to the data loss (KG904)."""),
        ),
        see=("KG904", "KG911"),
    ),
)
