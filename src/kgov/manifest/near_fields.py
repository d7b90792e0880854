"""What an unknown field may have been meant to be."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from kgov.manifest.document import Written
from kgov.manifest.nodes import Path
from kgov.model.nearest import nearest
from kgov.model.topic_configs import NEWEST, config_names

_OTHER_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "acls": "bindings",
        "configuration": "config",
        "configs": "config",
        "description": "purpose",
        "permissiontype": "permission",
        "numpartitions": "partitions",
        "partitioncount": "partitions",
        "patterntype": "pattern",
        "replication": "replicas",
        "replicationfactor": "replicas",
        "resourcename": "name",
        "resourcetype": "resource",
        "roles": "grants",
        "settings": "config",
        "topicname": "name",
        "user": "principal",
        "username": "principal",
    }
)
"""Words of other tools for our fields, in lower case."""

_CONNECTION: Final = (
    "apikey",
    "apisecret",
    "auth",
    "bootstrap",
    "broker",
    "commandconfig",
    "connection",
    "credential",
    "jaas",
    "keystore",
    "librdkafka",
    "password",
    "sasl",
    "secret",
    "security",
    "ssl",
    "token",
    "truststore",
    "username",
)
_NO_CONNECTION: Final = (
    "no connection setting may stand in the repository: a pull request could send credentials elsewhere; "
    "give them on the command line, in --command-config or in KGOV_ variables"
)


class Guess(NamedTuple):
    """What to do about an unknown field, and the path of the field that was meant, where that is told."""

    hint: str
    meant: Path | None = None


_NONE: Final = Guess("")


def guess(model: type[BaseModel], written: Written, path: Path) -> Guess:
    """Say what to write in place of the unknown field at ``path`` of a manifest described by ``model``."""
    key = str(path[-1])
    if not key.isascii():
        odd = next(letter for letter in key if not letter.isascii())
        name = unicodedata.name(odd, "unnamed")
        return Guess(f"it holds U+{ord(odd):04X} ({name}), which may look like another letter")
    if written.file == "kgov.yaml" and _plain(key).startswith(_CONNECTION):
        return Guess(_NO_CONNECTION)
    here = model_at(model, path[:-1])
    fields = fields_of(here) if here else ()
    meant = _OTHER_WORDS.get(_plain(key), key)
    if meant in fields:
        return Guess(f"did you mean {meant}?", (*path[:-1], meant))
    if "config" in fields and key in config_names(NEWEST):
        return Guess(f"{key} is a topic config: it belongs under config")
    return (
        _elsewhere(model, path, meant)
        or _deeper(model, path[:-1], meant)
        or _near(path, key, fields)
        or _near_elsewhere(model, path, key)
        or _NONE
    )


def _near(path: Path, key: str, fields: tuple[str, ...]) -> Guess | None:
    """Find the field whose name is near, beside the unknown one."""
    near = nearest(key, fields)
    return Guess(f"did you mean {near[0]}?", (*path[:-1], near[0])) if near else None


def _deeper(model: type[BaseModel], path: Path, meant: str) -> Guess | None:
    """Find the field one level further down: in a part of the mapping at ``path``, or in items of a list."""
    here = model_at(model, path)
    for field in fields_of(here) if here else ():
        for below in ((field,), (field, 0)):
            found = model_at(model, (*path, *below))
            if found and meant in fields_of(found):
                # Of a list, nobody knows which item was meant.
                there = (*path, field, meant) if len(below) == 1 else None
                return Guess(f"{meant} belongs under {field}", there)
    return None


def _elsewhere(model: type[BaseModel], path: Path, meant: str) -> Guess | None:
    """Find the field in another part of the manifest."""
    for part in ("spec", "metadata"):
        if path[:-1] != (part,) and len(path) <= 2 and meant in _part_fields(model, part):
            return Guess(f"{meant} belongs under {part}", (part, meant))
    if len(path) == 2 and meant in fields_of(model):
        return Guess(f"{meant} belongs beside {path[0]}, not under it")
    return None


def _near_elsewhere(model: type[BaseModel], path: Path, key: str) -> Guess | None:
    near = nearest(key, _part_fields(model, "spec")) if path[:-1] in {(), ("metadata",)} else ()
    return Guess(f"did you mean {near[0]}, under spec?", ("spec", near[0])) if near else None


def _part_fields(model: type[BaseModel], part: str) -> tuple[str, ...]:
    found = model_at(model, (part,))
    return fields_of(found) if found else ()


def _plain(key: str) -> str:
    return "".join(letter for letter in key if letter.isalnum()).lower()


def fields_of(model: type[BaseModel]) -> tuple[str, ...]:
    """List the fields of a mapping as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Find the model of the mapping at ``path``; ``None`` where any key is allowed or there is no mapping."""
    annotation: Any = model
    for step in path:
        annotation = _below(annotation, step)
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _below(annotation: Any, step: str | int) -> Any:
    """Find the annotation of what stands at ``step``."""
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        by_alias = {field.alias or name: field.annotation for name, field in bare.model_fields.items()}
        return by_alias.get(str(step))
    # list[item] or dict[key, value]
    arguments = get_args(bare)
    return arguments[-1] if arguments else None


def _bare(annotation: Any) -> Any:
    """Take away ``Annotated`` and ``| None``."""
    while get_origin(annotation) in {Annotated, UnionType, Union}:
        annotation = get_args(annotation)[0]
    return annotation
