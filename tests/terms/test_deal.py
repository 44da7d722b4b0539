"""Stretches of a service, worked by hand: ramp steps and increases of the escalator, in order."""

from __future__ import annotations

from fractions import Fraction

from small_deals import day, scenario, simple

from dealcalc.terms.charges import Charge
from dealcalc.terms.deal import Deal


def charge_of(deal: Deal) -> Charge:
    return deal.charges["only"]


def test_stretches_of_a_ramp_and_an_escalator() -> None:
    # Steps: 1 January to 28 February, to 15 March, and two months from the 16th. Increases of a
    # tenth on 1 April, 1 July and 1 October, of which the last is after the service.
    ramp = [
        {"months": "2", "discount": "50%"},
        {"through": "2026-03-15", "price": "7 per month"},
        {"months": "2", "discount": "10%"},
    ]
    grows = {"rate": "10%", "every": "3 months"}
    terms = {"price": "100 per month", "ramp": ramp, "escalator": grows}
    deal = scenario(simple(terms, "2026-01-01", "2026-08-31")).deal
    charge = charge_of(deal)
    stretches = [
        (f"{one.start}", f"{one.through}", one.increases, one.step and one.step_index)
        for one in charge.stretches(*deal.dates(charge))
    ]
    assert stretches == [
        ("2026-01-01", "2026-02-28", 0, 0),
        ("2026-03-01", "2026-03-15", 0, 1),
        ("2026-03-16", "2026-03-31", 0, 2),
        ("2026-04-01", "2026-05-15", 1, 2),
        ("2026-05-16", "2026-06-30", 1, None),
        ("2026-07-01", "2026-08-31", 2, None),
    ]
    growth = [one.growth for one in charge.stretches(*deal.dates(charge))]
    assert growth == [1, 1, 1, Fraction(11, 10), Fraction(11, 10), Fraction(121, 100)]


def test_a_price_that_never_changes_is_one_stretch() -> None:
    deal = scenario(simple("100 per month", "2026-01-01", "2026-08-31")).deal
    (one,) = charge_of(deal).stretches(day("2026-01-01"), day("2026-08-31"))
    assert (one.start, one.through) == (day("2026-01-01"), day("2026-08-31"))
    assert (one.increases, one.growth, one.step) == (0, 1, None)


def test_each_step_begins_on_the_day_after_the_one_before() -> None:
    # From 31 January one month ends on 27 February, and two on 30 March.
    ramp = [{"months": "1", "discount": "50%"}, {"months": "1", "discount": "10%"}]
    terms = {"price": "100 per month", "ramp": ramp}
    deal = scenario(simple(terms, "2026-01-31", "2026-08-31")).deal
    steps = [(begins, ends) for begins, ends, _ in charge_of(deal).steps(day("2026-01-31"))]
    assert steps == [
        (day("2026-01-31"), day("2026-02-27")),
        (day("2026-02-28"), day("2026-03-30")),
    ]
