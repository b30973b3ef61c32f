"""Custodians of a draw of ssj-draw/2: what the plan says of them, and the shares they hand in when it is drawn.

Whoever makes the shares (``ssj draw shares``) gives the bureau one line for the plan and each custodian a share,
``index:share``. Until enough shares are handed in, nobody inside the bureau can work out the list either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.draw.v2.randomness.custodians import CUSTODIANS
from engine.draw.v2.shapes import DIGEST, read_shaped, wrong
from engine.kernel.clean_text import clean_code
from engine.language import say


def custodians_of(given: Any) -> dict[str, Any] | None:
    """Return the custodians of the line a plan holds; None for a draw without. Raises `DrawRefused`."""
    text = str(given or "").strip()
    if not text:
        return None
    made: dict[str, Any] = read_shaped(
        text, CUSTODIANS, say("方案里的保管人一行（产生份额时打印，原样粘贴）")
    )
    return made


def shares_of(given: Any, custodians: Mapping[str, Any] | None) -> tuple[dict[str, Any], ...]:
    """Return the shares handed in: rows with a column ``code``, or a text with one share per line.

    Raises `DrawRefused` for a share that is not written ``index:share`` or belongs to no custodian. Whether it is the
    right one is for the draw to say.
    """
    if custodians is None:
        return ()
    names = {share["index"]: share["name"] for share in custodians["shares"]}
    return tuple(_share(place, text, names) for place, text in enumerate(_texts(given), 1))


def _texts(given: Any) -> Iterator[str]:
    parts = given.split() if isinstance(given, str) else given or ()
    for part in parts:
        text = clean_code(str(part.get("code", "")) if isinstance(part, Mapping) else str(part))
        if text:
            yield text


def _share(place: int, text: str, names: Mapping[int, str]) -> dict[str, Any]:
    index, _, share = text.partition(":")
    number = int(index) if index.isascii() and index.isdecimal() and len(index) < 4 else 0
    share = share.lower()
    if number not in names or not DIGEST.fullmatch(share):
        raise wrong(
            "custodian",
            # Not what was typed: refusals are kept, and a share is secret until the draw.
            say("交出的第 {place} 份不是保管人的份额", place=place),
            say(
                "份额写作 序号:64位十六进制数字，照份额文件原样录入；本次抽取的保管人：{names}",
                names=list(names.values()),
            ),
        )
    return {"name": names[number], "index": number, "share": share}
