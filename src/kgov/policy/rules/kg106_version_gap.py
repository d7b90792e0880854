"""KG106: a version of a topic whose forerunner is nowhere to be found."""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from kgov.model.finding import Problem, Severity
from kgov.model.live import Live, NotLookedAt
from kgov.policy.names import SEPARATORS, Versioned, version
from kgov.policy.rule import Case, Example, LiveMatters, Page, Rule, Stage
from kgov.policy.wording import quoted

_FIRST: Final = 3
"""The lowest version that is judged: the forerunner of ``v2`` often bears no version at all."""


class _Lower(NamedTuple):
    name: str
    number: int


def _check(case: Case) -> Iterator[Problem]:
    declared, unread = case.desired.topics, case.desired.unread
    if "Topic" in unread.kinds:
        # Any version may be in what cannot be read.
        return
    exist = _existing(case.live)
    # What cannot be read is there all the same.
    named = {*declared, *unread.names_of("Topic")}
    for topic in declared.values():
        found = version(topic.name)
        # One that exists already has its name for good.
        if found is None or found.number < _FIRST or topic.retired or topic.name in exist:
            continue
        if not _known(found, found.number - 1, named) and not _known(found, found.number - 1, exist):
            message = f"{quoted(topic.name)} is declared, and there is no v{found.number - 1} of it"
            lower = _highest(found, declared, exist)
            hint = (
                f"the version after {quoted(lower.name)} is v{lower.number + 1}"
                if lower
                else "begin with v1; of a topic that went away, keep the retired manifest until this one exists"
            )
            yield Problem("KG106", message, topic.place, topic.resource, hint)


def _existing(live: Live | None) -> Collection[str]:
    """Name every topic of the cluster that was looked at."""
    if live is None:
        return ()
    others = () if isinstance(live.other_topics, NotLookedAt) else live.other_topics
    return {*live.topics, *others}


def _known(found: Versioned, number: int, names: Collection[str]) -> str:
    """Find that version among the names, whichever separator stands before it; empty where there is none."""
    before, letter = found.stem[:-2], found.stem[-1]
    spellings = (found.stem, *(f"{before}{separator}{letter}" for separator in SEPARATORS))
    return next((name for stem in spellings if (name := f"{stem}{number}") in names), "")


def _highest(found: Versioned, *everywhere: Collection[str]) -> _Lower | None:
    """Find the highest version below the gap."""
    for number in range(found.number - 2, 0, -1):
        for names in everywhere:
            if name := _known(found, number, names):
                return _Lower(name, number)
    return None


RULE = Rule(
    code="KG106",
    name="version-gap",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    sees_live=True,
    live_matters=LiveMatters.WHERE_FOUND,
    yields_to=("KG101", "KG103", "KG104"),
    page=Page(
        what="""\
A topic whose name ends in `v3` or a higher version is declared, and the version before it is not: neither
declared, retired ones included, nor, when kgov plans or audits, on the cluster. `.v3`, `-v3` and `_v3` are
taken for the same. A `v2` alone is fine: its predecessor often has no version in its name.

Once the topic exists on the cluster, plan and audit say nothing any more: it keeps its name.""",
        why="""\
A version that was left out is mostly a slip, or two teams that each took the next number in branches of
their own. Consumers then look for a `v2` that never was, and nobody can tell whether its records are lost.""",
        fix="""\
Take the next free number. If the version before was there and has been deleted, keep its retired manifest
until the new topic exists, or set the rule aside with a Waiver.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {partitions: 6}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v3}
spec: {partitions: 6}
"""
                },
                says='"orders.created.v3" is declared, and there is no v2 of it',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v2}
spec:
  partitions: 6
  lifecycle: {state: retired, replacedBy: orders.created.v3}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v3}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG101", "KG107"),
    ),
)
