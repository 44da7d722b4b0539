"""Claims of a file, each with its value; those of a book about all its contracts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from dealcalc.figures.assumptions import assumptions
from dealcalc.figures.claims import Statement, statement
from dealcalc.figures.figures import Measure
from dealcalc.figures.result import Agreed
from dealcalc.loading.nodes import Node
from dealcalc.loading.problems import Problem, Refused
from dealcalc.loading.reader import placed
from dealcalc.loading.scenario import read_root
from dealcalc.questions.rests import assumed_inputs
from dealcalc.terms.deal import Claim
from dealcalc.terms.faults import Fault
from dealcalc.terms.fields import Path
from dealcalc.terms.misread import Misread

if TYPE_CHECKING:
    from dealcalc.book.contracts import Book


class Measured(NamedTuple):
    """A claim, the value that it speaks of, and the assumptions that the value rests on."""

    root: Node
    case: str | None
    agreed: Agreed
    path: Path
    claim: Claim
    stated: Statement
    value: Any
    assumed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the claim is what it is expected to be: true, as a rule."""
        return self.stated.holds(self.value) == self.claim.is_true


def book_claims(name: str, claims: list[Measured]) -> tuple[Node, list[Problem]]:
    """The root of a book file and its problems; its claims, of each case too, join the others.

    Raises Refused where its contracts cannot be read.
    """
    from dealcalc.book.book_files import load_book

    root, faults = read_root(name)
    book = load_book([name], opened=(root, list(faults)))
    problems = [problem for problem in book.warnings if problem.file == name]
    assert book.terms  # of a book file
    for case in (None, *book.terms.cases):
        try:
            there = load_book([name], case, opened=(root, list(faults))) if case else book
        except Refused as refused:
            problems += refused.problems
        else:
            problems += (placed(fault, root) for fault in _measured(there, root, claims))
    return root, problems


def _measured(book: "Book", root: Node, claims: list[Measured]) -> Iterator[Fault]:
    """Adds the claims about a book, or about its case, to the others; yields what hinders it."""
    assert book.terms
    above: Path = ("cases", book.case, "claims") if book.case else ("claims",)
    for index, claim in enumerate(book.what_if.claims if book.case else book.terms.claims):
        path = (*above, index, "claim")
        try:
            part = book.of_currency(statement(claim.claim).measure.currency)
            stated = statement(claim.claim, part.agreed.currency)
            rests = tuple(_assumed(book, stated.measure))
            value = stated.measure(part)
            where = root, book.case, part.agreed
            claims.append(Measured(*where, path, claim, stated, value, rests))
        except Misread as misread:
            yield Fault(path, misread.code, misread.message, misread.help)


def _assumed(book: "Book", measure: Measure) -> Iterator[str]:
    """The contracts that assume something on which the figure rests."""
    for member in book.members:
        if assumed_inputs(assumptions(member.scenario), measure, member.result):
            yield member.name
