"""The sheet of inputs: every term of a deal in a cell, with its unit, path, source and assumption.

Every cell that a formula needs gets a name here. Terms that are not there get no cell: a workbook
follows other values of the terms it has, not other terms.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from dealcalc.core import monthly_rate
from dealcalc.forms.workbook.formulas import Named, named, rate, unit_of_rate
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.loading.scenario import Scenario, leads_to
from dealcalc.terms.deal import NOTICE_DAY, PRORATION, Deal, Right
from dealcalc.terms.fees import Fee
from dealcalc.terms.values import Price, Quantity, Span, percent_text

COLUMNS = (
    *(("Term", "text"), ("Value", "right"), ("Unit", "after"), ("Path in the file", "text")),
    *(("Source", "prose"), ("Assumed", "prose"), ("Check", "text")),
)
WRONG = "wrong"
"""What the check of an input says that dealcalc would refuse."""
FIXED = (
    "Blue cells on yellow are terms: change one, and the sheets Summary, Schedule, Rates and "
    "Termination recompute. Black cells follow from them. Not to be changed here: whether a "
    "charge, a capacity, a ramp step, an escalator, a right to leave or a fee is there at all; the "
    "units and periods of prices and spans; who has a right; billing and prepayments, which move "
    "no revenue. Nor can the term grow beyond the months of the sheet Schedule, or an escalator "
    "beyond the increases of the sheet Rates: then the check on the sheet Summary is not fine. "
    "Change these in the file, and write the workbook again."
)


class Line(NamedTuple):
    """A row: what it says, its value, what kind that is, its unit, its path, and its cell's name.

    `bound` are what an input must be, the least and the most it may be; or its possible answers.
    `holds` is a formula of what must be true of it beside the others.
    """

    label: str
    value: Any
    kind: str
    unit: str = ""
    path: str = ""
    name: str = ""
    bound: tuple[Any, ...] = ()
    answers: tuple[str, ...] = ()
    holds: str = ""

    @property
    def look(self) -> str:
        """Formulas and what no formula needs are no inputs."""
        return "input" if self.name and not isinstance(self.value, Formula) else "plain"

    def check(self, row: int) -> str:
        """The formula of whether the value may stand there, in a row that counts from 1."""
        conditions = [self.holds] if self.holds else []
        if self.look == "input" and self.bound:
            _, least, most = (_in_formula(one) for one in self.bound)
            conditions += [f"ISNUMBER(B{row})", f"B{row}>={least}", f"B{row}<={most}"]
        if self.look == "input" and self.answers:
            conditions.append("OR(" + ",".join(f'B{row}="{one}"' for one in self.answers) + ")")
        return f'=IF(AND({",".join(conditions)}),"","{WRONG}")' if conditions else ""


def _in_formula(value: Any) -> str:
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    return str(value).removeprefix("=")


DAYS = ("date", date(1970, 1, 1), date(2199, 12, 31))
COUNTS = ("integer", 1, 2_760)
SPANS = ("integer", 0, 10_000)
SHARES = ("decimal", 0, 1)
AMOUNTS = ("decimal", 0, 10**18)
FEES = {"share": ("percent", SHARES), "count": ("count", COUNTS), "amount": ("rate", AMOUNTS)}


UNSAID = "not said in the file; assumed"


def write(file: File, scenario: Scenario) -> None:
    """Write the sheet."""
    deal = scenario.deal
    sheet = file.sheet("Inputs")
    for column, width in enumerate((34, 20, 22, 34, 50, 50, 8)):
        sheet.fixed(column, width)
    sheet.put(0, 0, "Inputs", "text", "title")
    sheet.wide(1, FIXED, "remark", last=5)
    for column, (text, kind) in enumerate(COLUMNS):
        sheet.put(3, column, text, kind, "heading")
    row = 4
    said = _Said(scenario)
    for title, lines in _sections(deal):
        for column in range(len(COLUMNS)):
            sheet.put(row, column, title if not column else None, "text", "section")
        row += 1
        for line in lines:
            _put(sheet, row, line, said)
            row += 1
    sheet.name_rows(4, row - 1, 6, "Inputs_check")
    sheet.frozen(4, 1)
    sheet.closed()


def _put(sheet: Sheet, row: int, line: Line, said: "_Said") -> None:
    sheet.put(row, 0, line.label)
    sheet.put(row, 1, line.value, line.kind, line.look)
    sheet.put(row, 2, line.unit, "after")
    sheet.put(row, 3, line.path)
    texts = said.source(line.path), said.assumption(line.path)
    for column, text in enumerate(texts, start=4):
        sheet.put(row, column, text, "prose", "remark")
    if check := line.check(row + 1):
        sheet.put(row, 6, Formula(check, ""), "text", "warning")
    sheet.high(row, texts, 50)
    if line.name:
        sheet.name_cell(row, 1, line.name)
    if line.look == "input" and line.bound:
        sheet.bounded(row, 1, *line.bound)
    if line.look == "input" and line.answers:
        sheet.choice(row, 1, line.answers)


class _Said:
    """Where the file says a term comes from, and what it assumes of it."""

    def __init__(self, scenario: Scenario) -> None:
        said = scenario.deal.conventions
        unsaid = [name for name in ("proration", "notice_day") if getattr(said, name) is None]
        self.assumed = scenario.assumed() | {f"conventions.{name}": UNSAID for name in unsaid}
        self.sources = scenario.deal.sources
        self.case = scenario.case
        self.of_case, self.typed = scenario.what_if.set, scenario.overrides

    def source(self, path: str) -> str:
        """The sources of a term and of what it is a part of; or what has replaced it."""
        if _about(self.typed, path):
            return "set on the command line"
        if _about(self.of_case, path):
            return f"set by the case {self.case}"
        return "; ".join(_about(self.sources, path).values())

    def assumption(self, path: str) -> str:
        """What is assumed of a term, or of what it is a part of."""
        return "; ".join(_about(self.assumed, path).values())


def _about(texts: Mapping[str, str], path: str) -> dict[str, str]:
    """The texts about a path, or about a part of the file that it lies in, the nearest alone."""
    if not path:
        return {}
    found = {one: text for one, text in texts.items() if leads_to(one, path)}
    nearest = max(map(len, found), default=0)
    return {one: text for one, text in found.items() if len(one) == nearest}


# --- what there is to say -------------------------------------------------------------------------


def _sections(deal: Deal) -> Iterator[tuple[str, list[Line]]]:
    yield "Term", list(_term(deal))
    for charge in named(deal):
        yield f"Charge: {charge.name}", [*_service(deal, charge), *_price(deal, charge)]
    for index, right in enumerate(deal.termination):
        yield f"Right to leave: {right.by}", list(_right(deal, index, right))
    if deal.billing:
        due = f"in {deal.billing.when}, due {deal.billing.due} later"
        yield "Billing", [Line("Invoices", due, "right", "moves no revenue", "billing")]


def _term(deal: Deal) -> Iterator[Line]:
    term = deal.term
    yield Line("First day", term.start, "date", "included", "term.start", "Term_first", DAYS)
    last = Formula("=EDATE(Term_first,Term_months)-1", term.last)
    yield from _end("Last day", term, last, "term", "Term_last", "Term_months")
    signed = term.signed or Formula("=Term_first", term.start)
    path = "term.signed" if term.signed else ""
    yield Line(
        "Notice may be given from", signed, "date", "included", path, "Signed", DAYS,
        holds="Signed<=Term_last",
    )  # fmt: skip
    yield Line(
        "A part of a month counts by", deal.proration, "right", "proration",
        "conventions.proration", "Proration", answers=PRORATION.choices,
    )  # fmt: skip
    yield Line(
        "The day of notice is", deal.conventions.notice_day or "excluded", "right", "",
        "conventions.notice_day", "Notice_day", answers=NOTICE_DAY.choices,
    )  # fmt: skip
    minor = Formula(f"={10**deal.places}", 10**deal.places)
    yield Line("Minor units", minor, "count", f"to 1 {deal.currency}", "currency", "Minor")


def _end(
    label: str, of: Any, computed: Formula, path: str, name: str, months: str
) -> Iterator[Line]:
    """A last day that is said, or that follows from a length in months."""
    if of.months:
        yield Line("Length", of.months, "count", "months", f"{path}.months", months, COUNTS)
        yield Line(label, computed, "date", "included", "", name)
    else:
        yield Line(label, of.through, "date", "included", f"{path}.through", name, DAYS)


def _service(deal: Deal, charge: Named) -> Iterator[Line]:
    one, name, path = charge.charge, charge.cell, f"charges.{charge.name}"
    start, through = deal.dates(one)
    if one.on:
        yield Line("Falls due on", one.on, "date", "", f"{path}.on", name("First"), DAYS)
        last = Formula(f"={name('First')}", one.on)
        yield Line("Last day", last, "date", "the same", "", name("Last"))
        return
    first = one.start or Formula("=Term_first", start)
    own = f"{path}.start" if one.start else ""
    yield Line("First day of service", first, "date", "included", own, name("First"), DAYS)
    if one.through or one.months:
        last = Formula(f"=EDATE({name('First')},{name('Months')})-1", through)
        yield from _end("Last day of service", one, last, path, name("Last"), name("Months"))
    else:
        last = Formula("=Term_last", through)
        yield Line("Last day of service", last, "date", "included", "", name("Last"))


def _price(deal: Deal, charge: Named) -> Iterator[Line]:
    one, name, path = charge.charge, charge.cell, f"charges.{charge.name}"
    unit = f"{deal.currency} {_per(one.price)}"
    amount = one.price.amount
    yield Line("Price", amount, "rate", unit, f"{path}.price", name("Price"), AMOUNTS)
    for index, part in enumerate(one.capacity):
        where = f"{path}.capacity.{index}" if len(one.capacity) > 1 else f"{path}.capacity"
        if isinstance(part, Quantity):
            cell = name("Capacity", index)
            yield Line("Capacity", part.number, "rate", part.unit, where, cell, AMOUNTS)
        else:
            yield Line("Capacity", f"that of {part}", "right", "", where)
    if one.load is not None:
        yield Line(
            "Load", one.load, "percent", "of the hours", f"{path}.load", name("Load"), SHARES
        )
    if one.price.recurs:
        yield _listed(deal, charge, one.price, "Price for all of it", name("Price"), name("Listed"))
    yield from _ramp(deal, charge, path)
    yield from _escalator(deal, charge, path)
    if one.prepayment:
        paid = f"{percent_text(one.prepayment.share)} on {one.prepayment.on}"
        yield Line("Prepayment", paid, "right", "moves no revenue", f"{path}.prepayment")


def _per(price: Price) -> str:
    if not price.recurs:
        return "in total" if price.per == "total" else "once"
    return f"per {price.unit}-{price.per}" if price.unit else f"per {price.per}"


def _listed(deal: Deal, charge: Named, price: Price, label: str, amount: str, name: str) -> Line:
    """A price as a rate for the whole capacity."""
    text = rate(price, amount, _owner(deal, charge), deal, charge.charge, charge.cell("Load"))
    value = monthly_rate(price, charge.charge, deal)[0]
    unit = f"{deal.currency} per {unit_of_rate(price)}"
    return Line(label, Formula(f"={text}", value), "rate", unit, "", name)


def _owner(deal: Deal, charge: Named) -> Named:
    """The charge that says a charge's capacity."""
    parts = charge.charge.capacity
    if parts and isinstance(parts[0], str):
        return next(other for other in named(deal) if other.name == parts[0])
    return charge


