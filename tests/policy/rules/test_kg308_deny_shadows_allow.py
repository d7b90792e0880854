from governed import access, acl, findings, messages

ALLOW = "role: producer, topic: orders.a"


def deny(principal: str, name: str, operations: str, more: str = "") -> str:
    binding = f"resource: Topic, name: {name}, operations: [{operations}], permission: deny{more}"
    return acl("deny", principal, binding)


def said(*documents: str) -> list[str]:
    return messages(findings("KG308", *documents))


def test_a_denial_of_everybody_makes_a_grant_void() -> None:
    (finding,) = findings(
        "KG308", access("x", "User:x", ALLOW), deny("User:*", "orders.", "All", ", pattern: prefixed")
    )
    assert finding.message == (
        'Describe and Write on Topic "orders.a" is void for User:x: the Deny of All on every Topic that '
        'begins with "orders." wins (acls/a.yaml:15:7)'
    )
    assert (str(finding.resource), finding.place.line, finding.place.column) == ("Access/x", 7, 31)


def test_only_what_is_void_is_named() -> None:
    (message,) = said(access("x", "User:x", ALLOW), deny("User:x", "orders.a", "Write"))
    assert message.startswith('Write on Topic "orders.a" is void for User:x: ')


def test_an_exception_carved_out_of_a_wider_grant_is_meant() -> None:
    wide = access("x", "User:x", "role: producer, topicPrefix: orders.")
    assert said(wide, deny("User:x", "orders.a", "Write")) == []
    assert said(access("x", "User:x", ALLOW), deny("User:x", "orders.a", "Write", ", host: 10.0.0.1")) == []


def test_one_of_several_principals_may_be_taken_out() -> None:
    both = access("x", "User:x, User:y", ALLOW)
    assert said(both, deny("User:y", "orders.a", "Write")) == []
    (message,) = said(both, deny("User:*", "orders.a", "Write"))
    assert "is void for User:x and User:y" in message


def test_without_a_denial_nothing_is_void() -> None:
    assert said(access("x", "User:x", ALLOW)) == []
