"""The English catalogues: gathers the texts, keeps their translations and compiles them.

``python -m engine.language.catalogue`` writes ``locale/en/LC_MESSAGES/ssj.po`` (the sentences of the program),
``shipped.po`` (the texts of the shipped definitions) and their ``.mo`` anew: texts that are
gone are dropped, new ones stand there untranslated. ``--check`` writes nothing and ends with 1 when something is
missing or wrong. Needs Babel, which only developers install; the product reads ``ssj.mo`` with the standard library.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.language.gathering import gather, is_chinese
from engine.language.shipped_texts import gather_shipped

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

_HERE = Path(__file__).parent
ROOT = _HERE.parents[1]
PO = _HERE / "locale" / "en" / "LC_MESSAGES" / "ssj.po"
MO = PO.with_suffix(".mo")
#: The texts of the shipped definitions.
SHIPPED_PO = PO.with_name("shipped.po")
SHIPPED_MO = SHIPPED_PO.with_suffix(".mo")
#: The sentences of click in Chinese; edited by hand, compiled here.
CLICK_PO = _HERE / "locale" / "zh_CN" / "LC_MESSAGES" / "click.po"
CLICK_MO = CLICK_PO.with_suffix(".mo")

_TITLE = "The sentences of Shuangsuiji in English. python -m engine.language.catalogue keeps this file."
_HEAD = [
    ("Language", "en"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]

#: Lines of a head that change nothing without a new sentence.
_KEPT = {name for name, _ in _HEAD} | {"Plural-Forms"}

#: Signs of Chinese writing that have an ASCII sign to stand for them in English.
_FULL_WIDTH = frozenset("，。；：？！、（）【】《》“”‘’「」　…")


def read(path: Path = PO) -> dict[str, str]:
    """Return sentence -> translation of a ``.po`` file, those without a translation left out."""
    from babel.messages.pofile import read_po

    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}


def write(sentences: Mapping[str, Iterable[str]], translations: Mapping[str, str]) -> tuple[bytes, bytes]:
    """Return the bytes of a ``.po`` and its ``.mo`` file: the same sentences always give the same bytes."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import write_po

    catalogue = _empty()
    # In the order of the files, so that what is read together is translated together.
    for text in sorted(sentences, key=lambda text: (min(sentences[text]), text)):
        catalogue.add(text, translations.get(text, ""), locations=[(min(sentences[text]), 0)])
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=0, include_lineno=False)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def compiled(path: Path) -> bytes:
    """Return the bytes of the ``.mo`` file of a ``.po`` file."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        read = read_po(file)
    head = [(name, value) for name, value in read.mime_headers if name in _KEPT]
    catalogue = _empty(head)
    for entry in read:
        if entry.id:
            catalogue.add(entry.id, entry.string)
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def _empty(head: Sequence[tuple[str, str]] = _HEAD) -> Catalog:
    from babel.messages.catalog import Catalog

    class Ours(Catalog):
        """A catalogue whose head holds no dates and no versions: they would change it without a new sentence."""

        mime_headers = property(lambda self: head)

    return Ours(locale="en", domain="ssj", header_comment=f"# {_TITLE}", fuzzy=False)


def places(text: str) -> set[str]:
    """Return the named places of a sentence, with their formats; ``ValueError`` if the braces do not match.

    Braces that show YAML (``{code: text}``) are no places.
    """
    return {
        f"{name}!{conversion or ''}:{form or ''}"
        for _, name, form, conversion in string.Formatter().parse(text)
        if name is not None and not (form or "").startswith(" ")
    }


def faults(translations: Mapping[str, str]) -> list[str]:
    """Return what is wrong with translations that are there: their places, Chinese left untranslated, full-width signs."""
    found = []
    for text, translation in translations.items():
        try:
            if places(text) != places(translation):
                found.append(f"places differ: {text!r} -> {translation!r}")
        except ValueError:
            # A text with a brace of its own has no places, and is shown as it stands.
            pass
        if text.count("\b") != translation.count("\b"):
            found.append(f"the mark of text that click must not wrap is lost: {translation!r}")
        if wrong := sorted(set(translation) & _FULL_WIDTH - set(_quoted(text, translation))):
            found.append(f"Chinese punctuation {''.join(wrong)}: {translation!r}")
    return found


def _quoted(text: str, translation: str) -> str:
    """Return the parts of a translation that quote what the Chinese reads literally, in backquotes."""
    return "".join(part for part in translation.split("`")[1::2] if part in text)


def check() -> list[str]:
    """Return everything that keeps the English of the product from being whole."""
    found = gather(ROOT)
    problems = [
        *found.problems,
        *_check_one(PO, MO, found.sentences),
        *_check_one(SHIPPED_PO, SHIPPED_MO, gather_shipped(ROOT)),
    ]
    if not CLICK_MO.is_file() or compiled(CLICK_PO) != CLICK_MO.read_bytes():
        problems.append(
            f"{CLICK_MO.name} is not what {CLICK_PO.name} compiles to; run python -m engine.language.catalogue"
        )
    return problems


def _check_one(po: Path, mo: Path, sentences: Mapping[str, Iterable[str]]) -> list[str]:
    translations = read(po)
    problems = [
        f"no translation: {text!r} ({min(sentences[text])})"
        for text in sentences
        if text not in translations and is_chinese(text)
    ]
    problems += faults(translations)
    written, compiled_now = write(sentences, translations)
    if not po.is_file() or written != po.read_bytes():
        problems.append(f"{po.name} is not what the sentences give; run python -m engine.language.catalogue")
    if not mo.is_file() or compiled_now != mo.read_bytes():
        problems.append(
            f"{mo.name} is not what {po.name} compiles to; run python -m engine.language.catalogue"
        )
    return problems


def main(arguments: list[str]) -> int:
    """Write the catalogue anew, or with ``--check`` only look at it."""
    try:
        import babel.messages  # noqa: F401 - asked for before anything is written
    except ImportError:
        print("The catalogue is made with Babel: install the development requirements.", file=sys.stderr)
        return 3
    if arguments not in ([], ["--check"]):
        print("usage: python -m engine.language.catalogue [--check]", file=sys.stderr)
        return 2
    if not arguments:
        PO.parent.mkdir(parents=True, exist_ok=True)
        for po, mo, sentences in (
            (PO, MO, gather(ROOT).sentences),
            (SHIPPED_PO, SHIPPED_MO, gather_shipped(ROOT)),
        ):
            written, compiled_now = write(sentences, read(po))
            po.write_bytes(written)
            mo.write_bytes(compiled_now)
        CLICK_MO.write_bytes(compiled(CLICK_PO))
    problems = check()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
