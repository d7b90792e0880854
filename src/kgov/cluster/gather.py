"""All sources of settings -> one complete, consistent set, or a clear word about what is missing.

Pure: files have been read and the environment is an argument (``kgov.cluster.settings_reader``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from kgov.cluster.bootstrap import parse_bootstrap
from kgov.cluster.setting_names import is_secret
from kgov.cluster.settings import ConnectionSettings, Entry, Secret, Setting
from kgov.cluster.stores import StoreKind, resolve_stores
from kgov.cluster.translate import MECHANISMS, PROTOCOLS, translate
from kgov.errors import UsageError

SHORTEST_REQUEST_TIMEOUT = 60_000
"""Milliseconds that kgov waits at least for an answer: a shorter wait turns answers into unknown outcomes."""

_LONGEST_REQUEST_TIMEOUT = 300_000  # librdkafka takes no more
_RIVALS = (
    frozenset({"ssl.ca.location", "ssl.ca.pem", "ssl.truststore.location"}),
    frozenset({"ssl.certificate.location", "ssl.certificate.pem", "ssl.keystore.location"}),
    frozenset({"ssl.key.location", "ssl.key.pem", "ssl.keystore.location"}),
    frozenset({"https.ca.location", "https.ca.pem"}),
)
"""Settings of which only one may stand: they name the same thing in different ways."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OAUTH_NEEDS = (
    "sasl.oauthbearer.token.endpoint.url",
    "sasl.oauthbearer.client.id",
    "sasl.oauthbearer.client.secret",
)


def gather_settings(
    layers: Iterable[Iterable[Entry]], kind_of: Callable[[Entry], StoreKind]
) -> ConnectionSettings:
    """Merge the sources, the weakest first, and prove that what they say together can connect.

    ``kind_of`` looks at the store that an entry names. Raises ``UsageError`` for the first thing that is wrong.
    """
    merged: dict[str, Entry] = {}
    empty: dict[str, str] = {}
    notes: list[str] = []
    for layer in map(translate, layers):
        _overlay(merged, layer.entries)
        empty.update(layer.empty)
        notes += layer.notes
    entries = resolve_stores(merged, kind_of)
    _require_servers(entries, empty)
    _require_protocol(entries)
    _require_credentials(entries, empty)
    _require_whole_certificate(entries)
    notes += _settle_timeout(entries)
    notes += _warnings(entries)
    settings = (
        Setting(name, Secret(entry.value) if is_secret(name) else entry.value, entry.source)
        for name, entry in sorted(entries.items())
    )
    return ConnectionSettings(tuple(settings), tuple(dict.fromkeys(notes)))


def _overlay(merged: dict[str, Entry], layer: Mapping[str, Entry]) -> None:
    """Lay a stronger source over the weaker ones, whose rivals of the new settings go."""
    for rivals in _RIVALS:
        named = sorted(rivals & layer.keys())
        if len(named) > 1:
            msg = f"{named[0]} and {named[1]} say the same thing in two ways ({layer[named[0]].source})"
            raise UsageError(msg, todo="Leave one of them.")
        if named:
            for name in rivals - layer.keys():
                merged.pop(name, None)
    merged.update(layer)


def _value(entries: Mapping[str, Entry], name: str) -> str:
    return entries[name].value if name in entries else ""


def _require_servers(entries: Mapping[str, Entry], empty: Mapping[str, str]) -> None:
    if "bootstrap.servers" not in entries:
        msg = "No cluster is named"
        raise UsageError(
            msg,
            why=_empty_text("bootstrap.servers", empty),
            todo="Say --bootstrap-server HOST:PORT, set KGOV_KAFKA_BOOTSTRAP_SERVERS, "
            "or write bootstrap.servers into the file of --command-config.",
        )


def _empty_text(name: str, empty: Mapping[str, str]) -> str:
    return f"{name} is empty ({empty[name]})." if name in empty else ""


def _require_protocol(entries: Mapping[str, Entry]) -> None:
    """Refuse to talk PLAINTEXT, the default, where settings for TLS or SASL say that more was meant."""
    if "security.protocol" in entries:
        return
    for prefix, likely in (("sasl.", "SASL_SSL or SASL_PLAINTEXT"), ("ssl.", "SSL or SASL_SSL")):
        telling = next((entry for name, entry in sorted(entries.items()) if name.startswith(prefix)), None)
        if telling is not None:
            msg = f"security.protocol is missing, although {telling.name} is set ({telling.source})"
            raise UsageError(
                msg,
                why="Without it Kafka's clients talk PLAINTEXT: neither encrypted nor logged in.",
                todo=f"Set security.protocol, most likely to {likely}. Allowed are {', '.join(PROTOCOLS)}.",
            )


