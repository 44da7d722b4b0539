"""A JSON Schema of scenario and site files, for editors, made from the types that the reader reads.

An editor does not see texts but YAML's own types: `months: 37` is a number to it. So wherever the
reader would take the text, the schema takes the number. What it cannot say are the rules across
fields; those are the reader's alone. It is draft 7, which every editor knows.
"""

import json
import re
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from dealcalc.terms import provider, words
from dealcalc.terms.deal import Deal
from dealcalc.terms.fields import Many, Named
from dealcalc.terms.numbers import MAX_AMOUNT, MAX_MONTHS, NUMBER
from dealcalc.terms.provider import Provider
from dealcalc.terms.values import CAPACITY_UNITS, PERIODS_ALONE, SUFFIXES, UNIT_PERIODS, WATTS
from dealcalc.terms.words import Word

Schema = dict[str, Any]
NONE = "none"
"""The value that takes away a clause which may be left out."""

# --- shapes ---------------------------------------------------------------------------------------


def _any_case(*texts: str) -> str:
    return "|".join("".join(f"[{char.upper()}{char}]" for char in text) for text in texts)


_EXPONENT, _MULTIPLE = r"[eE]\+?[0-9]{1,9}", _any_case(*SUFFIXES)
_SUM = rf"{NUMBER}(?:{_EXPONENT}| ?(?:{_MULTIPLE}))?"
_PER_UNIT = rf"(?:{'|'.join(CAPACITY_UNITS)})-(?:{'|'.join(UNIT_PERIODS)})"
_PER = rf"(?:{'|'.join(PERIODS_ALONE)}|{_PER_UNIT}|[kMG]?Wh)"
_PERCENT = r"(?:100(?:\.0+)?|[1-9]?[0-9](?:\.[0-9]+)?) *%"
_FOUR = r"(?:\.[0-9]{1,4}0*)?"
_YEAR = "(?:19[7-9]|20[0-9]|21[0-9])[0-9]"
_LEAP_YEAR = "(?:19(?:7[26]|8[048]|9[26])|2000|2[01](?:0[48]|[2468][048]|[13579][26]))"
_OF_31, _OF_30 = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|[12][0-9]|30)"
_OF_28 = "(?:0[1-9]|1[0-9]|2[0-8])"
_DAYS = f"(?:(?:0[13578]|1[02])-{_OF_31}|(?:0[469]|11)-{_OF_30}|02-{_OF_28})"
_DAY = f"(?:{_YEAR}-{_DAYS}|{_LEAP_YEAR}-02-29)"
_DAY_OR_MONTH = f"{_DAY}|{_YEAR}-(?:0[1-9]|1[0-2])"
_MONTHS = rf"(?:[1-9][0-9]{{0,3}}|10000) ?(?:{_any_case('month', 'months')})"
_SPAN = rf"(?:0|[1-9][0-9]{{0,3}}|10000) ?(?:{_any_case('day', 'days', 'month', 'months')})"
_QUANTITY = rf"{NUMBER} ?(?:{'|'.join(CAPACITY_UNITS)})"
_TEXT = r"(?=\s*\S)[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]+"
_END = r"(?:[/\\]|\s*$)"
_INSIDE = (
    r"(?=\S)(?!-\s*$)(?![/\\])(?![^/\\]*:)"
    rf"(?![\s\S]*[/\\]{_END})(?!(?:[\s\S]*[/\\])?\.\.{_END})"
)
_NAME = r"[^.:=\s](?:[^.:=\x00-\x1f]{0,78}[^.:=\s])?"

SHAPES = {
    words.AMOUNT: _SUM,
    words.PERCENT: _PERCENT,
    words.RATE: rf"(?:100(?:\.0+)?|-99(?:\.0+)?|99{_FOUR}|-?(?:9[0-8]|[1-8]?[0-9]){_FOUR}) *%",
    words.COUNT: "[1-9][0-9]{0,2}|1[0-9]{3}|2[0-6][0-9]{2}|27[0-5][0-9]|2760",
    words.DATE: _DAY,
    words.FIRST_DAY: _DAY_OR_MONTH,
    words.LAST_DAY: _DAY_OR_MONTH,
    words.SPAN: _SPAN,
    words.SPAN_OF_MONTHS: _MONTHS,
    words.LOCK_OUT: f"{_DAY}|{_SPAN}",
    words.CAPACITY: rf"{_QUANTITY}|(?![\x00-@\[-`{{-\x7f]){_NAME}",
    words.PRICE: rf"{NUMBER}(?:{_EXPONENT}|\s*(?:{_MULTIPLE}))?\s+(?:per\s+{_PER}|in\s+total|once)",
    words.FEE: rf"{_PERCENT}\s*of\s+remaining|{_MONTHS}|{_SUM}",
    words.TEXT: _TEXT,
    words.NAME: _NAME,
    provider.POWER: rf"{NUMBER} ?(?:{'|'.join(WATTS)})",
    provider.CONTRACT: _INSIDE + _TEXT,
}
"""What the text of a word looks like, in what Python's patterns and JavaScript's have in common.

Only bounds on sums, on digits and on the characters of names are left to the readers.
"""

