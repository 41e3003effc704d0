"""What was read from a file, whatever its format: paragraphs, tables of cells, pictures, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

TICKED = "☑"
OPEN = "☐"


@dataclass(slots=True)
class Cell:
    """A cell of a table; a merged one stands once, with all that it covers. Rows and columns count from 0.

    text: its paragraphs as lines; boxes are TICKED or OPEN. underlined: words that are underlined.
    tables: tables inside the cell. formula_error: what a spreadsheet shows in place of a value.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    underlined: tuple[str, ...] = ()
    tables: list[Table] = field(default_factory=list)
    problem: str = ""

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.columns - 1


@dataclass
class Table:
    """Cells by place. `name` says which table of the file it is; `first` is the number of its first row."""

    name: str
    cells: list[Cell]
    letters: bool = False  # a spreadsheet names columns by letters
    notes: list[str] = field(default_factory=list)

    @cached_property
    def at(self) -> dict[tuple[int, int], Cell]:
        """The cell that covers each place."""
        places: dict[tuple[int, int], Cell] = {}
        for cell in self.cells:
            for row in range(cell.row, cell.last_row + 1):
                for column in range(cell.column, cell.last_column + 1):
                    places.setdefault((row, column), cell)
        return places

    @cached_property
    def rows(self) -> dict[int, list[Cell]]:
        """Cells by the rows that they cover, from left to right."""
        found: dict[int, list[Cell]] = {}
        for cell in sorted(self.cells, key=lambda c: c.column):
            for row in range(cell.row, cell.last_row + 1):
                found.setdefault(row, []).append(cell)
        return dict(sorted(found.items()))

    @cached_property
    def width(self) -> int:
        return max((cell.last_column + 1 for cell in self.cells), default=0)

    def place(self, cell: Cell) -> str:
        """Where a cell stands, as a person finds it."""
        if self.letters:
            return f"{self.name} {column_letters(cell.column)}{cell.row + 1}"
        row = self.rows[cell.row]
        number = next((n for n, other in enumerate(row, 1) if other is cell), cell.column + 1)
        return f"{self.name}第{cell.row + 1}行第{number}格"


def column_letters(column: int) -> str:
    """Name of a column of a spreadsheet, counted from 0."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(slots=True)
class Paragraph:
    text: str
    place: str


@dataclass(slots=True)
class Picture:
    """A picture in a document: its part of the archive, the caption beside it, the alternative text it carries."""

    part: str
    place: str
    caption: str = ""
    alt: str = ""


@dataclass
class Content:
    """Everything of a document in order."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    def every_table(self) -> Iterator[Table]:
        """The tables and those inside their cells."""
        waiting = list(self.tables)
        while waiting:
            table = waiting.pop(0)
            yield table
            waiting = [inner for cell in table.cells for inner in cell.tables] + waiting
