from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.runtime.secret_file import MAX_BYTES, SecretFileError, read_secret

pytestmark = pytest.mark.skipif(os.name != "posix", reason="files have modes on POSIX alone")


def written(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "secret"
    file.unlink(missing_ok=True)
    file.write_bytes(content)
    file.chmod(mode)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(SecretFileError) as refused:
        read_secret(file)
    assert refused.value.args == (refused.value.message.text,)
    return str(refused.value.message)


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"s3cret", "s3cret"),
        (b"s3cret\n", "s3cret"),
        (b"  s3cret \r\nsecond line\n", "s3cret"),
        (b"\xef\xbb\xbfs3cret\n", "s3cret"),
        ("口 令".encode(), "口 令"),
        (b"x" * MAX_BYTES, "x" * MAX_BYTES),
    ],
)
def test_the_first_line_is_the_secret(content: bytes, secret: str, tmp_path: Path) -> None:
    assert read_secret(written(tmp_path, content)) == secret
    assert read_secret(written(tmp_path, content, 0o400)) == secret


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(more=st.integers(0o1, 0o77))
def test_whatever_others_may_do_with_the_file_it_is_refused(more: int, tmp_path: Path) -> None:
    file = written(tmp_path, b"s3cret", 0o600 | more)
    assert refusal(file) == (
        f"“{file}”的权限是 {0o600 | more:o}，别人也能读写；应为 600：请运行 chmod 600 {file}"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        (b"\n", "是空的"),
        (b"  \nsecond line", "是空的"),
        (b"\xff\xfe", "不是 UTF-8 文件"),
        (b"x" * (MAX_BYTES + 1), "太长，不像口令文件"),
    ],
)
def test_what_holds_no_secret(content: bytes, words: str, tmp_path: Path) -> None:
    file = written(tmp_path, content)
    assert refusal(file) == f"“{file}”{words}"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert refusal(missing) == f"不能读取“{missing}”：{os.strerror(2)}"
    assert refusal(tmp_path).startswith(f"不能读取“{tmp_path}”：")
