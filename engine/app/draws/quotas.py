"""How many are drawn by the size of a class, and how many of each section make a team, as the rows of a plan say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.draw.refused import DrawRefused
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say


@dataclass(frozen=True, slots=True)
class Band:
    """What is drawn of a class of up to so many (None: of any size): a number, or a ratio."""

    up_to: int | None
    count: int | None
    ratio: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the band as ssj-draw/2 has it."""
        return {"up_to": self.up_to, "count": self.count, "ratio": self.ratio}


def bands_of(given: Any) -> dict[str, tuple[Band, ...]]:
    """Return class -> its bands, the smallest first, of the classes for which a row says a number or a size.

    `given` is what ``ratios`` of the effect ``commit`` gives: a ratio, or rows. Raises `DrawRefused` for rows that do not
    say what is drawn of every size.
    """
    if isinstance(given, str) or given is None:
        return {}
    rows: dict[str, list[Band]] = {}
    for row in given:
        up_to, count, ratio = row.get("up_to"), row.get("count"), row.get("ratio")
        name = str(row["class"])
        if (count is None) == (not ratio):
            raise _refused(say("“{class_}”的一行须写明户数或比例，两者写其一", class_=name))
        band = Band(
            int(up_to) if up_to is not None else None,
            int(count) if count is not None else None,
            str(ratio) if ratio else None,
        )
        rows.setdefault(name, []).append(band)
    found = {name: tuple(sorted(bands, key=_by_size)) for name, bands in rows.items() if _says_size(bands)}
    for name, bands in found.items():
        ends = [band.up_to for band in bands]
        if ends[-1] is not None or None in ends[:-1] or len(set(ends)) < len(ends):
            message = say("“{class_}”须恰有一行不写上限（不写的管其余各种户数）", class_=name)
            raise _refused(message)
    return found


def ratio_by_size(bands: Iterable[Band], size: int) -> str:
    """Return the ratio that is drawn of a class of `size`: a number is so many of them, at most all."""
    band = next(one for one in bands if one.up_to is None or size <= one.up_to)
    if band.count is None or size < 1:
        return band.ratio or "1/1"
    return f"{min(band.count, size)}/{size}"


def team_of(given: Any) -> dict[str, int]:
    """Return section -> how many of each team are of it; nothing where ``inspectors`` of the effect is a number."""
    if isinstance(given, (list, tuple)):
        return {str(row["section"]): int(row["count"]) for row in given}
    return {}


def _says_size(bands: list[Band]) -> bool:
    return len(bands) > 1 or any(band.count is not None or band.up_to is not None for band in bands)


def _by_size(band: Band) -> tuple[bool, int]:
    return band.up_to is None, band.up_to or 0


def _refused(message: Message) -> DrawRefused:
    return DrawRefused([RefusalReason("ratios", message)])
