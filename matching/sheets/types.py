"""Plain values that go into a workbook and come out of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matching.kinds.declaration import Label


class CellType(StrEnum):
    """What a column holds; it decides how a cell is read, checked, formatted and written."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DIGITS = "digits"
    """Digits that are a name and no number: credit codes, phones, line numbers, drawing numbers."""
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    WORDS = "words"
    """Several words in one cell, parted by 、 ; or a line break."""
    CHAIN = "chain"
    NODE = "node"
    REGION = "region"
    REGIONS = "regions"
    UNIT = "unit"
    REQUIREMENTS = "requirements"
    PROPERTIES = "properties"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Choice:
    """A stored value, how it is written in a cell, and other ways people write it."""

    value: str
    label: Label
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list's workbook; ``name`` is the field's name in the API."""

    name: str
    label: Label
    type: CellType = CellType.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    note: Label | None = None
    example: str = ""
    choices: tuple[Choice, ...] = ()
    width: int = 14
    max_length: int | None = None
    least: int | None = None
    most: int | None = None
    """Bounds of a number, both included."""
    parts: tuple[Column, ...] = ()
    """Columns that say the same value in steps (province, city, county), named ``<name>.<step>``.

    Templates and exports have the parts in place of the column. Readers take either: the column itself in
    one cell, or the parts joined to a path, of which lower ones may be empty.
    """


@dataclass(frozen=True, slots=True)
class NodeWord:
    """A node of a chain: ``path`` are the names from the first level down to itself."""

    code: str
    path: tuple[str, ...]
    english: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainWord:
    """A chain with its nodes in the order of the tree."""

    code: str
    name: str
    nodes: tuple[NodeWord, ...] = ()
    english: str = ""

    def __hash__(self) -> int:
        """By code alone: readers remember what they made of all chains, and look it up for every cell."""
        return hash(self.code)


@dataclass(frozen=True, slots=True)
class RegionWord:
    """An administrative division (six digits); ``path`` are the names from the province down."""

    code: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that drop-downs offer and readers understand."""

    chains: tuple[ChainWord, ...] = ()
    regions: tuple[RegionWord, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place and how to mend it. ``cell`` is an address such as ``C7``."""

    code: str
    message: Label
    remedy: Label
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One line of the list as it was read.

    ``values`` are by column name, in the form that the API takes them (decimals, dates, codes, lists of
    mappings for child rows); a column that the workbook does not have is absent, an empty cell is None.
    Cells that could not be read are absent and stand in ``problems``.
    """

    sheet: str
    number: int
    values: Mapping[str, object]
    cells: Mapping[str, str]
    """Address of each column's cell in this row, by column name."""
    problems: tuple[Problem, ...] = ()
    hidden: bool = False
    uscc: str = ""
    """The credit code that stands in the row, as lists of several firms have it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole workbook: its rows in order, what is wrong with it as a whole, what is worth telling."""

    rows: tuple[ReadRow, ...]
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    columns: tuple[str, ...] = ()
    """Names of the columns that were found."""
    sheets: tuple[str, ...] = field(default_factory=tuple)


class SheetRefused(Exception):
    """The file as a whole can't be read: not a workbook, too large, hostile. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem
