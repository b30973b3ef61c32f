"""What a second device sees of a draw, by the code on the screen: the public part, computed again, and the kit to do it oneself."""

from __future__ import annotations

import io
import zipfile

from engine.app.queries.draws import PublicDraw, public_draw
from engine.web.pages.cases import unknown
from engine.web.rendering import page
from engine.web.visit import Answer, PageVisit

#: The page of the kit computes in itself and reaches nothing.
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'"
_DAY = (1980, 1, 1, 0, 0, 0)


def show(visit: PageVisit) -> Answer:
    """Show the public part of a draw and what computing it again gives."""
    found = _found(visit)
    if found is None:
        return unknown(visit)
    return page(visit, "draw_check.html", found=found, here=visit.path)


def file(visit: PageVisit) -> Answer:
    """Give ``kit.zip``, or the page of the kit that computes on the device itself."""
    found = _found(visit)
    name = visit.parts["name"]
    if found is None or not found.kit:
        return unknown(visit)
    if name == "verify.html":
        return Answer(body=found.kit[name], headers={"Content-Security-Policy": _ALONE})
    if name != "kit.zip":
        return unknown(visit)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for title, content in sorted(found.kit.items()):
            made.writestr(zipfile.ZipInfo(title, _DAY), content)
    headers = {"Content-Disposition": 'attachment; filename="kit.zip"'}
    return Answer(body=out.getvalue(), type="application/zip", headers=headers)


def _found(visit: PageVisit) -> PublicDraw | None:
    text = visit.parts["number"]
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return None
    return public_draw(visit.workbench.application, visit.parts["case"], int(text), visit.parts["code"])
