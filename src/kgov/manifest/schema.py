"""JSON Schema of every kind, for editors and for other checkers."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, cast

from pydantic import BaseModel

from kgov.manifest.fields import Part
from kgov.manifest.interpret import OVERLAYS
from kgov.manifest.registry import KINDS as _KINDS

KINDS: Final = tuple(_KINDS)
"""The kinds that have a schema."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def json_schema(kind: str) -> Schema:
    """Describe the documents of one of ``KINDS`` (draft 2020-12); raises ``KeyError`` for another.

    It refuses nothing that kgov takes. kgov checks more: units, references, and what fits together.
    """
    known = _KINDS[kind]
    described = known.manifest.model_json_schema(by_alias=True)
    _describe_fields(known.manifest, described)
    schema = cast("Schema", _without_null(described))
    if known.overlays and known.spec is not None:
        spec = schema["$defs"][known.spec.__name__]
        schema["$defs"]["Overlay"] = _patch(spec)
        spec["properties"][OVERLAYS] = {
            "type": "object",
            "description": "What differs in an environment: a patch (RFC 7396), or null where it is not there.",
            "additionalProperties": _or_null({"$ref": "#/$defs/Overlay"}),
        }
    environments = schema["properties"].get("environments")
    if environments is not None:
        environments["additionalProperties"] = _or_null(environments["additionalProperties"])
    return {"$schema": _DIALECT, "title": kind, **{k: v for k, v in schema.items() if k != "title"}}


def _describe_fields(manifest: type[BaseModel], schema: Schema) -> None:
    """Put the docstrings of fields into their schemas.

    They are read from the source here and now: pydantic can do it as well, but does so whenever kgov starts,
    which costs a small run a tenth of its time.
    """
    defined = {**schema.get("$defs", {}), manifest.__name__: schema}
    for part in _below(Part):
        if part.__name__ not in defined:
            continue
        properties = defined[part.__name__]["properties"]
        for field, text in _docstrings(part).items():
            key = part.model_fields[field].alias or field
            properties[key] = dict(sorted({**properties[key], "description": text}.items()))


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def _docstrings(model: type[BaseModel]) -> Mapping[str, str]:
    """Find the texts that stand below the fields of a class in its source."""
    module = ast.parse(inspect.getsource(sys.modules[model.__module__]))
    body = next(
        each.body for each in module.body if isinstance(each, ast.ClassDef) and each.name == model.__name__
    )
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _patch(spec: Schema) -> Schema:
    """Describe a patch of a spec: nothing is required, null takes a field away, mappings are patches too."""
    loose = {"type": ["null", "object"]}
    return {
        "type": "object",
        "description": "A patch of the spec.",
        "properties": {name: {"anyOf": [field, loose]} for name, field in spec["properties"].items()},
        "additionalProperties": False,
    }


def _without_null(schema: Any) -> Any:
    """Take null away: optional fields are left out of a manifest, never empty."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_null(value) for key, value in schema.items() if (key, value) != ("default", None)}
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return {**choices[0], **kept}
    return kept
