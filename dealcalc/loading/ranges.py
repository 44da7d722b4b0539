"""The ranges beside assumptions: two values of the term that is assumed, the lower one first."""

from collections.abc import Iterable
from typing import Any

from dealcalc.loading.changes import kind_at
from dealcalc.loading.nodes import Node
from dealcalc.loading.partial import known
from dealcalc.loading.reader import Reader
from dealcalc.terms.deal import Deal
from dealcalc.terms.fees import Fee
from dealcalc.terms.fields import Many
from dealcalc.terms.misread import Misread
from dealcalc.terms.values import Price, Quantity, Span, convert
from dealcalc.terms.words import Word

NO_TWO = "a range is two values, the least and the most", "write it like `range: [0%, 100%]`"


def note_ranges(reader: Reader, deal: Deal, file: Node) -> None:
    """Note every range that is not one, or that its term cannot have."""
    for path, assumption in known(deal, "assumptions", {}).items():
        if known(assumption, "bounds", ()):
            node = file.value["assumptions"].value[path].value["range"]
            _note_range(reader, path, node, file, known(deal, "currency", None))


def _note_range(reader: Reader, path: str, node: Node, file: Node, currency: str | None) -> None:
    ends: list[Node] = node.value
    if len(ends) != 2:
        reader.note(node.anchor(), "range", *NO_TWO)
        return
    try:
        kind, _ = kind_at(Deal, file, path)
    except Misread:
        return  # that the path names no term is said at the path
    word = kind.kind if isinstance(kind, Many) else kind
    if not isinstance(word, Word):
        message = f"`{path[:80]}` is not a single value, so it has no range"
        reader.note(node.anchor(), "range", message, "name one value below it")
        return
    if (values := _values(reader, word, ends, currency)) and not _in_order(*values):
        message = "the first value of a range is below the second, and both are of one kind"
        reader.note(node.anchor(), "range", message, "swap them, or write both in one unit")


def _values(reader: Reader, word: Word, ends: Iterable[Node], currency: str | None) -> list[Any]:
    """Both values; what cannot be read is noted, and then there are none."""
    values: list[Any] = []
    for end in ends:
        try:
            values.append(word.read(word.bare(str(end.value).strip(), currency)))
        except Misread as misread:
            reader.note(end, misread.code, misread.message, misread.help)
    return values if len(values) == 2 else []


def _in_order(low: Any, high: Any) -> bool:
    """Whether a value is below another of its kind; words have no order."""
    if type(low) is not type(high) or isinstance(low, str):
        return False
    size = _size(low, high)
    return size is not None and bool(size < _size(high, high))


def _size(value: Any, other: Any) -> Any:
    """What a value is compared by, in the unit of another; None where that is another one.

    Shares, counts and days are themselves.
    """
    if isinstance(value, Price):
        return value.amount if (value.per, value.unit) == (other.per, other.unit) else None
    if isinstance(value, Span):
        return value.count if value.unit == other.unit else None
    if isinstance(value, Quantity):
        return convert(value, other.unit)
    return value.number if isinstance(value, Fee) else value