def _ramp(deal: Deal, charge: Named, path: str) -> Iterator[Line]:
    """Each step: how long it runs, its last day, and what is paid."""
    name = charge.cell
    anchor, run, so_far, before = name("First"), "", 0, f"{name('First')}-1"
    start, _ = deal.dates(charge.charge)
    for index, (_, ends, step) in enumerate(charge.charge.steps(start)):
        label, at = f"Ramp step {index + 1}", f"{path}.ramp.{index}"
        holds, before = f"{name('Ends', index)}>{before}", name("Ends", index)
        if step.through:
            cell = name("Ends", index)
            where = f"{at}.through"
            yield Line(f"{label}: last day", ends, "date", "", where, cell, DAYS, (), holds)
            anchor, run, so_far = f"{cell}+1", "", 0
        else:
            cell = name("Length", index)
            yield Line(
                f"{label}: length", step.months, "count", "months", f"{at}.months", cell, COUNTS
            )
            so_far += step.months or 0
            if run:
                added, cell = Formula(f"={run}+{cell}", so_far), name("Run", index)
                yield Line(f"{label}: over after", added, "count", "months", "", cell)
            run = cell
            last = Formula(f"=EDATE({anchor},{run})-1", ends)
            yield Line(f"{label}: last day", last, "date", "", "", before, holds=holds)
        if step.price:
            cell, unit = name("Instead", index), f"{deal.currency} {_per(step.price)}"
            amount = step.price.amount
            yield Line(f"{label}: price", amount, "rate", unit, f"{at}.price", cell, AMOUNTS)
            whole = f"{label}: for all of it"
            yield _listed(deal, charge, step.price, whole, cell, name("Step", index))
        else:
            off, cell = step.discount or Fraction(0), name("Off", index)
            yield Line(
                f"{label}: discount",
                off,
                "percent",
                "off the price",
                f"{at}.discount",
                cell,
                SHARES,
            )


