"""`dealcalc ask`: the same values as the commands that show them, for every figure there is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from commands import ANTHROPIC, Command
from shipped import SCENARIOS

import dealcalc
from dealcalc.figures.figures import FIGURES
from dealcalc.figures.subject import load, load_each, priced_deal
from dealcalc.loading.problems import Refused
from dealcalc.loading.scenario import Scenario, kind_of_file
from dealcalc.reports.ask import AskReport
from dealcalc.reports.backlog import BacklogReport
from dealcalc.reports.cash_schedule import BasisReport
from dealcalc.reports.early_end import asked_end
from dealcalc.reports.periods import Calendar, by_period
from dealcalc.reports.report import Report
from dealcalc.reports.schedule import ScheduleReport
from dealcalc.reports.value import ValueReport


@pytest.fixture
def ask(capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    return Command("ask", capfdbinary)


def value(scenario: Scenario, question: str) -> Any:
    (answer,) = dealcalc.ask(scenario, question)
    return answer.value


def test_a_false_claim_is_status_1_and_says_by_how_much(ask: Command) -> None:
    status, out, err = ask.said(
        ANTHROPIC, "quarter 2026-Q3", "quarter 2026-Q3 = 5bn", "total > 40bn"
    )
    assert (status, err) == (1, "")
    # three months at 1.25bn
    assert "quarter 2026-Q3 = 5bn   3.75bn USD  false: 1,250,000,000.00 (25.00%) less" in out
    assert "total > 40bn           45.00bn USD  true" in out
    assert ask.said(ANTHROPIC, "total > 40bn")[0] == 0


def test_plain_is_values_only(ask: Command) -> None:
    questions = "total", "total > 50bn", "last day", "firm share on 2028-12-31", "months"
    status, out, _ = ask.said(ANTHROPIC, *questions, "-f", "plain")
    # notice on 31 December 2028 is good through March: 3 of 5 months at 1.25bn
    assert (status, out) == (1, "45000000000.00\n45000000000.00\n2029-05-31\n0.6\n37\n")


def test_json_has_a_row_for_each_question(ask: Command) -> None:
    _, out, _ = ask.said(ANTHROPIC, "total > 40bn", "--notice", "2027-03-15", "-f", "json")
    node = json.loads(out, parse_float=Decimal)
    assert node["format"] == "dealcalc/ask/1"
    assert node["notice"] == "2027-03-15"
    # 2 x 0.625bn, 11 x 1.25bn, 13/30 of one: through 13 June 2027
    assert node["rows"][0] == {
        "figure": "total",
        "value": Decimal("15541666666.67"),
        "unit": "USD",
        "claim": "total > 40bn",
        "holds": False,
    }


def test_a_false_claim_after_notice(ask: Command) -> None:
    status, out, _ = ask.said(ANTHROPIC, "total > 40bn", "--notice", "2027-03-15", "-f", "plain")
    assert (status, out) == (1, "15541666666.67\n")


def test_every_question_that_cannot_be_answered_is_said(ask: Command) -> None:
    status, out, err = ask.said(ANTHROPIC, "totl", "total", "cover on 2030-01-01", "total >= x")
    assert (status, out) == (2, "")
    assert err.count("error: ") == 3
    assert "did you mean `total`?" in err


def test_fiscal_years_may_be_asked_for(ask: Command) -> None:
    asked = ANTHROPIC, "fiscal year 2026", "-f", "plain"
    # May and June 2026 at 0.625bn
    assert ask.said(*asked, "--fiscal-year-end", "6")[1] == "1250000000.00\n"
    assert ask.said(*asked, "--set", "fiscal_year_end=6")[1] == "1250000000.00\n"
    assert ask.said(*asked)[1] == "8750000000.00\n"


def test_python_asks_the_same() -> None:
    scenario = dealcalc.load(ANTHROPIC)
    total, share, claim = dealcalc.ask(
        scenario, "total", "earned share", "last day = 2027-06-13", notice="2027-03-15", by="buyer"
    )
    assert total == ("total", Decimal("15541666666.67"), "USD", None, None)
    assert share.value == Fraction(1554166666667, 4500000000000)
    assert (claim.value, claim.unit, claim.holds) == (date(2027, 6, 13), "date", True)
    with pytest.raises(TypeError):
        dealcalc.ask(ANTHROPIC, "total")  # type: ignore[arg-type]


# --- every figure of every shipped file -----------------------------------------------------------


SHIPPED = [
    scenario
    for path in sorted(SCENARIOS.glob("*.yaml"))
    if not kind_of_file(str(path))
    for scenario in load_each(str(path))
]


@pytest.mark.parametrize("scenario", SHIPPED, ids=str)
def test_every_figure_has_an_answer_or_a_reason(scenario: Scenario) -> None:
    answered = 0
    for example in (example for figure in FIGURES for example in figure.examples):
        try:
            AskReport(scenario, [example]).table("rows")
            answered += len(AskReport(scenario, [example]).replies)
        except Refused as refused:
            (problem,) = refused.problems
            assert problem.code in ("claim", "no-capacity")
            assert problem.help
    assert answered > 30


def rows(report: Report, name: str) -> list[Any]:
    return list(report.table(name).rows)


@pytest.mark.parametrize("scenario", SHIPPED, ids=str)
def test_a_period_is_what_schedule_shows(scenario: Scenario) -> None:
    schedule = ScheduleReport(scenario, "quarter", 6)
    months = schedule.timeline.months
    calendar = by_period(months, "quarter", Calendar())
    fiscal = load(scenario.file.source.name, scenario.case, ["fiscal_year_end=6"])
    for quarter in calendar:
        assert value(scenario, f"quarter {quarter.name}") == quarter.revenue
    for quarter in rows(schedule, "quarters"):
        assert value(fiscal, f"fiscal quarter {quarter.name}") == quarter.revenue
    for year in rows(schedule, "years"):
        assert value(fiscal, f"fiscal year {year.name}") == year.revenue
    first, last = months[0].first, months[-1].first + timedelta(31)
    assert value(scenario, f"from {first} to {last}") == value(scenario, "total")
    assert value(scenario, "highest month") == max(month.revenue for month in months)
    assert value(scenario, "total") == schedule.schedule.total


@pytest.mark.parametrize("scenario", SHIPPED, ids=str)
@pytest.mark.parametrize("basis", ["billed", "cash"])
def test_what_moves_is_what_schedule_shows(scenario: Scenario, basis: str) -> None:
    report = BasisReport(scenario, "quarter", 12, basis)
    for quarter in rows(report, "quarters"):
        assert value(scenario, f"{basis} in quarter {quarter.name}") == quarter.moved
    for year in rows(report, "years"):
        assert value(scenario, f"{basis} in year {year.name}") == year.moved


@pytest.mark.parametrize("scenario", SHIPPED, ids=str)
def test_where_it_stands_is_what_backlog_shows(scenario: Scenario) -> None:
    for row in BacklogReport(scenario).rows[::6]:
        moment = "at signing" if row.moment == "signing" else f"on {row.as_of}"
        assert value(scenario, f"firm {moment}") == row.firm
        assert value(scenario, f"cancellable {moment}") == row.cancellable
        assert value(scenario, f"not begun {moment}") == row.not_begun
        assert value(scenario, f"first exit {moment}") == row.earliest_exit
        if row.firm_share is not None:
            assert value(scenario, f"firm share {moment}") == row.firm_share


@pytest.mark.parametrize("scenario", SHIPPED, ids=str)
def test_present_values_are_what_value_shows(scenario: Scenario) -> None:
    middle = scenario.deal.term.start + (scenario.deal.last - scenario.deal.term.start) / 2
    for on in (None, middle):
        shown = ValueReport(scenario, Fraction(9, 100), on).whole.present_value
        assert value(scenario, "present value at 9%" + (f" on {on}" if on else "")) == shown


@pytest.mark.parametrize("scenario", SHIPPED, ids=str)
def test_an_early_end_is_what_terminate_shows(scenario: Scenario) -> None:
    ended = asked_end(scenario, priced_deal(scenario))
    if ended is None:
        assert value(scenario, "earned share") == 1
        return
    for name in ("earned", "fee", "forgone", "total", "last_day", "earned_share"):
        assert value(scenario, name.replace("_", " ")) == getattr(ended, name)
