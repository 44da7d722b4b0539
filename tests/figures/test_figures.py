"""Named figures and claims, by figures worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from small_deals import MODEL, Node, book, day, model, scenario, simple

from dealcalc.core import Priced
from dealcalc.figures.claims import statement
from dealcalc.figures.figures import FIGURES, measure
from dealcalc.figures.result import Result
from dealcalc.figures.subject import load, priced_deal
from dealcalc.loading.problems import Refused
from dealcalc.terms.misread import Misread


def found(text: str, node: Node, notice: str | None = None, by: str | None = None) -> Any:
    """The value of a figure, in a deal or after notice."""
    priced = book(node)
    ended = priced.terminate(day(notice), by) if notice else None
    return measure(text)(Result(priced.deal, ended, priced))


# --- figures ------------------------------------------------------------------------------------

# The model deal: half of 1.25bn in May and June 2026, then 1.25bn through May 2029.
AGREED = {
    # 2 x 0.625bn + 35 x 1.25bn
    "total": 45_000_000_000,
    "months": 37,
    # 2 x 0.625bn + 6 x 1.25bn
    "year 2026": 8_750_000_000,
    "year 2027": 15_000_000_000,
    "year 2029": 6_250_000_000,
    "year 2030": 0,
    "year 1970": 0,
    "month 2026-05": 625_000_000,
    "month 2029-05": 1_250_000_000,
    "month 2029-06": 0,
    # 2 x 0.625bn + 30/31 x 1.25bn; a day of May is 625m / 31
    "firm on 2026-04-30": 0,  # before it is signed
    "firm at signing": Fraction("2459677419.35"),
    "firm share at signing": Fraction(245967741935, 4500000000000),
    "firm on 2026-05-01": Fraction("2439516129.03"),
    "earned on 2026-04-30": 0,
    "earned on 2026-05-31": 625_000_000,
    "earned on 2035-01-01": 45_000_000_000,
    "earned": 45_000_000_000,
    "fee": 0,
    "forgone": 0,
    "earned share": 1,
    "last day": date(2029, 5, 31),
    # 12 x 1.25bn; 12 x 0.625bn
    "run rate on 2027-01-01": 15_000_000_000,
    "run rate on 2026-06-30": 7_500_000_000,
    "run rate on 2026-04-30": 0,
    "run rate on 2029-06-01": 0,
    # 0.625bn + 11 x 1.25bn; the five months that are left
    "next 12 months on 2026-05-31": 14_375_000_000,
    "next 12 months on 2028-12-31": 6_250_000_000,
    # from 29 February through 27 February: 12 x 1.25bn, less 28/29, and 27/28 of 1.25bn
    "next 12 months on 2028-02-28": Fraction("14998460591.14"),
    # 2 x 0.625bn; 3 x 1.25bn
    "quarter 2026-Q2": 1_250_000_000,
    "quarter 2026-Q3": 3_750_000_000,
    "fiscal year 2027": 15_000_000_000,
    "fiscal quarter 2026-Q3": 3_750_000_000,
    # 15/30 x 0.625bn + 15/31 x 1.25bn
    "from 2026-06-16 to 2026-07-15": Fraction("917338709.68"),
    "from 2026-06 to 2026-07": 1_875_000_000,
    # in arrears, paid the same day
    "billed in month 2026-05": 625_000_000,
    "billed from 2026-05-01 to 2026-05-30": 0,
    "cash in year 2029": 6_250_000_000,
    "cash in from 2026-05 to 2026-06": 1_250_000_000,
    "highest month": 1_250_000_000,
    "contract value": 45_000_000_000,
    "total USD": 45_000_000_000,
    "largest buyer share on 2026-12-31": 1,
    "largest firm buyer share at signing": 1,
    # 45bn - 20,161,290.32 earned - 2,439,516,129.03
    "cancellable on 2026-05-01": Fraction("42540322580.65"),
    "firm share on 2026-05-01": Fraction(243951612903, 4497983870968),
    "not begun on 2026-05-01": 0,
    # 90 days after notice, which may be given on the day of signing
    "first exit at signing": date(2026, 7, 30),
    "first exit on 2026-05-01": date(2026, 7, 30),
    "first exit on 2029-04-30": date(2029, 5, 31),
    # through May: 31 + 28 + 31 + 30 + 31 days
    "remaining term on 2028-12-31": 151,
    "firm remaining term on 2026-05-01": 90,
    "firm remaining term at signing": 91,
    # notice on 31 December is good through March: 3 x 1.25bn of 5 x 1.25bn
    "cover on 2028-12-31": Fraction(3, 5),
    # 61 days at 0.625bn a month, 1,066 at 1.25bn
    "average price per MW-month": Fraction(61 * 625 + 1066 * 1250, 1127) * 10**6 / 300,
    "present value at 0%": 45_000_000_000,
    "present value at 0% on 2029-01-01": 6_250_000_000,
    # a year and a day after the last day of service
    "present value at 9% on 2030-06-01": 0,
    # 1.25bn / 300 MW; a year has 8,760 hours
    "price per MW-month": Fraction(1_250_000_000, 300),
    "price per MW-year": 50_000_000,
    "price per GW-year": 50_000_000_000,
    "price per kW-month": Fraction(1_250_000, 300),
    "price per MWh": Fraction(50_000_000, 8760),
    "price per MW-hour": Fraction(50_000_000, 8760),
}


@pytest.mark.parametrize(("text", "value"), AGREED.items(), ids=AGREED)
def test_figures_of_a_deal_as_agreed(text: str, value: Any) -> None:
    assert found(text, MODEL) == value


# Notice on 15 March 2027 ends service on 13 June; the buyer pays three months for it.
LEFT = {
    # 15,541,666,666.67 + 3 x 1.25bn
    "total": Fraction("19291666666.67"),
    "earned": Fraction("15541666666.67"),
    "fee": 3_750_000_000,
    "forgone": Fraction("29458333333.33"),
    "earned share": Fraction(1554166666667, 4500000000000),
    "last day": date(2027, 6, 13),
    # May 2026 to June 2027
    "months": 14,
    # 5 x 1.25bn + 13/30 x 1.25bn + 3.75bn
    "year 2027": Fraction("10541666666.67"),
    "year 2028": 0,
    "month 2027-06": Fraction("4291666666.67"),
    "month 2027-07": 0,
    # what is earned knows no fee
    "earned on 2027-12-31": Fraction("15541666666.67"),
    "earned on 2027-05-31": 15_000_000_000,
    "run rate on 2027-06-13": 15_000_000_000,
    "run rate on 2027-06-14": 0,
    # until then as agreed, the seller's exit on 12 June: (17/31 + 2 + 12/30) x 1.25bn
    "firm on 2027-03-14": Fraction("3685483870.97"),
    # notice is given: 15,541,666,666.67 + 3.75bn are to be had, less 11,854,838,709.68 earned
    "firm on 2027-03-15": Fraction("7436827956.99"),
    "firm on 2027-06-13": 3_750_000_000,
    "next 12 months on 2027-06-13": 15_000_000_000,
    "price per MW-year": 50_000_000,
    "contract value": 45_000_000_000,
    # 13/30 x 1.25bn + 3.75bn
    "billed in month 2027-06": Fraction("4291666666.67"),
    "cash from 2027-06-14 to 2029-05-31": 0,
    "highest month": Fraction("4291666666.67"),
    "first exit on 2027-03-15": date(2027, 6, 13),
    # 61 days at half the price, and 348 through 13 June 2027
    "average price per MW-month": Fraction(61 * 625 + 348 * 1250, 409) * 10**6 / 300,
    "remaining term on 2027-03-15": 90,
    "cancellable on 2027-03-15": 0,
    "firm share on 2027-03-15": 1,
    "present value at 0% on 2027-06-01": Fraction("4291666666.67"),
}


@pytest.mark.parametrize(("text", "value"), LEFT.items(), ids=LEFT)
def test_figures_after_notice_by_the_buyer(text: str, value: Any) -> None:
    assert found(text, model(fee="3 months"), "2027-03-15", "buyer") == value


def test_what_the_seller_pays_for_leaving_is_a_minus() -> None:
    # 15,541,666,666.67 - 3.75bn; of it 8.75bn in 2026
    figures = {"total": "11791666666.67", "fee": "-3750000000", "year 2027": "3041666666.67"}
    for text, value in figures.items():
        deal = model(fee="3 months")
        assert found(text, deal, "2027-03-15", "seller") == Fraction(value)


def test_a_fee_on_the_first_of_a_month_is_of_that_month() -> None:
    # 3 March + 90 days = 1 June: 1/30 x 1.25bn + 3.75bn
    deal = model(fee="3 months")
    assert found("month 2027-06", deal, "2027-03-03", "buyer") == Fraction("3791666666.67")
    assert found("month 2027-05", deal, "2027-03-03", "buyer") == 1_250_000_000


def test_months_are_those_with_service() -> None:
    # January and February, May and June; March has a price `once` only, April nothing
    deal = {
        "currency": "USD",
        "term": {"start": "2026-01", "through": "2026-12"},
        "charges": {
            "first": {"price": "1 per day", "through": "2026-02"},
            "setup": {"price": "1 once", "on": "2026-03-01"},
            "second": {"price": "1 per day", "start": "2026-05-31", "through": "2026-06-01"},
        },
        "termination": {"by": "either", "notice": "1 day"},
    }
    assert found("months", deal) == 4
    assert found("months", deal, "2026-05-30") == 3
    assert found("months", deal, "2026-05-29") == 2


def test_monthly_rates_of_a_day_price_are_those_of_its_month() -> None:
    # 12 x 28 x 2
    assert found("run rate on 2026-02-01", simple("2 per day", "2026-01", "2026-12")) == 672


def test_a_price_per_unit_needs_units() -> None:
    with pytest.raises(Misread, match="no recurring charge has a capacity in GPU") as misread:
        found("price per GPU-month", MODEL)
    assert misread.value.code == "no-capacity"
    assert "300 GPU" in misread.value.help


def test_every_figure_is_named_once_and_by_its_example() -> None:
    names = [figure.name for figure in FIGURES]
    assert len(names) == len(set(names))
    for figure in FIGURES:
        for example in figure.examples:
            assert measure(example).figure is figure


# --- claims -------------------------------------------------------------------------------------

BN = Fraction(10**9)
READ = {
    "total > 40bn": ("total", ">", 40 * BN, None),
    "total>40bn": ("total", ">", 40 * BN, None),
    "  total   >=  40 bn ": ("total", ">=", 40 * BN, None),
    "total ~ 45bn within 1%": ("total", "~", 45 * BN, Fraction(450_000_000)),
    "total ~45bn within 99.9%": ("total", "~", 45 * BN, Fraction(44_955_000_000)),
    "total ~ 45bn within 100m": ("total", "~", 45 * BN, Fraction(100_000_000)),
    "year  2027 = 15bn": ("year 2027", "=", 15 * BN, None),
    "months = 37": ("months", "=", 37, None),
    "months < 1": ("months", "<", 1, None),
    "months = 0": ("months", "=", 0, None),
    "months ~ 37 within 2": ("months", "~", 37, 2),
    "months ~ 40 within 10%": ("months", "~", 40, 4),
    "earned share <= 99%": ("earned share", "<=", Fraction(99, 100), None),
    # points of a share, not a share of it
    "earned share ~ 35% within 1 point": ("earned share", "~", Fraction(35, 100), Fraction(1, 100)),
    "cover on 2027-01-01 ~ 120% within 2.5 points": (
        *("cover on 2027-01-01", "~", Fraction(6, 5), Fraction(1, 40)),
    ),
    "remaining term on 2027-01-01 > 900 days": ("remaining term on 2027-01-01", ">", 900, None),
    "remaining term on 2027-01-01 ~ 900.5 within 2%": (
        *("remaining term on 2027-01-01", "~", Fraction(1801, 2), Fraction(1801, 100)),
    ),
    "first exit on 2027-01-01 >= 2027-04-01": (
        *("first exit on 2027-01-01", ">=", date(2027, 4, 1), None),
    ),
    "cash in quarter 2026-Q3 ~ -5m within 1%": ("cash in quarter 2026-Q3", "~", -5 * 10**6, 50_000),
    "last day <= 2027-06-13": ("last day", "<=", date(2027, 6, 13), None),
    "firm on 2026-05-01 < 3bn": ("firm on 2026-05-01", "<", 3 * BN, None),
    "fee = -3.75bn": ("fee", "=", Fraction(-3_750_000_000), None),
    "fee ~ -100m within 1%": ("fee", "~", Fraction(-100_000_000), Fraction(1_000_000)),
    # a seller's fee is below zero
    "fee >= 0": ("fee", ">=", 0, None),
    "total = -5m": ("total", "=", -5_000_000, None),
    "year 2027 < -0.5m": ("year 2027", "<", -500_000, None),
    "month 2027-01 ~ -1bn within 1%": ("month 2027-01", "~", -(10**9), 10**7),
    "total < 0": ("total", "<", 0, None),
    "price per MWh > 55": ("price per MWh", ">", 55, None),
}


@pytest.mark.parametrize(("text", "parts"), READ.items(), ids=READ)
def test_claims_are_read(text: str, parts: tuple[Any, ...]) -> None:
    claim = statement(text)
    assert (claim.measure.text, claim.relation, claim.value, claim.within) == parts


def test_a_claim_is_compared_exactly() -> None:
    least, cent = 40 * BN, Fraction(1, 100)
    holds = {
        relation: statement(f"total {relation} 40bn").holds
        for relation in ("<", "<=", "=", ">=", ">")
    }
    assert [relation for relation in holds if holds[relation](least)] == ["<=", "=", ">="]
    assert [relation for relation in holds if holds[relation](least + cent)] == [">=", ">"]
    assert [relation for relation in holds if holds[relation](least - cent)] == ["<", "<="]


def test_a_tolerance_includes_its_ends() -> None:
    # 1% of 45bn is 450m
    claim, cent = statement("total ~ 45bn within 1%"), Fraction(1, 100)
    assert claim.holds(Fraction(44_550_000_000))
    assert claim.holds(Fraction(45_450_000_000))
    assert not claim.holds(Fraction(44_550_000_000) - cent)
    assert not claim.holds(Fraction(45_450_000_000) + cent)


def test_dates_are_compared() -> None:
    assert statement("last day = 2027-06-13").holds(date(2027, 6, 13))
    assert not statement("last day > 2027-06-13").holds(date(2027, 6, 13))


def test_what_the_seller_pays_may_be_claimed() -> None:
    # 100 a month for a year, and 1,550 paid back in March: -350 in all, -1,450 in March
    back = {"price": "1550 once", "on": "2026-03-10", "paid_by": "seller"}
    charges = {"hall": {"price": "100 per month"}, "back": back}
    term = {"start": "2026-01", "through": "2026-12"}
    result = Result(scenario({"currency": "USD", "term": term, "charges": charges}).deal)
    claims = {
        "total = -350": True,
        "total >= 0": False,
        "total > -351": True,
        "month 2026-03 = -1450": True,
        "earned on 2026-03-31 ~ -1.2k within 5%": True,  # -1,250
        "firm on 2026-02-28 < -500": True,  # -550
    }
    for text, holds in claims.items():
        claim = statement(text)
        assert claim.holds(claim.measure(result)) == holds, text


NO_CLAIM = "this is not a claim"
CANNOT_FAIL = "this claim cannot fail"
TOLERANCE = "above 0 and below the value itself"
REFUSED = {
    "": NO_CLAIM,
    "total": NO_CLAIM,
    "total 40bn": NO_CLAIM,
    "> 40bn": NO_CLAIM,
    "total >": NO_CLAIM,
    "total => 40bn": NO_CLAIM,
    "total == 40bn": NO_CLAIM,
    "total != 40bn": NO_CLAIM,
    "total ≥ 40bn": NO_CLAIM,
    "40bn < total < 50bn": NO_CLAIM,
    # which cubic time would never find out
    "total >" + 950 * " x" + "!": NO_CLAIM,
    "total >" + 1900 * " " + "!": NO_CLAIM,
    "kept > 50%": "`kept` is now called `earned share`",
    "totl > 40bn": "unknown figure `totl`",
    "total 2027 > 40bn": "unknown figure `total 2027`",
    "year > 4bn": "unknown figure `year`",
    "year 27 > 4bn": "27 is not a year",
    "year 2027-05 > 4bn": "2027-05 is not a year",
    "year 3000 > 4bn": "the year 3000 is not read",
    "month 2027 > 4bn": "2027 is not a month",
    "month 2027-05-01 > 4bn": "2027-05-01 is not a month",
    "month 2027-13 > 4bn": "no month 13",
    "firm on 2027-02-29 > 4bn": "2027-02 has no day 29",
    "price per month > 4bn": "per month names no unit of capacity",
    "price per MX-year > 4bn": "unknown price unit `per MX-year`",
    "total > 40%": "invalid number",
    "price per MW-year = --1m": "not be negative",
    "months = -1": "not a whole number",
    "total < --1bn": "not be negative",
    "total ~ 45bn within -1bn": "not be negative",
    "total > lots": "invalid number",
    "earned share > 40bn": "invalid percentage",
    "earned share < 101%": "101%",
    "months = 37.5": "not a whole number",
    "last day > 40bn": "invalid date",
    "total ~ 45bn": "only `~` has one",
    "total > 45bn within 1%": "only `~` has one",
    "total ~ 45bn within 100%": TOLERANCE,
    "total ~ 45bn within 45bn": TOLERANCE,
    "total ~ 45bn within 1e18": TOLERANCE,
    "total ~ 45bn within 0%": TOLERANCE,
    "total ~ 45bn within 0": TOLERANCE,
    "total ~ 0 within 1bn": TOLERANCE,
    "earned share ~ 50% within 50 points": TOLERANCE,
    "earned share ~ 0% within 1 point": TOLERANCE,
    "earned share ~ 50% within 1%": "compared within points",
    "earned share ~ 50% within 2": "compared within points",
    "quarter 2026-Q5 > 1bn": "2026-Q5 is not a quarter",
    "quarter 2026 > 1bn": "2026 is not a quarter",
    "from 2026-07 > 1bn": "does not say to when",
    "from 2027-07 to 2026-07 > 1bn": "2026-07 is before 2027-07",
    "cash in total > 1bn": "`total` is not a period",
    "billed in 2027 > 1bn": "`2027` is not a period",
    "firm 2027-01-01 > 1bn": "`2027-01-01` is not a moment",
    "firm > 1bn": "unknown figure `firm`",
    "cover on 2027-01-01 > 5x": "invalid percentage",
    "remaining term on 2027-01-01 > 3 years": "invalid number",
    "present value at 9 > 1bn": "invalid percentage",
    "present value at 9% on Monday > 1bn": "invalid date",
    "fee ~ -1bn within 1bn": TOLERANCE,
    "total ~ 45bn within 200%": "200% is outside",
    "total ~ 45bn within inf": "invalid number",
    "total ~ 45bn within nan": "invalid number",
    "last day ~ 2027-06-13 within 3": "a date is compared by",
    "months >= 0": CANNOT_FAIL,
    "earned share >= 0%": CANNOT_FAIL,
    "earned share <= 100%": CANNOT_FAIL,
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=lambda text: text[:30])
def test_claims_are_refused(text: str, message: str) -> None:
    with pytest.raises(Misread, match=message):
        statement(text)


def test_a_mistyped_figure_names_the_nearest() -> None:
    with pytest.raises(Misread) as misread:
        measure("frm on 2026-05-01")
    assert misread.value.help.startswith(
        "did you mean `firm on 2026-12-31`? The figures are: total"
    )
    for figure in FIGURES:
        assert figure.examples[0] in misread.value.help


def test_a_figure_that_needs_a_moment_says_how_to_write_it() -> None:
    with pytest.raises(Misread) as misread:
        measure("first exit")
    assert misread.value.help == "write `first exit on 2026-12-31` or `first exit at signing`"


FISCAL = {
    # July 2026 to June 2027: 12 x 1.25bn; May and June 2026
    "fiscal year 2027": 15_000_000_000,
    "fiscal year 2026": 1_250_000_000,
    # July to September 2026; April to June
    "fiscal quarter 2027-Q1": 3_750_000_000,
    "fiscal quarter FY2026-Q4": 1_250_000_000,
    "billed in fiscal year 2026": 1_250_000_000,
    # those of the calendar stay as they are
    "year 2026": 8_750_000_000,
    "quarter 2026-Q3": 3_750_000_000,
}


@pytest.mark.parametrize(("text", "value"), FISCAL.items(), ids=FISCAL)
def test_fiscal_years_end_with_the_month_that_the_file_says(text: str, value: int) -> None:
    assert found(text, MODEL | {"fiscal_year_end": "6"}) == value


def test_a_month_that_ends_a_year_is_a_number() -> None:
    for text, way in {"June": "write `6`", "13": "write it like `6`"}.items():
        with pytest.raises(Refused) as refused:
            scenario(MODEL | {"fiscal_year_end": text})
        assert way in refused.value.problems[0].help


UNANSWERED = {
    "firm share on 2029-05-31": "nothing is still to come on 2029-05-31",
    "cover on 2029-05-31": "nothing is to come in the 12 months",
    "cover on 2026-04-01": "nothing is to come in the 12 months",
    "remaining term on 2029-05-31": "nothing remains on 2029-05-31",
    "firm remaining term on 2026-04-01": "nothing remains on 2026-04-01",
    "remaining term on 2026-04-01": "nothing remains on 2026-04-01",
    "first exit on 2026-04-01": "nothing is signed until 2026-05-01",
    "average price per GPU-hour": "no recurring charge has a capacity in GPU",
    "largest buyer share on 2029-05-31": "nothing remains on 2029-05-31",
    "total EUR": "the amounts are in USD, not in EUR",
}


@pytest.mark.parametrize(("text", "message"), UNANSWERED.items(), ids=UNANSWERED)
def test_what_a_deal_has_no_figure_for_is_said(text: str, message: str) -> None:
    with pytest.raises(Misread, match=message):
        found(text, MODEL)


def test_terms_are_weighted_by_what_remains() -> None:
    # on 31 January 300 are left over 59 days (February, March), 100 over 28: 20,500 / 400 days;
    # the buyer may leave on 10 days' notice for a fee of 50: 100 and 10/28 x 100 in 10 days
    charges = {
        "hall": {"price": "150 per month", "through": "2026-03"},
        "works": {"price": "100 per month", "through": "2026-02"},
    }
    right = {"by": "buyer", "notice": "10 days", "fee": "50"}
    term = {"start": "2026-01", "through": "2026-03"}
    deal = {"currency": "USD", "term": term, "charges": charges, "termination": right}
    assert found("remaining term on 2026-01-31", deal) == Fraction(300 * 59 + 100 * 28, 400)
    assert found("firm remaining term on 2026-01-31", deal) == 10
    # what is worth 100 twice as far off is worth more days
    assert found("not begun on 2025-12-31", deal | {"term": term | {"signed": "2025-12-01"}}) > 0


def test_claims_of_the_shipped_scenarios_are_true(shipped: Path) -> None:
    cases = load(str(shipped)).deal.cases
    for case in (None, *cases):
        deal, what_if = (there := load(str(shipped), case)).deal, there.what_if
        priced = Priced(deal)
        ended = (
            priced.terminate(what_if.notice, what_if.by, what_if.right) if what_if.notice else None
        )
        claims = what_if.claims if case else deal.claims
        for claim in claims:
            said = statement(claim.claim)
            value = said.measure(Result(deal, ended, priced))
            assert said.holds(value), f"{case}: {claim.claim}, found {value}"


def test_totals_that_nobody_pays_are_refused() -> None:
    # 1e18 a day: 1,000 days are 1e21, a day more is too much
    assert book(simple("1e18 per day", "2026-01-01", "2028-09-26")).full == 10**23
    with pytest.raises(Refused) as refused:
        priced_deal(scenario(simple("1e18 per day", "2026-01-01", "2028-09-27")))
    assert [problem.code for problem in refused.value.problems] == ["amount"]


def test_a_claim_turns_at_its_edges() -> None:
    assert statement("total > 5").edges == (5,)
    assert statement("total ~ 100 within 10").edges == (90, 110)


def test_nothing_is_to_come_of_what_is_not_signed() -> None:
    result = Result(book(MODEL | {"term": MODEL["term"] | {"signed": "2026-05-03"}}).deal)
    before = result.priced.backlog(day("2026-04-01"))
    assert result.to_come(day("2026-04-01"), day("2027-03-31"), before) == (0, 0)
    # Twelve months from May 2026: two at half of 1.25bn, ten at all of it.
    signing = result.priced.at_signing()
    agreed, _ = result.to_come(day("2026-05-02"), day("2027-04-30"), signing)
    assert agreed == 13_750_000_000 - Fraction(4032258065, 100)
