"""The sheet of inputs: every term of a deal, those that formulas read in cells to change."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dealcalc.figures.factors import PlacedNumber
from dealcalc.forms.workbook.formulas import Cells
from dealcalc.forms.workbook.sheets import File, Formula, Sheet
from dealcalc.loading.changes import NOT_TERMS, kind_at, leads_to
from dealcalc.loading.nodes import Node
from dealcalc.loading.scenario import Scenario
from dealcalc.terms.deal import Deal

COLUMNS = (
    *(("Term", "text"), ("Value", "right"), ("Unit", "after"), ("Path in the file", "text")),
    *(("Source", "prose"), ("Assumed", "prose"), ("Check", "text")),
)
WIDTHS = (34, 26, 22, 34, 50, 50, 8)
WRONG = "wrong"
"""What the check of an input says that dealcalc would refuse."""
ABOUT = (
    "Blue cells on yellow are amounts, capacities and percentages: change one, and the sheets "
    "Summary, Schedule, Rates and Termination recompute. The other terms stand here as they are in "
    "the file, and nothing follows them: what moves a date, adds or removes a term, or changes the "
    "unit of a price, a convention or a right to leave is for dealcalc to compute. Change these in "
    "the file, and write the workbook again."
)
KINDS = {
    "amount": ("rate", "decimal", 0, 10**18),
    "quantity": ("rate", "decimal", 0, 10**18),
    "share": ("percent", "decimal", 0, 1),
    "change": ("percent", "decimal", "=-0.99", 1),
    "count": ("count", "integer", 1, 2_760),
}
"""How a number of each kind is shown, and what it must be, the least and the most."""
SECTIONS = {"charges": "Charge", "termination": "Right to leave", "options": "Option"}
ABSENT = "not in the file"
UNSAID = {
    "conventions.proration": "actual, as the file does not say",
    "conventions.notice_day": "excluded, as the file does not say",
}


class InputRow(NamedTuple):
    """A term: its section and label, what stands there, and its number if formulas read it."""

    section: str
    label: str
    path: str
    text: str
    number: PlacedNumber | None


def cells_of(numbers: Iterable[PlacedNumber]) -> Cells:
    """A name for the cell of each number: its path in letters; Excel does not tell A from a."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for number in numbers:
        plain = re.sub(r"[^A-Za-z0-9]", "_", number.path)[:200]
        copies = (f"{plain}_{count}" for count in range(2, len(names) + 3))
        free = (one for one in (plain, *copies) if one.casefold() not in taken)
        names.setdefault(number.path, name := next(free))
        taken.add(name.casefold())
    return names


def write(
    file: File, scenario: Scenario, numbers: Mapping[str, PlacedNumber], cells: Cells
) -> None:
    """Write the sheet."""
    sheet = file.sheet("Inputs")
    for column, width in enumerate(WIDTHS):
        sheet.fixed(column, width)
    sheet.put(0, 0, "Inputs", "text", "title")
    sheet.wide(1, ABOUT, "remark", last=5)
    for column, (text, kind) in enumerate(COLUMNS):
        sheet.put(3, column, text, kind, "heading")
    row, section, said = 4, "", _Said(scenario)
    for term in _rows(scenario, numbers, said.assumed):
        if term.section != section:
            section = term.section
            sheet.row(row, (section, *[None] * 6), ["text"] * 7, "section")
            row += 1
        _put(sheet, row, term, said)
        if term.number:
            _live(sheet, row, term.number, cells)
        row += 1
    sheet.name_rows(4, row - 1, 6, "Inputs_check")
    sheet.frozen(4, 1)
    sheet.closed()


def _put(sheet: Sheet, row: int, term: InputRow, said: "_Said") -> None:
    texts = said.source(term.path), said.assumption(term.path)
    sheet.row(
        row, (term.label, term.text, "", term.path), ("text", "right", "after", "text"), "plain"
    )
    sheet.row(row, texts, ("prose", "prose"), "remark", first=4)


def _live(sheet: Sheet, row: int, number: PlacedNumber, cells: Cells) -> None:
    """The cell to change: its value in place of the file's text, its name, and its check."""
    kind, rule, least, most = KINDS[number.kind]
    value: Any = int(number.value) if number.kind == "count" else number.value
    sheet.put(row, 1, value, kind, "input")
    sheet.put(row, 2, number.unit, "after")
    sheet.name_cell(row, 1, cells[number.path])
    sheet.bounded(row, 1, rule, least, most)
    cell = f"B{row + 1}"
    within = f"ISNUMBER({cell}),{cell}>={f'{least}'.removeprefix('=')},{cell}<={most}"
    wrong = f'=IF(AND({within}),"","{WRONG}")'
    sheet.put(row, 6, Formula(wrong, ""), "text", "warning")


# --- what there is to say -------------------------------------------------------------------------


def _rows(
    scenario: Scenario, numbers: Mapping[str, PlacedNumber], assumed: Iterable[str]
) -> Iterator[InputRow]:
    """Every term by its section, in the order of the file, and what is assumed but not in it."""
    # By their nodes: what stands alone is the first of a list too, or 3% the rate of an escalator.
    live = {id(kind_at(Deal, scenario.root, path)[1]): each for path, each in numbers.items()}
    texts = {path: (node.text(), live.get(id(node))) for path, node in _terms(scenario)}
    for path in assumed:
        if scenario.find(path) is None:
            texts[path] = ABSENT, None
    rows = [InputRow(*_label(path), path, *said) for path, said in texts.items()]
    sections = list(dict.fromkeys(row.section for row in rows))
    yield from sorted(rows, key=lambda row: sections.index(row.section))


def _terms(scenario: Scenario) -> Iterator[tuple[str, Node]]:
    """The terms of the deal as it was asked for, by their paths."""
    for key, node in scenario.root.value.items():
        if key not in NOT_TERMS:
            yield from _leaves(node, key)


def _leaves(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    below = node.value
    if not isinstance(below, dict | list):
        yield path, node
        return
    for key, child in below.items() if isinstance(below, dict) else enumerate(below):
        yield from _leaves(child, f"{path}.{key}")


def _label(path: str) -> tuple[str, str]:
    """The section of a term, and what it is called there: `Charge halls`, `Ramp 0 discount`."""
    first, *rest = path.split(".")
    section = SECTIONS.get(first, first.capitalize() if rest else "Deal")
    if rest and (first in ("charges", "options") or rest[0].isdecimal()):
        section += f" {rest.pop(0)}"
    label = " ".join(rest or [first]).replace("_", " ")
    return section, label[:1].upper() + label[1:]


class _Said:
    """Where the file says a term comes from, and what it assumes of it."""

    def __init__(self, scenario: Scenario) -> None:
        unsaid = {path: text for path, text in UNSAID.items() if scenario.find(path) is None}
        self.assumed = scenario.assumed() | unsaid
        self.sources = scenario.deal.sources
        self.case = scenario.case
        self.of_case, self.typed = scenario.what_if.terms, scenario.overrides

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
    above = {one: text for one, text in texts.items() if leads_to(one, path)}
    nearest = max(map(len, above), default=0)
    return {one: text for one, text in above.items() if len(one) == nearest}
