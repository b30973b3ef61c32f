"""The lines at the foot of a public page: what a bureau writes, with what it prints of itself on papers in its places."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.lifecycle.model.paper_series import OFFICE
from engine.lifecycle.page_types import is_placeholder

_PLACE = re.compile("{(" + "|".join(OFFICE) + ")}")


def contact_lines(written: Mapping[str, str], office: Mapping[str, str]) -> dict[str, str]:
    """Return the lines to show. One with a place the bureau left empty, and one that asks to be filled in, is left out.

    ``{address}``, ``{telephone}`` and so on are what papers print as ``office.address``, ``office.telephone``.
    """
    filled = {
        title: _PLACE.sub(lambda found: office.get(found[1], ""), text)
        for title, text in written.items()
        if all(office.get(name) for name in _PLACE.findall(text))
    }
    return {title: text for title, text in filled.items() if not is_placeholder(text)}
