import pytest
from governed import access, acl, findings, messages, team, topic
from manifests import manifest

from kgov.model.finding import Severity

MEDIA = team("media", "{owns: {prefixes: [audio.]}, principals: ['User:decoder']}")
SHOP = team("shop", "{owns: {domains: [commerce]}}")
DEMO = team("demo", "{principals: ['User:demo']}")
TEAMS = (MEDIA, SHOP, DEMO)


def writes(where: str, owner: str = "") -> str:
    return access("demo", "User:demo", f"role: producer, {where}", owner=owner)


def said(*documents: str) -> list[str]:
    return messages(findings("KG315", *TEAMS, *documents))


def test_writing_to_a_topic_of_others_is_an_error() -> None:
    (finding,) = findings("KG315", *TEAMS, topic("audio.raw", "media"), writes("topic: audio.raw"))
    assert finding.severity is Severity.ERROR
    assert finding.message == 'User:demo of "demo" may write to "audio.raw" of "media"'
    assert (finding.place.line, finding.place.column) == (27, 31)


@pytest.mark.parametrize(
    ("where", "what", "whose"),
    [
        ("topicPrefix: audio.", 'every Topic that begins with "audio."', "media"),
        ("topicPrefix: audio.raw.", 'every Topic that begins with "audio.raw."', "media"),
        ("topicPrefix: au", 'every Topic that begins with "audio."', "media"),
        ("topicPrefix: commerce.", 'every Topic that begins with "commerce."', "shop"),
        ("topic: commerce.new", 'Topic "commerce.new"', "shop"),
    ],
)
def test_land_of_others_is_theirs_before_there_are_topics(where, what, whose) -> None:
    assert said(writes(where)) == [f'User:demo of "demo" may write to {what} of "{whose}"']


def test_a_prefix_of_ones_own_that_holds_land_of_others_is_told() -> None:
    inside = team("refunds", "{owns: {prefixes: [commerce.refunds.]}}")
    wide = access("shop", "User:shop", "role: producer, topicPrefix: commerce.", owner="shop")
    assert said(inside, topic("commerce.a", "shop"), wide) == [
        'User:shop of "shop" may write to every Topic that begins with "commerce.refunds." of "refunds"'
    ]


def test_among_topics_that_are_all_its_own_a_writer_has_been_let_in() -> None:
    assert said(topic("audio.demo.a", "demo"), writes("topicPrefix: audio.demo.")) == []
    assert (
        len(said(topic("audio.demo.a", "demo"), topic("audio.demo.b"), writes("topicPrefix: audio.demo."))) == 1
    )


@pytest.mark.parametrize("where", ["topic: audio.a", "topicPrefix: audio."])
def test_its_own_land_and_what_its_owner_grants_is_free(where) -> None:
    assert said(writes(where, owner="media")) == []
    assert said(access("d", "User:decoder", f"role: producer, {where}")) == []


def test_nobodys_land_is_free() -> None:
    assert said(writes("topic: other.a"), access("e", "User:demo", "role: producer, topicPrefix: other.")) == []


def test_declared_consumers_are_readers_and_no_writers() -> None:
    assert len(said(topic("audio.raw", "media", "{consumers: [demo]}"), writes("topic: audio.raw"))) == 1


def test_a_denial_counts() -> None:
    taken = acl(
        "taken",
        "User:demo",
        "resource: Topic, name: audio., pattern: prefixed, operations: [Write], permission: deny",
    )
    assert said(taken, writes("topicPrefix: audio.")) == []
    assert said(taken, topic("audio.raw", "media"), writes("topic: audio.raw")) == []


def test_operators_and_the_wildcard_are_not_judged() -> None:
    platform = team("platform", "{operators: true, principals: ['User:mirror']}")
    assert said(platform, access("mirror", "User:mirror", "role: producer, topicPrefix: audio.")) == []
    assert said(topic("audio.raw", "media"), writes("topic: '*'")) == []


def test_domains_that_do_not_come_first_are_found_in_names_alone() -> None:
    convention = manifest("NamingConvention", "names", '{format: "{env}.{domain}.{entity}"}')
    assert said(convention, writes("topicPrefix: prod.commerce.")) == []
    assert len(said(convention, topic("prod.commerce.a"), writes("topicPrefix: prod.commerce."))) == 1


def test_a_prefix_of_two_teams_belongs_to_both() -> None:
    also = team("sound", "{owns: {prefixes: [audio., commerce.]}}")
    (message,) = said(also, writes("topicPrefix: audio."))
    assert message.endswith('of "media" and "sound"')
    (message,) = said(also, topic("commerce.a"), writes("topic: commerce.a"))
    assert message.endswith('of "shop" and "sound"')


def test_every_grant_is_told_though_they_reach_alike() -> None:
    both = access(
        "demo", "User:demo", "role: producer, topicPrefix: audio.", "role: producer, topicPrefix: audio."
    )
    assert len(said(both)) == 2
