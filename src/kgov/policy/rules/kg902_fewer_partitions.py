"""KG902: a manifest that asks for fewer partitions than live. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG902",
    name="fewer-partitions",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    page=Page(
        what="""\
A manifest asks for fewer partitions than the topic has. kgov shows it as a blocked change, in every plan
and audit, until the manifest is mended. `kgov plan --detailed-exitcode` ends with 2, and `kgov apply` does
everything else and ends with 5.""",
        why="""\
Kafka cannot take partitions away. The only way would be to delete the topic and make it again, with all its
records gone; kgov never does that to change a topic. Other tools call this "no change", or delete the
topic.""",
        fix="""\
Write the number that is live. If fewer are really needed, declare a new topic with the next version, move
producers and consumers, and retire the old one. To leave it as it is for a while, a Waiver names KG902 and
the topic.""",
        failing=(
            Scene("""\
Live, `orders.created.v1` has 12 partitions. Its manifest says `partitions: 6`. The plan lists the topic
under what is blocked."""),
        ),
        passing=(
            Scene("""\
The manifest says `partitions: 12`, or more; growing is a change that kgov can make."""),
        ),
        see=("KG903",),
    ),
)
