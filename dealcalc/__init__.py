"""dealcalc: what a capacity contract pays, month by month, and how much of it is firm.

`load` (or `loads`) reads a scenario; `schedule`, `terminate` and `backlog` answer questions about
it, as the commands of the same names do. They are documented in `dealcalc.api`.
"""

# Type checkers take this name for true; `typing`, which has it too, is slow to import.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from dealcalc.api import (
        Backlog,
        Deal,
        Ended,
        FigureValue,
        Line,
        Month,
        NotPermitted,
        Problem,
        Refused,
        Scenario,
        Schedule,
        Year,
        ask,
        backlog,
        load,
        loads,
        schedule,
        terminate,
    )

    __version__: str
else:

    def __getattr__(name):
        """A name of `__all__`, imported when it is first asked for: the command needs none."""
        if name == "__version__":
            from importlib.metadata import version

            return version("dealcalc")
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from dealcalc import api

        return getattr(api, name)


__all__ = [
    "Backlog",
    "Deal",
    "Ended",
    "FigureValue",
    "Line",
    "Month",
    "NotPermitted",
    "Problem",
    "Refused",
    "Scenario",
    "Schedule",
    "Year",
    "__version__",
    "ask",
    "backlog",
    "load",
    "loads",
    "schedule",
    "terminate",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
