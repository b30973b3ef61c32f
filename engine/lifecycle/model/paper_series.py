"""文号: the series by which the papers of a bureau are numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from engine.value import value

#: What a pattern may name; `n` and `year` it must.
PLACES = ("agency", "section", "year", "n")
#: What papers print of the bureau: where it is, how it is called, who reviews its acts, where it publishes.
OFFICE = ("address", "telephone", "complaints", "government", "lawcourt", "order", "site")
#: Printed where a number is not given yet.
BLANK = "\u3000"


@value
class PaperSeries:
    """One series: it begins with 1 every year, and in every section where its pattern names the section."""

    id: str
    title: str
    #: As ``{agency}检通〔{year}〕{n}号``.
    pattern: str
    #: The templates whose papers it numbers.
    papers: tuple[str, ...]

    @property
    def by_section(self) -> bool:
        """Tell whether every section has a series of its own."""
        return "{section}" in self.pattern


@value
class PaperPolicy:
    """机关代字, the words of the sections, the series, and what papers print of the bureau besides its name."""

    agency: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, PaperSeries] = field(default_factory=dict)
    #: Of `OFFICE`: what templates print as ``office.address`` and so on.
    office: Mapping[str, str] = field(default_factory=dict)

    def series_of(self, paper: str) -> PaperSeries | None:
        """Return the series that numbers the papers of a template; None where they have no number."""
        return next((one for one in self.series.values() if paper in one.papers), None)

    def key(self, series: PaperSeries, section: str | None) -> str:
        """Return what the numbers of a series are kept under: its id, with the section where each has its own."""
        return f"{series.id}/{section or ''}" if series.by_section else series.id

    def text(self, series: PaperSeries, section: str | None, year: int, number: int | None) -> str:
        """Return a number as it is printed; with a blank where it is not given yet."""
        values = {
            "agency": self.agency,
            "section": self.sections.get(section or "", ""),
            "year": str(year),
            "n": BLANK if number is None else str(number),
        }
        text = series.pattern
        for name in PLACES:
            text = text.replace(f"{{{name}}}", values[name])
        return text
