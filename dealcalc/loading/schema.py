"""A JSON Schema of scenario, site and book files, for editors, made from what the reader reads.

An editor does not see texts but YAML's own types: `months: 37` is a number to it. So wherever the
reader would take the text, the schema takes the number. What it cannot say are the rules across
fields; those are the reader's alone. It is draft 7, which every editor knows.
"""

import json
import re
from typing import Any

from dealcalc.loading.walk import FormatField, Kind, fields_of, has_fields, required, short_key
from dealcalc.terms.book import BookTerms
from dealcalc.terms.deal import Deal
from dealcalc.terms.fields import Many, Named
from dealcalc.terms.provider import Provider
from dealcalc.terms.words import Word

Schema = dict[str, Any]
NONE = "none"
"""The value that takes away a clause which may be left out."""


def text() -> str:
    """The schema as JSON."""
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "a deal, a provider's sites, or a book",
        "if": {"required": ["provider"]},
        "then": _structure(Provider),
        "else": {
            "if": {"required": ["book"]},
            "then": _structure(BookTerms),
            "else": _structure(Deal),
        },
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _of(kind: Kind) -> Schema:
    """The schema of a word, a type, or a list or mapping of one of them; any value for Raw."""
    if isinstance(kind, Word):
        return _word(kind)
    if isinstance(kind, Many):
        return _many(kind)
    if isinstance(kind, Named):
        return _named(kind)
    return _type(kind) if has_fields(kind) else {}


def _word(word: Word) -> Schema:
    about: Schema = {"title": word.name, "examples": [word.example]}
    if word.choices == ("true", "false"):
        return about | {"enum": [*word.choices, True, False]}
    if word.choices:
        return about | {"type": "string", "enum": list(word.choices)}
    # An editor takes 37, 1.5 and true for no texts, and a pattern is about texts alone.
    number = "number" if re.fullmatch(word.shape, "1.5") else "integer"
    types = [number] if re.fullmatch(word.shape, "7") else []
    types += ["boolean"] if re.fullmatch(word.shape, "true") else []
    about |= {"type": ["string", *types], "pattern": rf"^\s*(?:{word.shape})\s*$"}
    if word.largest is not None:
        least = 0 if re.fullmatch(word.shape, "0") else 1
        about |= {"minimum": least, "maximum": word.largest}
    return about | {"patternErrorMessage": f"write it like {word.example}"}


def _many(kind: Many) -> Schema:
    entry = _of(kind.kind)
    entries = {"type": "array", "items": entry, "minItems": 1, "maxItems": kind.most}
    return _either(entry, entries) if kind.or_one else entries


def _named(kind: Named) -> Schema:
    values = _of(kind.kind)
    mapping = {
        "type": "object",
        "additionalProperties": _removable(values) if has_fields(kind.kind) else values,
        "propertyNames": {"pattern": _of(kind.key)["pattern"]},
        "minProperties": 1,
    }
    return mapping | ({"maxProperties": kind.most} if kind.most else {})


def _type(type_: type) -> Schema:
    """A mapping; or, where one of its keys is enough, the value of that alone."""
    short = short_key(type_)
    whole = _structure(type_)
    return _either(_of(fields_of(type_)[short].kind), whole) if short else whole


def _structure(type_: type) -> Schema:
    return {
        "title": type_.__name__.lower(),
        "type": "object",
        "properties": {key: _field(field) for key, field in fields_of(type_).items()},
        "required": list(required(type_)),
        "additionalProperties": False,
        "minProperties": 1,
    }


def _field(field: FormatField) -> Schema:
    schema = _of(field.kind)
    return {"description": field.title} | (schema if field.required else _removable(schema))


def _removable(schema: Schema) -> Schema:
    """The schema of something that may be left out: `none` says so."""
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], NONE]}
    if "pattern" in schema:
        return schema | {"pattern": f"{schema['pattern']}|^{NONE}$"}
    return _either(schema, {"type": "string", "pattern": f"^{NONE}$"})


def _either(schema: Schema, other: Schema) -> Schema:
    """Either of two schemas for different types: a keyword speaks of its own type alone."""
    return schema | other | {"type": [*_types(schema), *_types(other)]}


def _types(schema: Schema) -> list[str]:
    return schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
