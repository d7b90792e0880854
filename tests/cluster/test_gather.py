import pytest

from kgov.cluster.gather import gather_settings
from kgov.cluster.settings import ConnectionSettings, Entry, Origin, Secret
from kgov.cluster.stores import StoreKind
from kgov.errors import UsageError

FILE, ENVIRONMENT, OPTION = Origin
SCRAM = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": "a",
    "sasl.password": "b",
}
OAUTH = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "OAUTHBEARER",
    "sasl.oauthbearer.token.endpoint.url": "https://idp.example.com/token",
    "sasl.oauthbearer.client.id": "me",
    "sasl.oauthbearer.client.secret": "wonder",
}


def gather(
    file: dict[str, str] | None = None,
    environment: dict[str, str] | None = None,
    option: dict[str, str] | None = None,
    kind: StoreKind = StoreKind.PEM,
) -> ConnectionSettings:
    layers = (
        [Entry(name, value, str(origin), origin) for name, value in (given or {}).items()]
        for origin, given in ((FILE, file), (ENVIRONMENT, environment), (OPTION, option))
    )
    return gather_settings(layers, lambda _: kind)


def connect(**settings: str) -> ConnectionSettings:
    return gather(
        {"bootstrap.servers": "kafka:1", **{name.replace("_", "."): text for name, text in settings.items()}}
    )


def refused(file: dict[str, str], environment: dict[str, str] | None = None) -> UsageError:
    with pytest.raises(UsageError) as raised:
        gather(file, environment)
    return raised.value


def test_the_later_source_wins_and_is_named() -> None:
    made = gather(
        {"bootstrap.servers": "a:1", "client.id": "file", **SCRAM},
        {"sasl.password": "from-environment"},
        {"bootstrap.servers": "b:2"},
    )
    assert made.bootstrap_servers == "b:2"
    assert made.source("bootstrap.servers") == "option"
    assert made.get("sasl.password") == "from-environment"
    assert made.source("sasl.password") == "environment"
    assert made.source("client.id") == "file"
    assert made.notes == ()


def test_settings_are_sorted_and_secrets_wrapped() -> None:
    made = gather({"bootstrap.servers": "a:1", **SCRAM})
    names = [setting.name for setting in made.settings]
    assert names == sorted(names)
    assert [setting.name for setting in made.settings if isinstance(setting.value, Secret)] == ["sasl.password"]


def test_no_server_is_refused_with_the_three_ways_to_say_one() -> None:
    error = refused({})
    for way in ("--bootstrap-server", "KGOV_KAFKA_BOOTSTRAP_SERVERS", "--command-config"):
        assert way in error.todo


def test_an_empty_variable_is_named_where_its_setting_is_missing() -> None:
    assert refused({}, {"bootstrap.servers": ""}).why == "bootstrap.servers is empty (environment)."
    scram = {**SCRAM, "sasl.password": ""}
    error = refused({"bootstrap.servers": "a:1"}, scram)
    assert error.what == "sasl.password is missing, and SCRAM-SHA-512 needs it"
    assert error.why == "sasl.password is empty (environment)."


@pytest.mark.parametrize("name", ["sasl.username", "sasl.password"])
def test_missing_credentials_are_found_before_connecting(name: str) -> None:
    settings = {"bootstrap.servers": "a:1", **SCRAM}
    del settings[name]
    error = refused(settings)
    assert error.what == f"{name} is missing, and SCRAM-SHA-512 needs it"
    assert f"KGOV_KAFKA_{name.upper().replace('.', '_')}_FILE" in error.todo


def test_a_missing_mechanism_is_found_before_connecting() -> None:
    error = refused({"bootstrap.servers": "a:1", "security.protocol": "SASL_SSL"})
    assert error.what == "sasl.mechanism is missing for SASL_SSL (file)"


def test_oauth_is_complete_with_client_credentials() -> None:
    assert gather({"bootstrap.servers": "a:1", **OAUTH}).get("sasl.oauthbearer.method") == "oidc"
    incomplete = {"bootstrap.servers": "a:1", **OAUTH}
    del incomplete["sasl.oauthbearer.client.secret"]
    assert "client.secret is missing" in refused(incomplete).what