def _escalator(deal: Deal, charge: Named, path: str) -> Iterator[Line]:
    escalator, name = charge.charge.escalator, charge.cell
    if not escalator:
        return
    at, every = f"{path}.escalator", escalator.every.count
    bound = ("decimal", "=-0.99", 1)
    yield Line(
        "Escalator", escalator.rate, "percent", "each time", f"{at}.rate", name("Growth"), bound
    )
    yield Line("Escalator: every", every, "count", "months", f"{at}.every", name("Every"), COUNTS)
    if escalator.first:
        first, cell = escalator.first, name("Change")
        holds = f"{cell}>={name('First')}"
        where = f"{at}.first"
        yield Line("Escalator: first change", first, "date", "", where, cell, DAYS, (), holds)
    # The sheet of rates has so many increases; the next one must come after the service.
    known = 0
    start, through = deal.dates(charge.charge)
    while escalator.increase(known + 1, start) <= through:
        known += 1
    counted = f"{name('Change')},{known}" if escalator.first else f"{name('First')},{known + 1}"
    following = Formula(f"=EDATE({counted}*{name('Every')})", escalator.increase(known + 1, start))
    yield Line("Escalator: next after Rates", following, "date", "", "", name("Beyond"))


def _right(deal: Deal, index: int, right: Right) -> Iterator[Line]:
    path, number = f"termination.{index}", index + 1
    yield Line("Who may leave", right.by, "right", "", f"{path}.by")
    notice = right.notice
    yield Line(
        "Notice", notice.count, "count", notice.unit, f"{path}.notice", f"Notice_{number}", SPANS
    )
    over, name = right.lock_out, f"Lock_out_{number}"
    if isinstance(over, Span):
        unit = f"{over.unit} from signing"
        yield Line("Lock-out", over.count, "count", unit, f"{path}.lock_out", name, SPANS)
    elif over:
        yield Line("Lock-out until", over, "date", "", f"{path}.lock_out", name, DAYS)
    if over is not None:
        bars = right.lock_out_bars or "notice"
        yield Line(
            "Lock-out bars", bars, "right", "", f"{path}.lock_out_bars", f"Bars_{number}",
            answers=("notice", "ending"),
        )  # fmt: skip
    yield from _fee(deal, right.fee, f"{path}.fee", f"Fee_{number}")


def _fee(deal: Deal, fee: Fee | None, path: str, name: str) -> Iterator[Line]:
    if fee is None:
        yield Line("Fee", "none", "right", "", path)
        return
    kind, bounds = FEES[fee.kind]
    unit = fee.unit or deal.currency
    yield Line("Fee", fee.number, kind, unit, path, name, bounds)
