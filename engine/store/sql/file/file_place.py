"""Whether SQLite can be trusted with a file and the disk below it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.language import say
from engine.store.problem import StoreUnavailableError

#: File systems that live on another machine: locks and shared memory do not work on them as SQLite's WAL needs.
NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smbfs",
        "smb2",
        "smb3",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "fuse.glusterfs",
    }
    | {"fuse.sshfs", "fuse.s3fs", "fuse.rclone", "lustre", "ncpfs", "davfs", "fuse.davfs", "fuse.davfs2"}
)

#: The oldest SQLite that has what the statements need (upserts, partial indexes, NULLS LAST).
OLDEST = (3, 30, 0)


def check_sqlite(path: Path, *, create: bool, mounts: Path = Path("/proc/mounts")) -> None:
    """Raise StoreUnavailableError where an SQLite database at `path` cannot be opened or must not be."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise StoreUnavailableError(
            say(
                "本机 Python 自带的 SQLite 为 {seen}，过旧；应为 {oldest} 或更新，请换用较新的 Python",
                seen=sqlite3.sqlite_version,
                oldest=".".join(map(str, OLDEST)),
            )
        )
    if path.is_dir():
        raise StoreUnavailableError(say("{path} 是目录，不是数据库文件；请给出文件路径", path=str(path)))
    if not path.exists() and not create:
        raise StoreUnavailableError(
            say("没有数据库 {path}；请核对路径，或先用 ssj init DIR 新建部署", path=str(path))
        )
    if not path.parent.is_dir():
        raise StoreUnavailableError(
            say("目录 {directory} 不存在，无法建立数据库；请先建立该目录", directory=str(path.parent))
        )
    kind = file_system(path, mounts)
    if kind in NETWORK:
        raise StoreUnavailableError(
            say(
                "数据库 {path} 在网络盘（{kind}）上：网络盘的锁不可靠，多人同时使用会损坏数据。请改放本机磁盘，或改用 PostgreSQL",
                path=str(path),
                kind=kind,
            )
        )


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """Return the type of the file system `path` is on; None where the system does not tell (not Linux)."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    target = path.parent.resolve()
    best: tuple[int, str | None] = (-1, None)
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        # The kernel writes a space in a name as \040.
        point = Path(parts[1].replace("\\040", " ").replace("\\011", "\t"))
        # A later line covers an earlier one at the same place.
        if target.is_relative_to(point) and len(point.parts) >= best[0]:
            best = (len(point.parts), parts[2])
    return best[1]
