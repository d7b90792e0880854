from collections.abc import Iterable

import pytest
from judged import judged, messages, of, project
from manifests import HEAD, manifest, topic

from kgov.model.finding import Finding
from kgov.model.place import ResourceId

PERSONAL = "{retention: 7d, data: {personal: true, legalBasis: contract, subjects: [customers]}}"
NAME = "shop.customers.profile"
PROFILE = topic(PERSONAL, NAME)
STAGING = project().replace("true", "false")
"""Where a wildcard by itself is no error (KG302)."""


def acl(*bindings: str, principal: str = "User:reports") -> str:
    lines = ", ".join(f"{{resource: Topic, {binding}}}" for binding in bindings)
    return manifest("Acl", "reports", f"{{principal: '{principal}', bindings: [{lines}]}}")


def owned(spec: str, name: str, owner: str) -> str:
    return f"{HEAD}kind: Topic\nmetadata: {{name: {name}, owner: {owner}}}\nspec: {spec}\n"


def team(name: str, *principals: str, more: str = "") -> str:
    return manifest("Team", name, f"{{principals: [{', '.join(f'{each!r}' for each in principals)}]{more}}}")


@pytest.mark.parametrize(
    ("binding", "through"),
    [
        ("name: '*', operations: [Read]", "every Topic"),
        ("name: '*', operations: [All]", "every Topic"),
        ("name: sho, pattern: prefixed, operations: [Read]", 'every Topic that begins with "sho"'),
        ("name: s, pattern: prefixed, operations: [Read]", 'every Topic that begins with "s"'),
        ("name: shop, pattern: prefixed, operations: [Read]", 'every Topic that begins with "shop"'),
    ],
)
def test_a_wildcard_or_a_prefix_shorter_than_the_domain_is_an_error(binding, through) -> None:
    (finding,) = of("KG504", judged(PROFILE, acl(binding)))
    assert finding.message == f'User:reports can read personal data of "{NAME}" through {through}'
    assert finding.resource == ResourceId("Acl", "reports")
    assert finding.place.line == 9


@pytest.mark.parametrize(
    "binding",
    [
        f"name: {NAME}, operations: [Read]",
        "name: shop., pattern: prefixed, operations: [Read]",
        "name: '*', operations: [Describe], permission: deny",
        "name: s, pattern: prefixed, operations: [Write]",
        "name: '*', operations: [Read], permission: deny",
        "name: x, pattern: prefixed, operations: [Read]",
    ],
)
def test_what_names_the_topic_or_its_domain_or_does_not_read_it_is_fine(binding) -> None:
    assert messages("KG504", judged(PROFILE, acl(binding))) == []


def test_seeing_that_a_topic_is_there_is_not_reading_it() -> None:
    assert messages("KG504", judged(PROFILE, acl("name: '*', operations: [Describe]"), project=STAGING)) == []


@pytest.mark.parametrize(
    "spec",
    [
        "{retention: 7d}",
        "{data: {personal: false}}",
        PERSONAL.replace("data:", "lifecycle: {state: retired}, data:"),
    ],
)
def test_a_topic_that_is_not_about_people_or_goes_is_not_judged(spec) -> None:
    binding = acl("name: s, pattern: prefixed, operations: [Read]")
    assert messages("KG504", judged(topic(spec, NAME), binding)) == []


def test_a_deny_takes_the_topic_out() -> None:
    carved = "name: shop.customers., pattern: prefixed, operations: [Read], permission: deny"
    found = judged(PROFILE, acl("name: s, pattern: prefixed, operations: [Read]", carved))
    assert messages("KG504", found) == []


def test_operators_may_read_what_they_must() -> None:
    operators = team("platform", "User:mirror", more=", operators: true")
    everything = acl("name: '*', operations: [Read]", principal="User:mirror")
    assert messages("KG504", judged(operators, PROFILE, everything)) == []


def test_one_grant_is_one_finding_that_names_the_first_topics() -> None:
    topics = [topic(PERSONAL, f"shop.t{number}.x") for number in range(5)]
    both = acl("name: s, pattern: prefixed, operations: [Read, All]")
    (message,) = messages("KG504", judged(*topics, both))
    assert 'personal data of "shop.t0.x", "shop.t1.x", "shop.t2.x" and 2 more through' in message


def test_two_grants_are_two_findings() -> None:
    found = judged(
        PROFILE,
        acl(
            "name: s, pattern: prefixed, operations: [Read]", "name: sh, pattern: prefixed, operations: [Read]"
        ),
    )
    assert len(messages("KG504", found)) == 2


def told(found: Iterable[Finding]) -> list[str]:
    """Give what this rule says, where data of another team may be told as well (KG314)."""
    return [finding.message for finding in found if finding.code == "KG504"]


def test_a_prefix_that_covers_topics_of_several_teams_is_too_wide() -> None:
    teams = [team("a"), team("b"), team("c", "User:reports")]
    mine, other = owned(PERSONAL, "shop.orders.x", "a"), owned("{retention: 7d}", "shop.stock.x", "b")
    prefix = acl("name: shop., pattern: prefixed, operations: [Read]")
    narrower = acl("name: shop.orders., pattern: prefixed, operations: [Read]")
    more = owned(PERSONAL, "shop.returns.x", "a")
    (message,) = told(judged(*teams, mine, more, other, prefix))
    assert 'personal data of "shop.orders.x" and "shop.returns.x" through' in message
    assert told(judged(*teams, mine, other, narrower)) == []
    assert told(judged(*teams, mine, topic("{retention: 7d}", "shop.stock.x"), prefix)) == []


