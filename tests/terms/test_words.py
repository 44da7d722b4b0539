"""Words: texts and their values worked by hand, round trips, and refusals whose way out works."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealcalc.terms import words
from dealcalc.terms.currencies import CURRENCIES
from dealcalc.terms.fees import Fee, FeeAmount, FeeMonths, FeeShare
from dealcalc.terms.misread import Misread, closest, did_you_mean
from dealcalc.terms.money import (
    in_currency,
    read_fee,
    read_price,
    read_quantity,
)
from dealcalc.terms.numbers import read_amount, read_percent, read_rate
from dealcalc.terms.times import (
    read_count,
    read_day,
    read_every,
    read_first_day,
    read_last_day,
    read_lock_out,
    read_months,
    read_span,
    read_years,
)
from dealcalc.terms.values import (
    CAPACITY_UNITS,
    PERIODS_ALONE,
    UNIT_PERIODS,
    Price,
    Quantity,
    Span,
    amount_text,
    convert,
    decimal_text,
    half_up,
    half_up_ratio,
    percent_text,
)
from dealcalc.terms.words import read_capacity, read_currency, read_free_text, read_name

Read = Callable[[str], Any]
MILLION, BILLION = 10**6, 10**9


# --- texts and values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("7", 7),
        ("0.5", Fraction(1, 2)),
        ("0.3", Fraction(3, 10)),  # which no binary number is
        ("1.25bn", 1_250 * MILLION),
        ("1.25 bn", 1_250 * MILLION),
        ("1_250_000_000", 1_250 * MILLION),
        ("1250000000", 1_250 * MILLION),
        ("1.25e9", 1_250 * MILLION),
        ("1.25E9", 1_250 * MILLION),
        ("1.25e+9", 1_250 * MILLION),
        ("600m", 600 * MILLION),
        ("600mm", 600 * MILLION),
        ("600MN", 600 * MILLION),
        ("600 Million", 600 * MILLION),
        ("12k", 12_000),
        ("12 thousand", 12_000),
        ("12_000k", 12 * MILLION),
        ("2b", 2 * BILLION),
        ("2 billion", 2 * BILLION),
        ("40tn", 40_000 * BILLION),
        ("40 trillion", 40_000 * BILLION),
        ("2459677419.35", Fraction(245967741935, 100)),
        ("0.000000000000001", Fraction(1, 10**15)),
        ("1e18", 10**18),
        ("1000000tn", 10**18),
        ("0." + "0" * 37 + "1", Fraction(1, 10**38)),  # 40 characters
    ],
)
def test_amounts(text: str, amount: Fraction) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0%", 0),
        ("50%", Fraction(1, 2)),
        ("50 %", Fraction(1, 2)),
        ("12.5%", Fraction(1, 8)),
        ("100%", 1),
        ("0.01%", Fraction(1, 10_000)),
    ],
)
def test_percentages(text: str, share: Fraction) -> None:
    assert read_percent(text) == share


def test_percentages_between_other_bounds() -> None:
    assert read_percent("-1%", -1) == Fraction(-1, 100)
    assert read_percent("150%", 100, 200) == Fraction(3, 2)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("3%", Fraction(3, 100)),
        ("-3%", Fraction(-3, 100)),
        ("2.1234%", Fraction(21234, 1_000_000)),
        ("-99%", Fraction(-99, 100)),
        ("100%", 1),
    ],
)
def test_rates(text: str, rate: Fraction) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("37", 37), ("2760", 2760)])
def test_counts(text: str, count: int) -> None:
    assert read_count(text) == count


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-05", date(2026, 5, 1), date(2026, 5, 31)),
        ("2026-04", date(2026, 4, 1), date(2026, 4, 30)),
        ("2027-02", date(2027, 2, 1), date(2027, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
        ("1970-01", date(1970, 1, 1), date(1970, 1, 31)),
        ("2199-12", date(2199, 12, 1), date(2199, 12, 31)),
        ("2028-02-29", date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_days_and_months(text: str, first: date, last: date) -> None:
    assert read_first_day(text) == first
    assert read_last_day(text) == last


@pytest.mark.parametrize("text", ["1970-01-01", "2026-05-01", "2028-02-29", "2199-12-31"])
def test_days(text: str) -> None:
    assert read_day(text).isoformat() == text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90 days", Span(90, "days")),
        ("90days", Span(90, "days")),
        ("1 day", Span(1, "days")),
        ("0 days", Span(0, "days")),
        ("3 Months", Span(3, "months")),
        ("10000 days", Span(10_000, "days")),
        ("2 weeks", Span(14, "days")),
        ("1 quarter", Span(3, "months")),
        ("1 year", Span(12, "months")),
        ("7 Years", Span(84, "months")),
        ("0 years", Span(0, "months")),
        ("833 years", Span(9_996, "months")),
    ],
)
def test_spans(text: str, span: Span) -> None:
    assert read_span(text) == span
    assert read_lock_out(text) == span


@pytest.mark.parametrize(
    ("text", "months"), [("12 months", 12), ("1 year", 12), ("year", 12), ("quarterly", 3)]
)
def test_how_often(text: str, months: int) -> None:
    assert read_every(text) == Span(months, "months")


@pytest.mark.parametrize("years", [1, 15, 230])
def test_years(years: int) -> None:
    assert read_years(str(years)) == years


@pytest.mark.parametrize(
    ("text", "currency", "bare"),
    [
        ("USD 10m per month", "USD", "10m per month"),
        ("$10m/month", "USD", "10m/month"),
        ("$10m/month", "CAD", "10m/month"),
        ("C$10m/month", "CAD", "10m/month"),
        ("US$ 10", "USD", "10"),
        ("10m USD per month", "USD", "10m per month"),
        ("154 USD/kW-month", "USD", "154/kW-month"),
        ("€500 million", "EUR", "500 million"),
        ("10 million €", "EUR", "10 million"),
        ("$10m", None, "10m"),
        ("10m per month", "USD", "10m per month"),
        ("300 GPU", "USD", "300 GPU"),
        ("10mUSD per month", "USD", "10m per month"),
        ("5YeARS", "ARS", "5YeARS"),
    ],
)
def test_an_amount_may_name_the_currency_of_its_file(
    text: str, currency: str | None, bare: str
) -> None:
    assert in_currency(text, currency) == bare


@pytest.mark.parametrize(
    ("text", "mark"), [("EUR 10m", "EUR"), ("€10m", "€"), ("10m EUR", "EUR"), ("A$10m", "A$")]
)
def test_an_amount_in_another_currency_is_refused(text: str, mark: str) -> None:
    with pytest.raises(Misread) as caught:
        in_currency(text, "USD")
    message = f"the currency of this file is USD, and this is in `{mark}`"
    assert (caught.value.code, caught.value.message) == ("currency", message)


def test_a_lock_out_may_be_a_day() -> None:
    assert read_lock_out("2026-08-03") == date(2026, 8, 3)
    assert read_lock_out("2026 days") == Span(2026, "days")


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1.25bn per month", Price(Fraction(1_250 * MILLION), "month")),
        ("90k per quarter", Price(Fraction(90_000), "quarter")),
        ("600_000 per year", Price(Fraction(600_000), "year")),
        ("7m per week", Price(Fraction(7 * MILLION), "week")),
        ("2_500 per day", Price(Fraction(2_500), "day")),
        ("155 per kW-month", Price(Fraction(155), "month", "kW")),
        ("1.2m per MW-year", Price(Fraction(1_200_000), "year", "MW")),
        ("2.10 per GPU-hour", Price(Fraction(21, 10), "hour", "GPU")),
        ("55 per MWh", Price(Fraction(55), "hour", "MW")),
        ("0.06 per kWh", Price(Fraction(6, 100), "hour", "kW")),
        ("1k per GWh", Price(Fraction(1_000), "hour", "GW")),
        ("8k per rack-month", Price(Fraction(8_000), "month", "rack")),
        ("2.4bn in total", Price(Fraction(2_400 * MILLION), "total")),
        ("40m once", Price(Fraction(40 * MILLION), "once")),
        ("0.75 million once", Price(Fraction(750_000), "once")),
        ("1.25bn\n per   month", Price(Fraction(1_250 * MILLION), "month")),
        (f"5{' ' * 190}per month", Price(Fraction(5), "month")),
        ("1.25bn/month", Price(Fraction(1_250 * MILLION), "month")),
        ("1.25bn a month", Price(Fraction(1_250 * MILLION), "month")),
        ("1.25bn monthly", Price(Fraction(1_250 * MILLION), "month")),
        ("1 million annually", Price(Fraction(MILLION), "year")),
        ("5 per annum", Price(Fraction(5), "year")),
        ("154 per kW per month", Price(Fraction(154), "month", "kW")),
        ("154/kW/mo", Price(Fraction(154), "month", "kW")),
        ("154 a month per kW", Price(Fraction(154), "month", "kW")),
        ("154 per kW monthly", Price(Fraction(154), "month", "kW")),
        ("154 monthly per kW", Price(Fraction(154), "month", "kW")),
        ("5 per MW month", Price(Fraction(5), "month", "MW")),
        ("2.10/GPU-hr", Price(Fraction(21, 10), "hour", "GPU")),
        ("55 / MWh", Price(Fraction(55), "hour", "MW")),
    ],
)
def test_prices(text: str, price: Price) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize("per", ["hour", "MW-quarter", "MW-week", "MW-day"])
def test_a_period_stands_alone_or_behind_a_unit_as_the_table_says(per: str) -> None:
    with pytest.raises(Misread, match=f"^unknown price unit `per {per}`$"):
        read_price(f"5 per {per}")


@pytest.mark.parametrize(
    ("text", "fee"),
    [
        ("500m", FeeAmount(Fraction(500 * MILLION))),
        ("3", FeeAmount(Fraction(3))),
        ("3 months", FeeMonths(Fraction(3))),
        ("1 month", FeeMonths(Fraction(1))),
        ("1 year", FeeMonths(Fraction(12))),
        ("3 Months", FeeMonths(Fraction(3))),
        ("25% of remaining", FeeShare(Fraction(1, 4))),
        ("12.5 %  of remaining", FeeShare(Fraction(1, 8))),
    ],
)
def test_fees(text: str, fee: Fee) -> None:
    assert read_fee(text) == fee


@pytest.mark.parametrize(
    ("text", "capacity"),
    [
        ("300 MW", Quantity(Fraction(300), "MW")),
        ("300MW", Quantity(Fraction(300), "MW")),
        ("1.5 GW", Quantity(Fraction(3, 2), "GW")),
        ("220000 GPU", Quantity(Fraction(220_000), "GPU")),
        ("220_000 GPU", Quantity(Fraction(220_000), "GPU")),
        ("0 MW", Quantity(Fraction(0), "MW")),
        ("1" + "0" * 18 + " MW", Quantity(Fraction(10**18), "MW")),
        (f"1.{'0' * 38} MW", Quantity(Fraction(1), "MW")),
        ("halls", "halls"),
        ("Phase 2", "Phase 2"),
        ("no", "no"),
    ],
)
def test_capacities(text: str, capacity: Quantity | str) -> None:
    assert read_capacity(text) == capacity


@pytest.mark.parametrize("unit", CAPACITY_UNITS)
@pytest.mark.parametrize("period", UNIT_PERIODS)
def test_every_unit_can_be_sold_and_priced(unit: str, period: str) -> None:
    assert read_quantity(f"7 {unit}") == Quantity(Fraction(7), unit)
    assert read_price(f"5 per {unit}-{period}") == Price(Fraction(5), period, unit)


@pytest.mark.parametrize(
    ("number", "unit", "other", "converted"),
    [
        (300, "MW", "kW", 300_000),
        (300, "MW", "GW", Fraction(3, 10)),
        (300, "MW", "W", 300 * MILLION),
        (300, "MW", "MW", 300),
        (12, "GPU", "GPU", 12),
        (12, "GPU", "TPU", None),
        (300, "MW", "GPU", None),
        (12, "GPU", "MW", None),
    ],
)
def test_only_power_converts(
    number: int, unit: str, other: str, converted: Fraction | None
) -> None:
    assert convert(Quantity(Fraction(number), unit), other) == converted


@pytest.mark.parametrize("name", ["compute", "Phase 2", "no", "1e9", "12-30", "Überlast", "x" * 80])
def test_names(name: str) -> None:
    assert read_name(name) == name


@pytest.mark.parametrize(
    "text", ["xAI", "Anthropic–xAI, Colossus 1", "two\nlines\tand a tab", "日本"]
)
def test_texts(text: str) -> None:
    assert read_free_text(text) == text


# ISO 4217 as of 2026, by hand: currencies with other than two digits, and a few with two.
@pytest.mark.parametrize(
    ("code", "digits"),
    [
        *(("USD", 2), ("EUR", 2), ("GBP", 2), ("CHF", 2), ("CNY", 2), ("INR", 2), ("HUF", 2)),
        *(("JPY", 0), ("KRW", 0), ("VND", 0), ("CLP", 0), ("ISK", 0), ("XOF", 0)),
        *(("KWD", 3), ("BHD", 3), ("TND", 3), ("CLF", 4), ("UYW", 4)),
    ],
)
def test_currencies(code: str, digits: int) -> None:
    assert read_currency(code) == code
    assert CURRENCIES[code] == digits


def test_every_minor_unit_is_that_of_a_currency() -> None:
    # 17 without a minor unit, 7 with three digits, 2 with four: counted in the standard.
    assert {n: [*CURRENCIES.values()].count(n) for n in (0, 3, 4)} == {0: 17, 3: 7, 4: 2}
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
    # No gold, no testing code, no currency that was given up (Croatia 2023, Bulgaria 2026).
    assert not CURRENCIES.keys() & {"XAU", "XTS", "XXX", "HRK", "BGN", "DEM"}


# --- values back to text -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(5, 4), "1.25"),
        (Fraction(-5, 4), "-1.25"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(1250), "1250"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-22, 7), "-22/7"),
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 25), "0.04"),
    ],
)
def test_decimals(number: Fraction, text: str) -> None:
    assert decimal_text(number) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(1_250 * MILLION), "1.25bn"),
        (Fraction(600 * MILLION), "600m"),
        (Fraction(12_000), "12k"),
        (Fraction(1_250), "1.25k"),
        (Fraction(155), "155"),
        (Fraction(999), "999"),
        (Fraction(40_000 * BILLION), "40tn"),
        (Fraction(BILLION), "1bn"),
        (Fraction(1_000), "1k"),
        (Fraction(0), "0"),
        (Fraction(21, 10), "2.1"),
        (Fraction(2_459_677_419), "2459677419"),  # 2.459677419bn has too many decimals
        (Fraction(1_234_567), "1234567"),
        (Fraction(1_234_567_000), "1234567000"),
        (Fraction(999_999_000), "999.999m"),
        (Fraction(4_000, 3), "4000/3"),
    ],
)
def test_amounts_are_written_the_short_way(amount: Fraction, text: str) -> None:
    assert amount_text(amount) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Price(Fraction(1_250 * MILLION), "month"), "1.25bn per month"),
        (Price(Fraction(21, 10), "hour", "GPU"), "2.1 per GPU-hour"),
        (Price(Fraction(2_400 * MILLION), "total"), "2.4bn in total"),
        (Price(Fraction(40 * MILLION), "once"), "40m once"),
        (Span(90, "days"), "90 days"),
        (Span(1, "days"), "1 day"),
        (Span(1, "months"), "1 month"),
        (Quantity(Fraction(3, 2), "GW"), "1.5 GW"),
        (FeeAmount(Fraction(500 * MILLION)), "500m"),
        (FeeMonths(Fraction(1)), "1 month"),
        (FeeMonths(Fraction(3)), "3 months"),
        (FeeShare(Fraction(1, 4)), "25% of remaining"),
    ],
)
def test_values_are_written_as_they_are_read(value: object, text: str) -> None:
    assert str(value) == text


@pytest.mark.parametrize(
    ("value", "places", "units"),
    [
        (Fraction(5, 1000), 2, 1),  # half a cent goes up
        (Fraction(4999, 1_000_000), 2, 0),
        (Fraction(-5, 1000), 2, -1),  # and away from zero
        (Fraction(-4, 1000), 2, 0),
        (Fraction(1, 3), 2, 33),
        (Fraction(2, 3), 2, 67),
        (Fraction(1, 2), 0, 1),
        (Fraction(3, 2), 0, 2),
        (Fraction(5, 2), 0, 3),  # not to even
        (Fraction(1_2345, 10_000), 3, 1235),
        (Fraction(7), 2, 700),
    ],
)
def test_half_a_unit_is_rounded_up(value: Fraction, places: int, units: int) -> None:
    assert half_up(value, places) == units


@pytest.mark.parametrize(
    ("numerator", "denominator", "units"), [(30, 20, 2), (-30, 20, -2), (29, 20, 1), (0, 20, 0)]
)
def test_a_ratio_is_rounded_without_its_lowest_terms(
    numerator: int, denominator: int, units: int
) -> None:
    assert half_up_ratio(numerator, denominator, 0) == units


decimals = st.decimals(0, 10**12, places=6).map(Fraction)
units = st.sampled_from(CAPACITY_UNITS)
recurring = st.builds(Price, decimals, st.sampled_from(PERIODS_ALONE))
by_unit = st.builds(Price, decimals, st.sampled_from(UNIT_PERIODS), units)
sums = st.builds(Price, decimals, st.sampled_from(["total", "once"]))


@given(decimals)
def test_amounts_survive_being_written(amount: Fraction) -> None:
    assert read_amount(amount_text(amount)) == amount
    assert read_amount(decimal_text(amount)) == amount


@given(st.one_of(recurring, by_unit, sums))
def test_prices_survive_being_written(price: Price) -> None:
    assert read_price(str(price)) == price


@given(st.integers(0, 10**6).map(lambda part: Fraction(part, 10**6)))
def test_percentages_survive_being_written(share: Fraction) -> None:
    assert read_percent(percent_text(share)) == share
    assert read_fee(f"{percent_text(share)} of remaining") == FeeShare(share)


@given(st.builds(Span, st.integers(0, 10_000), st.sampled_from(["days", "months"])))
def test_spans_survive_being_written(span: Span) -> None:
    assert read_span(str(span)) == span


@given(st.builds(Quantity, decimals, units))
def test_quantities_survive_being_written(quantity: Quantity) -> None:
    assert read_quantity(str(quantity)) == quantity


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)))
def test_days_survive_being_written(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_first_day(f"{day:%Y-%m}") <= day <= read_last_day(f"{day:%Y-%m}")


@given(st.fractions(), st.integers(0, 4))
def test_rounding_is_never_off_by_more_than_half(value: Fraction, places: int) -> None:
    off = abs(Fraction(half_up(value, places), 10**places) - value)
    assert off <= Fraction(1, 2 * 10**places)


# --- refusals ------------------------------------------------------------------------------------

REFUSED: list[tuple[Read, str, str, str, str]] = [
    # reader, text, code, what is wrong, the way out
    (read_amount, "$5m", "amount", "no currency", "write `5m`"),
    (read_amount, "US$5m", "amount", "no currency", "write `5m`"),
    (read_amount, "€ 5", "amount", "no currency", "write `5`"),
    (read_amount, "5€", "amount", "no currency", "write `5`"),
    (read_amount, "USD 5m", "amount", "no currency", "write `5m`"),
    (read_amount, "5m USD", "amount", "no currency", "write `5m`"),
    (read_amount, "5 USD", "amount", "no currency", "write `5`"),
    (read_amount, "1,250,000", "amount", "commas", "write `1250000`"),
    (read_amount, "1,250,000.50", "amount", "commas", "write `1250000.50`"),
    (read_amount, "1,250.50", "amount", "commas", "write `1250.50`"),
    (read_amount, "1,250m", "amount", "commas", "write `1250m`, or `1.250m` if the comma"),
    (read_amount, "1,25bn", "amount", "comma", "write `1.25bn`"),
    (read_amount, "1,2,3", "amount", "comma", "write it like `1.25bn`"),
    (read_amount, "1 250 000", "amount", "spaces", "write `1250000`"),
    (read_amount, "010", "amount", "leading zeros", "write `10`"),
    (read_amount, "00", "amount", "leading zeros", "write it like `1.25bn`"),
    (read_amount, "1_2", "amount", "underscores", "write `12`"),
    (read_amount, "1_000.5", "amount", "underscores", "write `1000.5`"),
    (read_amount, "-5", "amount", "negative", "write it like `1.25bn`"),
    (read_amount, "+5", "amount", "invalid number `+5`", "write it like `1.25bn`"),
    (read_amount, ".5", "amount", "invalid number `.5`", "write it like `1.25bn`"),
    (read_amount, "1e-3", "amount", "invalid number `1e-3`", "write it like `1.25bn`"),
    (read_amount, "NaN", "amount", "invalid number `NaN`", "write it like `1.25bn`"),
    (read_amount, "inf", "amount", "invalid number `inf`", "write it like `1.25bn`"),
    (read_amount, "0x1F", "amount", "invalid number `0x1F`", "write it like `1.25bn`"),
    (read_amount, "", "amount", "no number", "write it like `1.25bn`"),
    (read_amount, "１２", "amount", "0 to 9", "write it like `1.25bn`"),
    (read_amount, "٣", "amount", "0 to 9", "write it like `1.25bn`"),
    (read_amount, "1e999999999", "amount", "more than 1e18", "too many zeros"),
    (read_amount, "1.1e18", "amount", "more than 1e18", "too many zeros"),
    (read_amount, "1000001tn", "amount", "more than 1e18", "too many zeros"),
    (read_amount, "9" * 40, "amount", "more than 1e18", "too many zeros"),
    (read_amount, "9" * 41, "amount", "at most 40", "round it"),
    (read_amount, "9" * 2_000, "amount", "at most 40", "round it"),
    (read_amount, "x" * 40, "amount", "invalid number", "write it like `1.25bn`"),
    # 60 characters are looked at, whatever they are
    (read_amount, f"1.{'1' * 38} {'x' * 19}", "amount", "unknown multiple", "it is one of: k"),
    (read_amount, f"1.{'1' * 38} {'x' * 20}", "amount", "at most 40", "round it"),
    (read_amount, "1e9bn", "amount", "twice", "write it like `1.25e9` or `1.25bn`"),
    (read_amount, "5 bilion", "amount", "unknown multiple `bilion`", "did you mean `5 billion`"),
    (read_amount, "5 MW", "amount", "unknown multiple `MW`", "it is one of: k, thousand, m"),
    (read_amount, "5 mln", "amount", "unknown multiple `mln`", "did you mean `5mn`"),
    (read_percent, "50", "percent", "invalid percentage `50`", "write `50%`"),
    (read_percent, "0.5", "percent", "invalid percentage `0.5`", "write `50%` or `0.5%`"),
    (read_percent, "150", "percent", "invalid percentage `150`", "write it like `50%`"),
    (read_percent, "100", "percent", "invalid percentage `100`", "write `100%`"),
    (read_percent, "101", "percent", "invalid percentage `101`", "write it like `50%`"),
    (read_percent, "1.0", "percent", "invalid percentage `1.0`", "write `1.0%`"),
    (read_percent, "0", "percent", "invalid percentage `0`", "write `0%`"),
    (read_percent, "0." + "5" * 38, "percent", "invalid percentage", "whichever is meant"),
    (read_percent, "half", "percent", "invalid percentage `half`", "write it like `50%`"),
    (read_percent, "50%%", "percent", "invalid percentage `50%%`", "write `50%`"),
    (read_percent, "9" * 50, "percent", "invalid percentage", "write it like `50%`"),
    (read_percent, "1,5%", "percent", "comma", "write `1.5%`"),
    (read_percent, "-5%", "percent", "negative", "write it like `50%`"),
    (read_percent, "100.5%", "percent", "100.5% is outside 0% to 100%", "the most is `100%`"),
    (read_rate, "-100%", "percent", "-100% is outside -99% to 100%", "the least is `-99%`"),
    (read_rate, "0.12345%", "percent", "more than four decimals", "write `0.1235%`"),
    (read_rate, "-0.00005%", "percent", "more than four decimals", "write `-0.0001%`"),
    (read_count, "36 months", "count", "`36 months` is not a whole number", "write `36`"),
    (read_count, "0", "count", "`0` is not a whole number", "write it like `37`"),
    (read_count, "2761", "count", "`2761` is not a whole number", "write it like `37`"),
    (read_count, "037", "count", "`037` is not a whole number", "write it like `37`"),
    (read_count, "1e2", "count", "`1e2` is not a whole number", "write it like `37`"),
    (read_count, "٣", "count", "is not a whole number", "write it like `37`"),
    (read_day, "2028-02-30", "date", "2028-02 has no day 30", "write `2028-02-29`"),
    (read_day, "2100-02-29", "date", "2100-02 has no day 29", "write `2100-02-28`"),
    (read_day, "2028-02-00", "date", "2028-02 has no day 0", "write `2028-02-01`"),
    (read_day, "2026-13-01", "date", "there is no month 13", "from 01 to 12"),
    (read_day, "1969-12-31", "date", "the year 1969 is not read", "from 1970 to 2199"),
    (read_day, "2200-01-01", "date", "the year 2200 is not read", "from 1970 to 2199"),
    (read_day, "2026-5-1", "date", "invalid date `2026-5-1`", "write `2026-05-01`"),
    (read_day, "2026/05/01", "date", "invalid date `2026/05/01`", "write `2026-05-01`"),
    (read_day, "20260501", "date", "invalid date `20260501`", "write `2026-05-01`"),
    (read_day, "2026-05-01T00:00:00Z", "date", "invalid date", "write `2026-05-01`"),
    (read_day, "2026-05", "date", "invalid date `2026-05`", "write `2026-05-01`"),
    (read_day, "86400", "date", "invalid date `86400`", "write it like `2026-05-01`"),
    (read_day, "1777593600", "date", "invalid date `1777593600`", "write it like `2026-05-01`"),
    (read_day, "1 May 2026", "date", "invalid date `1 May 2026`", "write `2026-05-01`"),
    (read_day, "2026-2-28", "date", "invalid date `2026-2-28`", "write `2026-02-28`"),
    (read_day, "2026-2-30", "date", "invalid date `2026-2-30`", "write it like `2026-05-01`"),
    (
        read_day,
        "２０２６-05-01",
        "date",
        "invalid date `２０２６-05-01`",
        "write it like `2026-05-01`",
    ),
    (read_first_day, "2026-5", "date", "invalid date `2026-5`", "write `2026-05`"),
    (read_first_day, "2026", "date", "invalid date `2026`", "write `2026-01`"),
    (read_last_day, "2026-00", "date", "there is no month 00", "from 01 to 12"),
    (read_last_day, "2026-02-29", "date", "2026-02 has no day 29", "write `2026-02-28`"),
    (read_span, "90", "span", "invalid length of time `90`", "write `90 days` or `90 months`"),
    (read_span, "90 d", "span", "invalid length of time `90 d`", "write `90 days`"),
    (read_span, "3 mo", "span", "invalid length of time `3 mo`", "write `3 months`"),
    (read_span, "3 fortnights", "span", "invalid length of time", "write it like `90 days`"),
    (
        read_span,
        "10001 days",
        "span",
        "10001 days is longer than is read",
        "the most is `10000 days`",
    ),
    (read_span, "-3 days", "span", "invalid length of time", "write it like `90 days`"),
    (read_span, "ninety days", "span", "invalid length of time", "write `90 days`"),
    (read_span, "1.5 months", "span", "invalid length of time", "write it like `90 days`"),
    (read_months, "12 days", "span", "`12 days` is not a number", "like `12 months`"),
    (read_months, "0 months", "span", "`0 months` is not a number", "write it like `12 months`"),
    (read_lock_out, "never", "span", "invalid length of time", "write it like `90 days`"),
    (read_lock_out, "2026/08/03", "date", "invalid date `2026/08/03`", "write `2026-08-03`"),
    (read_quantity, "5 mw", "unit", "unknown unit `mw`", "did you mean `5 MW`?"),
    (read_quantity, "5 GPUs", "unit", "unknown unit `GPUs`", "did you mean `5 GPU`"),
    (read_quantity, "5 parsecs", "unit", "unknown unit `parsecs`", "it is one of: W, kW, MW, GW"),
    (read_quantity, "300", "capacity", "invalid capacity `300`", "write it like `300 MW`"),
    (
        read_quantity,
        "220k GPU",
        "capacity",
        "invalid capacity `220k GPU`",
        "did you mean `220000 GPU`",
    ),
    (read_quantity, "220,000 GPU", "capacity", "commas", "write `220000 GPU`, or `220.000 GPU`"),
    (read_quantity, "-5 MW", "capacity", "negative", "write it like `300 MW`"),
    (read_quantity, "３００ MW", "capacity", "0 to 9", "write it like `300 MW`"),
    (read_quantity, "9" * 19 + " MW", "capacity", "more than 1e18", "too many zeros"),
    (read_quantity, "9" * 77 + " MW", "capacity", "at most 40", "round it"),
    (read_quantity, "9" * 78 + " MW", "capacity", "a number has at most 40", "round it"),
    (read_quantity, "9" * 90 + " MW", "capacity", "invalid capacity", "write it like `300 MW`"),
    (read_capacity, "2nd phase", "capacity", "invalid capacity", "write it like `300 MW`"),
    (read_capacity, "a.b", "name", "`.`, `:` or `=`", "write `a-b`"),
    (read_price, "1.25bn", "price", "what it is paid for", "write `1.25bn per month`, `1.25bn in"),
    (read_price, "$55 / MWh", "amount", "no currency belongs here:", "write `55 per MWh`"),
    (
        read_price,
        "5 per GPUh",
        "price",
        "unknown price unit `per GPUh`",
        "did you mean `5 per GPU-hour`",
    ),
    (
        read_price,
        "5 per MWs",
        "price",
        "unknown price unit `per MWs`",
        "did you mean `5 per MW-month`",
    ),
    (read_price, "5 per Month", "price", "unknown price unit", "did you mean `5 per month`"),
    (
        read_price,
        "5 per fortnight",
        "price",
        "unknown price unit",
        "write per month, quarter, year",
    ),
    (read_price, "free", "price", "invalid price `free`", "write it like `1.25bn per month`"),
    (read_price, "5/fortnight", "price", "unknown price unit", "write per month, quarter, year"),
    (read_price, "5 " * 200, "price", "invalid price", "write it like `1.25bn per month`"),
    # 200 characters are looked at, whatever they are
    (
        read_price,
        f"5{' ' * 191}per month",
        "price",
        "unknown price unit `per mont`",
        "did you mean `5 per month`",
    ),
    (
        read_price,
        f"5{' ' * 190}per month ",
        "price",
        "unknown price unit",
        "did you mean `5 per month`",
    ),
    (read_price, "€5 per month", "amount", "no currency", "write `5 per month`"),
    (read_price, "1,250m in total", "amount", "commas", "write `1250m in total`, or `1.250m in"),
    (read_price, "05 once", "amount", "leading zeros", "write `5 once`"),
    (read_price, "per month", "amount", "no number", "write it like `1.25bn per month`"),
    (read_fee, "25%", "fee", "of what remains", "write `25% of remaining`"),
    (read_fee, "25% of the price", "fee", "of what remains", "write `25% of remaining`"),
    (read_fee, "150% of remaining", "percent", "150% is outside", "is `100% of remaining`"),
    (read_fee, "3 days", "fee", "not counted in days", "write it like `3 months`, `500m` or"),
    (read_fee, "much", "amount", "invalid number `much`", "write it like `1.25bn`"),
    (read_name, "a.b:c=d", "name", "`.`, `:` or `=`", "write `a-b-c-d`"),
    (read_name, "", "name", "1 to 80 plain characters", "write it like `phase-2`"),
    (read_name, "x" * 81, "name", "1 to 80 plain characters", "write it like `phase-2`"),
    (read_name, " x", "name", "no space at its ends", "write it like `phase-2`"),
    (read_name, "a\u202eb", "name", "plain characters", "write it like `phase-2`"),
    (read_currency, "usd", "currency", "unknown currency `usd`", "did you mean `USD`?"),
    (read_currency, "Euro", "currency", "unknown currency `Euro`", "did you mean `EUR`?"),
    (read_currency, "$", "currency", "unknown currency `$`", "did you mean `USD`"),
    (
        read_free_text,
        "a\x1b[31m",
        "text",
        "control characters; this one has U+001B",
        "remove it",
    ),
    (words.PARTY.read, "Buyer", "choice", "invalid value `Buyer`", "`buyer`?"),
    (
        words.PARTY.read,
        "xAI",
        "choice",
        "invalid value `xAI`",
        "it is one of: either, buyer, seller",
    ),
]


@pytest.mark.parametrize(("read", "text", "code", "wrong", "way"), REFUSED)
def test_refusals(read: Read, text: str, code: str, wrong: str, way: str) -> None:
    with pytest.raises(Misread) as caught:
        read(text)
    misread = caught.value
    assert (misread.code, wrong in misread.message, way in misread.help) == (code, True, True), (
        f"{misread.message} | {misread.help}"
    )
    # One line, whatever the text was.
    assert len(misread.message) < 140


@pytest.mark.parametrize(
    ("read", "text", "quoted"),
    [
        (read_percent, "x" * 60, "x" * 40),
        (read_percent, f"100.{'0' * 35}1 %", f"100.{'0' * 35}1"),
        (read_count, "1" * 60, "1" * 40),
        (read_day, "x" * 60, "x" * 40),
        (read_last_day, "x" * 60, "x" * 40),
        (read_span, "x" * 60, "x" * 40),
        (read_span, f"3 {'x' * 60}", f"3 {'x' * 38}"),
        (read_span, f"99999 {'x' * 60}", f"99999 {'x' * 34}"),
        (read_rate, f"0.12345{' ' * 60}%", f"0.12345{' ' * 33}"),
        (read_quantity, "1" * 60, "1" * 40),
        (read_price, "x" * 60, "x" * 40),
        (read_price, f"5 per {'x' * 60}", "x" * 40),
    ],
)
def test_a_long_text_is_quoted_by_its_first_40_characters(
    read: Read, text: str, quoted: str
) -> None:
    with pytest.raises(Misread) as caught:
        read(text)
    assert re.search(rf"(`|^|per ){re.escape(quoted)}(`| is | has )", caught.value.message)


WORDS = [word for word in vars(words).values() if isinstance(word, words.Word)]


@pytest.mark.parametrize(("read", "text"), [(row[0], row[1]) for row in REFUSED])
def test_what_the_way_out_says_to_write_can_be_read(read: Read, text: str) -> None:
    with pytest.raises(Misread) as caught:
        read(text)
    help = caught.value.help
    ways = re.findall("`([^`]+)`", help) if help.startswith(("write", "the ", "did you")) else []
    for way in ways:
        read(way)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_way_out(text: str) -> None:
    for word in WORDS:
        said = "read"
        try:
            word.read(text)
        except Misread as misread:
            said = misread.message and misread.help
        assert said


@pytest.mark.parametrize("word", WORDS)
def test_the_example_of_every_word_can_be_read(word: words.Word) -> None:
    word.read(word.example)


def test_a_choice_knows_its_answers() -> None:
    assert words.PARTY.choices == ("either", "buyer", "seller")


def test_the_closest_name_is_found_in_any_case() -> None:
    assert closest("COMPUTE", ["power", "compute"]) == "compute"
    assert closest("zzz", ["power", "compute"]) == ""


def test_many_names_are_not_all_listed() -> None:
    assert did_you_mean("zzz", [f"a{n}" for n in range(12)]).endswith("a10, a11")
    assert did_you_mean("zzz", [f"a{n}" for n in range(13)]).endswith("a11, ...")


def test_very_many_names_are_not_all_compared() -> None:
    # 2,000 characters of names are compared, so the hundredth name of 20 is, the next is not.
    names = [f"{n:019}x" for n in range(200)]
    assert did_you_mean(f"{99:019}y", names) == f"did you mean `{names[99]}`?"
    assert "did you mean" not in did_you_mean("zzz", [*("a" * 80 for _ in range(25)), "zzz"])
