"""TLS from the same settings as librdkafka's, with Python's ``ssl``."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

from kgov.cluster.bootstrap import Address
from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.wire.errors import LostError, UnspokenError

_NO = ("false", "0", "n", "no", "f")


class _NoPasswordError(Exception):
    """The key is encrypted and nobody said how to open it: OpenSSL must not ask at the terminal."""


def encryption(settings: ConnectionSettings) -> Callable[[socket.socket, Address, float], socket.socket]:
    """Make what turns a connection to an address, within so many seconds, into an encrypted one.

    That raises ``LostError`` where the server is not who it should be, or does not speak TLS; this raises
    ``UnspokenError`` for files that Python's ``ssl`` cannot use.
    """
    context = make_context(settings)

    def encrypt(stream: socket.socket, address: Address, seconds: float) -> socket.socket:
        stream.settimeout(seconds)
        try:
            return context.wrap_socket(stream, server_hostname=address.host)
        except (OSError, ValueError) as error:
            reason = error.reason if isinstance(error, ssl.SSLError) else type(error).__name__
            msg = f"there is no TLS connection to {address} ({reason})"
            raise LostError(msg) from None

    return encrypt


def make_context(settings: ConnectionSettings) -> ssl.SSLContext:
    """Build what encrypts connections; raises ``UnspokenError`` for files that Python's ``ssl`` cannot use.

    Certificates are verified against ``ssl.ca.location`` or ``ssl.ca.pem``, else the system's authorities, and
    host names unless ``ssl.endpoint.identification.algorithm`` is ``none``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = settings.get("ssl.endpoint.identification.algorithm") != "none"
    if (settings.get("enable.ssl.certificate.verification") or "").lower() in _NO:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        _trust(context, settings)
        _show(context, settings)
        if ciphers := settings.get("ssl.cipher.suites"):
            context.set_ciphers(ciphers)
    except (OSError, ValueError, _NoPasswordError) as error:
        msg = f"Python's ssl does not take the TLS settings ({type(error).__name__})"
        raise UnspokenError(msg) from None
    return context


def _trust(context: ssl.SSLContext, settings: ConnectionSettings) -> None:
    location, text = settings.get("ssl.ca.location"), settings.get("ssl.ca.pem")
    if text is not None:
        context.load_verify_locations(cadata=text)
    elif location in (None, "probe"):
        context.load_default_certs()
    elif Path(str(location)).is_dir():
        context.load_verify_locations(capath=location)
    else:
        context.load_verify_locations(cafile=location)


def _show(context: ssl.SSLContext, settings: ConnectionSettings) -> None:
    certificate = settings.get("ssl.certificate.location")
    if certificate is None:
        return
    password = settings.get("ssl.key.password")

    def opened() -> str:
        if password is None:
            raise _NoPasswordError
        return password

    context.load_cert_chain(certificate, settings.get("ssl.key.location"), opened)
