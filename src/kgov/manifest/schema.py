"""JSON Schema of every kind, for editors and for other checkers."""

from typing import Any, Final, cast

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
    schema = cast("Schema", _without_null(known.manifest.model_json_schema(by_alias=True)))
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
