import pytest

from kgov.cluster.settings import Entry, Origin
from kgov.cluster.translate import Layer, translate
from kgov.errors import UsageError

KAFKA = "org.apache.kafka.common.security."
PLAIN = f"{KAFKA}plain.PlainLoginModule"
SCRAM = f"{KAFKA}scram.ScramLoginModule"
OAUTH = f"{KAFKA}oauthbearer.OAuthBearerLoginModule"


def layer(*pairs: tuple[str, str], origin: Origin = Origin.FILE) -> Layer:
    return translate(
        Entry(name, value, f"f:{line}", origin) for line, (name, value) in enumerate(pairs, start=1)
    )


def values(*pairs: tuple[str, str], origin: Origin = Origin.FILE) -> dict[str, str]:
    return {name: entry.value for name, entry in layer(*pairs, origin=origin).entries.items()}


def refused(*pairs: tuple[str, str], origin: Origin = Origin.FILE) -> UsageError:
    with pytest.raises(UsageError) as raised:
        layer(*pairs, origin=origin)
    return raised.value


@pytest.mark.parametrize(
    ("java", "own"),
    [
        (("sasl.mechanism", "scram-sha-512"), ("sasl.mechanisms", "SCRAM-SHA-512")),
        (("security.protocol", " sasl_ssl "), ("security.protocol", "SASL_SSL")),
        (("ssl.endpoint.identification.algorithm", ""), ("ssl.endpoint.identification.algorithm", "none")),
        (
            ("ssl.endpoint.identification.algorithm", "HTTPS"),
            ("ssl.endpoint.identification.algorithm", "https"),
        ),
        (("ssl.truststore.certificates", "x"), ("ssl.ca.pem", "x")),
        (("ssl.keystore.key", "x"), ("ssl.key.pem", "x")),
        (("ssl.keystore.certificate.chain", "x"), ("ssl.certificate.pem", "x")),
        (("metadata.broker.list", "a:1, b:2"), ("bootstrap.servers", "a:1,b:2")),
        (("request.timeout.ms", " 30000 "), ("socket.timeout.ms", "30000")),
        (("sasl.oauthbearer.method", "OIDC"), ("sasl.oauthbearer.method", "oidc")),
        (("client.id", "me"), ("client.id", "me")),
    ],
)
def test_java_names_become_those_of_librdkafka(java: tuple[str, str], own: tuple[str, str]) -> None:
    assert values(java) == dict([own])


@pytest.mark.parametrize("module", [PLAIN, SCRAM])
def test_a_jaas_entry_becomes_user_and_password(module: str) -> None:
    jaas = f'{module} required username="alice" password="wonder" serviceName="kafka";'
    assert values(("sasl.jaas.config", jaas)) == {"sasl.username": "alice", "sasl.password": "wonder"}


def test_an_oauth_jaas_entry_becomes_client_credentials() -> None:
    jaas = f'{OAUTH} required clientId="me" clientSecret="wonder" scope="kafka";'
    handler = f"{KAFKA}oauthbearer.secured.OAuthBearerLoginCallbackHandler"
    assert values(("sasl.jaas.config", jaas), ("sasl.login.callback.handler.class", handler)) == {
        "sasl.oauthbearer.client.id": "me",
        "sasl.oauthbearer.client.secret": "wonder",
        "sasl.oauthbearer.scope": "kafka",
    }


def test_secrets_keep_their_white_space_and_say_so() -> None:
    made = layer(("sasl.password", " wonder "), ("sasl.username", " alice "))
    assert made.entries["sasl.password"].value == " wonder "
    assert made.entries["sasl.username"].value == "alice"
    assert made.notes == ("sasl.password (f:1) begins or ends with white space: it is part of the secret.",)


def test_what_kgov_does_not_need_is_named_in_one_note() -> None:
    made = layer(("acks", "all"), ("client.id", "x"), ("basic.auth.user.info", "me:hunter2"))
    assert list(made.entries) == ["client.id"]
    assert made.notes == (
        "Settings that kgov does not need are left out: acks (f:1), basic.auth.user.info (f:3).",
    )


def test_settings_without_a_value_count_as_not_set() -> None:
    made = layer(("sasl.password", ""), ("sasl.jaas.config", " "), ("sasl.mechanism", ""))
    assert not made.entries
    assert dict(made.empty) == {"sasl.password": "f:1", "sasl.jaas.config": "f:2", "sasl.mechanisms": "f:3"}
    assert "count as not set: sasl.password (f:1)" in made.notes[0]


def test_an_empty_variable_never_switches_host_names_off() -> None:
    made = layer(("ssl.endpoint.identification.algorithm", ""), origin=Origin.ENVIRONMENT)
    assert not made.entries


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("plugin.library.paths", "load code"),
        ("ssl.engine.location", "load code"),
        ("ssl.providers", "load code"),
        ("sasl.kerberos.kinit.cmd", "run commands"),
        ("sasl.kerberos.keytab", "Kerberos"),
        ("sasl.oauthbearer.assertion.file", "client credentials only"),
        ("config.providers.file.class", "fills in no"),
        ("sasl.client.callback.handler.class", "runs no Java"),
    ],
)
def test_dangerous_settings_are_refused_with_the_reason(name: str, why: str) -> None:
    error = refused((name, "x"))
    assert error.what == f"{name} is refused (f:1)"
    assert why in error.why


