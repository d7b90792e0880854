"""KG903: a topic whose replicas differ from the manifest. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG903",
    name="replication-differs",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    page=Page(
        what="""\
A topic's replicas differ from what its manifest says, in all of its partitions or in some. kgov cannot move
replicas yet, so it shows a blocked change, in every plan and audit. `kgov plan --detailed-exitcode` ends
with 2, and `kgov apply` does everything else and ends with 5. While a reassignment runs, kgov only says
that replicas are moving.""",
        why="""\
A topic that was created with one replica stays so, whatever the manifest says, until somebody moves it.
Several tools call this "no change", and the difference is found when a disk dies.""",
        fix="""\
Reassign the replicas with `kafka-reassign-partitions` (with a throttle), or write the number that is live.
To leave it as it is for a while, a Waiver names KG903 and the topic.""",
        failing=(
            Scene("""\
Live, every partition of `orders.created.v1` has 1 replica. Its manifest says `replicas: 3`. The plan lists
the topic under what is blocked."""),
        ),
        passing=(
            Scene("""\
After the reassignment each partition has 3 replicas: the next plan has nothing to say."""),
        ),
        see=("KG204", "KG902"),
    ),
)
