"""How much a file of a given size may hold; what holds more is refused before it is made into cells."""

from __future__ import annotations

from dataclasses import dataclass

#: A workbook has so many columns, and a table is refused well before.
MAX_COLUMNS = 2_000
MAX_ROWS = 1_048_576
#: Longer texts are no cells of a register.
MAX_CELL_LENGTH = 32_767
#: More sheets have no workbooks but those made to keep a reader busy.
MAX_SHEETS = 200
#: So many sheets are named in a sentence.
MAX_NAMED = 10
#: So many things that are wrong are listed; a file with more is no register of this kind.
MAX_PROBLEMS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file. They grow with its size, so that a small file costs little and a large one in proportion.

    A register of 40,000 rows and 25 columns is a workbook of some 5 MB, with 1,000,000 cells, 2,000,000 elements of
    XML and 60 MB of text once it is unpacked: well within what is allowed there.
    """

    #: Bytes of all parts together once they are unpacked, counted while unpacking.
    unpacked: int
    #: Elements of XML, or of a page, or records.
    elements: int
    #: Places in the rectangle around all filled cells of one sheet: a reader keeps each of them.
    places: int
    #: Bytes of the texts of all cells of the sheets that are looked through, a shared text counted at each place where it stands.
    text: int
    #: Filled rows.
    rows: int
    #: Texts that cells share: a reader keeps each, an empty one too.
    shared: int = 10_000_000
    #: Styles and number formats.
    styles: int = 10_000_000
    #: Cells with an error or a formula without a result, for which something else is put.
    instead: int = 10_000_000

    @classmethod
    def of(cls, size: int) -> Limits:
        """Return the bounds of a file of `size` bytes."""
        return cls(
            unpacked=16_000_000 + 30 * size,
            elements=500_000 + 2 * size,
            places=800_000 + size // 6,
            text=8_000_000 + 5 * size,
            rows=60_000 + size // 30,
            shared=300_000 + size // 5,
            styles=60_000 + size // 60,
            instead=60_000 + size // 120,
        )
