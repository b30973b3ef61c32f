"""Files in the format age (age-encryption.org/v1), made and opened by pyrage, which is installed where files are encrypted."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.files.reading import open_file, open_regular, read_file
from engine.kernel.budget import OWN_NOTE, BudgetExceededError
from engine.language import Message, say

MARK = b"age-encryption.org/v1\n"
_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")


class AgeError(Exception):
    """A file cannot be encrypted or opened; `message` says why. `of_place`: the environment's fault."""

    def __init__(self, message: Message, *, of_place: bool = False) -> None:
        super().__init__(message.text)
        self.message = message
        self.of_place = of_place


def is_encrypted(file: Path) -> bool:
    """Tell whether a file is in the format age. Raises OSError."""
    with open_file(file) as stream:
        return stream.read(len(MARK)) == MARK


def encrypt(plain: Path, target: Path, recipients: Sequence[str]) -> None:
    """Write `plain` encrypted to `target`, a new file of the owner's alone. Raises AgeError, OSError."""
    age = _age()
    try:
        keys = [age.x25519.Recipient.from_str(one) for one in recipients]
    except age.RecipientError:
        raise AgeError(
            say("{keys} 里有不是 age 公钥（age1……）的", keys=list(recipients)), of_place=True
        ) from None
    with plain.open("rb") as source, _new(target) as written:
        age.encrypt_io(source, written, keys)
        written.flush()
        os.fsync(written.fileno())


def decrypt(file: Path, target: Path, identity: Path) -> None:
    """Write what is in `file` to `target`, a new file of the owner's alone. Raises AgeError, OSError."""
    age = _age()
    keys = _identities(age, identity)
    with open_regular(file) as source, _new(target) as written:
        try:
            age.decrypt_io(source, written, keys)
        except (age.DecryptError, OSError) as problem:
            # An error of the system has a number; pyrage reports damage as an OSError without one.
            if isinstance(problem, OSError) and problem.errno is not None:
                raise
            raise AgeError(
                say("“{file}”用这把私钥打不开，或者文件已损坏；请换私钥或换一份备份", file=file.name)
            ) from None


def _new(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _identities(age: Any, file: Path) -> list[Any]:
    """Read a file of identities, as ``age-keygen`` writes it."""
    try:
        text = read_file(file, OWN_NOTE).decode("ascii", "replace")
        found = [age.x25519.Identity.from_str(one) for one in _SECRET.findall(text)]
    except (age.IdentityError, BudgetExceededError):
        found = []
    if not found:
        raise AgeError(say("“{file}”里没有 age 私钥（AGE-SECRET-KEY-1……）", file=file))
    return found


def _age() -> Any:
    try:
        import pyrage
    except ImportError:
        message = say('加密的备份要装 pyrage：pip install "shuangsuiji[encryption]"')
        raise AgeError(message, of_place=True) from None
    return pyrage
