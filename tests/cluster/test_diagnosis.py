import ssl
from pathlib import Path

import pytest
from certificates import EXPIRED, OTHER_HOST, SERVER, Certificates
from listeners import keeps_silent, listening, says, through_tls, unused_port

from kgov.cluster.bootstrap import Address
from kgov.cluster.causes import Cause, Fault
from kgov.cluster.diagnosis import diagnose, judge_certificate, judge_listener, strongest_cause
from kgov.cluster.listener_probe import Answering, CertificateComplaint, CertificateFault, Listener
from kgov.cluster.settings import ConnectionSettings, Setting

A, B = Address("a", 1), Address("b", 2)


def cause(fault: Fault, server: str = "a:1", *, advertised: bool = False) -> Cause:
    return Cause(fault, server, "text", advertised=advertised)


def settings(servers: str, **values: str) -> ConnectionSettings:
    named = {"bootstrap.servers": servers} | {name.replace("_", "."): text for name, text in values.items()}
    return ConnectionSettings(tuple(Setting(name, text, "test") for name, text in named.items()))


@pytest.mark.parametrize(
    ("causes", "strongest"),
    [
        ([cause(Fault.REFUSED), cause(Fault.WRONG_CREDENTIALS, "b:2")], cause(Fault.WRONG_CREDENTIALS, "b:2")),
        (
            [cause(Fault.OTHER), cause(Fault.OTHER, "c:3", advertised=True)],
            cause(Fault.OTHER, "c:3", advertised=True),
        ),
        ([cause(Fault.OTHER, "b:2"), cause(Fault.UNKNOWN_HOST)], cause(Fault.UNKNOWN_HOST)),
        ([cause(Fault.REFUSED)], Cause(Fault.SILENT, "b:2", "No answer came in time", advertised=False)),
        ([], Cause(Fault.SILENT, "a:1", "No answer came in time", advertised=False)),
    ],
)
def test_the_cause_that_says_most_is_told(causes: list[Cause], strongest: Cause) -> None:
    assert strongest_cause(causes, (A, B)) == strongest


@pytest.mark.parametrize(
    ("fault", "listener", "protocol", "judged"),
    [
        (Fault.SILENT, Listener(Answering.KAFKA, tls=True), "PLAINTEXT", Fault.NEEDS_TLS),
        (Fault.SILENT, Listener(Answering.KAFKA, sasl=True), "PLAINTEXT", Fault.NEEDS_SASL),
        (Fault.SILENT, Listener(Answering.KAFKA, sasl=True), "SSL", Fault.NO_TLS),
        (Fault.OTHER, Listener(Answering.KAFKA, tls=True), "SASL_SSL", Fault.NO_SASL),
        (Fault.OTHER, Listener(Answering.KAFKA), "PLAINTEXT", Fault.OTHER),
        (Fault.SILENT, Listener(Answering.NEEDS_CERTIFICATE), "PLAINTEXT", Fault.NEEDS_TLS),
        (Fault.NEEDS_CERTIFICATE, Listener(Answering.NEEDS_CERTIFICATE), "SSL", Fault.NEEDS_CERTIFICATE),
        (Fault.NO_TLS, Listener(Answering.FOREIGN), "SSL", Fault.NOT_KAFKA),
        (Fault.OTHER, Listener(Answering.SILENT), "SSL", Fault.SILENT),
        (Fault.NO_TLS, Listener(Answering.HUNG_UP), "SSL", Fault.SILENT),
        (Fault.NEEDS_CERTIFICATE, Listener(Answering.HUNG_UP), "SSL", Fault.NEEDS_CERTIFICATE),
        (Fault.SILENT, Listener(Answering.UNREACHED), "SSL", Fault.SILENT),
        (Fault.OTHER, Listener(Answering.UNREACHED), "SSL", Fault.OTHER),
    ],
)
def test_a_vague_cause_is_corrected_by_what_listens(
    fault: Fault, listener: Listener, protocol: str, judged: Fault
) -> None:
    assert judge_listener(cause(fault), listener, protocol).fault is judged


