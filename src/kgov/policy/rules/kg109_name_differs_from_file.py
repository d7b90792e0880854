"""KG109: a file that is named after one thing and declares a topic of another."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic import Topic
from kgov.policy.names import unversioned, words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_NEUTRAL_WORDS: Final = """
all and common data default demo dev event events example examples file for index internal kafka main
manifest manifests message messages misc new of old other others prod public qa sample shared staging
stream streams test topic topics uat yaml
"""
_NEUTRAL: Final = frozenset(_NEUTRAL_WORDS.split())
"""Words that files are named with whatever is in them."""

_SHORTEST: Final = 3
"""Letters of a word that says something: shorter ones are abbreviations."""

_ALIKE: Final = 4
"""So many letters that two words begin with make them the same word: ``parcels`` and ``parcel``."""


def _check(case: Case) -> Iterator[Problem]:
    topics = case.desired.topics.values()
    held = Counter(topic.place.file for topic in topics)
    for topic in topics:
        if held[topic.place.file] == 1 and not topic.retired:
            stem = topic.place.file.rpartition("/")[2].rpartition(".")[0]
            if stem not in topic.name and _differs(stem, topic):
                message = f"the file says {quoted(stem)}, and the topic is {quoted(topic.name)}"
                hint = "if the manifest was copied, mend the name; else name the file after the topic"
                yield Problem("KG109", message, topic.place, topic.resource, hint)


def _differs(stem: str, topic: Topic) -> bool:
    """Say whether no word of a file's name is in the topic's, or all but the last one are."""
    said = [word for word in words(unversioned(stem)) if word not in _NEUTRAL]
    if not said or any(len(word) < _SHORTEST for word in said):
        return False
    named = [word for word in words(unversioned(topic.name)) if word not in _NEUTRAL]
    shared = [_stands_in(word, named) for word in said]
    if not any(shared) or _is_like_the_domain_alone(said, named, topic):
        return bool(named) and not any(_stands_in(word, words(topic.owner or "")) for word in said)
    # `ddas-commands.yaml` with `ddas.images`: the file repeats the whole name, and its last word is another.
    return len(said) == len(named) > 1 and said[:-1] == named[:-1] and not shared[-1]


def _is_like_the_domain_alone(said: list[str], named: list[str], topic: Topic) -> bool:
    """Say whether a file of one word only begins like the domain, as ``commands`` does like ``commerce``."""
    domain = words(topic.segments.get("domain", ""))
    rest = [word for word in named if word not in domain]
    if len(said) > 1 or not rest or _stands_in(said[0], rest):
        return False
    # Two thirds of the shorter one, and no ``commands`` for ``commerce``.
    return not any(said[0].startswith(word[: -(-2 * len(word) // 3)]) for word in domain)


def _stands_in(word: str, others: list[str]) -> bool:
    start = word[:_ALIKE]
    if any(
        len(other) >= _SHORTEST and (other.startswith(start) or word.startswith(other[:_ALIKE]))
        for other in others
    ):
        return True
    return word in "".join(others)


RULE = Rule(
    code="KG109",
    name="name-differs-from-file",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG101", "KG103", "KG104"),
    page=Page(
        what="""\
A file that declares one topic is named after something else: none of its words is in the topic's name or in
its owner's, or it repeats the topic's name word by word and ends on another one (`ddas-commands.yaml`
declares `ddas.images`). Words that begin with the same four letters are the same word; of the domain, in
names that follow a convention, two thirds must agree, so that `commands` is not taken for `commerce`. Files
with several topics, and names that say nothing (`topics.yaml`, `main.yaml`, `t1.yaml`), are not checked.""",
        why="""\
New manifests begin as copies of old ones. When only the file was renamed, the second manifest either
declares the first topic again or one that nobody meant, and whoever looks for the topic by its file does not
find it.""",
        fix="""\
If the manifest was copied, mend the topic's name while the topic does not exist yet. Otherwise rename the
file: kgov does not care what files are called.""",
        failing=(
            Example(
                files={
                    "topics/ddas-commands.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: ddas.images}
spec: {partitions: 6}
"""
                },
                says='the file says "ddas-commands", and the topic is "ddas.images"',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/commands.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: ddas.command.created.v1}
spec: {partitions: 6}
"""
                },
            ),
        ),
        see=("KG107", "KG108"),
    ),
)
