"""Reports that no command makes, for what a form does with one: rows are tuples, by position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from dealcalc.reports import report
from dealcalc.reports.report import Chart, Field, Figure, Note, Row


class MadeReport(report.Report):
    """A report whose parts are made before it."""

    def __init__(
        self,
        command: str,
        facts: Mapping[str, Any],
        tables: Iterable[report.Table],
        csv: str,
        title: str,
        currency: str,
        figures: Iterable[Figure] = (),
        views: Iterable[report.View] = (),
        notes: Iterable[Note] = (),
        after: Mapping[str, Any] = MappingProxyType({}),
        charts: Iterable[Chart] = (),
    ) -> None:
        self.command, self.csv, self.title, self.currency = command, csv, title, currency
        self.__dict__ |= {
            "facts": facts,
            "tables": tuple(tables),
            "figures": tuple(figures),
            "views": tuple(views),
            "notes": tuple(notes),
            "after": after,
            "charts": tuple(charts),
        }

    def csv_table(self) -> report.Table:
        """One of the tables."""
        return self.table(self.csv)


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
