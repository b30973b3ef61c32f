"""What a web page does not show: by the attribute `hidden`, by a style of the element, by a rule of a style sheet in the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|font-size\s*:\s*0(?:\.0+)?(?![\d.])",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[.#][\w-]+")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: No size, in the units that are written.
_NONE = frozenset(
    f"{number}{unit}" for number in ("0", "0.0", ".0") for unit in ("", "px", "pt", "cm", "mm", "in")
)
#: Attributes are parsed only where one of these is in the tag.
_WORTH_A_LOOK = ("hidden", "style", "class", "id", "span", "width", "height")


def attributes_of(body: str) -> Mapping[str, str]:
    """Return the attributes of a tag by their names in small letters; one without a value has an empty one."""
    lower = body.lower()
    if not any(word in lower for word in _WORTH_A_LOOK):
        return {}
    return {
        name.lower(): value[1:-1] if value[:1] in ("'", '"') else value
        for name, value in _ATTRIBUTE.findall(body)
    }


def hidden_names(text: str) -> frozenset[str]:
    """Return the classes (``.name``) and ids (``#name``) which the style sheets of a page hide."""
    lower, found, at = text.lower(), set[str](), 0
    while (start := lower.find("<style", at)) >= 0:
        end = lower.find("</style", start)
        sheet = text[start : end if end >= 0 else len(text)]
        at = end + 1 if end >= 0 else len(text)
        for rule in _COMMENT.sub("", sheet.partition(">")[2]).split("}"):
            selectors, _, declared = rule.rpartition("{")
            if _UNSEEN.search(declared) is None:
                continue
            for selector in selectors.rpartition("{")[2].split(","):
                # What a rule hides is what its last part names.
                words = selector.split()
                found.update(_NAMES.findall(words[-1]) if words else ())
    return frozenset(found)


def is_hidden(attributes: Mapping[str, str], names: frozenset[str]) -> bool:
    """Tell whether an element is not shown."""
    if not attributes:
        return False
    if "hidden" in attributes or _UNSEEN.search(attributes.get("style", "")):
        return True
    if not names:
        return False
    classes = (f".{name}" for name in attributes.get("class", "").split())
    return f"#{attributes.get('id', '')}" in names or any(name in names for name in classes)


def is_flat(attributes: Mapping[str, str], side: str) -> bool:
    """Tell whether Excel shows nothing of a row, or of a column, for its ``height``, or its ``width``."""
    if attributes.get(side, "").strip() in _NONE:
        return True
    return any(
        name.strip().lower() == side and value.strip().lower() in _NONE
        for name, _, value in (part.partition(":") for part in attributes.get("style", "").split(";"))
    )
