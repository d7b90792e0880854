from governed import access, findings, messages

from kgov.model.finding import Severity


def writer(principal: str, ids: str) -> str:
    return access(principal[5:], principal, f"role: transactional-producer, topic: t, {ids}")


def said(*documents: str) -> list[str]:
    return messages(findings("KG311", *documents))


def test_two_principals_with_one_id_throw_each_other_out() -> None:
    (finding,) = findings(
        "KG311", writer("User:a", "transactionalId: tx"), writer("User:b", "transactionalId: tx")
    )
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        'User:b may use TransactionalId "tx", which is also that of User:a (acls/a.yaml:7:65)'
    )


def test_a_prefix_that_contains_the_id_of_another_is_one_too() -> None:
    (message,) = said(writer("User:a", "transactionalIdPrefix: tx-"), writer("User:b", "transactionalId: tx-1"))
    assert message.startswith('User:a may use every TransactionalId that begins with "tx-", in which lies ')


def test_streams_applications_have_their_own() -> None:
    apps = (
        access(f"{name}", f"User:{name}", f"role: streams, applicationId: {name}") for name in ("app", "apps")
    )
    assert said(*apps) == []


def test_one_application_id_for_two_is_found() -> None:
    apps = (access(f"{name}", f"User:{name}", "role: streams, applicationId: app") for name in ("a", "b"))
    assert len(said(*apps)) == 1


def test_where_every_id_is_granted_the_wildcard_is_the_fault() -> None:
    documents = (writer("User:a", "transactionalId: '*'"), writer("User:b", "transactionalId: tx"))
    assert said(*documents) == []
    assert len(findings("KG302", *documents)) == 1