def test_a_misspelt_setting_names_the_nearest() -> None:
    assert "Did you mean security.protocol?" in refused(("securty.protocol", "SSL")).todo


def test_a_setting_like_no_other_is_refused_too() -> None:
    error = refused(("[default]", ""))
    assert "'[default]'" in error.what
    assert "docs/connections.md" in error.todo


@pytest.mark.parametrize("name", ["sasl.password", "sasl.jaas.config", "ssl.keystore.key"])
def test_secrets_are_refused_on_the_command_line(name: str) -> None:
    error = refused((name, "hunter2"), origin=Origin.OPTION)
    assert "command line" in error.what
    assert f"KGOV_KAFKA_{name.upper().replace('.', '_')}_FILE" in error.todo
    assert "hunter2" not in f"{error.what}{error.why}{error.todo}"


@pytest.mark.parametrize(
    "text", ["${file:/x:y}", "$(kubectl get secret kafka)", "{{ password }}", "`pass kafka`"]
)
def test_shell_and_template_text_is_refused_as_a_value(text: str) -> None:
    error = refused(("sasl.jaas.config", f'{SCRAM} required username="a" password="{text}";'))
    assert error.what == "sasl.password holds shell or template text, which is taken literally (f:1)"
    assert "KGOV_KAFKA_SASL_PASSWORD_FILE" in error.todo


def test_shell_text_within_a_value_is_noted() -> None:
    made = layer(("sasl.password", "a${b}c"))
    assert made.entries["sasl.password"].value == "a${b}c"
    assert "literally" in made.notes[0]
    assert "b}" not in made.notes[0]


def test_a_variable_may_hold_whatever_the_shell_left_in_it() -> None:
    made = layer(("sasl.password", "${x}"), origin=Origin.ENVIRONMENT)
    assert made.entries["sasl.password"].value == "${x}"
    assert not made.notes


@pytest.mark.parametrize(
    ("name", "value", "what", "todo"),
    [
        ("security.protocol", "SASL-SSL", "'SASL-SSL' is no security.protocol", "Did you mean SASL_SSL?"),
        ("security.protocol", "17", "'17' is no security.protocol", "Allowed are PLAINTEXT"),
        ("sasl.mechanism", "SCRAM-SHA512", "is no sasl.mechanisms", "Did you mean SCRAM-SHA-512?"),
        ("sasl.mechanism", "GSSAPI", "Kerberos (GSSAPI) is not supported yet", "PLAIN"),
        ("sasl.mechanism", "AWS_MSK_IAM", "MSK IAM is not supported yet", "PLAIN"),
        ("sasl.jaas.config", "x", "sasl.jaas.config cannot be read (f:1)", "LoginModule required"),
        ("sasl.jaas.config", "x.Y required;", "login module that kgov does not know", "ScramLoginModule"),
        (
            "sasl.jaas.config",
            "software.amazon.msk.auth.iam.IAMLoginModule required;",
            "MSK IAM is not supported yet",
            "",
        ),
        ("sasl.login.callback.handler.class", "x.Y", "names a class that kgov does not know", "OAuth"),
        ("sasl.oauthbearer.method", "default", "must be oidc", ""),
        ("sasl.oauthbearer.token.endpoint.url", "http://idp.example.com/", "must begin with https://", ""),
        ("sasl.oauthbearer.token.endpoint.url", "https://a@b/", "must begin with https://", ""),
        ("bootstrap.servers", "kafka", "is no bootstrap server", "host:port"),
    ],
)
def test_values_that_cannot_work_are_refused(name: str, value: str, what: str, todo: str) -> None:
    error = refused((name, value))
    assert what in error.what
    assert todo in error.todo
    assert "f:1" in error.what


@pytest.mark.parametrize("url", ["https://idp.example.com", "http://localhost:80/token", "http://127.0.0.1/"])
def test_a_token_endpoint_is_encrypted_or_on_this_machine(url: str) -> None:
    assert values(("sasl.oauthbearer.token.endpoint.url", url)) == {"sasl.oauthbearer.token.endpoint.url": url}


def test_the_same_said_twice_is_fine() -> None:
    assert values(("sasl.mechanism", "PLAIN"), ("sasl.mechanisms", "plain")) == {"sasl.mechanisms": "PLAIN"}


def test_two_different_values_from_one_source_are_refused() -> None:
    error = refused(("sasl.mechanism", "PLAIN"), ("sasl.mechanisms", "SCRAM-SHA-512"))
    assert error.what == "sasl.mechanisms is said twice, and not the same (f:1 and f:2)"


def test_two_options_that_differ_are_refused() -> None:
    pair = [Entry("client.id", value, "-X", Origin.OPTION) for value in "ab"]
    with pytest.raises(UsageError, match=r"not the same \(-X\)"):
        translate(pair)
