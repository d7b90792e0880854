"""KG222: the topic's criticality asks for a copy at a recovery site, and the site does not get it."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.tiers import TIERS, recovery_site_of, tier_of
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed, quoted

_ASKING: Final = listed(tier for tier, asked in TIERS.items() if asked.recovery_site)


def _check(case: Case) -> Iterator[Problem]:
    environment = case.desired.environment
    if environment.recovery is None:
        return
    site = quoted(environment.recovery.site)
    for topic in case.desired.topics.values():
        tier = tier_of(topic)
        if tier is None or topic.retired or not tier.recovery_site or recovery_site_of(topic, environment):
            continue
        yield Problem(
            "KG222",
            f"criticality {topic.criticality} asks for a copy at a recovery site, "
            f"and recovery.topics of {environment.name} leaves it out of what {site} gets",
            topic.where("criticality"),
            topic.resource,
            hint="have it copied and add it to recovery.topics in kgov.yaml, or lower the criticality",
        )


_KGOV: Final = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    defaults: {{replicas: 3, config: {{min.insync.replicas: 2}}}}
    recovery: {{site: laval, topics: {topics}}}
"""
_TOPIC: Final = """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  criticality: critical
"""

RULE = Rule(
    code="KG222",
    name="recovery-copy-missing",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what=f"""\
A topic is {_ASKING.replace(" and ", " or ")}, its environment has a recovery site (`recovery` in kgov.yaml),
and none of the patterns in `recovery.topics` matches the topic: its records are not copied there.

Where the environment has no `recovery`, nothing is judged, and `kgov report resilience` shows the copy as
lacking. A retired topic is not judged.""",
        why="""\
On the day that the site is needed, what was never copied is not there. A new topic under a new name is easily
forgotten: the list of what is copied stands elsewhere, and nothing fails until then.""",
        fix="""\
Have the topic copied (MirrorMaker 2, Cluster Linking), and add a pattern that matches it to `recovery.topics`
of the environment. If nobody would miss its records there, lower the criticality.""",
        failing=(
            Example(
                files={
                    "kgov.yaml": _KGOV.format(topics='["payments.*"]'),
                    "topics/orders.yaml": _TOPIC,
                },
                says="criticality critical asks for a copy at a recovery site, "
                'and recovery.topics of prod leaves it out of what "laval" gets',
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": _KGOV.format(topics='["payments.*", "orders.*"]'),
                    "topics/orders.yaml": _TOPIC,
                },
            ),
            Example(files={"topics/orders.yaml": _TOPIC}),
        ),
        see=("KG221", "KG405"),
    ),
)
