"""KG909: a cluster that holds far less than was known of it. Found while planning and applying."""

from kgov.model.finding import Severity
from kgov.policy.rule import Page, Rule, Scene, Stage

RULE = Rule(
    code="KG909",
    name="implausible-cluster",
    severity=Severity.ERROR,
    stage=Stage.PLANNING,
    fixed="it guards the cluster",
    unwaivable="it guards the cluster; leaving out `--previous` lifts it",
    page=Page(
        what="""\
The cluster holds far less than the file of `--previous` (an earlier audit, or the report of an apply) or the
saved plan knew of it: nothing at all, or less than `limits.plausibleShare` (50 %) where ten or more were
known. Topics and ACLs are counted apart, those that are managed by themselves and all of them together. What
the manifests do not ask for any more, and what the plan itself has deleted, is not missed.

`kgov plan` and `kgov apply` stop before anything is asked or written (exit code 4). `kgov audit --previous`
puts this finding first, and keeps what was known in its document, so that the next one does not take the
empty cluster for the normal one.""",
        why="""\
To a tool that compares, an empty cluster is a cluster where all is still to do, and it would create
everything anew: without the data, on what may be the wrong machine, or in the middle of a recovery. Far less
than yesterday is hardly ever what somebody wanted.""",
        fix="""\
Check that it is the right cluster (`kgov -v plan` shows where each setting comes from; say `clusterId` in
kgov.yaml) and the right listener; whether it was restored from an old backup; whether the principal has
lost rights; whether a broker has just started and not loaded its metadata yet. Where it is true, leave
`--previous` out once: `kgov audit --format json -o audit.json` writes what is there now, for the next
`--previous`.""",
        failing=(
            Scene("""\
Yesterday's audit counted 240 topics. Tonight the cluster shows none, and `kgov apply --env prod --yes
--previous yesterday.json` says: of 240 topics that were known, none is there."""),
            Scene("""\
A plan was saved on a healthy cluster and waits for its approval. Before it is applied, half of the brokers'
metadata is lost: `kgov apply plan.json` stops, because the plan knows what was there."""),
        ),
        passing=(
            Scene("""\
A team's forty topics of a hundred were deleted with kgov, and the report of that apply is the next
`--previous`: it counts what it left."""),
        ),
        see=("KG906", "KG907", "KG905"),
    ),
)
