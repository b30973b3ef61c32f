"""Passwords: argon2id over a salt of their own (RFC 9106). The library comes with the extra ``passwords``."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.language import Message, say
from engine.yamltext.plain import read_plain

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: Returns so many random bytes.
Entropy = Callable[[int], bytes]

_LIMITS = Path(__file__).with_name("sign_in.yaml")
_SALT = 16


class PasswordsMissingError(Exception):
    """Passwords cannot be used here; `message` says what to install."""

    def __init__(self) -> None:
        self.message = say('没有安装口令所需的库；请运行 pip install "shuangsuiji[passwords]"，或改用令牌')
        super().__init__(self.message.text)


@cache
def limits() -> Mapping[str, Any]:
    """Return the bounds of signing in, from ``sign_in.yaml``."""
    found, problems = read_plain(_LIMITS.read_bytes(), _LIMITS.name)
    if problems:
        raise AssertionError(problems)
    return dict(found)


def hash_password(password: str, entropy: Entropy = secrets.token_bytes) -> str:
    """Return the hash to keep, with its own parameters and salt in it. Raises PasswordsMissingError."""
    return _hasher().hash(password, salt=entropy(_SALT))


def matches(kept: str, password: str) -> bool:
    """Tell whether `password` is the one that `kept` was made of. Raises PasswordsMissingError."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > limits()["password_most"]:
        return False
    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys_hash() -> str:
    """Return a hash no password fits, so that asking about nobody takes as long as asking about somebody."""
    return hash_password(secrets.token_hex(32))


def why_weak(password: str, person: str) -> list[Message]:
    """Return everything that is wrong with a new password."""
    bounds = limits()
    problems = []
    if len(password) < bounds["password_least"]:
        problems.append(
            say("口令有 {seen} 个字符，至少要 {least} 个", seen=len(password), least=bounds["password_least"])
        )
    if len(password) > bounds["password_most"]:
        problems.append(say("口令最多 {most} 个字符", most=bounds["password_most"]))
    if len(set(password)) < 5 and password:
        problems.append(say("口令里不同的字符太少"))
    if person.casefold() in password.casefold():
        problems.append(say("口令里不能有本人编号"))
    return problems


@cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError:
        raise PasswordsMissingError from None
    costs = limits()["argon2"]
    return PasswordHasher(
        time_cost=costs["time_cost"], memory_cost=costs["memory_kib"], parallelism=costs["parallelism"]
    )