@pytest.mark.parametrize(
    ("complaint", "judged"),
    [
        (None, (Fault.UNTRUSTED, "It could not be verified")),
        (CertificateComplaint(CertificateFault.EXPIRED, "late"), (Fault.EXPIRED, "late")),
        (CertificateComplaint(CertificateFault.OTHER_HOST, "who"), (Fault.OTHER_HOST, "who")),
        (CertificateComplaint(CertificateFault.UNTRUSTED, "no"), (Fault.UNTRUSTED, "no")),
    ],
)
def test_a_certificate_that_is_not_accepted_says_why(
    complaint: CertificateComplaint | None, judged: tuple[Fault, str]
) -> None:
    made = judge_certificate(cause(Fault.UNTRUSTED), complaint)
    assert (made.fault, made.text) == judged


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


def server_context(certificates: Certificates, holder: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.file(holder))
    return context


@pytest.mark.parametrize(
    ("holder", "authority", "what"),
    [
        (SERVER, "foreign-ca", "is not trusted"),
        (OTHER_HOST, "ca", "was made for another host"),
        (EXPIRED, "ca", "is not valid today"),
        (SERVER, "ca", "is not trusted"),
    ],
)
def test_the_certificate_is_looked_at_once_more(
    certificates: Certificates, holder: str, authority: str, what: str
) -> None:
    with listening(through_tls(server_context(certificates, holder), keeps_silent)) as server:
        complaint = Cause(Fault.UNTRUSTED, server, "certificate verify failed", advertised=False)
        location = certificates.file(authority)
        for trust in (
            {"ssl_ca_location": location},
            {"ssl_ca_pem": Path(location).read_text(encoding="utf-8")},
        ):
            error = diagnose([complaint], settings("a:1", security_protocol="SSL", **trust))
            assert error.what == f"The certificate of {server} {what}"


def test_authorities_may_be_a_folder_or_those_of_the_system(certificates: Certificates) -> None:
    with listening(through_tls(server_context(certificates, SERVER), keeps_silent)) as server:
        complaint = Cause(Fault.UNTRUSTED, server, "certificate verify failed", advertised=False)
        for location in (str(certificates.folder), "probe"):
            error = diagnose([complaint], settings("a:1", security_protocol="SSL", ssl_ca_location=location))
            assert error.what == f"The certificate of {server} is not trusted"


def test_a_quiet_listener_is_asked_what_it_is() -> None:
    with listening(says(b"SSH-2.0-OpenSSH_9.2\r\n")) as server:
        assert diagnose([], settings(server)).what == f"{server} is no Kafka broker"


def test_a_dead_port_is_told_without_asking() -> None:
    server = f"127.0.0.1:{unused_port()}"
    assert diagnose([cause(Fault.REFUSED, server)], settings(server)).what == f"Nothing listens at {server}"


def test_an_advertised_address_is_not_asked() -> None:
    error = diagnose([cause(Fault.OTHER, "inner:9092", advertised=True)], settings("a:1"))
    assert "its broker inner:9092 cannot be reached" in error.what


def test_the_first_server_is_asked_where_none_is_named() -> None:
    with listening(says(b"hello")) as server:
        error = diagnose([Cause(Fault.OTHER, "", "x", advertised=False)], settings(server))
    assert "is no Kafka broker" in error.what


@pytest.mark.parametrize(("protocol", "instead"), [("SASL_SSL", "to SSL"), ("SASL_PLAINTEXT", "to PLAINTEXT")])
def test_a_listener_without_login_is_named_with_its_protocol(protocol: str, instead: str) -> None:
    assert instead in diagnose([cause(Fault.NO_SASL)], settings("a:1", security_protocol=protocol)).todo
