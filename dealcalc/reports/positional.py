"""Tables whose rows are still tuples, told apart by position: those of site files."""

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from dealcalc.reports import report
from dealcalc.reports.report import Chart, Field, Figure, Note, Row


class FinishedReport(report.Report):
    """A report whose parts are made before it."""

    def __init__(
        self,
        command: str,
        facts: Mapping[str, Any],
        tables: Iterable[report.Table],
        csv: str | report.Table,
        title: str,
        currency: str,
        figures: Iterable[Figure] = (),
        views: Iterable[report.View] = (),
        notes: Iterable[Note] = (),
        after: Mapping[str, Any] = MappingProxyType({}),
        charts: Callable[[], Iterable[Chart]] = tuple,
        version: int = 1,
    ) -> None:
        self.command, self._csv, self.title, self.currency = command, csv, title, currency
        self.__dict__ |= {
            "facts": facts,
            "tables": tuple(tables),
            "figures": tuple(figures),
            "views": tuple(views),
            "notes": tuple(notes),
            "after": after,
        }
        self._drawn, self.version = charts, version

    def _charts(self) -> Iterable[Chart]:
        return self._drawn()

    def csv_table(self) -> report.Table:
        """One of the tables, or one for CSV alone."""
        if isinstance(self._csv, report.Table):
            return self._csv
        return self.table(self._csv)


def column(heading: str, kind: str = "text") -> Field:
    """A column of a view by position."""
    return Field("", heading, kind)


def tuple_view(title: str, columns: Iterable[Field], rows: Iterable[Row]) -> report.View:
    """A view whose rows are tuples, in the order of the columns."""
    given = (field._replace(value=itemgetter(index)) for index, field in enumerate(columns))
    return report.View(title, tuple(given), tuple(rows))


def tuple_table(name: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> report.Table:
    """A table whose rows are tuples, in the order of the columns."""
    given = (Field(key, value=itemgetter(index)) for index, key in enumerate(columns))
    return report.Table(name, tuple(given), tuple(rows))
