"""Sentences for people: Chinese in the source, other languages from gettext catalogues.

A sentence is written once, whole, in Chinese, with named places: ``say("案件 {case} 不存在", case=case.id)``.
It stays a value until somebody reads it, so the same refusal can be shown in Chinese to one person and in
English to another, and nothing that is stored depends on the language of the process.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Self

from engine.language.filling import fill
from engine.language.plurals import agree, has_marks
from engine.value import value

#: The language of the source sentences, used when nothing else is asked for.
SOURCE_LANGUAGE = "zh_CN"
LANGUAGES = ("zh_CN", "en")

#: Where the catalogues lie, by language and domain.
CATALOGUES = Path(__file__).parent / "locale"
#: The catalogues: the sentences of the program, and the texts of the shipped definitions.
SENTENCES, SHIPPED = "ssj", "shipped"


@value
class Message:
    """One sentence: the Chinese source text and the values for its named places.

    A value may itself be a `Message` or a sequence of them; it is translated with the sentence.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, language: str | None = None, most: int | None = None) -> str:
        """Return the sentence in `language` (default: the language of the process).

        Raises what `fill` raises; `most` bounds its length in characters.
        """
        language = language or current_language()
        text = _translate(self.text, language)
        if not self.values:
            return text
        if language != SOURCE_LANGUAGE and has_marks(text):
            text = agree(text, self.values)
        # Texts need no translation where they are no terms, or are to be read as they were written: most values by far.
        plain = str if language == SOURCE_LANGUAGE else None
        values = {
            name: value
            if type(value) is str or (plain and isinstance(value, plain))
            else _shown(value, language)
            for name, value in self.values.items()
        }
        return fill(text, values, most)

    def __str__(self) -> str:
        return self.render()


class Term(str):
    """A word of the product that is kept as it is written, and shown in the language of whoever reads it.

    In histories and tables it is the Chinese word; as a value of a sentence it is translated with the sentence.
    """

    __slots__ = ()


def term(text: str) -> Term:
    """Return `text`, a word or a title, as a `Term`."""
    return Term(text)


class DefinedText(Term):
    """A text of a definition: a title, a help, a refusal a section has written, or a word of a code list.

    Like a `Term`, but its English is in the catalogue of the shipped definitions. A text a bureau has written itself
    is shown as it is written.
    """

    __slots__ = ()


class BilingualText(DefinedText):
    """A text of a definition whose author has written the English as well (``english:`` of its file)."""

    __slots__ = ("english",)

    def __new__(cls, text: str, english: str = "") -> Self:
        """Return `text` with its English."""
        made = super().__new__(cls, text)
        made.english = english
        return made

    english: str


#: What the published definitions say in English, for texts that were kept in tables and histories.
_PUBLISHED: dict[str, str] = {}


def know_published(texts: Mapping[str, str]) -> None:
    """Let `defined` and `DefinedText` find the English that the published definitions of the deployment say themselves."""
    if texts != _PUBLISHED:
        _PUBLISHED.clear()
        _PUBLISHED.update(texts)


def translate(text: str) -> str:
    """Return a text as it is shown: a `Term` in the language of whoever reads it, any other as it is."""
    return _of_term(text, current_language()) if isinstance(text, Term) else text


def defined(text: str) -> str:
    """Return a text of a definition that was kept in a table or a history, in the language of whoever reads it."""
    return _of_term(DefinedText(text), current_language())


def say(text: str, /, **values: Any) -> Message:
    """Return `text` as a translatable sentence; `values` fill its ``{named}`` places."""
    return Message(text, values)


#: What one request asks for, where one process answers people of several languages.
_ASKED: ContextVar[str | None] = ContextVar("language", default=None)


@contextmanager
def in_language(asked: str) -> Iterator[None]:
    """Let everything the block says be in the language called `asked` (``en``, ``zh-CN``); an unknown one is Chinese."""
    before = _ASKED.set(_language(asked))
    try:
        yield
    finally:
        _ASKED.reset(before)


def current_language() -> str:
    """Return the language people asked for: that of the request, else ``SSJ_LANG``, else Chinese."""
    return _ASKED.get() or _language(os.environ.get("SSJ_LANG", SOURCE_LANGUAGE))


@cache
def _language(asked: str) -> str:
    asked = asked.split(".", maxsplit=1)[0].replace("-", "_")
    if asked in LANGUAGES:
        return asked
    return "en" if asked.startswith("en") else SOURCE_LANGUAGE


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return value.render(language)
    if isinstance(value, Term):
        return _of_term(value, language)
    if isinstance(value, (list, tuple)):
        separator = "、" if language == SOURCE_LANGUAGE else ", "
        return separator.join(str(_shown(item, language)) for item in value)
    return value


def _of_term(text: Term, language: str) -> str:
    if isinstance(text, DefinedText) and language != SOURCE_LANGUAGE:
        own = text.english if isinstance(text, BilingualText) else _PUBLISHED.get(text)
        if own:
            return own
        english = _translate(text, language, SHIPPED)
        if english is not text:
            return english
    return _translate(text, language)


def _translate(text: str, language: str, domain: str = SENTENCES) -> str:
    if language == SOURCE_LANGUAGE or not text:
        return text
    return _catalogue(language, domain).gettext(text)


@cache
def _catalogue(language: str, domain: str) -> gettext.NullTranslations:
    return gettext.translation(domain, localedir=CATALOGUES, languages=[language], fallback=True)
