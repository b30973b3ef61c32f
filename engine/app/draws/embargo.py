"""Embargoed draws (保密抽取): nobody outside the bureau can compute the list before the unannounced visits are over.

Custodians of different organisations each publish the end of a hash chain. Their codes, the links before the ends, are
part of the key of the draw: given when it is drawn, secret until they are revealed. A draw whose codes are not given
is voided; it is never held without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.draw.commitment import Commitment, Custodian, DrawProfile
from engine.draw.entropy import hash_times
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused
from engine.kernel.clean_text import clean_code
from engine.kernel.refusal import RefusalReason
from engine.language import say


def profile_of(given: Any) -> DrawProfile:
    """Return the profile a plan names; open where it names none. Raises `DrawRefused` for an unknown word."""
    word = str(given or DrawProfile.OPEN.value).upper()
    try:
        return DrawProfile(word)
    except ValueError:
        known = [profile.value.lower() for profile in DrawProfile]
        raise DrawRefused(
            [
                RefusalReason(
                    "profile",
                    say("公开方式应为其一：{known}；实为“{seen}”", known=known, seen=str(given)),
                    hint=say("open 即时公开，embargo 检查期满后公开"),
                )
            ]
        ) from None


def custodians_of(given: Any, last: DrawRecord | None) -> list[Custodian]:
    """Return the custodians of rows ``{name, head, length}``.

    A code opens one draw only: whoever gave one in `last`, the voided draw before, goes on from it, one link further
    back in the same chain.
    """
    links = list(_last_links(last)) if last else []
    named = [Custodian(str(r["name"]), str(r["head"]).lower(), int(r["length"])) for r in given or ()]
    return [next((link for link in links if _leads_to(link, one)), one) for one in named]


def codes_of(given: Any, commitment: Commitment) -> tuple[str, ...]:
    """Return the codes as typed: a list or a text with one code per line. None for an open draw."""
    if commitment.profile is DrawProfile.OPEN:
        return ()
    parts: Sequence[Any] = given.split() if isinstance(given, str) else given or ()
    # A row of a list or the code itself.
    texts = [str(part.get("code", "")) if isinstance(part, Mapping) else str(part) for part in parts]
    return tuple(clean_code(text) for text in texts)


def _last_links(last: DrawRecord) -> Iterator[Custodian]:
    """Yield each custodian of `last` with the link of the chain that was used last as its head."""
    custodians = last.parsed.custodians
    codes: Sequence[str] = last.codes or [custodian.head for custodian in custodians]
    for custodian, head in zip(custodians, codes, strict=True):
        length = custodian.length - (head != custodian.head)
        yield Custodian(custodian.name, head, length)


def _leads_to(link: Custodian, named: Custodian) -> bool:
    """Whether `link` is part of the chain that ends in the head of `named`."""
    steps = named.length - link.length
    return (
        link.name == named.name
        and steps >= 0
        and hash_times(bytes.fromhex(link.head), steps).hex() == named.head
    )
