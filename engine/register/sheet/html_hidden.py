"""What a web page does not show: by the attribute `hidden`, by a style of the element, by a rule of a style sheet in the page."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache, lru_cache

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_NAMES = re.compile(r"[.#][\w-]+")
#: A selector up to its first condition, and the tag it begins with.
_PLAIN_PART = re.compile(r"[^\[:\\]*+")
_TAG = re.compile(r"[a-z][a-z0-9-]*+")
#: These are around everything.
_WHOLE = ("html", "body")
#: Shown only where they are open.
_CLOSED = ("details", "dialog")
#: One that is not closed ends with the sheet, so no part of it is searched for an end twice.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
#: No size, in the units that are written.
_NONE = frozenset(
    f"{number}{unit}" for number in ("0", "0.0", ".0") for unit in ("", "px", "pt", "cm", "mm", "in")
)
#: Attributes are parsed only where one of these is in the tag.
_WORTH_A_LOOK = ("hidden", "style", "class", "id", "span", "width", "height", "open")
#: Properties that hide nothing, whatever their value.
_HARMLESS = re.compile(
    r"mso-(?!hide$)[a-z-]+|vnd\.ms-excel\.numberformat|--[\w-]+|border(?:-[a-z-]+)?|text-(?:align|decoration|transform|justify|overflow|underline|autospace)(?:-[a-z]+)?"
    r"|vertical-align|font-(?:family|weight|style|variant|stretch|kerning|feature-settings|display)|white-space|padding(?:-[a-z-]+)?"
    r"|word-(?:break|wrap)|overflow(?:-[a-z]+)?|float|clear|cursor|box-(?:sizing|shadow)|outline(?:-[a-z]+)?|transition(?:-[a-z-]+)?"
    r"|table-layout|caption-side|empty-cells|list-style(?:-[a-z]+)?|layout-[a-z-]+|ruby-[a-z-]+|page(?:-[a-z-]+)?|size|src|panose-1|quotes"
    r"|content|counter-[a-z]+|tab-[a-z-]+|orphans|widows|align-[a-z]+|justify-[a-z]+|flex(?:-[a-z]+)?|gap|user-select|unicode-bidi|direction"
    r"|background-(?:image|position|repeat|size|attachment|origin)|line-(?:height|break)|punctuation-wrap|hyphens|resize|pointer-events"
)
#: Declarations of such properties alone, without quotes: nearly all there are.
_ALL_HARMLESS = re.compile(
    rf"""(?:\s*+(?:(?:{_HARMLESS.pattern.replace("$", "(?![a-z-])")})\s*+:[^;"'{{}}]*+)?;?)*+""",
    re.IGNORECASE,
)
#: One that is not closed ends with its line, or with all there is, so no part of it is searched for an end twice.
_QUOTED = re.compile(
    r""""(?:[^"\\\n]++|\\.)*+(?:"|\\?\Z|(?=\n))|'(?:[^'\\\n]++|\\.)*+(?:'|\\?\Z|(?=\n))""", re.DOTALL
)
_SIZE = r"(?:auto|normal|none|inherit|initial|thin|medium|thick|(?:x{1,2}-)?small|(?:x{1,2}-)?large|smaller|larger|[+-]?(?:\d++(?:\.\d*)?|\.\d++)[a-z%]*+)"
_SIZES = re.compile(rf"{_SIZE}(?:\s++{_SIZE}){{0,3}}")
_WORDS = re.compile(r"[a-z-]+")
#: A colour without a part for what shows through; one with such a part where it is a tenth at least.
_COLOURS = re.compile(
    r"(?!transparent)[a-z]+|#[0-9a-f]{3}|#[0-9a-f]{6}|rgb\([\d\s,.%]+\)"
    r"|(?:rgb|hsl)a\((?:[\d.]+(?:%|deg)?\s*,\s*){3}(?:1(?:\.0*)?|0?\.[1-9]\d*)\)"
)
_LENGTH = re.compile(r"([+-]?(?:\d++(?:\.\d+)?|\.\d+))(px|pt|pc|cm|mm|in|em|rem|ex|ch|vw|vh|q|%)?")
#: A unit in points, about; what has none counts as pixels.
_POINTS = {
    "px": 0.75,
    "": 0.75,
    "pt": 1,
    "pc": 12,
    "cm": 28,
    "mm": 2.8,
    "in": 72,
    "em": 12,
    "rem": 12,
    "ex": 6,
    "ch": 6,
    "vw": 14,
    "vh": 14,
    "q": 0.7,
}
#: As in a workbook: letters so small are not seen.
_TOO_SMALL = 1.0
#: Farther from its place than this, in points, an element is outside of any window.
_AWAY = 700
_MOVED = ("left", "right", "top", "bottom", "text-indent", "margin-left", "margin-right", "margin-top")
_WHITE = {"white": "#ffffff", "black": "#000000", "red": "#ff0000"}


def attributes_of(body: str) -> Mapping[str, str]:
    """Return the attributes of a tag by their names in small letters; one without a value has an empty one."""
    lower = body.lower()
    if not any(word in lower for word in _WORTH_A_LOOK):
        return {}
    return {
        name.lower(): html.unescape(value[1:-1] if value[:1] in ("'", '"') else value)
        for name, value in _ATTRIBUTE.findall(body)
    }


def hidden_names(text: str) -> frozenset[str]:
    """Return the classes (``.name``), ids (``#name``) and tags which the style sheets of a page hide, or may hide.

    ``*`` is any element: what a rule means is not understood, or it is in another file.
    """
    lower, found, at = text.lower(), set[str](), 0
    if "<link" in lower and "stylesheet" in html.unescape(lower):
        found.add("*")
    while (start := lower.find("<style", at)) >= 0:
        end = lower.find("</style", start)
        sheet = text[start : end if end >= 0 else len(text)]
        at = end + 1 if end >= 0 else len(text)
        plain = (
            _QUOTED.sub('""', _COMMENT.sub("", sheet.partition(">")[2]))
            .replace("<!--", " ")
            .replace("-->", " ")
        )
        if "@import" in plain.lower():
            found.add("*")
        for rule in plain.split("}"):
            selectors, _, declared = rule.rpartition("{")
            if selectors and hides(declared):
                found.update(*map(_meant, selectors.rpartition("{")[2].split(",")))
    return frozenset(found)


def _meant(selector: str) -> list[str]:
    """Return what the last part of a selector names: classes and ids, else a tag, else ``*``, whichever of them a condition means."""
    last = re.split(r"[\s>+~]+", selector.strip())[-1]
    head = _PLAIN_PART.match(last)
    names = _NAMES.findall(head.group()) if head is not None else []
    tag = _TAG.match(last.lower())
    if "\\" in last or not (names or tag):
        return ["*"]
    return names or ([tag.group()] if tag is not None and tag.group() not in _WHOLE else ["*"])


def is_hidden(attributes: Mapping[str, str], names: frozenset[str], tag: str = "") -> bool:
    """Tell whether an element is not shown: by itself, its style, or the names and tags that style sheets hide."""
    if tag in _CLOSED and "open" not in attributes:
        return True
    if tag and (tag in names or "*" in names):
        return True
    if not attributes:
        return False
    if "hidden" in attributes or hides(attributes.get("style", "")):
        return True
    if not names:
        return False
    classes = (f".{name}" for name in attributes.get("class", "").split())
    return f"#{attributes.get('id', '')}" in names or any(name in names for name in classes)


@cache
def _hiding() -> Mapping[str, re.Pattern[str]]:
    """Return the properties with values that hide an element; made when a page is read, not for every file."""
    return {
        "display": re.compile("none"),
        "visibility": re.compile("hidden|collapse"),
        "content-visibility": re.compile("hidden"),
        "mso-hide": re.compile("all"),
        "opacity": re.compile(r"[+-]?0*+(?:\.0*+)?%?|-.*"),
        "zoom": re.compile(r"0*+(?:\.0*+)?%?"),
        "filter": re.compile(r".*\b(?:opacity|alpha)\((?:opacity=)?0*+(?:\.0*+)?%?\).*"),
        "clip": re.compile(r"rect\((?:[01](?:px)?[\s,]*){4}\)|rect\(0[^)0]*+0[^)]*\)"),
        "clip-path": re.compile(r"inset\((?:100|[5-9]\d)%.*|circle\(0.*|polygon\((?:0[\w%]*+[\s,]*+)+\)"),
        "transform": re.compile(r".*\bscale[xy3d]*\(\s*+0*+(?:\.0*+)?[\s,)].*"),
        "color": re.compile(
            r"transparent|(?:rgb|hsl)a\([^)]*,\s*+0*+(?:\.0*+)?%?\s*+\)"
            r"|(?:rgb|hsl)a?\([^)]*/\s*+0*+(?:\.0*+)?%?\s*+\)"
        ),
    }


@lru_cache(maxsize=4096)
def hides(declared: str) -> bool:
    """Tell whether the declarations of a style keep an element from being seen, or hold anything we do not understand."""
    if _ALL_HARMLESS.fullmatch(declared) is not None:
        return False
    said: dict[str, str] = {}
    for part in _QUOTED.sub('""', _COMMENT.sub("", declared)).lower().split(";"):
        name, _, value = part.partition(":")
        if name.strip():
            said[name.strip()] = value.replace("!important", "").strip()
    if not all(_is_understood(name, value) for name, value in said.items()):
        return True
    if any(found.fullmatch(said[name]) for name, found in _hiding().items() if said.get(name)):
        return True
    if _points(said.get("font-size") or _font_size(said.get("font", "")), 12) <= _TOO_SMALL:
        return True
    away = (
        "translate" in said.get("transform", "")
        and re.search(r"-\d{4}|-\d{3}%", said["transform"]) is not None
    )
    if away or any(_points(said.get(name, ""), 0) <= -_AWAY for name in _MOVED):
        return True
    flat = any(
        _points(said.get(name, ""), 12) == 0 for name in ("height", "max-height", "width", "max-width")
    )
    if (
        flat
        and "hidden"
        in f"{said.get('overflow', '')} {said.get('overflow-y', '')} {said.get('overflow-x', '')}"
    ):
        return True
    behind = _colour(said.get("background-color") or said.get("background", ""))
    return bool(behind) and behind == _colour(said.get("color", ""))


def _is_understood(name: str, value: str) -> bool:
    """Tell whether we know what a declaration does; whether it hides is another question."""
    if not value or _HARMLESS.fullmatch(name) is not None:
        return True
    understood = _understood().get(name)
    return understood is not None and understood.fullmatch(value) is not None


@cache
def _understood() -> Mapping[str, re.Pattern[str]]:
    """Return the properties that may hide, with the values of which we know whether they do."""
    sizes = (
        "width height max-width max-height min-width min-height font-size text-indent left right top bottom"
    )
    sides = "margin margin-left margin-right margin-top margin-bottom"
    return {
        **dict.fromkeys(f"{sizes} {sides}".split(), _SIZES),
        "display": _WORDS,
        "visibility": re.compile("visible|inherit|hidden|collapse"),
        "mso-hide": _WORDS,
        "position": re.compile("static|relative|absolute"),
        "z-index": re.compile(r"auto|\d+"),
        "color": _COLOURS,
        "background": re.compile(r"(?:[\w#%.,\s-]|rgba?\([^()]*\)|url\([^()]*\))+"),
        "background-color": re.compile(rf"{_COLOURS.pattern}|transparent|rgba\([\d\s,.%]+\)"),
        "font": re.compile(r"""[\w\s,./%"'-]+"""),
        "opacity": re.compile(r"1(?:\.0*)?|0?\.[1-9]\d*|[1-9]\d+%"),
        "letter-spacing": re.compile(r"normal|0?\.?\d+(?:\.\d+)?[a-z]*"),
        "word-spacing": re.compile(r"normal|0?\.?\d+(?:\.\d+)?[a-z]*"),
        "zoom": re.compile(r"1|100%|normal"),
        **dict.fromkeys(("clip-path", "mask", "text-shadow"), re.compile("none")),
        "filter": re.compile(r"none|alpha\(opacity=(?:[1-9]\d|100)\)"),
        "transform": re.compile(r"none|scale\((?:[1-9]\d*|0?\.[1-9]\d*)\)"),
        "clip": re.compile("auto"),
    }


def _points(text: str, otherwise: float) -> float:
    """Return a length in points; `otherwise` where it is none."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return otherwise
    number = float(found[1])
    return number * 0.12 if found[2] == "%" else number * _POINTS[found[2] or ""]


def _font_size(font: str) -> str:
    """Return the size in the short form of a font."""
    return next(
        (word.partition("/")[0] for word in font.split() if _LENGTH.fullmatch(word.partition("/")[0])), ""
    )


def _colour(text: str) -> str:
    """Return a colour in one spelling, nothing where it is none."""
    text = "".join(text.split())
    if found := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", text):
        return "#" + "".join(2 * one for one in found.groups())
    if found := re.fullmatch(r"rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)", text):
        return "#" + "".join(f"{int(one) & 255:02x}" for one in found.groups())
    return _WHITE.get(text, text if re.fullmatch(r"#[0-9a-f]{6}|[a-z]{3,20}", text) else "")


def is_flat(attributes: Mapping[str, str], side: str) -> bool:
    """Tell whether Excel shows nothing of a row, or of a column, for its ``height``, or its ``width``."""
    if attributes.get(side, "").strip() in _NONE:
        return True
    return any(
        name.strip().lower() == side and value.strip().lower() in _NONE
        for name, _, value in (part.partition(":") for part in attributes.get("style", "").split(";"))
    )