@pytest.mark.parametrize(
    ("name", "value", "likely"),
    [("sasl.mechanism", "PLAIN", "SASL_SSL"), ("ssl.ca.location", "ca.pem", "SSL")],
)
def test_a_protocol_is_never_guessed(name: str, value: str, likely: str) -> None:
    error = refused({"bootstrap.servers": "a:1", name: value})
    assert "security.protocol is missing" in error.what
    assert likely in error.todo


def test_without_tls_and_sasl_settings_no_protocol_is_needed() -> None:
    assert connect().protocol == "PLAINTEXT"


def test_a_stronger_source_replaces_the_rivals_of_a_setting() -> None:
    file = {"bootstrap.servers": "a:1", "security.protocol": "SSL", "ssl.truststore.location": "trust.jks"}
    made = gather(file, {"ssl.ca.pem": "x"}, kind=StoreKind.JKS)
    assert (made.get("ssl.ca.pem"), made.get("ssl.ca.location")) == ("x", None)


def test_a_key_store_is_replaced_by_its_parts() -> None:
    file = {"bootstrap.servers": "a:1", "security.protocol": "SSL", "ssl.keystore.location": "me.jks"}
    made = gather(file, {"ssl.key.pem": "k", "ssl.certificate.pem": "c"}, kind=StoreKind.JKS)
    assert made.get("ssl.keystore.location") is None
    assert made.has_client_certificate


def test_one_source_may_not_say_the_same_thing_in_two_ways() -> None:
    error = refused({"bootstrap.servers": "a:1", "ssl.ca.location": "a", "ssl.ca.pem": "b"})
    assert error.what == "ssl.ca.location and ssl.ca.pem say the same thing in two ways (file)"


@pytest.mark.parametrize(("half", "other"), [("certificate", "key"), ("key", "certificate")])
def test_half_a_client_certificate_is_refused(half: str, other: str) -> None:
    error = refused({"bootstrap.servers": "a:1", "security.protocol": "SSL", f"ssl.{half}.location": "x.pem"})
    assert error.what == f"ssl.{half}.location is set, but no ssl.{other}.location (file)"


@pytest.mark.parametrize(
    ("asked", "taken", "notes"), [("30000", "60000", 1), ("60000", "60000", 0), ("999999", "300000", 1)]
)
def test_the_request_time_out_stays_within_what_gives_answers(asked: str, taken: str, notes: int) -> None:
    made = connect(request_timeout_ms=asked)
    assert made.get("socket.timeout.ms") == taken
    assert len(made.notes) == notes


@pytest.mark.parametrize("asked", ["soon", "-1", "1e3", "²"])
def test_a_request_time_out_is_a_number(asked: str) -> None:
    assert "number of milliseconds" in refused({"bootstrap.servers": "a:1", "request.timeout.ms": asked}).what


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ({"security.protocol": "SSL", "sasl.username": "a"}, "sasl.username: not used, because"),
        ({"security.protocol": "PLAINTEXT", "ssl.ca.location": "a"}, "ssl.ca.location: not used, because"),
        ({**SCRAM, "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}, "unencrypted"),
        ({"security.protocol": "SSL", "enable.ssl.certificate.verification": "False"}, "not verified"),
        ({"security.protocol": "SSL", "ssl.endpoint.identification.algorithm": ""}, "Host names are not"),
    ],
)
def test_what_is_odd_or_unsafe_is_noted(settings: dict[str, str], note: str) -> None:
    made = gather({"bootstrap.servers": "kafka:1", **settings})
    assert [text for text in made.notes if note in text] == list(made.notes)
    assert made.notes


def test_a_password_on_the_own_machine_may_be_unencrypted() -> None:
    plain = {**SCRAM, "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}
    assert gather({"bootstrap.servers": "localhost:1,[::1]:2,127.0.0.1:3", **plain}).notes == ()
