"""What live data cannot change is not judged again, and says what it would say."""

from collections.abc import Iterator, Mapping
from datetime import date
from unittest.mock import patch

import pytest

from kgov.manifest.repository import load_files
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.desired import Desired
from kgov.model.live import Live, LiveAcls, LiveTopic, NotLookedAt, TopicConfig
from kgov.plan.review import review
from kgov.policy.engine import judge_again
from kgov.policy.page import PLAIN_PROJECT
from kgov.policy.registry import RULES
from kgov.policy.rule import Example, LiveMatters

TODAY = date(2026, 6, 15)
SEEING = [code for code, rule in RULES.items() if rule.sees_live]


def examples(code: str) -> Iterator[Mapping[str, bytes]]:
    page = RULES[code].page
    for example in (*page.failing, *page.passing):
        if isinstance(example, Example):
            files = {"kgov.yaml": PLAIN_PROJECT, **example.files}
            yield {path: text.encode() for path, text in files.items()}


def clusters(desired: Desired) -> Iterator[Live]:
    """Live as desired, less, more, and unseen."""
    unseen = NotLookedAt("no right")
    topics = {
        name: LiveTopic(name, name, topic.partitions or 1, (1,), TopicConfig({}, {}))
        for name, topic in desired.topics.items()
    }
    everything = ResourcePattern(ResourceType.TOPIC, PatternType.LITERAL, "*")
    alien = AclBinding("User:alien", Permission.ALLOW, Operation.ALL, everything)
    others = tuple(
        sorted({changed for name in topics for changed in (name.replace(".", "_"), f"{name}x")} - topics.keys())
    )
    for bindings in (frozenset(desired.bindings), frozenset[AclBinding](), frozenset({alien})):
        yield Live("c", topics, (), LiveAcls(bindings))
        yield Live("c", topics, others, LiveAcls(bindings))
    yield Live("c", {}, others, unseen)
    yield Live("c", topics, unseen, unseen)


@pytest.mark.parametrize("code", SEEING)
def test_what_is_not_judged_again_would_say_the_same(code) -> None:
    for files in examples(code):
        repository = load_files(files)
        for name in repository.environments:
            reviewed = review(repository, (name,), TODAY)
            desired = reviewed.desired[name]
            for live in clusters(desired):
                found = judge_again(reviewed.findings, desired, live, TODAY)
                with patch("kgov.policy.engine._may_differ", return_value=True):
                    assert judge_again(reviewed.findings, desired, live, TODAY) == found


@pytest.mark.parametrize("code", SEEING)
def test_a_rule_that_is_not_judged_again_gives_way_to_rules_that_see_no_live_data(code) -> None:
    if RULES[code].live_matters is LiveMatters.WHERE_FOUND:
        # Else it could give way before live data were seen, and not afterwards.
        assert not set(RULES[code].yields_to) & set(SEEING)


def test_live_as_desired_is_judged_without_looking_at_any_binding_again() -> None:
    files = next(examples("KG314"))
    repository = load_files(files)
    desired = review(repository, ("prod",), TODAY).desired["prod"]
    live = Live("c", {}, (), LiveAcls(frozenset(desired.bindings)))
    with patch("kgov.policy.rule.Bindings.of", side_effect=AssertionError):
        judge_again((), desired, live, TODAY)
