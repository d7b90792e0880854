"""The engine and Kafka's own StandardAuthorizer, asked the same about random sets of bindings.

``KGOV_ACCESS_CASES`` says how many sets, each with a dozen questions; ``KGOV_ACCESS_SEED`` other ones.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from authorizer import AclCase, Authorizer, has_compiler

from kgov.access.decision import decide
from kgov.access.holders import Asked, who_can
from kgov.access.hosts import Hosts
from kgov.access.operations import known_on
from kgov.access.rights import rights_of
from kgov.model.access import Attempt, Bindings, operation_covers
from kgov.model.acl import (
    ANYBODY,
    CLUSTER_NAME,
    WILDCARD,
    AclBinding,
    Operation,
    PatternType,
    Permission,
    ResourcePattern,
    ResourceType,
)

pytestmark = pytest.mark.broker

CASES = int(os.environ.get("KGOV_ACCESS_CASES", "5000"))
SEED = int(os.environ.get("KGOV_ACCESS_SEED", "20261124"))
QUESTIONS = 12

NAMES = ("a", "ab", "abc", "abz", "a.b", "b", "é", "éa", "a*", "*", "**", "*a", "kafka-cluster")
ADDRESSES = ("10.0.0.1", "10.0.0.2", "0:0:0:0:0:0:0:1")
NO_ADDRESSES = ("::1", "10.0.0.0/24", "app.example.com")
"""What people write for hosts, and Kafka matches with nothing."""

CLIENTS = ("User:a", "User:b", "Group:a", "User:CN=x:y,O=é", "user:a", "User:stranger")
PRINCIPALS = (*CLIENTS[:-1], "User:CN=*", "Group:*", ANYBODY, ANYBODY)
NOWHERE_NAMED = "192.0.2.7"


@pytest.fixture(scope="module")
def authorizer() -> Iterator[Authorizer]:
    if not has_compiler():
        pytest.skip(
            "needs a JDK to compile a few lines; the broker itself is asked in test_as_the_broker_decides"
        )
    running = Authorizer()
    yield running
    running.close()


def test_every_answer_is_that_of_kafkas_own_authorizer(authorizer: Authorizer) -> None:
    draw = random.Random(SEED)
    allowed = asked = 0
    for number in range(CASES):
        case = _case(draw)
        answers = authorizer.answers(case)
        if _ours(case) != answers:
            pytest.fail(f"case {number} of seed {SEED}: {_smallest(case, authorizer)}")
        allowed, asked = allowed + sum(answers), asked + len(answers)
    assert asked / 10 < allowed < asked * 9 / 10, "cases that say always the same prove little"


def _case(draw: random.Random) -> AclCase:
    """Make a small world in which bindings meet: few names that begin alike, few principals and addresses."""
    type_ = draw.choice(tuple(ResourceType))
    operations = (*draw.sample(known_on(type_), min(3, len(known_on(type_)))), Operation.ALL)
    bindings = {_binding(draw, type_, operations) for _ in range(draw.randrange(10))}
    attempts = tuple(_attempt(draw, type_) for _ in range(QUESTIONS))
    return AclCase(tuple(sorted(bindings, key=str)), attempts, open=draw.random() < 0.3)


def _binding(draw: random.Random, type_: ResourceType, operations: tuple[Operation, ...]) -> AclBinding:
    # Now and then on another type: a binding there must not count here.
    type_ = type_ if draw.random() < 0.9 else draw.choice(tuple(ResourceType))
    permission = Permission.DENY if draw.random() < 0.3 else Permission.ALLOW
    host = WILDCARD if draw.random() < 0.6 else draw.choice((*ADDRESSES, *ADDRESSES, *NO_ADDRESSES))
    resource = ResourcePattern(type_, draw.choice(tuple(PatternType)), draw.choice(NAMES))
    return AclBinding(draw.choice(PRINCIPALS), permission, draw.choice(operations), resource, host)


def _attempt(draw: random.Random, type_: ResourceType) -> Attempt:
    name = CLUSTER_NAME if type_ is ResourceType.CLUSTER else draw.choice(NAMES)
    principal = draw.choice(CLIENTS)
    host = draw.choice((*ADDRESSES, NOWHERE_NAMED))
    return Attempt(principal, draw.choice(known_on(type_)), type_, name, host)


def _ours(case: AclCase) -> tuple[bool, ...]:
    """Answer in each of the ways that kgov has, which must agree among themselves."""
    index = Bindings.of(case.bindings)
    answers = []
    for attempt in case.attempts:
        decision = decide(index, attempt, open_without_acl=case.open)
        is_open = case.open and not index.touches_name(attempt.type, attempt.name)
        assert index.permits(attempt) is (decision.allowed and not is_open)
        for host in (None, attempt.host):
            ways = (_by_holders(index, attempt, host), _by_rights(case, attempt, host))
            assert ways == (index.permits(attempt),) * 2, f"{attempt} asked from {host} in {case.bindings}"
        answers.append(decision.allowed)
    return tuple(answers)


def _by_holders(index: Bindings, attempt: Attempt, host: str | None) -> bool:
    found = who_can(index, Asked(attempt.operation, attempt.type, attempt.name, host))
    by_name = {holder.principal: holder for holder in (*found.able, *found.denied)}
    holder = by_name.get(attempt.principal) or by_name.get(ANYBODY)
    return holder is not None and _holds(holder.hosts, attempt.host)


def _by_rights(case: AclCase, attempt: Attempt, host: str | None) -> bool:
    held = rights_of(case.bindings, attempt.principal, host).held
    return any(
        attempt.operation in right.operations
        and _holds(right.hosts, attempt.host)
        and _matches(right.resource, attempt.name)
        and not any(_stops(deny, attempt) for deny in right.denies)
        for right in held
        if right.resource.type is attempt.type
    )


def _holds(hosts: Hosts, address: str) -> bool:
    return (address in hosts.named) is not hosts.others


def _matches(pattern: ResourcePattern, name: str) -> bool:
    if pattern.pattern is PatternType.PREFIXED:
        return name.startswith(pattern.name)
    return pattern.name == name or (pattern.name == WILDCARD and not name.startswith(WILDCARD))


def _stops(deny: AclBinding, attempt: Attempt) -> bool:
    return (
        _matches(deny.resource, attempt.name)
        and operation_covers(deny.operation, attempt.operation, Permission.DENY)
        and deny.host in {WILDCARD, attempt.host}
    )


def _smallest(case: AclCase, authorizer: Authorizer) -> str:
    """Take away what the disagreement does not need, and say what is left."""
    differing = next(
        attempt
        for attempt, theirs, ours in zip(case.attempts, authorizer.answers(case), _ours(case), strict=True)
        if theirs is not ours
    )
    case = replace(case, attempts=(differing,))
    for binding in case.bindings:
        less = replace(case, bindings=tuple(each for each in case.bindings if each != binding))
        if _ours(less) != authorizer.answers(less):
            case = less
    bindings = ", ".join(map(str, case.bindings)) or "no bindings"
    return f"{differing} with {bindings}: Kafka says {authorizer.answers(case)}, kgov {_ours(case)}"
