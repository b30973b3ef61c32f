"""Backing a deployment up while it is running: one file with the database and everything the bureau wrote.

The file is a zip: ``manifest.json`` (`Manifest`), ``database.sqlite`` (a consistent copy made by SQLite's own online
backup, or of one moment of a PostgreSQL), and under ``home/`` the settings, definitions, calendars and other files of the deployment. What can be made
again (the public site) or belongs to the machine (logs, locks) is left out, and so is what opens something
(`engine.operations.secrets`). The manifest keeps who may read what (`engine.operations.modes`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine import __version__
from engine.app.commands import Caller, Clock, operations
from engine.app.queries import Transaction
from engine.deployment.home import SETTINGS, Home
from engine.deployment.open import open_application
from engine.deployment.own_database import id_of
from engine.deployment.set_up import PRIVATE
from engine.files.age import AgeError, encrypt
from engine.files.aside import aside_folder
from engine.files.containers import ContainerError, open_container
from engine.files.journal import flush_folder
from engine.files.output import place_new
from engine.files.reading import file_digest
from engine.kernel.budget import MANIFEST as MANIFEST_BUDGET
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.operations.modes import modes_of, read_modes
from engine.operations.secrets import withheld_from
from engine.store.problem import StoreUnavailableError
from engine.store.revision import MOVED

FORMAT = "shuangsuiji-backup/1"
NOTE_FORMAT = "shuangsuiji-backup-note/1"
MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
HOME = "home/"

#: How the names of the folders begin in which a backup is made.
ASIDE = ".ssj-backup-"
_BUSY_TIMEOUT_SECONDS = 30
_CHUNK = 1 << 20
#: What a database file that is damaged is refused with; where a name in it is no text, with an error about that.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
#: The comment of the zip, before the digest.
_COMMENT = b"sha256:"


class BackupError(Exception):
    """A backup cannot be made or read; `message` says why and what to do. `of_place`: the environment's fault."""

    def __init__(self, message: Message, *, of_place: bool = False) -> None:
        super().__init__(message.text)
        self.message = message
        self.of_place = of_place


