"""Which database belongs to which deployment: an SQLite file is in its home, and both carry one id.

Whoever may run `ssj` could otherwise name a folder of their own whose settings point at the bureau's database, and be
asked for nothing. The id also catches mistakes: settings copied from another deployment, a server's address mistyped.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from engine.app.sign_in.mode import SETTING as SIGN_IN
from engine.app.sign_in.mode import TRUST
from engine.files.journal import replace_file
from engine.files.reading import read_file
from engine.kernel.budget import OWN_NOTE
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Store, Transaction
    from engine.deployment.home import Home

#: The history that a deployment in use has entries in.
DEFINITIONS = "definitions"
#: The file of a deployment that holds its id, and the setting of its database that does.
HOME_ID, SETTING = ".ssj-id", "deployment_id"


class ForeignDatabaseError(Exception):
    """The database is not this deployment's; `message` says what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


def id_of(home: Home) -> str | None:
    """Return the id the home carries; None for one that was never given an id."""
    try:
        return read_file(home.path / HOME_ID, OWN_NOTE).decode("ascii", "replace").strip() or None
    except FileNotFoundError:
        return None


def require_own(home: Home, store: Store) -> None:
    """Raise ForeignDatabaseError unless the database carries the id of `home`."""
    with store.read() as transaction:
        seen = transaction.settings.get(SETTING)
    if seen != id_of(home):
        raise _foreign(home)


def claim(home: Home, store: Store) -> None:
    """Give a database and its home one id, and take the sign-in mode over from `settings.yaml`, unless that has been done.

    Raises ForeignDatabaseError where they carry different ones.
    """
    if _is_claimed(home, store):
        return
    with store.write() as transaction:
        _claim(home, transaction)


def adopt(home: Home, store: Store) -> None:
    """Give a home that was made of a backup the id of the database in it."""
    with store.write() as transaction:
        kept = transaction.settings.get(SETTING)
        if kept is not None and kept != id_of(home):
            replace_file(home.path / HOME_ID, f"{kept}\n".encode(), mode=0o600)
        _claim(home, transaction)


def _is_claimed(home: Home, store: Store) -> bool:
    with store.read() as transaction:
        kept, mode = transaction.settings.get(SETTING), transaction.settings.get(SIGN_IN)
    return kept is not None and kept == id_of(home) and mode is not None


def _claim(home: Home, transaction: Transaction) -> None:
    settings, own = transaction.settings, id_of(home)
    kept = settings.get(SETTING)
    if kept is not None and kept != own:
        raise _foreign(home)
    if kept is None:
        if own is None:
            own = secrets.token_hex(16)
            # Before the database has it: killed between, the next claim goes on with this id.
            replace_file(home.path / HOME_ID, f"{own}\n".encode(), mode=0o600)
        settings.put(SETTING, own)
    if settings.get(SIGN_IN) is None:
        mode = str(home.settings.get(SIGN_IN, TRUST))
        settings.put(SIGN_IN, mode)
        if transaction.events.last(DEFINITIONS) is not None:
            _enter_mode(transaction, mode)


def _enter_mode(transaction: Transaction, mode: str) -> None:
    """Enter that a deployment in use was without a mode of sign-in: of before there was one, or somebody has taken it out."""
    from engine.app.history.journal import add_entry
    from engine.app.sign_in.tokens import STREAM
    from engine.deployment.clocks import SystemClock
    from engine.lifecycle.command import SYSTEM

    body = {"from": None, "to": mode}
    add_entry(transaction, SystemClock().now(), "sign-in-mode", SYSTEM, body, STREAM)


def _foreign(home: Home) -> ForeignDatabaseError:
    return ForeignDatabaseError(
        say(
            "数据库不是部署目录“{path}”的：两边的部署编号不同。请核对 settings.yaml 的 database 一项；"
            "部署目录里的 {file} 丢失的，从原来的目录放回，或用 ssj restore 由备份恢复；升级没有做完的，再运行 ssj doctor --upgrade",
            path=home.path,
            file=HOME_ID,
        )
    )
