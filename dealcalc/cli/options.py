"""The options and arguments of commands, as plain data; those that commands share stand here.

What stands in no panel of its own is what a command is asked.
"""

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from dealcalc.loading.nodes import Source

Settings: TypeAlias = "list[Source]"
"""The values of `--set`."""

ASKED, DEAL, SHOWN = "What is asked", "The deal", "The output"


class Option(NamedTuple):
    """What a command is told: an option by its flags, or an argument, which has none.

    The first flag is the long one, which names it. Its value is one of `choices`, a whole number
    between two `bounds`, both included, or a text of the kind that `metavar` says; without any of
    these it is a flag, whose value is whether it is there. One that repeats has a list of values.
    `synonyms` are flags that it does not have, and that people try. Where a text is `placed`, it is
    passed on as a source, so that problems have their place in it.
    """

    flags: tuple[str, ...] = ()
    metavar: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    default: str | int | tuple[str, ...] | None = None
    required: bool = False
    repeats: bool = False
    placed: bool = False
    synonyms: tuple[str, ...] = ()
    panel: str = ASKED

    @property
    def name(self) -> str:
        """What Python calls it: `as_of` for `--as-of`, `file` for FILE, `files` for FILE..."""
        if self.flags:
            return self.flags[0].strip("-").replace("-", "_")
        return self.metavar.rstrip(".").lower() + ("s" if self.repeats else "")

    @property
    def written(self) -> str:
        """What the command line calls it."""
        return self.flags[0] if self.flags else self.metavar.rstrip(".")

    @property
    def is_flag(self) -> bool:
        """Whether no value is written behind it."""
        return not (self.metavar or self.choices)

    @property
    def values(self) -> str:
        """What is written behind it: its answers, if few do, or what kind of thing it is."""
        return "|".join(self.choices) or self.metavar


HELP = Option(("--help", "-h"), help="Show this message and exit.")

# --- the program ----------------------------------------------------------------------------------

SHELLS = ("bash", "zsh", "fish")
VERSION = Option(("--version", "-V"), help="Show the version and exit.")
INSTALL_COMPLETION = Option(
    ("--install-completion",),
    choices=SHELLS,
    help="Set up completion of commands, options, files, cases and paths in this shell, and exit.",
)
SHOW_COMPLETION = Option(
    ("--show-completion",),
    choices=SHELLS,
    help="Show the completion script, to install it by hand, and exit.",
)
PROGRAM = (VERSION, INSTALL_COMPLETION, SHOW_COMPLETION, HELP._replace(help="Show the help."))
"""What stands in front of a command, or in place of one."""

# --- what is asked --------------------------------------------------------------------------------

FILE = Option(
    metavar="FILE",
    required=True,
    help="A scenario file, like deal.yaml, or - for standard input.",
)
SUBJECT = Option(
    metavar="FILE...",
    required=True,
    repeats=True,
    help="A scenario file, like deal.yaml, or - for standard input; several files, a folder or a "
    "book file are asked as one.",
)
TOP = Option(
    ("--top",),
    "N",
    bounds=(0, 100_000),
    default=12,
    help="How many contracts of a book are shown, the largest first, like --top 20; 0: all.",
)
GROUP = Option(
    ("--group",),
    choices=("buyer", "seller"),
    help="Show the contracts of a book by buyer, or by seller, like --group buyer.",
    synonyms=("--group-by",),
)
PERIOD = Option(
    ("--period",),
    choices=("month", "quarter", "year"),
    help="The periods in which revenue is summed, like --period year.",
    synonyms=("--frequency",),
)
FISCAL_YEAR_END = Option(
    ("--fiscal-year-end",),
    "MM",
    bounds=(1, 12),
    help="The month that ends a year, like 6 for June; default: what the file says, or 12.",
)
EVERY = Option(
    ("--every",),
    choices=("month", "week", "day"),
    help="One row for each month, week or day, like --every week.",
    synonyms=("--step", "--each"),
)
AS_OF = Option(
    ("--as-of",),
    "DATE",
    help="Where the deal stands at the close of this day, like 2026-12-31.",
    synonyms=("--on", "--date", "--day", "--at"),
)
BY = Option(
    ("--by",),
    "PARTY",
    help="Whose notice counts: buyer, seller, or a party by name, like Anthropic.",
    synonyms=("--party", "--who"),
)

NOTICE = Option(
    ("--notice",),
    "DATE",
    help="The day on which notice is given, like 2027-03-15; replaces the case's.",
    synonyms=("--on", "--date", "--day"),
)

# --- the deal -------------------------------------------------------------------------------------

CASE = Option(
    ("--case",),
    "NAME",
    panel=DEAL,
    help="Lay a case of the file over the deal, like --case buyer-leaves.",
    synonyms=("--scenario", "--what-if"),
)
SET = Option(
    ("--set",),
    "PATH=VALUE",
    repeats=True,
    placed=True,
    panel=DEAL,
    help="Another value for a term, as it would be written in the file, like "
    "charges.compute.capacity='200 MW', or charges.compute.ramp=none to take it away. Repeatable.",
    synonyms=("--override", "--with", "--change"),
)

TAKE = Option(
    ("--take",),
    "NAME=TIMES",
    repeats=True,
    placed=True,
    panel=DEAL,
    help="Take an option of the file at signing, like --take renewals=2; NAME alone: once. "
    "Repeatable.",
    synonyms=("--exercise", "--renew", "--option"),
)

# --- the output -----------------------------------------------------------------------------------

ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".md": "md",
    ".txt": "table",
    ".html": "html",
    ".svg": "svg",
    ".xlsx": "xlsx",
}
"""The forms of an answer, by the endings of files; a screen has them all, tables first."""
FORMAT = Option(
    ("--format", "-f"),
    choices=("table", *(form for form in ENDINGS.values() if form != "table")),
    panel=SHOWN,
    help="The form of the answer, like -f csv; default: table.",
)
OUTPUT = Option(
    ("--output", "-o"),
    "FILE",
    repeats=True,
    panel=SHOWN,
    help=f"Write to a file, like deal.csv, instead of the screen; its ending gives the form "
    f"({', '.join(ENDINGS)}). Repeatable.",
)
UNIT = Option(
    ("--unit",),
    choices=("auto", "1", "k", "m", "bn"),
    default="auto",
    panel=SHOWN,
    help="The unit of money for people, like --unit m for millions; 1: every cent; auto: what is "
    "easily read.",
)
VERBOSE = Option(
    ("--verbose", "-v"),
    panel=SHOWN,
    help="Say more: how it is counted, why each term is assumed, and which claims hold.",
)
NO_PAGER = Option(
    ("--no-pager",),
    panel=SHOWN,
    help="Print at once, however long the answer is.",
)
COLOR = Option(
    ("--color",),
    choices=("auto", "always", "never"),
    default="auto",
    panel=SHOWN,
    help="Colour, like --color never; auto: on a terminal that shows it.",
)