@dataclass(frozen=True, slots=True)
class Histories:
    """What the append-only histories of a database come to."""

    streams: int
    events: int
    #: SHA-256 over the newest entry of every stream.
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says it holds."""

    made_at: str
    program: str
    #: Revision of the database's tables.
    revision: str
    #: table -> rows
    tables: Mapping[str, int]
    histories: Histories
    #: name in the zip -> (bytes, SHA-256)
    files: Mapping[str, tuple[int, str]]
    #: What the deployment worked on: ``sqlite`` or ``postgresql``.
    database: str = "sqlite"
    #: Name of a file or folder -> its mode, in octal; empty for backups of programs that did not keep them.
    modes: Mapping[str, str] = field(default_factory=dict)
    #: What was left out because it is a secret, and must be put back after a restore.
    withheld: tuple[str, ...] = ()
    #: Whether the comment of the zip holds the SHA-256 of all bytes before it.
    whole: bool = False
    #: Who made the backup; None where an earlier program did not say.
    by: str | None = None
    #: Which deployment it is of: a hash of its id. None where an earlier program did not say.
    deployment: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"format": FORMAT, **asdict(self)}

    @staticmethod
    def from_json(body: Any) -> Manifest:
        """Read what `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        if body["format"] != FORMAT:
            raise ValueError(body["format"])
        return Manifest(
            made_at=str(body["made_at"]),
            program=str(body["program"]),
            revision=str(body["revision"]),
            tables={str(name): int(rows) for name, rows in body["tables"].items()},
            histories=_histories(body["histories"]),
            files={str(name): (_whole(size), str(digest)) for name, (size, digest) in body["files"].items()},
            # Backups of earlier programs do not say: they knew nothing else.
            database=str(body.get("database", "sqlite")),
            modes=read_modes(body.get("modes", {})),
            withheld=tuple(str(name) for name in body.get("withheld", ())),
            whole=body.get("whole", False) is True,
            by=None if body.get("by") is None else str(body["by"]),
            deployment=None if body.get("deployment") is None else str(body["deployment"]),
        )


@dataclass(frozen=True, slots=True)
class BackupNote:
    """What is known of an encrypted backup without its key: of which deployment it is, from when, its SHA-256."""

    deployment: str | None
    made_at: str
    sha256: str

    def text(self) -> str:
        """Return the text of the note."""
        return json.dumps({"format": NOTE_FORMAT, **asdict(self)}, sort_keys=True) + "\n"


def note_path(file: Path) -> Path:
    """Return the file of the note of an encrypted backup."""
    return file.with_name(f"{file.name}.note")


def back_up(
    home: Home, caller: Caller, file: Path, clock: Clock, *, replace: bool = False
) -> Manifest | Refusal:
    """Write a backup of `home` to `file` for `caller`; whoever works on the deployment meanwhile is not held up.

    The file appears whole or not at all. Of a database of an earlier revision it is asked in a copy of its register
    of people whether `caller` may; nothing can be entered in it before it is upgraded, so the manifest says who it was.
    Raises BackupError, StoreUnavailableError, OSError.
    """
    from engine.operations.server_copy import on_server

    try:
        application = open_application(home, clock=clock)
    except StoreUnavailableError:
        if not on_server(home) and not database_file(home).is_file():
            raise _no_database(database_file(home)) from None
        if not is_older(home):
            raise
        from engine.operations.older_database import open_people

        asking = Caller(caller.person, dry_run=True)
        with open_people(home, clock) as people:
            return operations.back_up(
                people,
                asking,
                str(file),
                lambda _: _write(home, file, clock, replace, caller),
                Manifest.from_json,
            )
    try:
        return operations.back_up(
            application,
            caller,
            str(file),
            lambda _: _write(home, file, clock, replace, caller),
            Manifest.from_json,
        )
    finally:
        application.store.close()


def is_older(home: Home) -> bool:
    """Tell whether the database of a deployment is this product's, of an earlier revision."""
    from engine.operations.server_copy import ServerCopyError, on_server, revision_on_server
    from engine.store.revision import EXPECTED, order

    try:
        revision = revision_on_server(home) if on_server(home) else look_at(database_file(home))[0]
        return order(revision) < order(EXPECTED)
    except (BackupError, ServerCopyError, StoreUnavailableError, ValueError):
        return False


def _write(home: Home, file: Path, clock: Clock, replace: bool, caller: Caller) -> Manifest:
    if not replace and os.path.lexists(file):
        raise BackupError(say("“{file}”已经存在；请换一个文件名，或加 --yes 覆盖", file=file))
    if not file.parent.is_dir():
        raise BackupError(say("没有目录“{folder}”；请先建立", folder=file.parent))
    recipients = recipients_of(home.settings)
    with aside_folder(file.parent, ASIDE) as place:
        copy = place / DATABASE
        database = _copied(home, copy)
        revision, tables = look_at(copy)
        histories = _histories_of(copy, place / "scratch.sqlite")
        own = dict(_own_files(home, database, file))
        withheld = withheld_from(home, own)
        files: dict[str, Path | bytes] = {DATABASE: copy}
        files |= {HOME + name: path for name, path in own.items() if name not in withheld.files}
        if withheld.places:
            files[HOME + SETTINGS] = withheld.settings.encode()
        modes = _modes(home, database, own)
        unfinished = place / "backup.zip"
        # What a bureau keeps is nobody else's: the file is for its owner alone.
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as package:
            packed = {name: _pack(package, name, content) for name, content in files.items()}
            manifest = Manifest(
                to_text(clock.now()),
                __version__,
                revision,
                tables,
                histories,
                packed,
                "sqlite" if database else "postgresql",
                modes,
                withheld.names(),
                whole=True,
                by=caller.person,
                deployment=_deployment(home),
            )
            text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=2, sort_keys=True)
            package.writestr(MANIFEST, text)
            package.comment = _COMMENT + b"0" * 64
        digest = digest_before_comment(unfinished)
        with unfinished.open("rb+") as stream:
            stream.seek(-64, os.SEEK_END)
            stream.write(digest.encode())
            stream.flush()
            os.fsync(stream.fileno())
        _put(unfinished, file, manifest, recipients, replace=replace)
    return manifest


def recipients_of(settings: Mapping[str, Any]) -> list[str]:
    """Return for whom backups are encrypted (age); none: they are not. Raises BackupError for what is no list of keys."""
    own = settings.get("backups") or {}
    found = own.get("recipients", []) if isinstance(own, Mapping) else None
    if not isinstance(found, list) or not all(
        isinstance(one, str) and one.startswith("age1") for one in found
    ):
        message = say("settings.yaml 的 backups.recipients 应为 age 公钥（age1……）的列表")
        raise BackupError(message, of_place=True)
    return found


def _put(
    unfinished: Path, file: Path, manifest: Manifest, recipients: Sequence[str], *, replace: bool
) -> None:
    """Put a backup in its place, encrypted where there are recipients, with a note beside it."""
    note = b""
    if recipients:
        plain, unfinished = unfinished, unfinished.with_name("backup.age")
        try:
            encrypt(plain, unfinished, recipients)
        except AgeError as problem:
            raise BackupError(problem.message, of_place=problem.of_place) from None
        note = BackupNote(manifest.deployment, manifest.made_at, file_digest(unfinished)).text().encode()
    # The note of a file that is replaced says nothing of the new one.
    note_path(file).unlink(missing_ok=True)
    if replace:
        unfinished.replace(file)
    else:
        place_new(unfinished, file)
    if note:
        beside = unfinished.with_name("note")
        beside.write_bytes(note)
        beside.chmod(0o600)
        beside.replace(note_path(file))
    flush_folder(file.parent)


def database_file(home: Home) -> Path:
    """Return the SQLite file of a deployment. Raises BackupError where it is on a server."""
    from engine.operations.server_copy import on_server
    from engine.store.sql.database_url import address

    if on_server(home):
        raise BackupError(say("部署“{path}”的数据库在服务器上，不是文件", path=home.path), of_place=True)
    return Path(str(address(home.database).database))


def _copied(home: Home, target: Path) -> Path | None:
    """Copy the database of a deployment; returns its file, None where it is on a server."""
    from engine.operations.server_copy import ServerCopyError, copy_from_server, on_server

    if not on_server(home):
        database = database_file(home)
        copy_database(database, target)
        return database
    try:
        copy_from_server(home, target)
    except ServerCopyError as problem:
        raise BackupError(problem.message) from None
    return None


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, as it is at one moment. Raises BackupError where it is damaged."""
    if not source.is_file():
        raise _no_database(source)
    try:
        with (
            closing(sqlite3.connect(source, timeout=_BUSY_TIMEOUT_SECONDS)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            # All pages in one step: a read of one state, which writers of the WAL neither wait for nor restart.
            old.backup(new, pages=-1)
            sound = new.execute("PRAGMA integrity_check").fetchone()[0]
    except _UNREADABLE as problem:
        raise BackupError(
            say("复制数据库 {file} 时出错：{problem}", file=source, problem=problem), of_place=True
        ) from None
    if sound != "ok":
        raise BackupError(
            say(
                "数据库 {file} 已损坏：{problem}；请保留它备查，用更早的备份恢复", file=source, problem=sound
            ),
            of_place=True,
        )


def _no_database(file: Path) -> BackupError:
    return BackupError(say("没有数据库 {file}；请核对 settings.yaml", file=file), of_place=True)


def look_at(file: Path) -> tuple[str, dict[str, int]]:
    """Return the revision of a database and how many rows each of its tables holds. Raises BackupError."""
    try:
        # Never makes a database where there is none.
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as found:
            names = [
                str(name)
                for (name,) in found.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
                )
            ]
            tables = {name: _count(found, name) for name in names}
            revision = found.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except (*_UNREADABLE, TypeError):
        raise BackupError(say("{file} 不是本系统的数据库，或已损坏", file=file)) from None
    return str(revision), tables


def _count(found: sqlite3.Connection, table: str) -> int:
    # The name comes from the database's own list of tables.
    return int(found.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608


def _histories_of(copy: Path, scratch: Path) -> Histories:
    """Return what the histories of a copied database come to.

    A database of an older revision must be backed up before it is upgraded, so another copy is upgraded for reading.
    """
    from engine.store.sql import open_store

    shutil.copyfile(copy, scratch)
    store = open_store(scratch, create=True)
    try:
        with store.read() as transaction:
            return histories_in(transaction)
    finally:
        store.close()


def histories_in(transaction: Transaction) -> Histories:
    """Return what all histories come to: two databases with equal ones hold the same entries."""
    hashed, streams, events = hashlib.sha256(), 0, 0
    for stream in transaction.events.streams():
        last = transaction.events.last(stream)
        if last is not None:
            streams, events = streams + 1, events + last.seq
            hashed.update(f"{stream}\t{last.seq}\t{last.hash}\n".encode())
    return Histories(streams, events, hashed.hexdigest())


def _own_files(home: Home, database: Path | None, backup: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name, file) of what the bureau wrote; the names have forward slashes on every system."""
    from engine.runtime.lock import LOCK

    passed_over = {home.site, home.path / "logs", home.path / LOCK}
    for path in sorted(home.path.rglob("*")):
        parts = path.relative_to(home.path).parts
        if (
            path.is_symlink()
            or not path.is_file()
            or any(part.startswith(".") for part in parts)
            or any(path == other or other in path.parents for other in passed_over)
            or (database and path.parent == database.parent and path.name.startswith(database.name))
            or path == backup.absolute()
            or _is_backup(path)
            or _has_moved(path.with_name(path.name.removesuffix("-wal").removesuffix("-shm")))
        ):
            continue
        yield "/".join(parts), path


def _modes(home: Home, database: Path | None, own: Mapping[str, Path]) -> dict[str, str]:
    """Return who may read what: the database, the deployment's folder, the folders in it, its files."""
    below = {parent for path in own.values() for parent in path.parents if home.path in parent.parents}
    below |= {home.path / name for name in (*PRIVATE, "calendars") if (home.path / name).is_dir()}
    named = [(HOME.rstrip("/"), home.path), *((HOME + name, path) for name, path in own.items())]
    named += [(HOME + path.relative_to(home.path).as_posix(), path) for path in below]
    if database is not None:
        named.append((DATABASE, database))
    return modes_of(named)


def _deployment(home: Home) -> str | None:
    """Return what tells a deployment from others: a hash of its id, which itself is not given away."""
    own = id_of(home)
    return None if own is None else hashlib.sha256(f"shuangsuiji-deployment\n{own}".encode()).hexdigest()


def _is_backup(path: Path) -> bool:
    """Tell whether a file is an earlier backup, which a later one need not hold."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with open_container(path, MANIFEST_BUDGET) as package:
            return {MANIFEST, DATABASE} <= set(package.sizes())
    except (ContainerError, OSError):
        return False


def _has_moved(path: Path) -> bool:
    """Tell whether a file is a database whose data is elsewhere now (``ssj migrate-store``)."""
    try:
        with path.open("rb") as stream:
            if stream.read(16) != b"SQLite format 3\0":
                return False
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
            return bool(found.execute("SELECT version_num FROM alembic_version").fetchone() == (MOVED,))
    except (OSError, *_UNREADABLE):
        return False


def digest_before_comment(file: Path) -> str:
    """Return the SHA-256 of a backup without its last 64 bytes, which say it. Raises OSError."""
    hashed, left = hashlib.sha256(), file.stat().st_size - 64
    with file.open("rb") as stream:
        while left > 0 and (part := stream.read(min(_CHUNK, left))):
            hashed.update(part)
            left -= len(part)
    return hashed.hexdigest()


def _whole(value: Any) -> int:
    """Return a number of bytes. Raises ValueError for anything else."""
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _histories(body: Any) -> Histories:
    """Return what the manifest says of the histories. Raises TypeError, ValueError, KeyError."""
    return Histories(_whole(body["streams"]), _whole(body["events"]), str(body["sha256"]))


def _pack(package: zipfile.ZipFile, name: str, content: Path | bytes) -> tuple[int, str]:
    hashed, size = hashlib.sha256(), 0
    opened = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    with opened as source, package.open(name, "w", force_zip64=True) as target:
        while part := source.read(_CHUNK):
            hashed.update(part)
            size += len(part)
            target.write(part)
    return size, hashed.hexdigest()
