from __future__ import annotations

import pytest

from engine.app.sign_in.passwords import (
    PasswordsMissingError,
    hash_password,
    limits,
    matches,
    nobodys_hash,
    why_weak,
)


def test_a_password_fits_its_own_hash_alone() -> None:
    pytest.importorskip("argon2")
    kept = hash_password("correct horse", lambda size: b"s" * size)
    assert kept == hash_password("correct horse", lambda size: b"s" * size)
    assert kept.startswith("$argon2id$")
    assert [matches(kept, one) for one in ("correct horse", "other", "x" * 257)] == [True, False, False]
    assert matches("no hash", "correct horse") is False
    assert matches(nobodys_hash(), "") is False


@pytest.mark.parametrize(
    ("password", "sentences"),
    [
        ("correct horse", []),
        ("abcdefgh", ["口令有 8 个字符，至少要 10 个"]),
        ("ababababab", ["口令里不同的字符太少"]),
        ("xxANNAxx-12", ["口令里不能有本人编号"]),
        ("abcdef" * 50, ["口令最多 256 个字符"]),
    ],
)
def test_weak_passwords(password: str, sentences: list[str]) -> None:
    assert [str(one) for one in why_weak(password, "anna")] == sentences


def test_bounds_and_the_missing_library() -> None:
    assert (limits()["password_least"], limits()["password_most"], limits()["failures"]) == (10, 256, 5)
    assert 'pip install "shuangsuiji[passwords]"' in str(PasswordsMissingError().message)
