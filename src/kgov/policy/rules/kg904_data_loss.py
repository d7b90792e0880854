"""KG904: a risky change that nobody consented to. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG904",
    name="data-loss",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster; a Consent or --allow lifts what can be lifted",
    page=Page(
        what="""\
A plan holds a change that can lose data, and nobody has consented to it: deleting a topic, a shorter or
smaller retention, a cleanup policy that starts to delete or to compact, the end of remote storage, unclean
leader election. Where `requireAllow` of the environment says `disruptive`, those changes need consent as
well. `kgov apply` refuses before any write (exit code 4).""",
        why="""\
Kafka deletes what is over the retention within minutes, and nothing brings it back. One digit too few in a
retention is the most expensive typing error there is.""",
        fix="""\
If it is meant, have a Consent manifest reviewed and merged with the change. By hand, `kgov apply --allow
data-loss=Topic/NAME --reason TEXT` consents to one topic.""",
        failing=(
            Scene("""\
Live, `orders.created.v1` keeps its records for 30 days. Its manifest says `retention: 1h`. The plan marks
the change as data-loss, and apply refuses."""),
        ),
        passing=(
            Scene("""\
The pull request brings a Consent along: `allow: data-loss`, `resource: Topic/orders.created.v1`, a reason,
an owner and a day until which it holds."""),
        ),
        see=("KG901", "KG801"),
    ),
)
