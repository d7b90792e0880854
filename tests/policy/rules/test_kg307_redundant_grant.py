from governed import access, acl, findings, messages, team

PREFIX = "role: producer, topicPrefix: orders."


def said(*documents: str) -> list[str]:
    return messages(findings("KG307", *documents))


def test_a_name_under_a_granted_prefix_is_needless() -> None:
    (finding,) = findings("KG307", access("x", "User:x", PREFIX, "role: producer, topic: orders.a"))
    assert finding.message == (
        'Topic "orders.a": User:x has it already, by Write on every Topic that begins with "orders." '
        "(acls/a.yaml:7:7)"
    )
    assert (finding.place.line, finding.place.column) == (8, 7)


def test_of_two_alike_the_later_is_needless_and_names_the_earlier() -> None:
    again = access("z", "User:x", "role: producer, topic: a")
    (finding,) = findings("KG307", access("x", "User:x", "role: producer, topic: a"), again)
    assert str(finding.resource) == "Access/z"
    assert "(acls/a.yaml:7:7)" in finding.message


def test_taking_every_needless_grant_away_takes_nothing_away() -> None:
    # Each of the three is covered by the two others together; only what stands later may go.
    grants = ("role: producer, topic: [a, b]", "role: producer, topic: a", "role: producer, topic: b")
    assert [f.place.line for f in findings("KG307", access("x", "User:x", *grants))] == [8, 9]


def test_a_group_that_several_grants_name_is_needed_by_each() -> None:
    grants = ("role: consumer, topic: a, group: g", "role: consumer, topic: b, group: g")
    assert said(access("x", "User:x", *grants)) == []


def test_one_topic_beside_its_own_group_is_what_the_role_asks_for() -> None:
    grants = ("role: consumer, topicPrefix: a., group: g", "role: consumer, topic: a.b, group: h")
    assert said(access("x", "User:x", *grants)) == []


def test_of_a_list_only_the_covered_names_are_needless() -> None:
    grants = (PREFIX, "role: producer, topic: [orders.a, payments.a, orders.b]")
    (finding,) = findings("KG307", access("x", "User:x", *grants))
    assert finding.message.startswith(
        'Topic "orders.a" and Topic "orders.b": User:x has it already, by Write on '
    )
    assert (finding.place.line, finding.place.column) == (8, 32)


def test_describe_beside_read_is_no_fault_and_all_beside_read_is() -> None:
    read, describe, every = (
        f"resource: Topic, name: t, operations: [{o}]" for o in ("Read", "Describe", "All")
    )
    assert said(acl("x", "User:x", read, describe)) == []
    (message,) = said(acl("x", "User:x", read, every))
    assert message == 'Topic "t": User:x has it already, by All on Topic "t" (acls/a.yaml:8:7)'


def test_a_grant_to_several_is_needless_only_where_all_of_them_have_it() -> None:
    alone = access("alone", "User:a", PREFIX)
    both = access("both", "User:a, User:b", "role: producer, topic: orders.a")
    assert said(alone, both) == []
    assert len(said(alone, access("other", "User:b", PREFIX), both)) == 1


def test_what_everybody_may_do_makes_nothing_needless() -> None:
    everybody = acl("all", "User:*", "resource: Topic, name: t, operations: [Write, Describe]")
    assert said(everybody, access("x", "User:x", "role: producer, topic: t")) == []


def test_another_host_is_another_grant_and_every_host_covers_one() -> None:
    one, two = ("role: producer, topic: t, host: 10.0.0.1", "role: producer, topic: t, host: 10.0.0.2")
    assert said(access("x", "User:x", one, two)) == []
    assert len(said(access("x", "User:x", one, "role: producer, topic: t"))) == 1


def test_a_denial_is_needless_beside_a_wider_denial_only() -> None:
    narrow = "resource: Topic, name: a.b, operations: [Read], permission: deny"
    wide = "resource: Topic, name: a., pattern: prefixed, operations: [Read]"
    assert said(acl("x", "User:x", narrow, wide)) == []
    assert len(said(acl("x", "User:x", narrow, f"{wide}, permission: deny"))) == 1


def test_built_in_roles_cover_nothing_of_themselves() -> None:
    roles = (
        "role: streams, applicationId: app, inputTopic: a, outputTopic: b",
        "role: transactional-producer, topic: c, transactionalIdPrefix: t-",
        "role: connect-worker, group: w, topic: [d, e]",
    )
    assert said(access("x", "User:x", *roles), team("t")) == []