def _require_credentials(entries: dict[str, Entry], empty: Mapping[str, str]) -> None:
    if not _value(entries, "security.protocol").startswith("SASL"):
        return
    protocol = entries["security.protocol"]
    mechanism = _value(entries, "sasl.mechanisms")
    if not mechanism:
        msg = f"sasl.mechanism is missing for {protocol.value} ({protocol.source})"
        why = _empty_text("sasl.mechanisms", empty)
        raise UsageError(msg, why=why, todo=f"Set sasl.mechanism to one of {', '.join(MECHANISMS)}.")
    if mechanism == "OAUTHBEARER":
        method = replace(entries["sasl.mechanisms"], name="sasl.oauthbearer.method", value="oidc")
        entries.setdefault(method.name, method)
    for name in _OAUTH_NEEDS if mechanism == "OAUTHBEARER" else ("sasl.username", "sasl.password"):
        if name not in entries:
            variable = "KGOV_KAFKA_" + name.upper().replace(".", "_")
            msg = f"{name} is missing, and {mechanism} needs it"
            raise UsageError(
                msg,
                why=_empty_text(name, empty),
                todo=f"Set {variable} or {variable}_FILE, or write it (or sasl.jaas.config) into the file of "
                "--command-config.",
            )


def _require_whole_certificate(entries: Mapping[str, Entry]) -> None:
    """Want both halves of a client certificate: with one of them the client would come without any."""
    halves = {
        half: sorted({f"ssl.{half}.location", f"ssl.{half}.pem"} & entries.keys())
        for half in ("certificate", "key")
    }
    for half, other in (("certificate", "key"), ("key", "certificate")):
        if halves[half] and not halves[other]:
            entry = entries[halves[half][0]]
            msg = f"{entry.name} is set, but no ssl.{other}.location ({entry.source})"
            raise UsageError(
                msg,
                todo=f"A client certificate needs both: set ssl.{other}.location (PEM), or use a key store.",
            )


def _settle_timeout(entries: dict[str, Entry]) -> Iterator[str]:
    """Keep the request time-out within what kgov and librdkafka can work with."""
    entry = entries.get("socket.timeout.ms")
    if entry is None:
        return
    if not entry.value.isascii() or not entry.value.isdigit():
        msg = f"request.timeout.ms must be a number of milliseconds ({entry.source})"
        raise UsageError(msg)
    milliseconds = min(max(int(entry.value), SHORTEST_REQUEST_TIMEOUT), _LONGEST_REQUEST_TIMEOUT)
    entries[entry.name] = replace(entry, value=str(milliseconds))
    if milliseconds != int(entry.value):
        yield f"request.timeout.ms ({entry.source}) is taken as {milliseconds}: kgov waits 60 s to 300 s."


def _warnings(entries: Mapping[str, Entry]) -> Iterator[str]:
    protocol = _value(entries, "security.protocol") or "PLAINTEXT"
    for prefix, useful in (("sasl.", protocol.startswith("SASL")), ("ssl.", protocol.endswith("SSL"))):
        unused = [name for name in sorted(entries) if name.startswith(prefix)]
        if unused and not useful:
            yield f"{', '.join(unused)}: not used, because security.protocol is {protocol}."
    servers = entries["bootstrap.servers"]
    remote = any(address.host not in _LOOPBACK for address in parse_bootstrap(servers.value, servers.source))
    if remote and protocol == "SASL_PLAINTEXT" and _value(entries, "sasl.mechanisms") == "PLAIN":
        yield "The password travels over the network unencrypted (PLAIN over SASL_PLAINTEXT): prefer SASL_SSL."
    if _value(entries, "enable.ssl.certificate.verification").lower() == "false":
        yield "Certificates are not verified (enable.ssl.certificate.verification): anyone can pose as broker."
    if _value(entries, "ssl.endpoint.identification.algorithm") == "none":
        yield (
            "Host names are not verified (ssl.endpoint.identification.algorithm): "
            "whoever holds any certificate of a trusted authority can pose as the cluster."
        )
