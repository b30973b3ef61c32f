"""文号: the series by which the papers of a bureau are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from engine.value import value

#: What a pattern may name; `n` and `year` it must.
PLACES = ("agency", "section", "year", "n")
#: What papers print of the bureau: where it is, how it is called, who reviews its acts, where it publishes.
OFFICE = ("address", "telephone", "complaints", "government", "lawcourt", "order", "site")
#: Printed where a number is not given yet.
BLANK = "\u3000"

_DIGITS = frozenset("0123456789")
_FIRST_DIGITS = _DIGITS - {"0"}
_PLACE = re.compile(r"\{(agency|section|year|n)\}")
#: What is at one place of a number: the signs it may be; True: any number of them, also none.
_Places = tuple[tuple[frozenset[str], bool], ...]


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

    def numbered(self) -> Iterator[tuple[PaperSeries, str | None]]:
        """Yield every series, with each section that has a word where each has its own."""
        for series in self.series.values():
            for section in (
                [name for name, word in self.sections.items() if word] if series.by_section else [None]
            ):
                yield series, section

    def alike(self, series: PaperSeries, section: str | None) -> tuple[PaperSeries, str | None] | None:
        """Return another series or section, the first, that may give a number which reads the same; None where there is none."""
        own, fixed = self.key(series, section), self.fixed(series, section)
        others = (one for one in self.numbered() if self.key(*one) != own and self.fixed(*one) == fixed)
        return next((one for one in others if self.reads_like((series, section), one)), None)

    def reads_like(self, one: tuple[PaperSeries, str | None], other: tuple[PaperSeries, str | None]) -> bool:
        """Tell whether some number of one series (and section) may read as some number of the other."""
        return _may_read_alike(self._places(*one), self._places(*other))

    def fixed(self, series: PaperSeries, section: str | None) -> tuple[str, ...]:
        """Return what is between the digits of a number: where that differs, no two numbers read the same."""
        return tuple(re.split("[0-9]+", self.text(series, section, 1000, 1)))

    def _places(self, series: PaperSeries, section: str | None) -> _Places:
        found: list[tuple[frozenset[str], bool]] = []
        for number, part in enumerate(_PLACE.split(series.pattern)):
            if number % 2 == 0 or part in ("agency", "section"):
                texts = {"agency": self.agency, "section": self.sections.get(section or "", "")}
                found += [(frozenset(sign), False) for sign in (texts[part] if number % 2 else part)]
            elif part == "year":
                found += [(_FIRST_DIGITS, False), *[(_DIGITS, False)] * 3]
            else:
                found += [(_FIRST_DIGITS, False), (_DIGITS, True)]
        return tuple(found)


def _may_read_alike(one: _Places, other: _Places) -> bool:
    """Tell whether some text is a number of both."""
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        first, second = at
        if at == (len(one), len(other)):
            return True
        if first < len(one) and one[first][1]:
            waiting.append((first + 1, second))
        if second < len(other) and other[second][1]:
            waiting.append((first, second + 1))
        if first < len(one) and second < len(other) and one[first][0] & other[second][0]:
            waiting.append((first + (not one[first][1]), second + (not other[second][1])))
    return False
