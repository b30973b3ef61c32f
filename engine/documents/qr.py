"""QR codes for paper: the code of a visit, which anybody can check without a network, and digests."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote

import segno
from markupsafe import Markup

from engine.lifecycle.chain import canonical

_MARK = "SSJ1"
_DRAW_MARK = "SSJ-DRAW1"
#: Hex digits of the digest in a visit's code; enough to notice a change, short enough for paper.
_DIGITS = 16


def visit_code(case: str, subject: str, items: Sequence[str], certificates: Sequence[str]) -> str:
    """Return the text of a visit's QR code: case, enterprise, items, certificate numbers and their digest.

    The digest shows a slip or a changed sheet; that the visit was ordered is shown by the case in the register.
    """
    body = [case, subject, sorted(items), sorted(certificates)]
    digest = hashlib.sha256(canonical(body).encode()).hexdigest()[:_DIGITS]
    return "|".join((_MARK, case, subject, ",".join(sorted(items)), ",".join(sorted(certificates)), digest))


def draw_code(case: str, number: int, digest: str) -> str:
    """Return the text of the QR code under a commitment: case, number of the draw, SHA-256 of the commitment."""
    return "|".join((_DRAW_MARK, case, str(number), digest))


def paper_address(site: str, code: str) -> str:
    """Return what a QR code on paper says: the page of the public site that shows what `code` says; the code without a site."""
    return f"{site.rstrip('/')}/check.html#{quote(code, safe=',')}" if site else code


def check_visit_code(text: str) -> bool:
    """Tell whether the parts of a scanned code, or of the address it is part of, fit their digest."""
    if "://" in text:
        text = unquote(text.partition("#")[2])
    parts = text.split("|")
    if len(parts) != 6 or parts[0] != _MARK:
        return False
    _, case, subject, items, certificates, _ = parts
    lists = [[part for part in one.split(",") if part] for one in (items, certificates)]
    return visit_code(case, subject, *lists) == text


class QrCode:
    """A QR code in a template: drawn only where a template shows it, since drawing takes longer than a page."""

    __slots__ = ("_text", "_title")

    def __init__(self, text: str, title: str) -> None:
        self._text = text
        self._title = title

    def __html__(self) -> str:
        return qr_svg(self._text, self._title)

    def __str__(self) -> str:
        return self.__html__()


@lru_cache(maxsize=64)
def qr_svg(text: str, title: str) -> Markup:
    """Return a QR code as inline SVG, with `title` for those who cannot see it. Raises ValueError if too long."""
    out = io.BytesIO()
    _code(text).save(
        out, kind="svg", xmldecl=False, svgns=True, title=title, desc=text, scale=1, border=2, omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno escapes the title; the rest is its own drawing


@lru_cache(maxsize=64)
def qr_png(text: str) -> bytes:
    """Return the same code as a picture of points, for Word. Raises ValueError if too long."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=8, border=2)
    return out.getvalue()


def _code(text: str) -> segno.QRCode:
    # One mask for all: trying the eight of them for the best contrast takes nine tenths of the time, and codes that
    # are printed large need none of it.
    return segno.make(text, error="m", micro=False, mask=2)
