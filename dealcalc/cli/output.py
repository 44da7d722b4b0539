"""Where an answer goes, and in which form: to standard output, or to files."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from dealcalc.checks.status import Status
from dealcalc.cli.commands import Command, command
from dealcalc.cli.files import write_file
from dealcalc.cli.options import COLOR, ENDINGS, FORMAT, NO_PAGER, OUTPUT, UNIT, VERBOSE, Option
from dealcalc.cli.screen import in_color, paged
from dealcalc.cli.streams import as_utf_8, columns, is_terminal, tell, write_bytes, write_text
from dealcalc.forms.model import Model
from dealcalc.loading.problems import refuse, safe
from dealcalc.reports.report import Report
from dealcalc.reports.units import UNITS, Unit

OPTIONS = (FORMAT, OUTPUT, UNIT, VERBOSE, COLOR, NO_PAGER)

Answered = Report | tuple[Report, Model]
"""A report, and what a workbook computes again, where there is such a thing."""


def answers(
    options: tuple[Option, ...],
    about: str,
    examples: tuple[str, ...],
    forms: tuple[str, ...] = (),
) -> Callable[[Callable[..., Answered]], Command]:
    """Makes a command of a function that returns a report; where it goes is asked besides.

    Its answer has `forms` besides those of any. The exit status says if a claim is false.
    """
    shown = OPTIONS
    if forms:
        shown = FORMAT._replace(choices=(*FORMAT.choices, *forms)), *OPTIONS[1:]

    def made(answered: Callable[..., Answered]) -> Command:
        def calls(**values: Any) -> int:
            where = {option.name: values.pop(option.name) for option in OPTIONS}
            result = answered(**values)
            report, model = result if isinstance(result, tuple) else (result, None)
            write_report(report, model, **where)
            return Status.FINE if report.holds else Status.FALSE_CLAIM

        return command((*options, *shown), about, examples)(calls)

    return made


def write_report(
    report: Report,
    model: Model | None,
    format: str | None,
    output: Sequence[str],
    unit: str,
    verbose: bool,
    color: str,
    no_pager: bool,
) -> None:
    """Write a report to each file in the form of its ending; without files, to the screen.

    With both files and a form, the screen is written too. A workbook computes a model of the deal
    again. Raises Refused.
    """
    forms = [_form_of(name) for name in output]
    asked = None if unit == "auto" else UNITS[unit]
    for name, form in zip(output, forms, strict=True):
        write_file(name, _data(report, form, asked, model, verbose=verbose))
        tell(f"wrote {safe(name)}")
    if format == "xlsx" and is_terminal():
        message = "a workbook cannot be shown in a terminal"
        raise refuse("command-line", message, "write it to a file: -o deal.xlsx", "--format")
    if format and format != "table":
        write_bytes(_data(report, format, asked, model, verbose=verbose))
    elif format or not output:
        text = _table(report, asked, columns(sys.stdout), color=in_color(color), verbose=verbose)
        if no_pager or not paged(text):
            write_text(text)


def _data(
    report: Report, form: str, asked: Unit | None, model: Model | None, *, verbose: bool
) -> bytes:
    """What a file of a form holds; texts are UTF-8 whatever the locale."""
    if form == "xlsx":
        from dealcalc.forms.workbook import as_xlsx

        return as_xlsx(report, model)
    if form == "table":
        text = _table(report, asked, None, color=False, verbose=verbose)
    elif form == "svg":
        from dealcalc.forms.svg import as_svg

        text = as_svg(report, asked, verbose=verbose)
    elif form == "html":
        from dealcalc.forms.web import as_html

        text = as_html(report, asked)
    else:
        from dealcalc.forms import export

        if form == "md":
            text = export.as_markdown(report, asked)
        else:
            writers = {"csv": export.as_csv, "plain": export.as_plain}
            text = writers.get(form, export.as_json)(report)
    return as_utf_8(text)


def _table(
    report: Report, unit: Unit | None, room: int | None, *, color: bool, verbose: bool
) -> str:
    from dealcalc.forms import tables

    return tables.draw(report, room, unit, color=color, verbose=verbose)


def _form_of(name: str) -> str:
    form = ENDINGS.get(os.path.splitext(name)[1].lower())
    if form is None:
        known = ", ".join(ENDINGS)
        raise refuse(
            "command-line",
            f"{name} does not end in a known form",
            f"use one of {known}",
            "--output",
        )
    return form
