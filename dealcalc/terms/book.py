"""What a book file says: several contracts that are asked as one, and claims about them together.

These types are the only definition of the book file; the reader and the schema are derived from
them, as from those of `deal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from dealcalc.terms import words
from dealcalc.terms.deal import MOST_CASES, Claim
from dealcalc.terms.fields import EMPTY, Many, Named, Raw, key
from dealcalc.terms.provider import CONTRACT

MOST_CONTRACTS = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A contract of a book, or a folder of contracts. Alone, a text is its path."""

    short: ClassVar[str] = "contract"
    contract: str = key(CONTRACT, "a scenario file, or a folder of them, beside this file")
    case: str | None = key(words.NAME, "one of its cases, as which it is counted", None)


@dataclass(frozen=True, kw_only=True, slots=True)
class BookCase:
    """A named what-if of a book: terms laid over those of its contracts, or notice given."""

    set: Mapping[str, Any] = key(
        Named(Raw, words.TEXT), "CONTRACT:PATH and the values laid over the contracts", EMPTY
    )
    notice: Mapping[str, date] = key(
        Named(words.DATE, words.TEXT), "the day notice is given, by contract", EMPTY
    )
    source: str | None = key(words.TEXT, "who says so", None)
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about this case", ())


@dataclass(frozen=True, kw_only=True, slots=True)
class BookTerms:
    """Several contracts together, of one seller, of one buyer, or of anybody."""

    name: str = key(words.TEXT, "what the book is called", name="book")
    contracts: tuple[Entry, ...] = key(
        Many(Entry, or_one=True, most=MOST_CONTRACTS), "the contracts, and folders of contracts"
    )
    fiscal_year_end: int | None = key(
        words.MONTH, "the month that ends a fiscal year, 1 to 12; default: 12", None
    )
    claims: tuple[Claim, ...] = key(Many(Claim), "statements about all contracts together", ())
    cases: Mapping[str, BookCase] = key(Named(BookCase, most=MOST_CASES), "named what-ifs", EMPTY)
    sources: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "where a statement comes from, by its path", EMPTY
    )
    assumptions: Mapping[str, str] = key(
        Named(words.TEXT, words.TEXT), "what nobody has disclosed, and what stands there", EMPTY
    )
