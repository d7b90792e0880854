"""KG221: the cluster has fewer racks than the topic's criticality asks for."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.tiers import TIERS, racks_of, tier_of
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import counted

_ASKED: Final = ", ".join(f"{tier} {asked.racks}" for tier, asked in TIERS.items() if asked.racks > 1)


def _check(case: Case) -> Iterator[Problem]:
    environment = case.desired.environment
    racks = racks_of(environment)
    if racks is None:
        return
    for topic in case.desired.topics.values():
        tier = tier_of(topic)
        # Where the cluster has the racks and the topic too few replicas to stand in them, KG204 says so.
        if tier is None or topic.retired or racks >= tier.racks:
            continue
        yield Problem(
            "KG221",
            f"criticality {topic.criticality} asks for replicas in {tier.racks} racks, "
            f"and {environment.name} has {counted(racks, 'rack')}",
            topic.where("criticality"),
            topic.resource,
            hint="lower the criticality there, or spread the brokers and correct capacity.racks in kgov.yaml",
        )


_KGOV: Final = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {{replicas: 3, config: {{min.insync.replicas: 2}}}}
    capacity: {{brokers: 6, racks: {racks}}}
"""
_TOPIC: Final = """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  criticality: critical
"""

RULE = Rule(
    code="KG221",
    name="too-few-racks",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what=f"""\
A topic says how critical it is, its environment says in how many racks (or zones) its brokers stand
(`capacity.racks` in kgov.yaml), and those are fewer than the tier asks for:
{_ASKED}; a standard topic asks for nothing.

Where the environment says no racks, nothing is judged, and `kgov report resilience` shows them as not said.
Where there are racks enough and the topic has too few replicas to stand in them, that is KG204. A retired
topic is not judged.""",
        why="""\
Replicas in one rack are lost together: with its switch, its power, its room. With three replicas in two
racks, losing the one that holds two of them stops every writer with `acks=all`: two must be in sync.""",
        fix="""\
Spread the brokers over more racks and say so, to Kafka (`broker.rack`) and in `capacity.racks`. Where this
cluster is not meant to survive a rack (a test environment, say), give the topic a lower criticality there
(`environments: {dev: {criticality: standard}}`), or set the rule to `off` for that environment. Whether the
replicas of a topic really stand apart, `kgov report resilience --live` shows.""",
        failing=(
            Example(
                files={"kgov.yaml": _KGOV.format(racks=2), "topics/orders.yaml": _TOPIC},
                says="criticality critical asks for replicas in 3 racks, and prod has 2 racks",
            ),
        ),
        passing=(
            Example(files={"kgov.yaml": _KGOV.format(racks=3), "topics/orders.yaml": _TOPIC}),
            Example(files={"topics/orders.yaml": _TOPIC}),
        ),
        see=("KG204", "KG222"),
    ),
)
