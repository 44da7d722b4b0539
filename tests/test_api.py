"""`import dealcalc`: the commands' answers as Python values, typed, and cheap to import."""

from __future__ import annotations

import copy
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shipped import SCENARIOS
from small_deals import money

import dealcalc
from dealcalc import api, cli

ANTHROPIC = SCENARIOS / "anthropic-xai-colossus-1.yaml"
NOTICE = date(2027, 3, 15)

Write = Callable[[str], str]
Said = Callable[..., str]


@pytest.fixture
def said(capfdbinary: pytest.CaptureFixture[bytes]) -> Said:
    """What a command prints: the answer, or what is wrong."""

    def run(*arguments: str) -> str:
        status = cli.run(arguments)
        out, err = capfdbinary.readouterr()
        assert bool(status) == bool(err)
        return (out or err).decode()

    return run


@pytest.fixture
def answered(said: Said) -> Callable[..., dict[str, Any]]:
    """What a command answers as JSON, its numbers as decimals."""
    return lambda *asked: json.loads(said(*asked, "-f", "json"), parse_float=Decimal)


def is_written(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


# --- the names ----------------------------------------------------------------------------------


def test_the_package_gives_what_its_api_has() -> None:
    assert {*dealcalc.__all__} == {*api.__all__, "__version__"}
    assert {*dealcalc.__all__} <= {*dir(dealcalc)}
    for name in api.__all__:
        assert getattr(dealcalc, name) is getattr(api, name)
        assert getattr(dealcalc, name).__doc__
    with pytest.raises(AttributeError, match="module 'dealcalc' has no attribute 'lode'"):
        dealcalc.lode  # noqa: B018


def test_its_version_is_that_of_the_command(said: Said) -> None:
    assert said("--version") == f"dealcalc {dealcalc.__version__}\n"


def test_a_script_loads_nothing_of_the_command_line() -> None:
    program = f"""
import sys, dealcalc
deal = dealcalc.load({str(ANTHROPIC)!r})
dealcalc.schedule(deal)._repr_markdown_()
dealcalc.terminate(deal, "2027-03-15")._repr_markdown_()
dealcalc.backlog(deal, "2027-03-15")._repr_markdown_()
print(*{{name.partition(".")[0] for name in sys.modules}}, "dealcalc.cli" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    *loaded, has_cli = run.stdout.decode().split()
    assert has_cli == "False"
    assert not {*loaded} & {"typer", "rich", "click", "pandas"}
    assert {"dealcalc", "yaml"} <= {*loaded}


def test_type_checkers_see_every_name(tmp_path: Path) -> None:
    names = "\n".join(f"dealcalc.{name}" for name in dealcalc.__all__)
    program = tmp_path / "program.py"
    program.write_text(f"""\
from datetime import date
from decimal import Decimal
from typing import assert_type
import dealcalc
{names}
deal = dealcalc.load("deal.yaml", case="leaves", set={{"term.months": 36}})
assert_type(deal, dealcalc.Scenario)
assert_type(dealcalc.schedule(deal).total, Decimal)
assert_type(dealcalc.schedule(deal).lines, tuple[dealcalc.Line, ...])
assert_type(dealcalc.schedule(deal).months[0].month, date)
assert_type(dealcalc.terminate(deal, "2027-03-15").last_day, date)
assert_type(dealcalc.backlog(deal, date(2027, 3, 15), by="buyer").firm, Decimal)
dealcalc.lode
dealcalc.backlog(deal, 2027)
""")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(program)]
    run = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    wrong = [line.rpartition(" ")[2] for line in run.stdout.decode().splitlines()[:-1]]
    assert wrong == ["[attr-defined]", "[arg-type]"], run.stdout.decode()


# --- the figures --------------------------------------------------------------------------------


def test_the_model_deal() -> None:
    deal = dealcalc.load(ANTHROPIC)
    schedule = dealcalc.schedule(deal)
    assert (schedule.total, schedule.last_day) == (money("45e9"), date(2029, 5, 31))
    years = [(2026, "8.75e9"), (2027, "15e9"), (2028, "15e9"), (2029, "6.25e9")]
    assert [year[:2] for year in schedule.years] == [(year, money(paid)) for year, paid in years]
    assert len(schedule.months) == 37
    assert schedule.months[1] == (date(2026, 6, 1), 30, money("625e6"), money("1.25e9"))


def test_notice_on_the_model_deal() -> None:
    # 15 March + 90 days is 13 June; 8.75bn + 5 x 1.25bn + 13/30 x 1.25bn.
    ended = dealcalc.terminate(dealcalc.load(ANTHROPIC), "2027-03-15")
    assert (ended.notice, ended.by, ended.last_day) == (NOTICE, "either", date(2027, 6, 13))
    assert ended.earned == ended.total == money("15,541,666,666.67")
    assert ended.forgone == money("29,458,333,333.33")
    assert (ended.fee, ended.full_term) == (0, money("45e9"))


def test_the_backlog_of_the_model_deal() -> None:
    deal = dealcalc.load(ANTHROPIC, set={"termination.fee": "3 months"})
    # Earned 8.75bn + 2 x 1.25bn + 15/31 x 1.25bn; 90 days more, and for the buyer 3 x 1.25bn.
    assert dealcalc.schedule(deal).at_signing == dealcalc.backlog(deal, "signing")
    assert dealcalc.schedule(deal).at_signing.firm == money("2.5e9")
    buyer = dealcalc.backlog(deal, NOTICE, by="buyer")
    assert buyer.earned == money("11,854,838,709.68")
    assert (buyer.firm, buyer.fee) == (money("7,436,827,956.99"), money("3.75e9"))
    assert dealcalc.backlog(deal, NOTICE).firm == money("3,686,827,956.99")
    assert repr(buyer) == (
        "<Backlog as of 2027-03-15: earned 11,854,838,709.68, firm 7,436,827,956.99, "
        "cancellable 25,708,333,333.33, contract_value 45,000,000,000.00 USD>"
    )
    assert dealcalc.backlog(deal, NOTICE, by="Anthropic") == buyer


def test_a_case_and_other_terms() -> None:
    # 15,541,666,666.67 and three months of 1.25bn, which the buyer pays on 13 June.
    terms = {"termination.fee": "3 months"}
    deal = dealcalc.load(str(ANTHROPIC), case="anthropic-leaves", set=terms)
    schedule = dealcalc.schedule(deal)
    assert (schedule.total, schedule.last_day) == (money("19,291,666,666.67"), date(2027, 6, 13))
    assert dealcalc.terminate(deal).total == schedule.total
    assert dealcalc.terminate(deal, "2026-05-03").last_day == date(2026, 8, 1)
    assert dealcalc.backlog(deal, NOTICE).cancellable == 0
    assert dealcalc.load(ANTHROPIC, set={"term.through": date(2026, 6, 30)}).deal.term.last == (
        date(2026, 6, 30)
    )


def cases(file: Path) -> list[str | None]:
    return [None, *dealcalc.load(file).deal.cases]


def test_the_command_gives_the_same(
    shipped: Path, answered: Callable[..., dict[str, Any]], said: Said
) -> None:
    for case in cases(shipped):
        deal = dealcalc.load(shipped, case=case)
        asked = (str(shipped), *(("--case", case) if case else ()))
        schedule = dealcalc.schedule(deal)
        told = answered("schedule", *asked)
        amounts = [line["amount"] for line in told["lines"]]
        assert [line.amount for line in schedule.lines] == amounts
        assert schedule.total == told["total"]
        months = [(f"{month.month:%Y-%m}", *month[1:]) for month in schedule.months]
        for row in (*told["months"], *told["years"]):
            del row["firm"]  # Python has what is firm at signing, and not its part in each row
        assert months == [tuple(row.values()) for row in told["months"]]
        assert [tuple(year) for year in schedule.years] == [
            tuple(row.values()) for row in told["years"]
        ]
        assert schedule._repr_markdown_() == said("schedule", *asked, "-f", "md")
        for row in answered("backlog", *asked)["rows"][::6]:
            at = row["moment"] if row["moment"] == "signing" else row["as_of"]
            there = asdict(dealcalc.backlog(deal, at))
            figures = {name: is_written(there[name]) for name in there.keys() & row.keys()}
            assert figures == {name: row[name] for name in figures}
        if deal.what_if.notice:
            told = answered("terminate", *asked)
            ended = asdict(dealcalc.terminate(deal))
            assert {name: is_written(value) for name, value in ended.items()} == {
                name: told[name] for name in ended
            }


@pytest.mark.parametrize("by", [None, "buyer", "xAI"])
def test_a_notebook_shows_what_the_command_prints(by: str | None, said: Said) -> None:
    deal = dealcalc.load(ANTHROPIC)
    asked = (*(("--by", by) if by else ()), "-f", "md")
    ended = dealcalc.terminate(deal, NOTICE, by)
    assert ended._repr_markdown_() == (
        said("terminate", str(ANTHROPIC), "--notice", "2027-03-15", *asked)
    )
    standing = dealcalc.backlog(deal, NOTICE, by)
    assert standing._repr_markdown_() == (
        said("backlog", str(ANTHROPIC), "--as-of", "2027-03-15", *asked)
    )
    # Other figures are of another deal, which must be said.
    with pytest.raises((ValueError, TypeError), match="'out' must be specified"):  # from 3.14 on
        replace(ended, fee=Decimal(1))
    assert "fee 1, " in repr(replace(ended, fee=Decimal(1), out=ended.exit, scenario=deal))


def test_rows_of_answers_have_the_figures_and_nothing_else() -> None:
    """As `pandas.DataFrame` makes columns of them."""
    deal = dealcalc.load(ANTHROPIC)
    assert [one.name for one in fields(dealcalc.terminate(deal, NOTICE))] == [
        *("notice", "by", "last_day", "earned", "fee", "forgone", "full_term")
    ]
    assert [one.name for one in fields(dealcalc.backlog(deal))] == [
        *("as_of", "moment", "earned", "firm", "cancellable", "contract_value"),
        *("optional", "callable", "not_begun"),
        *("earliest_exit", "by", "fee", "firm_fee", "notice"),
    ]


def test_importing_it_changes_nothing_for_others() -> None:
    program = "import copyreg, dealcalc.api; print(*copyreg.dispatch_table)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert b"mappingproxy" not in run.stdout


HOSTILE = """\
deal: "<b>=1|[x](y)</b> \u202e::error::"
seller: "*A*"
buyer: B
currency: JPY
term: {start: 2027-01, through: 2027-02}
charges: {one: {price: 1m per month}}
"""


def test_a_name_is_shown_as_it_is() -> None:
    deal = dealcalc.loads(HOSTILE)
    name = r"<b>=1|[x](y)</b> \u202e:\x3aerror:\x3a"
    assert repr(deal) == f"<Scenario {name}: B to *A*, JPY, 2027-01-01 to 2027-02-28>"
    schedule = dealcalc.schedule(deal)
    assert repr(schedule) == f"<Schedule of {name}: 2,000,000 JPY through 2027-02-28>"
    shown = schedule._repr_markdown_().splitlines()[0]
    assert r"\<b\>=1\|\[x\](y)\</b\>" in shown
    assert "\u202e" not in shown


# --- what is given ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "notice", ["2027-03-15", NOTICE, datetime(2027, 3, 15, 23, 59, tzinfo=UTC)]
)
def test_a_day_is_a_date_or_text(notice: date | str) -> None:
    ended = dealcalc.terminate(dealcalc.load(ANTHROPIC), notice)
    assert (type(ended.notice), ended.notice) == (date, NOTICE)


def test_a_text_is_read_like_a_file(model: str, file: Write) -> None:
    here, there = dealcalc.loads(model), dealcalc.load(file(model))
    assert here.deal == there.deal
    assert [doubt.message for doubt in here.warnings] == [doubt.message for doubt in there.warnings]
    assert {doubt.file for doubt in here.warnings} == {"<text>"}
    windows = dealcalc.loads(model.replace("\n", "\r\n"), set={"term.through": "2026-05"})
    assert dealcalc.schedule(windows).total == 625_000_000


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(dealcalc.Refused) as told:
        ask()
    again = pickle.loads(pickle.dumps(told.value))
    assert again.problems == told.value.problems
    return str(told.value)


def test_a_refusal_says_what_the_command_says(said: Said) -> None:
    name = str(SCENARIOS.parent / "tests" / "broken" / "seven.yaml")
    with pytest.raises(dealcalc.Refused) as told:
        dealcalc.load(name)
    assert f"{told.value}\n" == said("schedule", name)
    assert len(told.value.problems) == 7
    model = str(ANTHROPIC)
    asked = refused(lambda: dealcalc.load(model, case="anthropic"))
    # Each names the argument as it is written there.
    assert "\n --> case\n" in asked
    assert f"{asked}\n".replace("--> case", "--> --case") == (
        said("schedule", model, "--case", "anthropic")
    )
    asked = refused(lambda: dealcalc.load(model, set={"charges.compute.price": 5}))
    assert "\n --> set:1:23\n" in asked
    assert f"{asked}\n".replace("--> set", "--> --set") == (
        said("schedule", model, "--set", "charges.compute.price=5")
    )


def test_notice_that_may_not_be_given(said: Said) -> None:
    deal = dealcalc.load(ANTHROPIC)
    with pytest.raises(dealcalc.Refused) as told:
        dealcalc.terminate(deal, "2026-04-30")
    asked = said("terminate", str(ANTHROPIC), "--notice", "2026-04-30")
    assert f"{told.value}\n" == asked
    cause = told.value.__cause__
    assert isinstance(cause, dealcalc.NotPermitted)
    assert cause.first == date(2026, 5, 3)


WRONG: dict[str, tuple[Callable[[dealcalc.Scenario], object], str]] = {
    "no-notice": (lambda deal: dealcalc.terminate(deal), "no notice is given"),
    "a-month": (lambda deal: dealcalc.terminate(deal, "2027-03"), "invalid date `2027-03`"),
    "no-such-day": (lambda deal: dealcalc.backlog(deal, "2027-02-29"), "2027-02 has no day 29"),
    "too-early": (lambda deal: dealcalc.backlog(deal, date.min), "the year 0001 is not read"),
    "too-late": (lambda deal: dealcalc.backlog(deal, date.max), "the year 9999 is not read"),
    "nobody": (lambda deal: dealcalc.backlog(deal, NOTICE, by="C"), "`C` is no party"),
    "not-yaml": (lambda _: dealcalc.loads("deal: ["), "invalid YAML"),
    "a-surrogate": (lambda _: dealcalc.loads("deal: \ud800"), "line 1 is not UTF-8"),
    "a-control-character": (lambda _: dealcalc.loads("deal: \x1b[1m"), "control character"),
    "a-case-as-a-term": (
        lambda _: dealcalc.load(ANTHROPIC, set={"cases": "none"}),
        "choose the case by its name",
    ),
    "too-long": (lambda _: dealcalc.loads("#" * 2**20 + "\n"), "larger than 1 MiB"),
}


NAMED: dict[str, Callable[[dealcalc.Scenario], object]] = {
    "notice": lambda deal: dealcalc.terminate(deal, "2027-02-30"),
    "as_of": lambda deal: dealcalc.backlog(deal, "2027-02-30"),
    "by": lambda deal: dealcalc.terminate(deal, NOTICE, by="C"),
    "case": lambda _: dealcalc.load(ANTHROPIC, case="none"),
    "set:1:1": lambda _: dealcalc.load(ANTHROPIC, set={"nothing": 1}),
}


@pytest.mark.parametrize("argument", NAMED)
def test_a_refusal_names_the_argument_and_no_option(argument: str) -> None:
    deal = dealcalc.load(ANTHROPIC)
    said = refused(lambda: NAMED[argument](deal))
    assert f"\n --> {argument}\n" in said
    assert "--> --" not in said


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_taken(name: str) -> None:
    ask, message = WRONG[name]
    deal = dealcalc.load(ANTHROPIC)
    said = refused(lambda: ask(deal))
    assert message in said
    assert not re.search("--[a-z]", said), "Python has no options"


def test_what_is_no_value_of_the_kind() -> None:
    deal: Any = dealcalc.load(ANTHROPIC)
    with pytest.raises(TypeError, match="expected a date, or text like '2027-03-15', not"):
        dealcalc.terminate(deal, 20270315)  # type: ignore[arg-type]
    for ask in (dealcalc.schedule, dealcalc.terminate):
        with pytest.raises(TypeError, match=r"expected a scenario from dealcalc\.load, not Deal"):
            ask(deal.deal)


def test_a_backlog_without_a_day_is_that_of_signing() -> None:
    deal = dealcalc.load(ANTHROPIC)
    assert dealcalc.backlog(deal) == dealcalc.backlog(deal, "signing")
    assert (dealcalc.backlog(deal).as_of, dealcalc.backlog(deal).firm) == (
        date(2026, 5, 3),
        Decimal("2500000000.00"),
    )
    before = dealcalc.backlog(deal, "2026-05-02")
    assert (before.earliest_exit, before.firm, before.contract_value) == (None, 0, 0)


def test_terms_are_taken_as_python_has_them() -> None:
    terms = {
        "termination": None,
        "term.through": datetime(2028, 1, 31, 12, tzinfo=UTC),
        "charges.compute.ramp.0.months": 3,
        "charges.compute.ramp.0.discount": "30%",
    }
    deal = dealcalc.load(ANTHROPIC, set=terms).deal
    assert (deal.termination, deal.term.last) == ((), date(2028, 1, 31))
    assert deal.charges["compute"].ramp[0].months == 3


def test_what_is_no_mapping_text_or_party_is_said() -> None:
    with pytest.raises(TypeError, match="maps paths to values: expected a mapping, not list"):
        dealcalc.load(ANTHROPIC, set=["termination=none"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected the text of a scenario, not"):
        dealcalc.loads(None)  # type: ignore[arg-type]
    deal = dealcalc.load(ANTHROPIC)
    with pytest.raises(dealcalc.Refused, match="is no party"):
        dealcalc.backlog(deal, "2027-03-15", by="")


def test_why_notice_is_refused_can_be_passed_between_processes() -> None:
    with pytest.raises(dealcalc.Refused) as refused:
        dealcalc.terminate(dealcalc.load(ANTHROPIC), "2026-01-15")
    cause = refused.value.__cause__
    there = pickle.loads(pickle.dumps(cause))
    assert isinstance(there, dealcalc.NotPermitted)
    assert (str(there), there.first, there.path) == (str(cause), date(2026, 5, 3), "term.signed")


def test_options_are_taken_as_on_the_command_line() -> None:
    file = SCENARIOS / "hut8-fluidstack-river-bend.yaml"
    once = dealcalc.load(file, take={"renewals": 1})
    assert dealcalc.schedule(once).total == Decimal("10111859327.70")
    stands = dealcalc.backlog(once, "2043-06-30")
    assert (stands.firm, stands.optional, stands.callable) == (
        Decimal("2620637654.00"),
        Decimal("7791721110.90"),
        0,
    )
    with pytest.raises(dealcalc.Refused, match="taken 4 times, but it may be taken 3 times"):
        dealcalc.load(file, take={"renewals": 4})


def test_scenarios_and_answers_can_be_pickled_and_copied() -> None:
    deal = dealcalc.load(ANTHROPIC, case="anthropic-leaves")
    for there in (pickle.loads(pickle.dumps(deal)), copy.deepcopy(deal)):
        assert (there.case, str(there)) == (deal.case, str(deal))
        assert (there.deal.term, there.deal.charges) == (deal.deal.term, deal.deal.charges)
        assert dealcalc.schedule(there).lines == dealcalc.schedule(deal).lines
    answers = dealcalc.schedule(deal), dealcalc.backlog(deal), dealcalc.terminate(deal)
    for answer in answers:
        passed = pickle.loads(pickle.dumps(answer))
        assert repr(passed) == repr(answer)
        assert passed._repr_markdown_() == answer._repr_markdown_()
