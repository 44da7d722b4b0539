"""What every answer about a deal says of it: its charges, and what is assumed."""

from datetime import date

import pytest

import dealcalc
from dealcalc.core import Priced
from dealcalc.reports.deal_report import charges_view, doubts

TERMS = """\
deal: Northgate
seller: Northgate
buyer: Example Lab
currency: USD
term: {{start: 2027-01-15, {end}}}
charges:
  halls: {{price: 100 per month, months: 6}}
  power: {{price: 10 per month}}
  late: {{price: 10 per month, start: 2027-08}}
  setup: {{price: 5 once, on: 2027-02-01}}
termination: {{by: buyer, notice: 1 month, fee: 7}}
assumptions:
  {assumed}: nobody knows
"""


def services(assumed, end="months: 12", notice=None):
    """Each row's service; a year from the 15th, or through the 31st of December."""
    deal = dealcalc.loads(TERMS.format(assumed=assumed, end=end))
    book = Priced(deal.deal)
    ended = book.terminate(date.fromisoformat(notice)) if notice else None
    earned = dict.fromkeys(deal.deal.charges, book.schedule().total)
    return {
        row.record["charge"]: row.record["service"]
        for row in charges_view(deal, earned, ended).rows
    }


@pytest.mark.parametrize(
    ("assumed", "end", "marked"),
    [
        # the term ends twelve months after its start, `halls` six after that
        ("term.start", "months: 12", {"halls", "power", "late"}),
        ("term.start", "through: 2027-12", {"halls", "power"}),
        ("term.months", "months: 12", {"power", "late"}),
        ("term.through", "through: 2027-12", {"power", "late"}),
        ("charges.halls.months", "months: 12", {"halls"}),
        ("charges.late.start", "months: 12", {"late"}),
        ("charges.setup.on", "months: 12", {"setup"}),
        ("charges.halls.price", "months: 12", set()),
    ],
)
def test_a_date_is_marked_where_it_rests_on_what_is_assumed(assumed, end, marked):
    found = services(assumed, end)
    assert {name for name, days in found.items() if days.endswith("*")} == marked


def test_after_an_early_end_service_is_what_was_left_of_it():
    # notice on 1 March ends service on 1 April; the fee is paid that day
    assert services("charges.halls.price", notice="2027-03-01") == {
        "halls": "2027-01-15 to 2027-04-01",
        "power": "2027-01-15 to 2027-04-01",
        "late": "none",
        "setup": "2027-02-01",
        "fee": "2027-04-01",
    }


def test_programs_are_told_what_is_assumed():
    # what the file assumes, then what it leaves open: the file says no more than its terms
    text = TERMS.format(assumed="term.start", end="months: 12")
    told = doubts(dealcalc.loads(text))
    assert told["warnings"] == []
    open_ = ["term.signed", "conventions.proration", "conventions.notice_day", "billing"]
    assert [*told["assumptions"]] == ["term.start", *open_]
    assert told["assumptions"]["term.start"] == "nobody knows"
    told = doubts(dealcalc.loads(text, set={"term.start": "2027-01-16"}))
    assert [*told["assumptions"]] == open_
