"""KG908: partitions are added to a topic whose records have keys. Found while planning."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG908",
    name="keyed-growth",
    severity=Severity.WARNING,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster; where disruptive changes need consent, a Consent or --allow gives it",
    page=Page(
        what="""\
A plan adds partitions to a topic whose records have keys, that is compacted, or whose manifest does not say
`keyed: false`. The plan says so as a warning. The change is disruptive, so that `kgov apply` refuses it without
consent where `requireAllow` of the environment lists `disruptive`; elsewhere it is made.""",
        why="""\
A producer picks the partition of a key from the number of partitions. With more of them, most keys move: new
records of a key go to another partition than its old ones, so that consumers see them out of order and state
that was built from one partition, as in Kafka Streams, no longer fits. On a compacted topic the old value of a
moved key stays in its old partition for good. Kafka never moves the records that are there.""",
        fix="""\
If nothing relies on keys, say `keyed: false`. Otherwise declare a new topic of the next version with the
partitions that are needed, move producers, let consumers finish the old topic, and retire it. If it is to grow
all the same, stop producers, let consumers read to the end, grow, and start again.""",
        failing=(
            Scene("""\
`orders.created.v1` has 6 partitions on the cluster and `keyed: true` in its manifest, which now says
`partitions: 12`. The plan shows the change as disruptive, with this finding beside it."""),
        ),
        passing=(
            Scene("""\
The manifest says `keyed: false`, and the topic is not compacted: any partition is as good as another."""),
        ),
        see=("KG207", "KG902"),
    ),
)
