"""One source's entries -> the same settings under librdkafka's names, each looked at by itself.

What several sources say together is for ``kgov.cluster.gather``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kgov.cluster.bootstrap import parse_bootstrap
from kgov.cluster.jaas import JaasError, parse_jaas
from kgov.cluster.pem import mend_pem
from kgov.cluster.setting_names import KNOWN, canonical_name, is_ignored, is_secret, refusal
from kgov.cluster.settings import Entry, Origin
from kgov.errors import UsageError
from kgov.model.nearest import nearest

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")
_NOT_YET = MappingProxyType({"GSSAPI": "Kerberos (GSSAPI)", "AWS_MSK_IAM": "MSK IAM"})
_MSK_MODULE = "software.amazon.msk.auth.iam.IAMLoginModule"
_KAFKA = "org.apache.kafka.common.security."
_USER_OPTIONS = MappingProxyType({"username": "sasl.username", "password": "sasl.password"})
_MODULES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        _KAFKA + "plain.PlainLoginModule": _USER_OPTIONS,
        _KAFKA + "scram.ScramLoginModule": _USER_OPTIONS,
        _KAFKA + "oauthbearer.OAuthBearerLoginModule": MappingProxyType(
            {
                "clientId": "sasl.oauthbearer.client.id",
                "clientSecret": "sasl.oauthbearer.client.secret",
                "scope": "sasl.oauthbearer.scope",
            }
        ),
    }
)
_OAUTH_HANDLERS = (
    _KAFKA + "oauthbearer.OAuthBearerLoginCallbackHandler",
    _KAFKA + "oauthbearer.secured.OAuthBearerLoginCallbackHandler",
)
_WHOLE_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}|\$\(.*\)|\{\{.*\}\}|`.*`", re.DOTALL)
_PLACEHOLDER = re.compile(r"\$\{|\$\(|\{\{")


@dataclass(frozen=True, slots=True)
class Layer:
    """The settings of one source by name, and what to tell about them.

    ``empty`` names, with their sources, settings without a value: they count as not set, for that is how CI
    systems hand over a secret that does not exist.
    """

    entries: Mapping[str, Entry]
    empty: Mapping[str, str]
    notes: tuple[str, ...]


def translate(entries: Iterable[Entry]) -> Layer:
    """Translate the entries of one source; ``UsageError`` names what cannot be used and where it stands."""
    translated: dict[str, Entry] = {}
    empty: dict[str, str] = {}
    ignored: list[str] = []
    notes: list[str] = []
    for entry in entries:
        if is_ignored(entry.name):
            ignored.append(f"{entry.name} ({entry.source})")
            continue
        _require_usable(entry)
        for part in _parts(entry):
            if _is_empty(part):
                empty[part.name] = part.source
                continue
            notes += _literal_notes(part)
            _add(translated, _normalised(part))
    if ignored:
        notes.append(f"Settings that kgov does not need are left out: {', '.join(ignored)}.")
    if empty:
        said = ", ".join(f"{name} ({source})" for name, source in empty.items())
        notes.append(f"Settings without a value count as not set: {said}.")
    return Layer(MappingProxyType(translated), MappingProxyType(empty), tuple(notes))


def _is_empty(entry: Entry) -> bool:
    """Tell whether the entry sets nothing.

    An empty host name check means "off" in Java's files; a variable may be empty because CI left it so.
    """
    means_off = entry.name == "ssl.endpoint.identification.algorithm" and entry.origin is not Origin.ENVIRONMENT
    return not means_off and not entry.value.strip()


def _require_usable(entry: Entry) -> None:
    reason = refusal(entry.name)
    if reason is not None:
        msg = f"{entry.name} is refused ({entry.source})"
        raise UsageError(
            msg, why=f"{reason[0].upper()}{reason[1:]}.", todo="Take it out; see docs/connections.md."
        )
    if entry.name not in KNOWN:
        near = nearest(entry.name, KNOWN)
        msg = f"There is no connection setting {entry.name!r} ({entry.source})"
        raise UsageError(
            msg,
            todo=f"Did you mean {near[0]}?"
            if near
            else "docs/connections.md lists the settings that kgov knows.",
        )
    if entry.origin is Origin.OPTION and is_secret(entry.name):
        msg = f"{entry.name} must not stand on the command line"
        variable = "KGOV_KAFKA_" + entry.name.upper().replace(".", "_")
        raise UsageError(
            msg,
            why="Everybody on the machine can read the command lines of running processes.",
            todo=f"Set {variable}, or {variable}_FILE with the name of a file that holds it.",
        )


def _parts(entry: Entry) -> Iterator[Entry]:
    """Split an entry that says several things, and drop one that only confirms what kgov does anyway."""
    if _is_empty(entry):
        yield replace(entry, name=canonical_name(entry.name))
    elif entry.name == "sasl.jaas.config":
        yield from _jaas_parts(entry)
    elif entry.name == "sasl.login.callback.handler.class":
        if entry.value not in _OAUTH_HANDLERS:
            msg = f"{entry.name} names a class that kgov does not know ({entry.source})"
            raise UsageError(
                msg, why="It runs no Java.", todo="Take it out; see docs/connections.md for OAuth."
            )
    else:
        yield replace(entry, name=canonical_name(entry.name))


def _jaas_parts(entry: Entry) -> Iterator[Entry]:
    try:
        jaas = parse_jaas(entry.value)
    except JaasError as error:
        msg = f"sasl.jaas.config cannot be read ({entry.source})"
        raise UsageError(
            msg,
            why=f"In it, {error}.",
            todo='Write it as org.apache.kafka...LoginModule required username="..." password="...";',
        ) from None
    if jaas.module == _MSK_MODULE:
        raise _not_supported("AWS_MSK_IAM", entry)
    names = _MODULES.get(jaas.module)
    if names is None:
        msg = f"sasl.jaas.config names a login module that kgov does not know ({entry.source})"
        raise UsageError(
            msg,
            why="A login module is Java code, and kgov runs no Java.",
            todo=f"Use PlainLoginModule, ScramLoginModule or OAuthBearerLoginModule of {_KAFKA}*.",
        )
    for option, value in jaas.options.items():
        if option in names:
            yield Entry(names[option], value, entry.source, entry.origin)


def _literal_notes(entry: Entry) -> Iterator[str]:
    """Speak up where somebody expects a shell or a template engine to fill in the value: nobody does.

    A variable's value has been through the shell, so what is left in it is meant.
    """
    if entry.origin is Origin.ENVIRONMENT:
        return
    if _WHOLE_PLACEHOLDER.fullmatch(entry.value.strip()):
        msg = f"{entry.name} holds shell or template text, which is taken literally ({entry.source})"
        variable = "KGOV_KAFKA_" + entry.name.upper().replace(".", "_")
        raise UsageError(
            msg,
            why="kgov fills in neither ${...} nor $(...) nor {{...}}.",
            todo=f"Write the value itself, or set {variable} or {variable}_FILE.",
        )
    if _PLACEHOLDER.search(entry.value):
        yield f"{entry.name} ({entry.source}) holds ${{, $( or {{{{, which kgov takes literally."
    if is_secret(entry.name) and entry.value != entry.value.strip():
        yield f"{entry.name} ({entry.source}) begins or ends with white space: it is part of the secret."


def _normalised(entry: Entry) -> Entry:
    """Bring the value to the form that librdkafka takes; secrets stay as they are, white space included."""
    normalise = _NORMALISERS.get(entry.name)
    if normalise is not None:
        return replace(entry, value=normalise(entry))
    return entry if is_secret(entry.name) else replace(entry, value=entry.value.strip())


def _pem(entry: Entry) -> str:
    return mend_pem(entry.value)


def _protocol(entry: Entry) -> str:
    return _one_of(entry, PROTOCOLS)


def _mechanism(entry: Entry) -> str:
    mechanism = entry.value.strip().upper()
    if mechanism in _NOT_YET:
        raise _not_supported(mechanism, entry)
    return _one_of(entry, MECHANISMS)


def _one_of(entry: Entry, allowed: tuple[str, ...]) -> str:
    value = entry.value.strip().upper()
    if value not in allowed:
        near = nearest(value, allowed)
        msg = f"{entry.value.strip()!r} is no {entry.name} ({entry.source})"
        hint = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(msg, todo=f"{hint}Allowed are {', '.join(allowed)}.")
    return value


def _not_supported(mechanism: str, entry: Entry) -> UsageError:
    msg = f"{_NOT_YET[mechanism]} is not supported yet ({entry.source})"
    return UsageError(msg, todo=f"Let kgov in by one of {', '.join(MECHANISMS)}, or by a client certificate.")


def _identification(entry: Entry) -> str:
    """Translate Java's empty text, which switches the check of the host name off, to librdkafka's ``none``."""
    return entry.value.strip().lower() or "none"


def _servers(entry: Entry) -> str:
    return ",".join(str(address) for address in parse_bootstrap(entry.value, entry.source))


def _oauth_method(entry: Entry) -> str:
    if entry.value.strip().lower() != "oidc":
        msg = f"sasl.oauthbearer.method must be oidc ({entry.source})"
        raise UsageError(msg, why="The other methods make tokens that nobody signed.")
    return "oidc"


def _token_endpoint(entry: Entry) -> str:
    """Insist on an address that the client's secret may be sent to."""
    url = entry.value.strip()
    if not re.match(r"https://[^/@\s]+(/|$)|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)", url):
        msg = f"{entry.name} must begin with https:// ({entry.source})"
        raise UsageError(
            msg, why="The client's secret is sent there.", todo="Write the https address of the issuer."
        )
    return url


_NORMALISERS: Mapping[str, Callable[[Entry], str]] = MappingProxyType(
    {
        "bootstrap.servers": _servers,
        "https.ca.pem": _pem,
        "sasl.mechanisms": _mechanism,
        "sasl.oauthbearer.method": _oauth_method,
        "sasl.oauthbearer.token.endpoint.url": _token_endpoint,
        "security.protocol": _protocol,
        "ssl.ca.pem": _pem,
        "ssl.certificate.pem": _pem,
        "ssl.endpoint.identification.algorithm": _identification,
        "ssl.key.pem": _pem,
    }
)


def _add(translated: dict[str, Entry], entry: Entry) -> None:
    earlier = translated.setdefault(entry.name, entry)
    if earlier.value != entry.value:
        where = earlier.source if earlier.source == entry.source else f"{earlier.source} and {entry.source}"
        msg = f"{entry.name} is said twice, and not the same ({where})"
        raise UsageError(msg, todo="Leave one of them.")
