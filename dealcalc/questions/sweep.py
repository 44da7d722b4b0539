"""One or two terms varied: what each figure is at every combination of their values."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from dealcalc.figures.figures import Measure
from dealcalc.questions.values import Vary
from dealcalc.questions.varied import NotPossible, Varied
from dealcalc.terms.misread import Misread


class Point(NamedTuple):
    """One combination of values: what each figure is there, or why it is not possible."""

    values: tuple[str, ...]
    figures: tuple[Any, ...]
    reason: str = ""


def sweep(deal: Varied, terms: Sequence[Vary], measures: Sequence[Measure]) -> Iterator[Point]:
    """Every combination of the values, the last term's changing fastest, with the figures there."""
    paths = [term.path for term in terms]
    for values in product(*(term.values for term in terms)):
        try:
            result = deal.result(dict(zip(paths, values, strict=True)))
            yield Point(values, tuple(measure(result) for measure in measures))
        except (NotPossible, Misread) as error:
            yield Point(values, (None,) * len(measures), str(error))
