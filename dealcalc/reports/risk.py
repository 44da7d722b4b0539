"""`dealcalc risk`: what a deal is worth if notice may come with a chance each month."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import cycle, groupby

from dealcalc.core import Ended, Priced
from dealcalc.figures.figures import statement
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario
from dealcalc.questions.risk import Distribution, Outcome, cut
from dealcalc.reports.deal_report import doubts, facts, notes, title
from dealcalc.reports.measured import booked
from dealcalc.reports.positional import FinishedReport, column, tuple_table, tuple_view
from dealcalc.reports.report import Figure, Note, Report, Row, Table, View, grouped, shown
from dealcalc.terms.dates import month_ends
from dealcalc.terms.misread import Misread

QUANTILES = {
    "p5": (Fraction(5, 100), "one time in twenty it is this or less"),
    "p50": (Fraction(50, 100), "half the time it is this or less"),
    "p95": (Fraction(95, 100), "nineteen times in twenty it is this or less"),
}
MOST_BARS = 12
"""Stretches of totals in the picture of the distribution."""


def answer(
    scenario: Scenario, hazards: Sequence[str], stays: Ended | None, found: Distribution
) -> Report:
    """The mean, the quantiles, the chance of each claim, and the survival of the deal by month."""
    deal = scenario.deal
    mean = booked(deal, found.expected())
    shares = {name: booked(deal, found.quantile(share)) for name, (share, _) in QUANTILES.items()}
    claims = _claims(scenario, found)
    return FinishedReport(
        command="risk",
        facts=facts(scenario) | {"hazard": list(hazards), "expected": mean, **shares},
        tables=(claims, _survival(scenario, found), _outcomes(scenario, found)),
        csv="outcomes",
        title=title(scenario),
        currency=deal.currency,
        figures=tuple(_figures(scenario, hazards, found)),
        views=(
            _distribution(scenario, found),
            *([_claims_view(claims)] if claims.rows else []),
            _survival_view(scenario, found),
        ),
        notes=(*_notes(scenario, stays), *notes(scenario, Priced(deal))),
        after=doubts(scenario),
    )


# --- for programs ---------------------------------------------------------------------------------


def _claims(scenario: Scenario, found: Distribution) -> Table:
    """The chance that each claim of the case, or of the file, comes true; raises Refused."""
    of = scenario.root.nearest(["cases", scenario.case, "claims"] if scenario.case else ["claims"])
    claims = scenario.what_if.claims if scenario.case else scenario.deal.claims
    rows = []
    for index, claim in enumerate(claims):
        try:
            rows.append((claim.claim, found.probability(statement(claim.claim))))
        except Misread as misread:
            at = of[0].nearest([index, "claim"])[0].anchor()
            raise Refused([at.problem("claim", misread.message, misread.help)]) from None
    return tuple_table("claims", ("claim", "probability"), tuple(rows))


def _survival(scenario: Scenario, found: Distribution) -> Table:
    """The chance that service lasts through the end of each month."""
    ends = month_ends(scenario.deal.term.start, max(one.last_day for one in found.outcomes))
    rows = tuple((f"{end:%Y-%m}", end, found.serves(end)) for end in ends)
    return tuple_table("survival", ("month", "day", "probability"), rows)


def _outcomes(scenario: Scenario, found: Distribution) -> Table:
    """Every way the deal may run, by its last day."""
    rows = (
        (one.notice, one.by, one.last_day, booked(scenario.deal, one.total), one.chance)
        for one in sorted(
            found.outcomes, key=lambda one: (one.last_day, one.notice or one.last_day)
        )
    )
    return tuple_table(
        "outcomes", ("notice", "by", "last_day", "total", "probability"), tuple(rows)
    )


# --- for people -----------------------------------------------------------------------------------


def _figures(scenario: Scenario, hazards: Sequence[str], found: Distribution) -> Iterator[Figure]:
    deal = scenario.deal
    longest = max(one.last_day for one in found.outcomes)
    lasts = shown("share", found.serves(longest))
    yield Figure(
        "Expected",
        booked(deal, found.expected()),
        f"with notice at {', '.join(hazards)}; {lasts} that service lasts through {longest}",
    )
    for name, (share, says) in QUANTILES.items():
        yield Figure(name.upper(), booked(deal, found.quantile(share)), says)


def _distribution(scenario: Scenario, found: Distribution) -> View:
    """The chance of each stretch of totals, in a dozen of them or fewer."""
    deal, totals = scenario.deal, [one.total for one in found.outcomes]
    width = _width(max(totals) - min(totals), Fraction(1, 10**deal.places))
    low, rows = min(totals) // width * width, []
    while low <= max(totals):
        rows.append((low, low + width, found.between(low, low + width)))
        low += width
    most = max(chance for _, _, chance in rows)
    columns = (
        column("Total from", "money"),
        column("to below", "money"),
        column("Chance", "share"),
        column("", "bar"),
    )
    drawn = (
        Row((booked(deal, low), booked(deal, high), chance, chance / most))
        for low, high, chance in rows
    )
    return tuple_view("", columns, tuple(drawn))


def _width(spread: Fraction, least: Fraction) -> Fraction:
    """The least of 1, 2, 5, 10, 20, ... that cuts a spread into few enough stretches."""
    width, factors = least, cycle((Fraction(2), Fraction(5, 2), Fraction(2)))
    while spread >= width * (MOST_BARS - 1):
        width *= next(factors)
    return width


def _survival_view(scenario: Scenario, found: Distribution) -> View:
    """By month of the last day: the mean paid, how likely it is, and the chance to last so long."""
    deal, rows, left = scenario.deal, [], found.certain
    for month, group in groupby(sorted(found.outcomes, key=_month), _month):
        of = list(group)
        weight = sum(one.weight for one in of)
        mean = cut(sum((one.total * one.weight for one in of), Fraction(0)), weight)
        lasts = cut(left, found.certain)
        rows.append(Row((month, booked(deal, mean), cut(weight, found.certain), lasts, lasts)))
        left -= weight
    columns = (
        column("Last day in"),
        column("Total, mean", "money"),
        column("Chance", "share"),
        column("Lasts so long", "share"),
        column("", "bar"),
    )
    total = ("Expected", booked(deal, found.expected()), Fraction(1), None, None)
    return tuple_view("", columns, (*rows, Row(total, "total")))


def _month(outcome: Outcome) -> str:
    return f"{outcome.last_day:%Y-%m}"


def _claims_view(claims: Table) -> View:
    columns = (column("Claim"), column("Comes true", "share"), column("", "bar"))
    return tuple_view(
        "", columns, tuple(Row((claim, chance, chance)) for claim, chance in claims.rows)
    )


def _notes(scenario: Scenario, stays: Ended | None) -> Iterator[Note]:
    yield Note(
        "One chance a calendar month, on the first day of it on which notice would shorten the "
        "deal; exact, nothing is sampled."
    )
    if stays:
        money = f"{grouped(stays.total)} {scenario.deal.currency}"
        yield Note(
            f"The notice of the case {scenario.case} on {stays.notice} is taken as certain: if "
            f"nobody leaves earlier, service ends on {stays.last_day} with {money}."
        )
