"""What somebody types for a question, as the form takes it. Nothing is judged here: that is done once, at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.language import translate
from engine.lifecycle.forms.fields import typed_text
from engine.lifecycle.model.form import FILES, Field, FieldType

_SEVERAL = re.compile(r"[,，;；、]\s*|\s+")
#: The types of which one answer is several files.
MANY_FILES = (FieldType.FILES, FieldType.PHOTOS)


def typed_answer(asked: Field, text: str, offered: Mapping[str, str]) -> Any:
    """Return what `text` means as an answer; what it does not fit is kept as it was typed, to be refused later.

    Of files it is the id of one that is kept, one a line; a path is looked for where files are kept (`Attachments`).
    """
    if asked.type is FieldType.CHOICES:
        if (whole := _code(text, offered)) in offered:
            return [whole]
        words = [word for word in _SEVERAL.split(text) if word]
        codes = {word: _code(word, offered) for word in dict.fromkeys(words)}
        return [codes[word] for word in words]
    if asked.type in FILES:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines if asked.type in MANY_FILES else text.strip()
    return _code(text, offered) if asked.choices else typed_text(asked, text)


def matching(offered: Mapping[str, str], text: str) -> Mapping[str, str]:
    """Return the choices whose code or text holds `text`."""
    wanted = text.casefold()
    return {
        code: choice
        for code, choice in offered.items()
        if wanted in code.casefold() or wanted in choice.casefold() or wanted in translate(choice).casefold()
    }


def _code(text: str, offered: Mapping[str, str]) -> str:
    """Return the code of a choice typed as its number, its code, its text, or a part of it that no other has."""
    codes = list(offered)
    if text in offered:
        return text
    if text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= len(codes):
        return codes[int(text) - 1]
    exact = [code for code, choice in offered.items() if text in (choice, translate(choice))]
    found = exact or list(matching(offered, text))
    return found[0] if len(found) == 1 else text