LARGEST = {
    words.AMOUNT: MAX_AMOUNT,
    words.FEE: MAX_AMOUNT,
    words.COUNT: MAX_MONTHS,
}
"""Bounds of the words that are bare numbers to an editor."""

# --- the walk -------------------------------------------------------------------------------------


def text() -> str:
    """The schema as JSON."""
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "a deal, or a provider's sites",
        "if": {"required": ["provider"]},
        "then": _structure(Provider),
        "else": _structure(Deal),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _of(kind: Any) -> Schema:
    """The schema of a word, a type, or a list or mapping of one of them; any value for Raw."""
    if isinstance(kind, Word):
        return _word(kind)
    if isinstance(kind, Many):
        return _many(kind)
    if isinstance(kind, Named):
        return _named(kind)
    return _type(kind) if _has_fields(kind) else {}


def _word(word: Word) -> Schema:
    about: Schema = {"title": word.name, "examples": [word.example]}
    if word.choices:
        return about | {"type": "string", "enum": list(word.choices)}
    shape = SHAPES[word]
    # An editor takes 37, 1.5 and true for no texts, and a pattern is about texts alone.
    number = "number" if re.fullmatch(shape, "1.5") else "integer"
    types = [number] if re.fullmatch(shape, "37") else []
    types += ["boolean"] if re.fullmatch(shape, "true") else []
    about |= {"type": ["string", *types], "pattern": rf"^\s*(?:{shape})\s*$"}
    if word in LARGEST:
        least = 0 if re.fullmatch(shape, "0") else 1
        about |= {"minimum": least, "maximum": LARGEST[word]}
    return about | {"patternErrorMessage": f"write it like {word.example}"}


def _many(kind: Many) -> Schema:
    one = _of(kind.kind)
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": kind.most}
    return _either(one, many) if kind.or_one else many


def _named(kind: Named) -> Schema:
    values = _of(kind.kind)
    mapping = {
        "type": "object",
        "additionalProperties": _removable(values) if _has_fields(kind.kind) else values,
        "propertyNames": {"pattern": _of(kind.key)["pattern"]},
        "minProperties": 1,
    }
    return mapping | ({"maxProperties": kind.most} if kind.most else {})


def _type(type_: type) -> Schema:
    """A mapping; or, where one of its keys is enough, the value of that alone."""
    short = getattr(type_, "short", None)
    kinds = {field.name: field.metadata["kind"] for field in fields(type_)}
    return _either(_of(kinds[short]), _structure(type_)) if short else _structure(type_)


def _has_fields(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind)


def _structure(type_: type) -> Schema:
    keys = {field.metadata["key"] or field.name: field for field in fields(type_)}
    return {
        "title": type_.__name__.lower(),
        "type": "object",
        "properties": {key: _field(field) for key, field in keys.items()},
        "required": [key for key, field in keys.items() if _needed(field)],
        "additionalProperties": False,
        "minProperties": 1,
    }


def _field(field: Field[Any]) -> Schema:
    schema = _of(field.metadata["kind"])
    about = {"description": field.metadata["title"]}
    return about | (schema if _needed(field) else _removable(schema))


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _removable(schema: Schema) -> Schema:
    """The schema of something that may be left out: `none` says so."""
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], NONE]}
    if "pattern" in schema:
        return schema | {"pattern": f"{schema['pattern']}|^{NONE}$"}
    return _either(schema, {"type": "string", "pattern": f"^{NONE}$"})


def _either(one: Schema, other: Schema) -> Schema:
    """Either of two schemas for different types: a keyword speaks of its own type alone."""
    return one | other | {"type": [*_types(one), *_types(other)]}


def _types(schema: Schema) -> list[str]:
    return schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
