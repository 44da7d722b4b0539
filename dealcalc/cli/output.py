"""Where an answer goes: standard output, or files that are written whole or not at all."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EACCES

from dealcalc.cli.streams import as_utf_8, is_terminal, tell, write, write_text
from dealcalc.forms.model import Model
from dealcalc.loading.problems import Refused, refuse, safe
from dealcalc.reports.report import UNITS, WHOLE, Report

ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".md": "md",
    ".txt": "table",
    ".html": "html",
    ".svg": "svg",
    ".xlsx": "xlsx",
}


def answer(
    report: Report,
    form: str | None,
    outputs: Sequence[str],
    unit: str,
    color: str,
    model: Model | None = None,
) -> None:
    """Write a report to each file in the form of its ending; without files, to the screen.

    With both files and a form, the screen is written too. A workbook computes a model of the deal
    again. Raises Refused.
    """
    forms = [_form_of(name) for name in outputs]
    for name, of in zip(outputs, forms, strict=True):
        write_file(name, _data(report, of, unit, model))
        tell(f"wrote {safe(name)}")
    if form == "xlsx" and is_terminal():
        message = "a workbook is no text for a terminal"
        raise refuse("command-line", message, "write it to a file: -o deal.xlsx", "--format")
    if form and form != "table":
        write(_data(report, form, unit, model))
    elif form or not outputs:
        room = _columns() if is_terminal() else None
        write_text(_table(report, unit, room, color=_in_color(color)))


def _data(report: Report, form: str, unit: str, model: Model | None) -> bytes:
    """What a file of a form holds; texts are UTF-8 whatever the locale."""
    if form == "xlsx":
        return _workbook(report, model)
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


def _workbook(report: Report, model: Model | None) -> bytes:
    try:
        from dealcalc.forms.workbook import as_xlsx
    except ModuleNotFoundError as error:
        if error.name != "xlsxwriter":
            raise
        message = "a workbook needs XlsxWriter, which is not installed"
        raise refuse("command-line", message, "pip install 'dealcalc[xlsx]'") from None
    return as_xlsx(report, model)


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


def write_file(name: str, data: bytes) -> None:
    """Write a file whole: a new one takes the old one's place only when it is complete.

    What is no regular file, like a named pipe, is written to as it is. Raises Refused.
    """
    try:
        target = os.path.realpath(name)
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as file:
                file.write(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise _unwritable(name, error) from None


def _replace(target: str, data: bytes) -> None:
    from tempfile import NamedTemporaryFile

    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    folder = os.path.dirname(target)
    with _undisturbed(), NamedTemporaryFile(dir=folder, prefix=".dealcalc-", delete=False) as file:
        try:
            file.write(data)
            file.close()
            os.chmod(file.name, _mode(target))
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals that end the program wait meanwhile, so that no file is left half written."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _mode(target: str) -> int:
    """The mode of the file that is replaced, or of a new one."""
    if os.path.exists(target):
        return os.stat(target).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(name: str, error: OSError) -> Refused:
    reason = (error.strerror or str(error)).lower()
    help = "make its folder first" if isinstance(error, FileNotFoundError) else ""
    return refuse("unwritable", f"it cannot be written: {reason}", help, name)
