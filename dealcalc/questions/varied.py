"""A deal at other values of its terms: the one way in which sweep, solve and ambiguity ask it."""

from collections.abc import Mapping, Sequence
from datetime import date

from dealcalc.core import Priced
from dealcalc.figures.result import Result
from dealcalc.figures.subject import is_too_large, priced_deal
from dealcalc.loading.problems import Refused, refuse
from dealcalc.loading.scenario import Scenario, Variations
from dealcalc.terms.deal import Deal
from dealcalc.terms.misread import Misread
from dealcalc.terms.rights import NotPermitted
from dealcalc.terms.times import read_day

DAY_OF_NOTICE = "notice"
"""The one term that can be varied without pricing the deal again: the day of notice."""


class NotPossible(Exception):
    """Values that a deal cannot have, and why."""


class Varied:
    """A deal with other values for some paths, ended by the notice asked for or by its case's.

    `by` is who gives that notice; None: the party whose last day is earlier. Raises Refused where a
    path names no term.
    """

    def __init__(
        self, scenario: Scenario, paths: Sequence[str] = (), by: str | None = None
    ) -> None:
        if len(set(paths)) < len(paths):
            raise refuse(
                "command-line", "one term is varied twice", "name it once", argument="vary"
            )
        self.scenario, self.by = scenario, by
        self._variations = Variations(scenario, [path for path in paths if path != DAY_OF_NOTICE])
        self._priced = priced_deal(scenario)

    def result(
        self, values: Mapping[str, str] | None = None, cases: Sequence[str] | None = None
    ) -> Result:
        """The figures at some values, by path; raises NotPossible with the reason.

        `cases` are laid on the file in place of the one that was asked for.
        """
        terms = dict(values or {})
        day = terms.pop(DAY_OF_NOTICE, None)
        try:
            priced = (
                self._varied(self._variations.deal(terms, cases))
                if terms or cases
                else self._priced
            )
            there = priced.deal.what_if(self.scenario.case)
            notice = read_day(day) if day else there.notice
            return result_after(priced, notice, self.by, there.right)
        except Refused as refused:
            raise NotPossible(refused.problems[0].message) from None
        except (NotPermitted, Misread) as error:
            raise NotPossible(error.message) from None

    def _varied(self, deal: Deal) -> Priced:
        priced = Priced(deal)
        if is_too_large(priced):
            raise NotPossible("the deal pays more than 1e21 in all")
        return priced


def result_after(
    priced: Priced, notice: date | None, by: str | None, right: int | None = None
) -> Result:
    """A deal's figures as agreed, or after notice on a day; raises NotPermitted."""
    return Result(priced.deal, priced.terminate(notice, by, right) if notice else None, priced)
