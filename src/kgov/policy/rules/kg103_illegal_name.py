"""KG103: a topic name that no Kafka accepts."""

import string
from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

LONGEST: Final = 249
"""Characters of a topic name (``org.apache.kafka.common.internals.Topic``): the rest of a file name's 255."""

_LEGAL: Final = frozenset(string.ascii_letters + string.digits + "._-")

_PLACEHOLDER: Final = frozenset("{}$%<>")
"""With these, templates mark what is to be filled in: ``{stack}``, ``$ENV``."""


def fault(name: str) -> str:
    """Say what makes a topic name illegal, as the end of a sentence; empty where it is legal."""
    if not name:
        return "is empty"
    if name in {".", ".."}:
        return f"is {quoted(name)}, which means a folder"
    for position, letter in enumerate(name, start=1):
        if letter not in _LEGAL:
            return f"has {_shown(letter)} at position {position}"
    if len(name) > LONGEST:
        return f"is {len(name)} characters long, {len(name) - LONGEST} too many"
    return ""


def _shown(letter: str) -> str:
    if letter == " ":
        return "a blank"
    number = f"U+{ord(letter):04X}"
    return f'"{letter}" ({number})' if letter.isprintable() else number


def _hint(name: str) -> str:
    if _PLACEHOLDER.isdisjoint(name):
        return f'use a-z, A-Z, 0-9, ".", "_" and "-", at most {LONGEST} of them'
    return "if a template was to fill this in, render it first and commit what comes out"


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if wrong := fault(topic.name):
            yield Problem(
                "KG103",
                f"the name {wrong}, and Kafka refuses it",
                topic.place,
                topic.resource,
                hint=_hint(topic.name),
            )


RULE = Rule(
    code="KG103",
    name="illegal-name",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic's name is one that no Kafka accepts: it is empty, `.` or `..`, longer than 249 characters, or has a
character other than `a-z`, `A-Z`, `0-9`, `.`, `_` and `-`. The first wrong character is named with its
position. No other rule about names is reported beside it.""",
        why="""\
A topic's name becomes a folder on the brokers' disks, so Kafka limits it to what every file system takes.
The broker would refuse it in the middle of an apply; here it is refused in the pull request.""",
        fix="""\
Write the name with the characters above: without accents, blanks, slashes or colons. Where a template was
to fill in a part of it, as in `{stack}-orders`, render it first. A Waiver silences the finding, and brokers
refuse the name all the same.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: "commandes/créées"}
spec: {partitions: 6}
"""
                },
                says='the name has "/" (U+002F) at position 10, and Kafka refuses it',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: commandes.creees}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG101", "KG104"),
    ),
)
