import pytest

from kgov.cluster.settings import MASK, ConnectionSettings, Secret, Setting, own_principal


def settings(**values: str) -> ConnectionSettings:
    return ConnectionSettings(
        tuple(
            Setting(name.replace("_", "."), Secret(value) if "password" in name else value, "test")
            for name, value in values.items()
        )
    )


def test_a_secret_shows_only_when_it_is_asked_to() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {Setting('sasl.password', secret, 'x')}"
    assert str(secret) == MASK
    assert secret.reveal() == "hunter2"


def test_settings_do_not_show_their_secrets() -> None:
    assert "hunter2" not in repr(settings(sasl_password="hunter2"))


def test_a_setting_is_had_by_name_with_its_source() -> None:
    made = settings(sasl_username="alice", sasl_password="hunter2", bootstrap_servers="a:1")
    assert (made.get("sasl.username"), made.get("sasl.password")) == ("alice", "hunter2")
    assert made.source("sasl.username") == "test"
    assert made.bootstrap_servers == "a:1"


def test_a_setting_that_nobody_made_is_none() -> None:
    made = settings()
    assert made.get("sasl.username") is None
    assert made.source("sasl.username") == ""
    assert (made.bootstrap_servers, made.protocol) == ("", "PLAINTEXT")


def test_secrets_are_masked_in_what_others_say() -> None:
    made = settings(sasl_password="hunter2", ssl_key_password="hunter22", sasl_username="hunter")
    assert made.scrub("bad hunter2 or hunter22 of hunter") == f"bad {MASK} or {MASK} of hunter"


def test_very_short_secrets_are_not_masked_out_of_words() -> None:
    assert settings(sasl_password="a").scrub("a bad word") == "a bad word"


@pytest.mark.parametrize(
    ("values", "principal"),
    [
        ({}, "User:ANONYMOUS"),
        ({"security_protocol": "SSL"}, "User:ANONYMOUS"),
        ({"security_protocol": "SSL", "ssl_certificate_location": "me.pem"}, None),
        ({"security_protocol": "SSL", "ssl_keystore_location": "me.p12"}, None),
        ({"security_protocol": "SASL_SSL", "sasl_mechanisms": "PLAIN", "sasl_username": "a"}, "User:a"),
        (
            {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanisms": "SCRAM-SHA-512", "sasl_username": "a"},
            "User:a",
        ),
        ({"security_protocol": "SASL_SSL", "sasl_mechanisms": "OAUTHBEARER"}, None),
    ],
)
def test_the_own_principal_is_named_where_it_is_certain(values: dict[str, str], principal: str | None) -> None:
    assert own_principal(settings(bootstrap_servers="kafka:1", **values)) == principal


def test_the_owner_of_a_cloud_key_is_not_guessed() -> None:
    made = settings(
        bootstrap_servers="pkc-1.eu.confluent.cloud:9092",
        security_protocol="SASL_SSL",
        sasl_mechanisms="PLAIN",
        sasl_username="KEY",
    )
    assert own_principal(made) is None
