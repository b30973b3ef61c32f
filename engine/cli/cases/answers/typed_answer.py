"""What somebody types for a question, as the form takes it. Nothing is judged here: that is done once, at the end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.files.reading import read_file
from engine.kernel.budget import Budget
from engine.language import translate
from engine.lifecycle.model.form import Field, FieldType

_SEVERAL = re.compile(r"[,，;；、]\s*|\s+")
_FILES = (FieldType.FILE, FieldType.PHOTO, FieldType.SIGNATURE)
_MANY_FILES = (FieldType.FILES, FieldType.PHOTOS)
_MANY = (FieldType.CHOICES, FieldType.PERSONS, FieldType.LIST)
#: A file whose digest is taken; the file itself stays where it is.
ATTACHMENT = Budget(bytes=200_000_000)


def typed_answer(asked: Field, text: str, offered: Mapping[str, str]) -> Any:
    """Return what `text` means as an answer; what it does not fit is kept as it was typed, to be refused later."""
    if asked.type in _MANY:
        words = [word for word in _SEVERAL.split(text) if word]
        if asked.type is not FieldType.CHOICES:
            return words
        codes = {word: _code(word, offered) for word in dict.fromkeys(words)}
        return [codes[word] for word in words]
    if asked.type in _FILES:
        return _file(text)
    if asked.type in _MANY_FILES:
        return [_file(word) for word in _SEVERAL.split(text) if word]
    return _code(text, offered) if asked.choices else text


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


def _file(text: str) -> Any:
    """Return the name and digest of the file at a path; what is no file is kept as it was typed."""
    try:
        path = Path(text).expanduser()
        found = path.is_file()
    except (OSError, ValueError, RuntimeError):
        # No name of a file: too long, with a character none may have, or of nobody's folder.
        return text
    if not found:
        return text
    return {"name": path.name, "sha256": hashlib.sha256(read_file(path, ATTACHMENT)).hexdigest()}
