import pytest
from governed import access, acl, findings, messages, team
from manifests import manifest


def said(prefix: str, *others: str, resource: str = "Topic", permission: str = "allow") -> list[str]:
    binding = f"resource: {resource}, name: '{prefix}', pattern: prefixed, operations: [Read]"
    binding += f", permission: {permission}"
    return messages(findings("KG306", acl("x", "User:x", binding), *others))


@pytest.mark.parametrize(
    ("prefix", "covered"),
    [
        ("lsst.sal", "lsst.sals"),
        ("commerce", "commerces"),
        ("orders.created.v1", "orders.created.v12"),
        ("v", "vs"),
    ],
)
def test_a_prefix_that_ends_in_a_word_also_covers_longer_words(prefix, covered) -> None:
    assert said(prefix) == [f'the prefix "{prefix}" also covers "{covered}"']


@pytest.mark.parametrize(
    "prefix", ["lsst.sal.", "orders-", "orders_", "orders.created.v", "team/app:", "a.b-v"]
)
def test_a_prefix_that_ends_in_a_separator_or_before_a_version_is_fine(prefix) -> None:
    assert said(prefix) == []


@pytest.mark.parametrize("resource", ["Group", "TransactionalId"])
def test_groups_and_transactional_ids_are_judged_alike(resource) -> None:
    operation = {"Group": "Read", "TransactionalId": "Write"}[resource]
    binding = f"resource: {resource}, name: billing, pattern: prefixed, operations: [{operation}]"
    (finding,) = findings("KG306", acl("x", "User:x", binding))
    assert finding.help.startswith('end it in a separator, such as "billing-"; a single name needs no prefix')


def test_what_would_be_right_is_shown_with_the_separator_that_the_prefix_uses() -> None:
    (finding,) = findings("KG306", access("x", "User:x", "role: producer, topicPrefix: shop-orders"))
    assert finding.help.startswith('end it in a separator, such as "shop-orders-"')


def test_names_denials_and_asterisks_are_not_judged() -> None:
    assert findings("KG306", access("x", "User:x", "role: producer, topic: orders")) == []
    assert said("orders", permission="deny") == []
    assert said("orders*") == []


def test_a_prefix_that_is_shorter_than_a_domain_covers_several() -> None:
    teams = team("a", "{owns: {domains: [iot-edge, iot-core]}}")
    (message,) = said("iot-", teams)
    assert message == 'the prefix "iot-" is shorter than a domain: it covers "iot-core" and "iot-edge"'
    convention = manifest(
        "NamingConvention",
        "topics",
        '{format: "{domain}.{entity}", segments: {domain: {values: [iot-edge]}, entity: {pattern: "[a-z]+"}}}',
    )
    (finding,) = findings("KG306", access("x", "User:x", "role: producer, topicPrefix: iot-"), convention)
    assert finding.help.startswith("write the prefix on to the end of the domain, with its separator")
    assert said("iot-", teams, resource="Group") == []
    assert said("iot-core-", teams) == []
    assert said("shop-", teams) == []


def test_domains_that_do_not_come_first_in_names_say_nothing_of_prefixes() -> None:
    convention = manifest("NamingConvention", "topics", '{format: "{env}.{domain}"}')
    assert said("prod-", convention) == []


def test_a_prefix_without_letters_belongs_to_nobody() -> None:
    assert said("__") == ['the prefix "__" says nothing about whose it is']


def test_several_prefixes_of_a_grant_are_one_finding() -> None:
    (finding,) = findings("KG306", access("x", "User:x", "role: producer, topicPrefix: [a, b., c]"))
    assert finding.message == 'the prefix "a" also covers "as"; the prefix "c" also covers "cs"'
