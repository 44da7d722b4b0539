"""Where an answer goes, and in which form: to standard output, or to files."""

import os
import shutil
from collections.abc import Callable, Sequence
from typing import Any

from dealcalc.cli.commands import Command, command
from dealcalc.cli.files import write_file
from dealcalc.cli.options import COLOR, ENDINGS, FORMAT, OUTPUT, UNIT, Option
from dealcalc.cli.streams import as_utf_8, is_terminal, tell, write_bytes, write_text
from dealcalc.forms.model import Model
from dealcalc.loading.problems import refuse, safe
from dealcalc.reports.report import UNITS, WHOLE, Report

OPTIONS = (FORMAT, OUTPUT, UNIT, COLOR)

Answered = Report | tuple[Report, Model]
"""A report, and what a workbook computes again, where there is such a thing."""


def answers(
    options: tuple[Option, ...], about: str, examples: tuple[str, ...]
) -> Callable[[Callable[..., Answered]], Command]:
    """Makes a command of a function that returns a report; where it goes is asked besides."""

    def made(answered: Callable[..., Answered]) -> Command:
        def calls(**values: Any) -> None:
            where = {option.name: values.pop(option.name) for option in OPTIONS}
            result = answered(**values)
            report, model = result if isinstance(result, tuple) else (result, None)
            write_report(report, model, **where)

        return command((*options, *OPTIONS), about, examples)(calls)

    return made


def write_report(
    report: Report,
    model: Model | None,
    format: str | None,
    output: Sequence[str],
    unit: str,
    color: str,
) -> None:
    """Write a report to each file in the form of its ending; without files, to the screen.

    With both files and a form, the screen is written too. A workbook computes a model of the deal
    again. Raises Refused.
    """
    forms = [_form_of(name) for name in output]
    for name, form in zip(output, forms, strict=True):
        write_file(name, _data(report, form, unit, model))
        tell(f"wrote {safe(name)}")
    if format == "xlsx" and is_terminal():
        message = "a workbook is no text for a terminal"
        raise refuse("command-line", message, "write it to a file: -o deal.xlsx", "--format")
    if format and format != "table":
        write_bytes(_data(report, format, unit, model))
    elif format or not output:
        room = _columns() if is_terminal() else None
        write_text(_table(report, unit, room, color=_in_color(color)))


def _data(report: Report, form: str, unit: str, model: Model | None) -> bytes:
    """What a file of a form holds; texts are UTF-8 whatever the locale."""
    if form == "xlsx":
        from dealcalc.forms.workbook import as_xlsx

        return as_xlsx(report, model)
    shown_in = None if unit == "auto" else UNITS[unit]
    if form == "table":
        text = _table(report, unit, None, color=False)
    elif form == "svg":
        from dealcalc.forms.svg import as_svg

        text = as_svg(report, shown_in)
    elif form == "html":
        from dealcalc.forms.web import as_html

        text = as_html(report, shown_in or WHOLE)
    else:
        from dealcalc.forms import export

        if form == "md":
            text = export.as_markdown(report, shown_in or WHOLE)
        else:
            text = export.as_csv(report) if form == "csv" else export.as_json(report)
    return as_utf_8(text)


def _table(report: Report, unit: str, room: int | None, *, color: bool) -> str:
    from dealcalc.forms import tables

    drawing = tables.draw(report, room, None if unit == "auto" else UNITS[unit], color)
    if room is not None and drawing.least > room:
        need = f"the table needs {drawing.least} columns, and this screen has {room}"
        tell(f"{need}: its lines wrap")
    elif unit == "auto" and drawing.unit.power:
        money = f"{report.currency} {drawing.unit.name}"
        tell(f"shown in {money} to fit {room} columns; --unit 1 is exact")
    return drawing.text


def _columns() -> int:
    return shutil.get_terminal_size().columns or 80


def _in_color(color: str) -> bool:
    """`--color`, then NO_COLOR and FORCE_COLOR as their sites define them, then the terminal."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal() and os.environ.get("TERM") != "dumb"


def _form_of(name: str) -> str:
    form = ENDINGS.get(os.path.splitext(name)[1].lower())
    if form is None:
        known = ", ".join(ENDINGS)
        raise refuse(
            "command-line",
            f"the ending of {name} names no form",
            f"end it in one of {known}",
            "--output",
        )
    return form
