"""Files a command writes where a person names a path: made new, never through a link, never over what is there.

A command may run with more rights than the person who calls it (`sudo`). What is somewhere already is therefore left
alone, links are not followed, and a folder in which that person could not write themselves is refused.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from engine.language import Message, say

#: What `sudo` says of the person who called it; nobody else's words count for more rights, only for fewer.
CALLER_USER, CALLER_GROUP = "SUDO_UID", "SUDO_GID"


class OutputExistsError(Exception):
    """An output path cannot be made new; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


def require_new(path: Path) -> None:
    """Raise OutputExistsError where something, be it a broken link, is at `path`, or the caller could not write there."""
    if os.path.lexists(path):
        raise OutputExistsError(say("“{path}”已经存在；请换一个文件名", path=path))
    _require_callers_right(path.parent)


def require_new_folder(folder: Path, *, empty: bool = True) -> None:
    """Raise OutputExistsError unless `folder` can be made or is a folder and no link, an empty one where that is asked for."""
    if folder.is_symlink():
        raise OutputExistsError(say("“{path}”是符号链接；请换一个目录", path=folder))
    if folder.exists() and (not folder.is_dir() or (empty and any(folder.iterdir()))):
        raise OutputExistsError(say("“{path}”不是空目录；请换一个目录", path=folder))
    _require_callers_right(folder if folder.exists() else folder.parent)


def create_file(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a new file. Raises OutputExistsError where something is at its path, OSError."""
    require_new(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        opened = os.open(path, flags, mode)
    except FileExistsError:
        # Made by somebody else since it was looked for.
        raise OutputExistsError(say("“{path}”已经存在；请换一个文件名", path=path)) from None
    try:
        with os.fdopen(opened, "wb") as stream:
            stream.write(content)
    except BaseException:
        # Half a file is of use to nobody, and is in the way of the next try.
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def place_new(finished: Path, path: Path) -> None:
    """Give a file that was written whole beside `path` its name there. Raises OutputExistsError, OSError."""
    require_new(path)
    try:
        os.link(finished, path)
    except FileExistsError:
        raise OutputExistsError(say("“{path}”已经存在；请换一个文件名", path=path)) from None
    except OSError:
        # A file system without hard links.
        finished.rename(path)
    else:
        finished.unlink()


def create_files(folder: Path, files: Mapping[str, bytes], *, empty: bool = True, mode: int = 0o666) -> None:
    """Write new files into a folder that is not there yet, or has nothing in it where `empty` asks for that.

    Raises OutputExistsError, OSError.
    """
    require_new_folder(folder, empty=empty)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        create_file(folder / name, content, mode)


def _require_callers_right(folder: Path) -> None:
    """Raise OutputExistsError where the person who called `sudo` could not make a file in `folder` themselves."""
    user = os.environ.get(CALLER_USER, "")
    if not user.isdecimal() or not hasattr(os, "geteuid") or int(user) in (0, os.geteuid()):
        return
    there = next(one for one in (folder, *folder.parents, Path()) if one.is_dir()).resolve()
    groups = _groups_of(int(user))
    for place, wanted in ((there, 0o3), *((one, 0o1) for one in there.parents)):
        seen = place.stat()
        granted = _granted(seen, int(user), groups)
        if granted & wanted != wanted:
            raise OutputExistsError(
                say("调用 sudo 的账户自己不能在“{path}”写文件；请换一个目录", path=folder)
            )


def _granted(seen: os.stat_result, user: int, groups: set[int]) -> int:
    """Return which of read, write and search the mode of a folder grants to `user`."""
    if seen.st_uid == user:
        return stat.S_IMODE(seen.st_mode) >> 6 & 0o7
    if seen.st_gid in groups:
        return stat.S_IMODE(seen.st_mode) >> 3 & 0o7
    return stat.S_IMODE(seen.st_mode) & 0o7


def _groups_of(user: int) -> set[int]:
    """Return the groups of a person, by the list of the machine where it can be read, else by what sudo says."""
    named = os.environ.get(CALLER_GROUP, "")
    groups = {int(named)} if named.isdecimal() else set()
    try:
        import pwd

        known = pwd.getpwuid(user)
        return groups | set(os.getgrouplist(known.pw_name, known.pw_gid))
    except (ImportError, KeyError, AttributeError):
        return groups
