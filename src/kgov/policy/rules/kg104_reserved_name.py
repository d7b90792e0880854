"""KG104: a topic name that belongs to Kafka, to its satellites, or to what kgov.yaml protects."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.glob import matches, matches_any
from kgov.model.project import BUILT_IN_PROTECTED
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_STATE: Final = ("configs", "offsets", "status")

MADE_BY_PROGRAMS: Final = {
    "Kafka Streams": (
        "*-changelog",
        "*-repartition",
        "*-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-*-topic",
        "*-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-*-topic",
    ),
    "Kafka Connect": (
        *(f"connect-{kind}" for kind in _STATE),
        *(f"*-connect-{kind}" for kind in _STATE),
        *(f"connect-cluster-{kind}" for kind in _STATE),
    ),
    "MirrorMaker": ("mm2-*.internal", "*.checkpoints.internal"),
}
"""Names that programs give to the topics that hold their state.

Streams: ``<application.id>-<store>-changelog``, ``…-repartition``, foreign-key joins. Connect lets its operator
choose: these are the names of its own sample settings and of common distributions, and no wider net, so that a
topic about connections raises no alarm. MirrorMaker: ``MirrorConnectorConfig``.
"""


_RESERVED: Final = (*BUILT_IN_PROTECTED, *(each for patterns in MADE_BY_PROGRAMS.values() for each in patterns))


def _check(case: Case) -> Iterator[Problem]:
    protected = case.desired.project.scope.protects_topics
    for topic in case.desired.topics.values():
        # Hardly any name is reserved: which pattern reserves it is asked only then.
        if not matches_any(_RESERVED, topic.name) and not matches_any(protected, topic.name):
            continue
        claim, hint = _claim(topic.name, protected)
        yield Problem("KG104", f"{quoted(topic.name)} {claim}", topic.place, topic.resource, hint)


def _claim(name: str, protected: tuple[str, ...]) -> tuple[str, str]:
    """Find who holds a reserved name, and what to do about it; the nearest to Kafka first."""
    for pattern in BUILT_IN_PROTECTED:
        if matches(pattern, name):
            return (
                f'matches "{pattern}": it holds the state of Kafka itself or of a part of the platform',
                "choose another name; kgov never touches such a topic",
            )
    for pattern in protected:
        if matches(pattern, name):
            return (
                f"matches {quoted(pattern)}, which kgov.yaml protects",
                "choose another name, or take the pattern out of protects.topics in kgov.yaml",
            )
    every = ((program, pattern) for program, patterns in MADE_BY_PROGRAMS.items() for pattern in patterns)
    program, pattern = next(each for each in every if matches(each[1], name))
    return (
        f'matches "{pattern}": {program} makes topics of that name for itself',
        f"choose another name, and leave those topics to {program}",
    )


RULE = Rule(
    code="KG104",
    name="reserved-name",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG103",),
    page=Page(
        what=f"""\
A manifest declares a topic whose name belongs to somebody else:

- Kafka and its satellites: {", ".join(f"`{pattern}`" for pattern in BUILT_IN_PROTECTED)};
- what `protects.topics` in kgov.yaml names;
- topics that Kafka Streams, Kafka Connect and MirrorMaker make for themselves: {
            ", ".join(f"`{pattern}`" for patterns in MADE_BY_PROGRAMS.values() for pattern in patterns)
        }.

Retired topics are checked too: retiring `__consumer_offsets` would delete it.""",
        why="""\
These topics hold positions of consumers, transactions, schemas, connectors and state stores. Their settings
are part of the program that owns them: another retention or cleanup policy silently loses its state. kgov
never touches protected topics (KG910), so a manifest for one could never take effect.""",
        fix="""\
Choose another name. Where your team really does keep, say, the topics of Kafka Connect in Git, set the rule
aside for each of them with a Waiver. For a protected name a Waiver silences only this rule: the plan still
leaves the topic alone until the pattern is taken out of `protects.topics`.""",
        failing=(
            Example(
                files={
                    "topics/offsets.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: __consumer_offsets}
spec: {partitions: 50}
"""
                },
                says='"__consumer_offsets" matches "__*": '
                "it holds the state of Kafka itself or of a part of the platform",
            ),
            Example(
                files={
                    "topics/counts.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: basket-app-counts-changelog}
spec: {partitions: 6}
"""
                },
                says='"basket-app-counts-changelog" matches "*-changelog": '
                "Kafka Streams makes topics of that name for itself",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/counts.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: basket.counts.updated.v1}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG103", "KG910"),
    ),
)