@pytest.mark.parametrize("reader", ["'User:reports'", "c"])
def test_a_team_that_expects_the_reader_has_agreed(reader) -> None:
    expecting = PERSONAL.replace("data:", f"consumers: [{reader}], data:")
    teams = [team("a"), team("b"), team("c", "User:reports")]
    found = judged(
        *teams,
        owned(expecting, "shop.orders.x", "a"),
        owned("{retention: 7d}", "shop.stock.x", "b"),
        acl("name: shop., pattern: prefixed, operations: [Read]"),
    )
    assert told(found) == []


def test_a_team_reads_its_own() -> None:
    found = judged(
        team("a", "User:reports"),
        team("b"),
        owned(PERSONAL, "shop.orders.x", "a"),
        owned("{retention: 7d}", "shop.stock.x", "b"),
        acl("name: shop., pattern: prefixed, operations: [Read]"),
    )
    assert told(found) == []


@pytest.mark.parametrize(
    ("name", "prefix", "wide"),
    [
        ("customers", "cust", True),
        ("customers", "custom", False),
        ("customers", "customers", False),
        ("customers.raw", "customers", True),
        ("customers.raw", "customers.", False),
        ("customers-raw", "cust", True),
        ("customers_raw", "cust", True),
        ("customers_raw.x", "customers", True),
    ],
)
def test_without_a_convention_the_domain_stands_before_the_first_separator(name, prefix, wide) -> None:
    found = judged(topic(PERSONAL, name), acl(f"name: {prefix}, pattern: prefixed, operations: [Read]"))
    assert bool(messages("KG504", found)) is wide


@pytest.mark.parametrize(
    ("format_", "prefix", "wide"),
    [
        ("{team}.{domain}.{entity}", "shop.custom", True),
        ("{team}.{domain}.{entity}", "shop.customers", True),
        ("{team}.{domain}.{entity}", "shop.customers.", False),
        ("{area}.{group}.{entity}", "sho", True),
        ("{area}.{group}.{entity}", "shop", True),
        ("{area}.{group}.{entity}", "shop.", False),
    ],
)
def test_with_a_convention_the_domain_is_its_segment_or_else_the_first(format_, prefix, wide) -> None:
    names = format_.replace("{", "").replace("}", "").split(".")
    segments = ", ".join(f"{name}: {{pattern: '[a-z]+'}}" for name in names)
    convention = manifest("NamingConvention", "topics", f"{{format: '{format_}', segments: {{{segments}}}}}")
    found = judged(convention, PROFILE, acl(f"name: {prefix}, pattern: prefixed, operations: [Read]"))
    assert bool(messages("KG504", found)) is wide


def test_where_everybody_reads_it_only_that_is_told() -> None:
    found = judged(PROFILE, acl("name: s, pattern: prefixed, operations: [Read]", principal="User:*"))
    assert messages("KG301", found) != []
    off = project(rules="{KG301: 'off'}")
    found = judged(PROFILE, acl(f"name: {NAME}, operations: [Read]", principal="User:*"), project=off)
    assert messages("KG504", found) == [f'everybody can read personal data of "{NAME}" through Topic "{NAME}"']


def test_a_wildcard_is_not_told_twice() -> None:
    found = judged(PROFILE, acl("name: '*', operations: [Read]"), project=STAGING)
    assert "KG302" not in [finding.code for finding in found]


def test_each_reader_of_one_prefix_is_judged_by_its_team_and_by_who_names_it() -> None:
    agreed = PERSONAL.replace("{retention", "{consumers: ['User:named'], retention")
    documents = (
        team("a"),
        team("b", "User:of-b"),
        owned(PERSONAL, "shop.eu.one", "a"),
        owned(PERSONAL, "shop.eu.two", "b"),
        owned(agreed, "shop.eu.three", "a"),
    )
    readers = ("User:stranger", "User:other-stranger", "User:named", "User:of-b")
    grants = (
        manifest(
            "Access",
            f"r{number}",
            f"{{principal: '{reader}', grants: [{{role: reader, topicPrefix: shop.eu.}}]}}",
        )
        for number, reader in enumerate(readers)
    )
    role = manifest(
        "Role",
        "reader",
        "{parameters: [topic], bindings: [{resource: Topic, name: '{topic}', operations: [Read]}]}",
    )
    found = of("KG504", judged(role, *documents, *grants))
    said = {
        f.message.partition(" can ")[0]: f.message.partition("data of ")[2].partition(" through")[0]
        for f in found
    }
    assert said == {
        "User:stranger": '"shop.eu.one", "shop.eu.three" and "shop.eu.two"',
        "User:other-stranger": '"shop.eu.one", "shop.eu.three" and "shop.eu.two"',
        "User:named": '"shop.eu.one" and "shop.eu.two"',
        "User:of-b": '"shop.eu.one" and "shop.eu.three"',
    }


def test_one_grant_of_two_prefixes_tells_of_all_that_they_open() -> None:
    grant = "{role: reader, topicPrefix: [s, shop.], topic: '*'}"
    role = manifest(
        "Role",
        "reader",
        "{parameters: [topic], bindings: [{resource: Topic, name: '{topic}', operations: [Read]}]}",
    )
    access = manifest("Access", "x", f"{{principal: 'User:x', grants: [{grant}]}}")
    topics = [topic(PERSONAL, f"shop.a{number}") for number in range(5)]
    (finding,) = of("KG504", judged(role, *topics, access, project=STAGING))
    assert '"shop.a0", "shop.a1", "shop.a2" and 2 more' in finding.message
