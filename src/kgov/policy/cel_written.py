"""What manifests write, as the plain mappings that expressions see: Access, Acl, and the objects of tests.

Short forms are written out, durations and sizes become numbers, and what follows from what is written is added.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from kgov.model.acl import CLUSTER_NAME
from kgov.model.topic_configs import NEWEST, BadValue, canonical_value
from kgov.model.units import UnitError, parse_duration, parse_rate, parse_size
from kgov.policy.cel_messages import Plain, UnfitError
from kgov.policy.cel_values import RETENTION, milliseconds, unlimited_last

_HEADER: Final = frozenset(("apiVersion", "kind"))
_OF_GRANT: Final = frozenset(("role", "host", "groupless"))


def written_object(kind: str, manifest: Plain) -> Plain:
    """Show a resource that is written down, maybe only in part; raises ``UnfitError`` for what does not fit."""
    spec = written_spec(kind, mapping(manifest.get("spec", {}), "spec"))
    shown = {key: value for key, value in manifest.items() if key not in _HEADER}
    shown |= {"kind": kind, "spec": spec}
    if kind == "Acl" and "bindings" not in shown:
        shown["bindings"] = _bindings(spec)
    return shown


def written_team(manifest: Plain) -> Plain:
    """Show a Team that is written down."""
    spec = mapping(manifest.get("spec", {}), "spec")
    shown = {key: value for key, value in manifest.items() if key not in _HEADER}
    return shown | {"spec": {key: value for key, value in spec.items() if key != "description"}}


def written_spec(kind: str, spec: Plain) -> Plain:
    """Show the spec of a Topic, an Access or an Acl; raises ``UnfitError`` for what does not fit."""
    return _SPECS[kind](dict(spec))


def mapping(value: object, path: str) -> Plain:
    """Take a value for a mapping; raises ``UnfitError`` where it is none."""
    if not isinstance(value, Mapping):
        raise UnfitError(path, "must be a mapping")
    return value


def _topic(spec: dict[str, Any]) -> Plain:
    config = {key: _config(key, value) for key, value in mapping(spec.get("config", {}), "spec.config").items()}
    if "retention" in spec:
        config[RETENTION] = _config(RETENTION, spec["retention"])
    spec |= {"config": config, "retention": milliseconds(config.get(RETENTION))}
    spec["lifecycle"] = {"state": "active", **mapping(spec.get("lifecycle", {}), "spec.lifecycle")}
    if "consumers" in spec:
        spec["consumers"] = [_consumer(each) for each in _listed(spec["consumers"], "spec.consumers")]
    if "volume" in spec:
        spec["volume"] = _volume(dict(mapping(spec["volume"], "spec.volume")))
    if "archive" in spec:
        archive = dict(mapping(spec["archive"], "spec.archive"))
        if "keep" in archive:
            archive["keep"] = _number(parse_duration, archive["keep"], "spec.archive.keep")
        spec["archive"] = archive
    return spec


def _config(key: str, value: object) -> str:
    canonical = canonical_value(key, value, NEWEST)
    return str(value) if isinstance(canonical, BadValue) else canonical


def _consumer(value: object) -> object:
    if not isinstance(value, str):
        return value
    return {"principal": value} if ":" in value else {"team": value}


def _volume(volume: dict[str, Any]) -> Plain:
    volume.setdefault("peak", 1.0)
    if "messageSize" in volume:
        volume["messageSize"] = _number(parse_size, volume["messageSize"], "spec.volume.messageSize")
    written = volume.pop("rate", None)
    if written is None:
        return volume
    try:
        rate = parse_rate(str(written))
    except UnitError as error:
        raise UnfitError("spec.volume.rate", f"is not right: {error}") from None
    size = volume.get("messageSize")
    if rate.is_bytes:
        return volume | {
            "bytesPerSecond": rate.per_second,
            "recordsPerSecond": rate.per_second / size if size else None,
        }
    return volume | {
        "recordsPerSecond": rate.per_second,
        "bytesPerSecond": rate.per_second * size if size else None,
    }


def _number(read: Callable[[str], int], value: object, path: str) -> int:
    try:
        return unlimited_last(read(str(value)))
    except UnitError as error:
        raise UnfitError(path, f"is not right: {error}") from None


def _access(spec: dict[str, Any]) -> Plain:
    grants = _listed(spec.get("grants", ()), "spec.grants")
    spec["grants"] = [_grant(each, f"spec.grants[{index}]") for index, each in enumerate(grants)]
    return spec


def _grant(value: object, path: str) -> Plain:
    grant = mapping(value, path)
    parameters = {
        key: [each] if isinstance(each, str) else each for key, each in grant.items() if key not in _OF_GRANT
    }
    own = {key: each for key, each in grant.items() if key in _OF_GRANT}
    return {"host": "*", **own, "parameters": parameters}


def _acl(spec: dict[str, Any]) -> Plain:
    entries = _listed(spec.get("bindings", ()), "spec.bindings")
    spec["bindings"] = [_entry(each, f"spec.bindings[{index}]") for index, each in enumerate(entries)]
    return spec


def _entry(value: object, path: str) -> Plain:
    entry = mapping(value, path)
    name = CLUSTER_NAME if entry.get("resource") == "Cluster" else None
    return {"name": name, "pattern": "literal", "host": "*", "permission": "allow", **entry}


def _bindings(spec: Plain) -> list[Plain]:
    """Write out what an Acl comes to, as far as it is said; entries of lists were looked at by ``_entry``."""
    entries = cast("Iterable[Plain]", spec["bindings"])
    return [
        {
            "principal": spec.get("principal"),
            "operation": operation,
            **{key: each for key, each in entry.items() if key not in ("operations", "groupless")},
        }
        for index, entry in enumerate(entries)
        for operation in _listed(entry.get("operations", ()), f"spec.bindings[{index}].operations")
    ]


def _listed(value: object, path: str) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise UnfitError(path, "must be a list")
    return value


_SPECS: Final[Mapping[str, Callable[[dict[str, Any]], Plain]]] = MappingProxyType(
    {"Topic": _topic, "Access": _access, "Acl": _acl}
)
