"""Secrets in files: read only where nobody but their owner can."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from engine.files.reading import open_file
from engine.language import Message, say

#: A longer file holds no secret.
MAX_BYTES = 4096


class SecretFileError(Exception):
    """A file cannot serve; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def read_secret(file: Path) -> str:
    """Return the first line of a file, without its end. Raises SecretFileError.

    On systems with owners and modes, a file that its group or others may read or write is refused.
    """
    try:
        with open_file(file) as stream:
            mode = os.fstat(stream.fileno()).st_mode
            content = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise SecretFileError(
            say("不能读取“{file}”：{problem}", file=file, problem=problem.strerror)
        ) from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretFileError(
            say(
                "“{file}”的权限是 {seen}，别人也能读写；应为 600：请运行 chmod 600 {file}",
                file=file,
                seen=f"{stat.S_IMODE(mode):o}",
            )
        )
    if len(content) > MAX_BYTES:
        raise SecretFileError(say("“{file}”太长，不像口令文件", file=file))
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SecretFileError(say("“{file}”不是 UTF-8 文件", file=file)) from None
    if not lines or not lines[0].strip():
        raise SecretFileError(say("“{file}”是空的", file=file))
    return lines[0].strip()
