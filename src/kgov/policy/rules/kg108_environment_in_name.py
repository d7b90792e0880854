"""KG108: a topic name that says an environment, such as ``prod`` or ``staging``."""

from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.policies import NamingConvention
from kgov.model.topic import Topic
from kgov.policy.names import unversioned, words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_ANYWHERE: Final = frozenset({"dev", "staging", "prod", "preprod", "nonprod", "prd", "stg", "uat"})
"""Words that mean an environment wherever they stand."""

_AT_THE_ENDS: Final = frozenset({"development", "production", "qa", "test"})
"""Words that are business too (a laboratory's test): they count as the first or the last word of a name."""


def _check(case: Case) -> Iterator[Problem]:
    environments = frozenset(name.casefold() for name in case.desired.project.environments)
    here = case.desired.environment.name
    others = environments - {here.casefold()}
    watched = _ANYWHERE | _AT_THE_ENDS | others
    for topic in case.desired.topics.values():
        said = words(topic.name)
        if topic.retired or watched.isdisjoint(said):
            continue
        hint = "leave it out of the name: which cluster a topic is on says it already"
        if word := next((word for word in said if word in others), ""):
            message = (
                f"{quoted(topic.name)} says an environment, {quoted(word)}, and is declared for {quoted(here)}"
            )
            yield Problem("KG108", message, topic.place, topic.resource, hint)
        elif word := _environment(topic, said, case.desired.conventions):
            message = f"{quoted(topic.name)} says an environment, {quoted(word)}"
            yield Problem("KG108", message, topic.place, topic.resource, hint)


def _environment(topic: Topic, said: list[str], conventions: tuple[NamingConvention, ...]) -> str:
    """Find the first word that means an environment and that no convention asks for; empty where none does."""
    bare = words(unversioned(topic.name))
    ends = {*bare[:1], *bare[-1:]}
    for word in said:
        means_one = word in _ANYWHERE or (word in _AT_THE_ENDS and word in ends)
        if means_one and not _is_asked_for(word, topic, conventions):
            return word
    return ""


def _is_asked_for(word: str, topic: Topic, conventions: tuple[NamingConvention, ...]) -> bool:
    """Say whether the naming convention lists the word for the segment that it stands in."""
    places = {name for name, value in topic.segments.items() if word in words(value)}
    return any(
        segment.name in places and segment.values is not None and topic.segments[segment.name] in segment.values
        for convention in conventions
        for segment in convention.segments
    )


RULE = Rule(
    code="KG108",
    name="environment-in-name",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG103", "KG104"),
    page=Page(
        what=f"""\
A topic's name has a word (between `.`, `_` and `-`) that means an environment:

- {", ".join(f"`{word}`" for word in sorted(_ANYWHERE))} anywhere in the name;
- {", ".join(f"`{word}`" for word in sorted(_AT_THE_ENDS))} as its first or its last word, not counting the
  version;
- the name of another environment of kgov.yaml than the one that the topic is declared for.

Whole words only: `products` and `developers` are fine. A word that the naming convention lists among the
`values` of its segment is asked for and fine too, unless it is the name of another environment.""",
        why="""\
An environment is a cluster, and the name of a topic is the same on all of them: producers and consumers are
tested with the name that they later run with. `staging` in a name on the production cluster is either a
topic that was copied to the wrong place, or test data beside real data, with the same rights.""",
        fix="""\
Leave the word out. A topic that only one environment has says so in its manifest:
`environments: {dev: null}` means that it is not there in `dev`. Where several environments share a cluster,
put the word into the naming convention, as a segment with its values.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders-prod.created.v1}
spec: {partitions: 6}
"""
                },
                says='"orders-prod.created.v1" says an environment, "prod"',
            ),
            Example(
                files={
                    "kgov.yaml": """\
apiVersion: kgov/v1
kind: Project
environments:
  eu: {}
  us: {}
""",
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: eu.orders.created.v1}
spec:
  partitions: 6
  environments: {eu: null}
""",
                },
                says='"eu.orders.created.v1" says an environment, "eu", and is declared for "us"',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.product-developers.created.v1}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG101", "KG109"),
    ),
)
