"""Reading a backup: its manifest, and its files unpacked aside, each held against its digest.

Every way in which the bytes of a backup can be damaged ends in BackupError, which says so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from engine.files.age import AgeError, decrypt, is_encrypted
from engine.files.aside import aside_folder
from engine.files.containers import Container, ContainerError, open_container
from engine.files.reading import file_digest, read_file
from engine.kernel.budget import JSON_ERRORS, OWN_NOTE, BudgetExceededError, read_json
from engine.kernel.budget import MANIFEST as MANIFEST_BUDGET
from engine.language import Message, say
from engine.operations.backup import (
    DATABASE,
    HOME,
    MANIFEST,
    NOTE_FORMAT,
    BackupError,
    BackupNote,
    Manifest,
    digest_before_comment,
    note_path,
)
from engine.operations.modes import PRIVATE_FILE, PRIVATE_FOLDER

#: How the name of the folder begins in which a backup is decrypted.
OPENED_ASIDE = ".ssj-opened-"
#: Bytes of a disk that a restore leaves free.
_LEFT_FREE = 256_000_000
#: No name in a backup has more parts: a folder for each would be made.
_DEEPEST = 40


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says it holds. Raises BackupError where it is no backup, OSError."""
    try:
        with open_container(file, MANIFEST_BUDGET) as package:
            return _manifest_in(package)
    except (ContainerError, *JSON_ERRORS):
        raise BackupError(
            say("“{file}”不是 ssj backup 所作的备份，或备份已损坏；请换一份备份", file=file)
        ) from None


@contextmanager
def opened(file: Path, identity: Path | None) -> Iterator[Path]:
    """Yield a backup decrypted, in a folder of its own that is removed afterwards; one that is not encrypted as it is.

    Raises BackupError where no identity is given or none that opens it, or the file is damaged; OSError.
    """
    if not is_encrypted(file):
        yield file
        return
    if identity is None:
        raise BackupError(say("“{file}”是加密的备份，须用私钥文件打开", file=file.name))
    note = read_note(file)
    if note is not None and note.sha256 != file_digest(file):
        raise damaged(file, say("内容与旁边的摘要不符"))
    with aside_folder(file.parent, OPENED_ASIDE) as place:
        # Called as the backup is: sentences name it.
        plain = place / file.name
        try:
            decrypt(file, plain, identity)
        except AgeError as problem:
            raise BackupError(problem.message, of_place=problem.of_place) from None
        yield plain


def read_note(file: Path) -> BackupNote | None:
    """Return the note beside an encrypted backup; None where there is none that can be read."""
    try:
        body = read_json(read_file(note_path(file), OWN_NOTE), OWN_NOTE)
        if body["format"] != NOTE_FORMAT:
            return None
        deployment = None if body["deployment"] is None else str(body["deployment"])
        return BackupNote(deployment, str(body["made_at"]), str(body["sha256"]))
    except (OSError, BudgetExceededError, *JSON_ERRORS):
        return None


def unpack(file: Path, place: Path) -> Manifest:
    """Write the files of a backup below `place`, readable by their owner alone; returns what it says it holds.

    Nothing is written where the disk has no room for what the backup says it unpacks to, and never more than that.
    Raises BackupError, OSError.
    """
    manifest = read_manifest(file)
    try:
        with open_container(file, MANIFEST_BUDGET) as package:
            if manifest.whole:
                _check_whole(file, package.archive.comment)
            sizes = package.sizes()
            if (
                MANIFEST not in sizes
                or DATABASE not in sizes
                or set(sizes) - {MANIFEST} != set(manifest.files)
            ):
                raise damaged(file, say("文件与清单不符"))
            for name, (size, _) in manifest.files.items():
                if sizes[name] != size:
                    raise damaged(file, say("“{name}”的大小与清单不符", name=name))
                _check_name(file, name)
            _check_room(place, sum(sizes.values()))
            for name, (size, digest) in manifest.files.items():
                _unpack_one(package, file, name, place, (size, digest))
    except ContainerError as problem:
        raise damaged(file, problem.message) from None
    return manifest


def damaged(file: Path, what: Message) -> BackupError:
    """Return the exception that says that a backup is damaged, and how."""
    return BackupError(say("备份已损坏（{file}）：{what}；请换一份备份", file=file.name, what=what))


def _manifest_in(package: Container) -> Manifest:
    return Manifest.from_json(read_json(package.read(MANIFEST, MANIFEST_BUDGET.bytes), MANIFEST_BUDGET))


def _check_whole(file: Path, comment: bytes) -> None:
    """Hold every byte against the digest at the end: also those nothing is read from, like times and attributes."""
    if comment[-64:] != digest_before_comment(file).encode():
        raise damaged(file, say("内容与末尾的摘要不符"))


def _check_name(file: Path, name: str) -> None:
    path = PurePosixPath(name)
    unfit = not name.isprintable() or any(char in name for char in '\\:*?"<>|') or path.is_absolute()
    known = name == DATABASE or name.startswith(HOME)
    if unfit or not known or ".." in path.parts or path.as_posix() != name or len(path.parts) > _DEEPEST:
        raise damaged(file, say("不允许的文件名“{name}”", name=name))


def _check_room(place: Path, size: int) -> None:
    free = shutil.disk_usage(place).free
    if size + _LEFT_FREE > free:
        raise BackupError(
            say("备份解开后有 {size} MB，磁盘只有 {free} MB 可用；请换一个磁盘，或清理以后再试", size=size // 10**6, free=free // 10**6),
            of_place=True,
        )  # fmt: skip


def _unpack_one(package: Container, file: Path, name: str, place: Path, right: tuple[int, str]) -> None:
    target = place
    for part in PurePosixPath(name).parts[:-1]:
        target /= part
        target.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    target /= PurePosixPath(name).name
    hashed, seen = hashlib.sha256(), 0
    try:
        opened = os.open(
            target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE_FILE
        )
        with os.fdopen(opened, "wb") as written:
            for part_of in package.pieces(name):
                hashed.update(part_of)
                seen += len(part_of)
                written.write(part_of)
            written.flush()
            os.fsync(written.fileno())
    except ContainerError:
        raise damaged(file, say("“{name}”读不出来", name=name)) from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        # Two names that are one on this system, or a file where a folder is wanted.
        raise damaged(file, say("不允许的文件名“{name}”", name=name)) from None
    if (seen, hashed.hexdigest()) != right:
        raise damaged(file, say("“{name}”的内容与摘要不符", name=name))
