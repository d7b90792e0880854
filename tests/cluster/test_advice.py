import pytest

from kgov.cluster.advice import Offer, explain
from kgov.cluster.causes import Cause, Fault
from kgov.cluster.settings import ConnectionSettings, Secret, Setting

SETTINGS = ConnectionSettings(
    (
        Setting("bootstrap.servers", "kafka:1", "--bootstrap-server"),
        Setting("sasl.mechanisms", "SCRAM-SHA-512", "client.properties:3"),
        Setting("sasl.password", Secret("hunter2"), "KGOV_KAFKA_SASL_PASSWORD"),
        Setting("sasl.username", "alice", "client.properties:4"),
        Setting("security.protocol", "SASL_SSL", "client.properties:2"),
    )
)
PLAIN = ConnectionSettings((Setting("bootstrap.servers", "kafka:1", "-X"),))


NOTHING_KNOWN = Offer()


def words(
    fault: Fault,
    settings: ConnectionSettings = SETTINGS,
    offer: Offer = NOTHING_KNOWN,
    *,
    server: str = "kafka:1",
    text: str = "it broke",
    advertised: bool = False,
) -> str:
    error = explain(Cause(fault, server, text, advertised=advertised), settings, offer)
    return f"{error.what} | {error.why} | {error.todo}"


@pytest.mark.parametrize("settings", [SETTINGS, PLAIN])
@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_put_into_whole_sentences(fault: Fault, settings: ConnectionSettings) -> None:
    for advertised in (False, True):
        what, why, todo = words(fault, settings, advertised=advertised).split(" | ")
        assert not what.endswith(".")
        assert why.endswith(".")
        assert todo.endswith(".")
        assert "{" not in what + why + todo


def test_a_wrong_password_names_user_mechanism_and_sources() -> None:
    said = words(Fault.WRONG_CREDENTIALS)
    for part in ("'alice'", "SCRAM-SHA-512", "client.properties:4", "KGOV_KAFKA_SASL_PASSWORD"):
        assert part in said


def test_no_secret_is_repeated() -> None:
    assert "hunter2" not in words(Fault.OAUTH, text="token for hunter2")


def test_a_missing_client_certificate_is_no_wrong_one() -> None:
    with_one = ConnectionSettings((Setting("ssl.keystore.location", "me.p12", "-X"),))
    assert "and none is set" in words(Fault.NEEDS_CERTIFICATE)
    assert "does not accept our" in words(Fault.NEEDS_CERTIFICATE, with_one)


def test_a_listener_with_login_asks_for_the_settings_of_one() -> None:
    offer = Offer("SASL_SSL", ("PLAIN",))
    said = words(Fault.NEEDS_SASL, PLAIN, offer)
    assert "It offers PLAIN." in said
    assert "Set security.protocol to SASL_SSL, with sasl.mechanism, sasl.username and sasl.password." in said
    assert "with sasl.mechanism" not in words(Fault.NO_TLS, SETTINGS, offer)


def test_an_unreachable_advertised_address_is_told_as_such() -> None:
    said = words(Fault.UNKNOWN_HOST, server="kafka-0.internal:9092", advertised=True)
    assert "its broker kafka-0.internal:9092 cannot be reached" in said
    assert "advertised.listeners" in said


def test_a_fault_of_no_server_names_all() -> None:
    assert "no connection to kafka:1" in words(Fault.OTHER, server="")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("ssl.ca.location", "now /ca.pem"), ("ssl.ca.pem", "now set inline"), ("x", "now the system's")],
)
def test_an_untrusted_certificate_names_the_authorities_in_use(name: str, shown: str) -> None:
    assert shown in words(Fault.UNTRUSTED, ConnectionSettings((Setting(name, "/ca.pem", "-X"),)))
