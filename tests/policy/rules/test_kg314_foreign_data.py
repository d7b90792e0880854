from governed import ONE, access, acl, findings, findings_with, messages, team, topic
from manifests import manifest
from worlds import live

from kgov.model.finding import Severity
from kgov.model.live import NotLookedAt

ORDERS = team("orders", "{owns: {domains: [commerce]}, principals: ['User:order-service']}")
BILLING = team("billing", "{principals: ['User:billing']}")
TEAMS = (ORDERS, BILLING)
READ = "role: consumer, topic: commerce.a, group: g"
READER = access("billing", "User:billing", READ)


def said(*documents: str) -> list[str]:
    return messages(findings("KG314", *TEAMS, *documents))


def test_a_reader_whom_the_topic_does_not_name_is_an_error() -> None:
    (finding,) = findings("KG314", *TEAMS, topic("commerce.a", "orders"), READER)
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        'User:billing of "billing" may read "commerce.a" of "orders", '
        "which does not name it among its consumers"
    )
    assert finding.help.startswith('have "orders" name User:billing or team "billing" under consumers there')
    assert (str(finding.resource), finding.place.column) == ("Access/billing", 31)


def test_the_topic_agrees_by_naming_the_principal_or_its_team() -> None:
    for consumers in ("['User:billing']", "[billing]", "[{team: billing, parallel: 3}]"):
        assert said(topic("commerce.a", "orders", f"{{consumers: {consumers}}}"), READER) == []
    assert len(said(topic("commerce.a", "orders", "{consumers: ['User:other', orders]}"), READER)) == 1


def test_a_team_that_makes_the_grant_itself_has_agreed() -> None:
    by_orders = access("billing", "User:billing", READ, owner="orders")
    assert said(topic("commerce.a", "orders"), by_orders) == []


def test_ones_own_topics_are_free() -> None:
    assert said(topic("commerce.a", "orders"), access("o", "User:order-service", READ)) == []
    assert said(topic("commerce.a", "billing"), READER) == []


def test_a_topic_without_an_owner_belongs_to_whose_domain_or_prefix_it_is_in() -> None:
    assert len(said(topic("commerce.a"), READER)) == 1
    nearer = team("media", "{owns: {prefixes: [commerce.audio.]}}")
    (message,) = said(
        nearer, topic("commerce.audio.a"), access("b", "User:billing", READ.replace("e.a", "e.audio.a"))
    )
    assert 'of "media"' in message


def test_the_owner_of_the_manifest_answers_for_a_principal_that_no_team_lists() -> None:
    unlisted = access("reports", "User:reports", READ, owner="billing")
    (message,) = said(topic("commerce.a", "orders"), unlisted)
    assert message.startswith('User:reports of "billing" may read "commerce.a" of "orders"')


def test_where_an_owner_is_not_known_the_rule_is_silent() -> None:
    assert said(topic("commerce.a", "orders"), access("x", "User:x", READ)) == []
    assert said(topic("commerce.a", "nobody"), READER) == []
    assert said(topic("other.a"), access("billing", "User:billing", "role: consumer, topic: other.a")) == []


def test_each_grant_of_the_same_prefix_is_told_of() -> None:
    wide = "role: consumer, topicPrefix: commerce., group: g"
    both = (access("one", "User:billing", wide, owner="billing"), access("two", "User:billing", wide))
    assert len(said(topic("commerce.a", "orders"), *both)) == 2


def test_a_prefix_is_judged_by_the_topics_that_it_matches() -> None:
    wide = access("billing", "User:billing", "role: consumer, topicPrefix: commerce., group: g")
    agreed = topic("commerce.a", "orders", "{consumers: [billing]}")
    assert said(agreed, wide) == []
    others = [topic(f"commerce.b{n}", "orders") for n in range(6)]
    (message,) = said(agreed, *others, wide)
    assert message == (
        'User:billing of "billing" may read "commerce.b0", "commerce.b1", "commerce.b2", "commerce.b3" and '
        'more of "orders", none of which names it among its consumers'
    )


def test_what_a_denial_takes_out_is_not_read() -> None:
    wide = access("billing", "User:billing", "role: consumer, topicPrefix: commerce., group: g")
    taken = "resource: Topic, name: commerce.a, operations: [Read], permission: deny"
    topics = (topic("commerce.a", "orders"), topic("commerce.b", "orders", "{consumers: [billing]}"))
    assert said(*topics, wide, acl("own", "User:billing", taken)) == []
    assert said(*topics, wide, acl("all", "User:*", taken)) == []
    assert len(said(*topics, wide, acl("other", "User:other", taken))) == 1
    assert len(said(*topics, wide, acl("host", "User:*", f"{taken}, host: 10.0.0.1"))) == 1
    from_there = access("billing", "User:billing", "role: consumer, topicPrefix: commerce., host: 10.0.0.1")
    assert said(*topics, from_there, acl("host", "User:*", f"{taken}, host: 10.0.0.1")) == []


def test_all_is_reading_and_describing_is_not() -> None:
    entry = "resource: Topic, name: commerce.a, operations: [{}]"
    assert len(said(topic("commerce.a", "orders"), acl("x", "User:billing", entry.format("All")))) == 1
    assert said(topic("commerce.a", "orders"), acl("x", "User:billing", entry.format("Describe"))) == []


def test_operators_and_retired_topics_are_not_judged() -> None:
    platform = team("platform", "{operators: true, principals: ['User:mirror']}")
    mirror = access("mirror", "User:mirror", READ)
    assert said(platform, topic("commerce.a", "orders"), mirror) == []
    assert said(topic("commerce.a", "orders", "{lifecycle: {state: retired}}"), READER) == []


def test_a_principal_with_every_topic_is_another_rule() -> None:
    every = access("billing", "User:billing", "role: consumer, topic: '*', group: g")
    assert said(topic("commerce.a", "orders"), every) == []


def test_several_readers_of_one_grant_are_one_finding() -> None:
    both = team("billing2", "{principals: ['User:b']}")
    (message,) = said(both, topic("commerce.a", "orders"), access("x", "User:billing, User:b", READ))
    assert message.startswith('User:b and User:billing of "billing" and "billing2" may read "commerce.a"')


def test_topics_that_only_the_cluster_has_are_judged_by_their_names() -> None:
    wide = access("billing", "User:billing", "role: consumer, topicPrefix: commerce., group: g")
    others = live(others=("commerce.secret", "other.a"))
    (finding,) = findings_with("KG314", others, *TEAMS, wide)
    assert '"commerce.secret" (not declared) of "orders"' in finding.message
    assert findings_with("KG314", live(others=NotLookedAt("no rights")), *TEAMS, wide) == []
    convention = manifest("NamingConvention", "names", '{format: "{env}.{domain}.{entity}"}')
    nested = live(others=("prod.commerce.secret", "prod.other"))
    reader = access("billing", "User:billing", "role: consumer, topicPrefix: prod., group: g")
    (finding,) = findings_with("KG314", nested, *TEAMS, convention, reader, project=ONE)
    assert '"prod.commerce.secret" (not declared) of "orders"' in finding.message


def test_two_principals_of_one_team_that_read_by_the_same_prefix_are_both_told() -> None:
    two = team("stock", "{principals: ['User:one', 'User:two']}")
    wide = "role: consumer, topicPrefix: commerce., group: g"
    readers = (access("one", "User:one", wide), access("two", "User:two", wide))
    told = [message for message in said(two, topic("commerce.a", "orders"), *readers) if "may read" in message]
    assert [message.partition(" ")[0] for message in told] == ["User:one", "User:two"]
