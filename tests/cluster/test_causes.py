import pytest

from kgov.cluster.causes import Cause, Fault, offered_mechanisms, plain_words, read_cause

UNSUPPORTED = (
    "SASL SCRAM-SHA-256 mechanism handshake failed: Broker: Unsupported SASL mechanism: "
    "broker's supported mechanisms: PLAIN,SCRAM-SHA-512"
)


@pytest.mark.parametrize(
    ("code", "text", "fault"),
    [
        ("_TRANSPORT", "Connect to ipv4#127.0.0.1:1 failed: Connection refused", Fault.REFUSED),
        ("_RESOLVE", "Failed to resolve 'a:1': Name or service not known", Fault.UNKNOWN_HOST),
        ("_RESOLVE", "Failed to resolve 'a:1': Temporary failure in name resolution", Fault.OTHER),
        (
            "_TRANSPORT",
            "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?",
            Fault.NO_TLS,
        ),
        ("_SSL", "SSL handshake failed: error:0A00010B:SSL routines::wrong version number", Fault.NO_TLS),
        (
            "_SSL",
            "SSL handshake failed: error:0A000086:SSL routines::certificate verify failed: verify that",
            Fault.UNTRUSTED,
        ),
        (
            "_TRANSPORT",
            "Receive failed: error:0A000412:SSL routines::ssl/tls alert bad certificate: SSL alert number 42",
            Fault.NEEDS_CERTIFICATE,
        ),
        ("_AUTHENTICATION", "SASL authentication error: Authentication failed: x", Fault.WRONG_CREDENTIALS),
        ("_AUTHENTICATION", UNSUPPORTED, Fault.WRONG_MECHANISM),
        (
            "_AUTHENTICATION",
            "SASL SCRAM-SHA-512 mechanism handshake failed: Broker: Request not valid in current SASL state",
            Fault.NO_SASL,
        ),
        ("_BAD_MSG", "Receive failed: Invalid response size 1213486160 (0..100000000)", Fault.NOT_KAFKA),
        ("_TRANSPORT", "Disconnected", Fault.OTHER),
    ],
)
def test_a_complaint_is_understood(code: str, text: str, fault: Fault) -> None:
    for prefix in ("", "ssl://"):
        cause = read_cause(code, f"{prefix}kafka:9092/bootstrap: {text} (after 3ms in state CONNECT)")
        assert cause == Cause(fault, "kafka:9092", plain_words(text), advertised=False)


def test_how_often_it_was_said_is_left_out() -> None:
    cause = read_cause(
        "_TRANSPORT", "a:1/bootstrap: Gone (after 3ms in state CONNECT, 4 identical error(s) suppressed)"
    )
    assert cause == Cause(Fault.OTHER, "a:1", "Gone", advertised=False)


def test_a_broker_that_the_cluster_named_is_known_by_its_number() -> None:
    cause = read_cause(
        "_RESOLVE", "kafka-0.internal:9092/1: Failed to resolve 'kafka-0.internal:9092': unknown"
    )
    assert cause is not None
    assert (cause.server, cause.advertised) == ("kafka-0.internal:9092", True)


def test_a_failed_oauth_login_names_no_server() -> None:
    cause = read_cause("_AUTHENTICATION", "Failed to acquire SASL OAUTHBEARER token: HTTP 401")
    assert cause == Cause(
        Fault.OAUTH, "", "Failed to acquire SASL OAUTHBEARER token: HTTP 401", advertised=False
    )


def test_all_brokers_down_says_nothing() -> None:
    assert read_cause("_ALL_BROKERS_DOWN", "1/1 brokers are down") is None


def test_openssl_numbers_and_line_ends_are_left_out() -> None:
    assert plain_words("ssl.key.location failed:\n error:0A080009:SSL routines::PEM lib.") == (
        "ssl.key.location failed: PEM lib"
    )


def test_what_a_server_says_cannot_command_the_terminal_nor_fill_it() -> None:
    assert plain_words("\x1b[31mred\x07 \u202e") == "[31mred"
    assert len(plain_words("x" * 10_000)) == 300


def test_the_mechanisms_that_a_broker_offers_are_read() -> None:
    assert offered_mechanisms(UNSUPPORTED) == ("PLAIN", "SCRAM-SHA-512")
    assert offered_mechanisms("broker's supported mechanisms: ") == ()
