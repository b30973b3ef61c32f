"""From a backup to a deployment: checked whole before anything is put in its place, and nothing is thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.app.commands import Caller, Clock, operations
from engine.app.daemons.retention import is_pending, settle_pending, terms
from engine.app.history.journal import add_entry
from engine.app.queries import Transaction
from engine.app.registers.forgetting import DESTROYED, DamagedListError, forget, list_text, read_list
from engine.app.sign_in.tokens import revoke_token
from engine.app.sign_in.web_sessions import end as end_session
from engine.deployment.home import (
    SETTINGS,
    DatabaseOutsideError,
    DeploymentMissingError,
    Home,
    find_home,
)
from engine.deployment.open import open_application, open_deployment_store
from engine.deployment.own_database import ForeignDatabaseError, adopt
from engine.deployment.set_up import PRIVATE
from engine.files.appended import append_text
from engine.files.aside import aside_folder
from engine.files.journal import FolderLock, restore_aside, restore_journal
from engine.files.reading import read_text
from engine.kernel.budget import DESTROYED_LIST, BudgetExceededError
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.operations.backup import (
    DATABASE,
    HOME,
    BackupError,
    Histories,
    Manifest,
    database_file,
    histories_in,
    look_at,
)
from engine.operations.exchange import exchange
from engine.operations.machine_account import machine_account
from engine.operations.modes import put_modes
from engine.operations.unpacking import damaged, read_manifest, unpack
from engine.store.problem import StoreUnavailableError
from engine.store.sql import SqlStore, open_store
from engine.store.sql.error_messages import DATABASE_ERRORS
from engine.store.sql.file.compacting import compact

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.ports.audit.personal_values import DestroyedKey
    from engine.app.queries.keeping.delivery import OutboxItem

#: How the names of the folders begin in which a backup is unpacked to be verified.
VERIFY_ASIDE = ".ssj-verify-"
#: Written before the name of an account of the machine where no person is named; no person's id holds a colon.
ACCOUNT = "account:"


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was there where a deployment is restored."""

    home: Home
    #: None where its database cannot be opened any more.
    histories: Histories | None
    #: Messages it has sent, by their id.
    sent: Sequence[OutboxItem] = ()
    #: The tokens that are revoked in it.
    revoked: frozenset[str] = frozenset()


class Settled(NamedTuple):
    """What a restore made of the messages and tokens of the backup; each as `Restored` says."""

    already_sent: int
    waiting: int
    held: int
    revoked: int
    untold: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought."""

    path: Path
    manifest: Manifest
    #: Where the former deployment is now.
    kept: Path | None
    #: Messages that wait in the backup and had been sent since: marked as sent, not sent again.
    already_sent: int
    #: Messages that will be sent when the daemon starts.
    waiting: int
    #: Messages nobody can tell whether they were sent since the backup: set aside for a person.
    held: int = 0
    #: Tokens that count no more: they were revoked since the backup.
    revoked: int = 0
    #: Tokens that count, of which nobody can tell whether they were revoked since the backup.
    untold: int = 0
    #: The backup is of a PostgreSQL; the deployment now uses the SQLite file of this name.
    local: str | None = None
    #: The database of the former deployment, where it is on a server: nothing was done to it.
    left_alone: str | None = None


def verify_backup(file: Path) -> Manifest:
    """Unpack a backup aside and check everything: digests, counts, every history. Raises BackupError."""
    with aside_folder(file.parent, VERIFY_ASIDE) as place:
        manifest = unpack(file, place)
        _check(file, place, manifest)
    return manifest


def deployment_at(directory: Path) -> Replaced | None:
    """Return the deployment a restore would replace, None for an empty place.

    Raises BackupError where something else is there.
    """
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return None
    if not (directory / SETTINGS).is_file():
        raise BackupError(
            say("“{path}”不是空目录，也不是部署目录；请换一个目录，不会覆盖别的文件", path=directory)
        )
    try:
        home = find_home(str(directory))
        store = open_deployment_store(home)
    except (DeploymentMissingError, StoreUnavailableError, ForeignDatabaseError):
        return Replaced(Home(directory.absolute()), None)
    try:
        with store.read() as transaction:
            sent = transaction.outbox.listed(status="sent", limit=1_000_000_000)
            revoked = frozenset(one.id for one in transaction.tokens.all() if one.revoked_at is not None)
            return Replaced(home, histories_in(transaction), sent, revoked)
    except StoreUnavailableError:
        return Replaced(home, None)
    finally:
        store.close()


#: Says who restores (None: nobody is named), once the deployment is whole and before it is put in its place: asked with its own people.
WhoRestores = Callable[["Application"], Caller | None]


def restore(
    file: Path,
    directory: Path,
    clock: Clock,
    replaced: Replaced | None = None,
    *,
    account: str | None = None,
    who: WhoRestores | None = None,
) -> Restored | Refusal:
    """Make `directory` the deployment a backup holds.

    `who` is asked who restores; whom the backup's own access table does not let is refused, and nothing is put in its
    place. Without `who` it is entered as the act of `account` (``account:NAME``), by default the one this runs under.

    The former deployment (`replaced`, from `deployment_at`) is moved aside, not deleted. What it has sent since the
    backup is marked as sent, so that nobody gets a message twice. Raises BackupError, StoreUnavailableError, OSError.
    """
    from engine.runtime.lock import LOCK, HomeLock

    directory = directory.absolute()
    read_manifest(file)
    _nobody_works(replaced, clock)
    lock = HomeLock(directory / LOCK) if replaced is not None else None
    if lock is not None and (refusal := lock.take()) is not None:
        raise BackupError(refusal)
    directory.parent.mkdir(parents=True, exist_ok=True)
    alone = FolderLock(directory.parent, wait=False)
    try:
        if not alone.taken:
            raise BackupError(say("“{path}”里正在恢复或生成另一个目录；请等它结束", path=directory.parent))
        place = restore_aside(directory)
        # Left by a restore that was broken off before there was anything to finish.
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        with _unless_begun(directory, place):
            manifest = unpack(file, place)
            _check(file, place, manifest)
            home = _assemble(place, directory, manifest)
            local = database_file(home).relative_to(home.path).as_posix()
            settled = _settle(home, manifest, replaced, clock, account or machine_account(), who)
            if isinstance(settled, Refusal):
                return settled
            put_modes(_paths(home), manifest.modes)
            kept = None
            if replaced is not None:
                kept = _free(directory.with_name(f"{directory.name}.before-{clock.now():%Y%m%dT%H%M%SZ}"))
            exchange(directory, home.path, kept)
    finally:
        alone.release()
        if lock is not None:
            lock.release()
    return Restored(
        directory,
        manifest,
        kept,
        **settled._asdict(),
        local=None if manifest.database == "sqlite" else local,
        left_alone=_server_of(replaced),
    )


@contextmanager
def _unless_begun(directory: Path, place: Path) -> Iterator[None]:
    """Remove what was unpacked to `place` however the block ends, unless the renames have begun: a later command goes on."""
    try:
        yield
    finally:
        if not restore_journal(directory).exists():
            shutil.rmtree(place, ignore_errors=True)


def _server_of(replaced: Replaced | None) -> str | None:
    """Return the address of the server a deployment works on, without its password; None where it has a file."""
    from engine.operations.server_copy import on_server
    from engine.store.sql.database_url import address

    if replaced is None or not replaced.home.settings or not on_server(replaced.home):
        return None
    return address(replaced.home.database).render_as_string(hide_password=True)


def _nobody_works(replaced: Replaced | None, clock: Clock) -> None:
    """Refuse to replace a deployment whose daemons run elsewhere: on this machine the lock tells."""
    from engine.operations.server_copy import ALIVE, who_works

    if replaced is None or _server_of(replaced) is None:
        return
    if names := who_works(replaced.home, clock):
        raise BackupError(
            say(
                "守护进程 {names} 在 {minutes} 分钟内还在运行；请先停止所有机器上的守护进程，过 {minutes} 分钟再试",
                names=names,
                minutes=ALIVE // timedelta(minutes=1),
            )
        )


def _check(file: Path, place: Path, manifest: Manifest) -> None:
    """Hold the database of a backup against its manifest, and every history against itself. Raises BackupError."""
    from engine.store.revision import EXPECTED, order, works_on

    database = place / DATABASE
    try:
        revision, tables = look_at(database)
    except BackupError:
        raise damaged(file, say("数据库读不出来")) from None
    if (revision, tables) != (manifest.revision, dict(manifest.tables)):
        wrong = sorted(
            name for name in tables | dict(manifest.tables) if tables.get(name) != manifest.tables.get(name)
        )
        raise damaged(file, say("各表的条数与清单不符：{tables}", tables=wrong))
    try:
        newer = not works_on(revision) and order(revision) > order(EXPECTED)
    except ValueError:
        raise damaged(file, say("数据库的结构版本“{seen}”不是本系统的", seen=revision)) from None
    if newer:
        raise BackupError(
            say(
                "备份的结构版本为 {seen}，比本程序的 {expected} 新；请先升级程序",
                seen=revision,
                expected=EXPECTED,
            )
        )
    try:
        findings = _verified(file, database, manifest)
    except StoreUnavailableError as problem:
        raise damaged(file, problem.message) from None
    except DATABASE_ERRORS:
        raise damaged(file, say("数据库读不出来")) from None
    if findings:
        raise BackupError(
            say(
                "备份里的历史不可信，共 {count} 处：{findings}。请换一份更早的备份",
                count=len(findings),
                findings=findings[:5],
            )
        )


def _verified(file: Path, database: Path, manifest: Manifest) -> list[str]:
    """Return what is wrong with the histories in the database of a backup."""
    from engine.app.audit.verify_deployment import verify

    # An older backup is brought up to date on its way.
    store = open_store(database, create=True)
    try:
        with store.read() as transaction:
            if histories_in(transaction) != manifest.histories:
                raise damaged(file, say("历史与清单不符"))
            return [str(finding) for finding in verify(transaction)]
    finally:
        store.close()


def _paths(home: Home) -> dict[str, Path]:
    """Return every file and folder of a deployment by the name it has in the manifest of a backup."""
    paths = {HOME.rstrip("/"): home.path}
    for path in home.path.rglob("*"):
        paths[HOME + path.relative_to(home.path).as_posix()] = path
    database = database_file(home)
    # It has another name in a backup; what SQLite keeps beside it follows its mode.
    for path in database.parent.glob(f"{database.name}*"):
        paths.pop(HOME + path.relative_to(home.path).as_posix(), None)
    return {**paths, DATABASE: database}


def _assemble(unpacked: Path, directory: Path, manifest: Manifest) -> Home:
    """Make a deployment of what was unpacked, still aside. One that was on a server gets a file of its own."""
    path = unpacked / HOME.rstrip("/")
    try:
        home = find_home(str(path))
    except DatabaseOutsideError as problem:
        raise BackupError(
            say(
                "备份的 settings.yaml 把数据库写在部署目录之外（{file}），不能恢复到 {path} 而不动它；请先把备份解开，改好 database 一项",
                file=problem.file,
                path=directory,
            )
        ) from None
    except DeploymentMissingError as problem:
        raise BackupError(say("备份里的设置不可用：{problem}", problem=problem.message)) from None
    if manifest.database != "sqlite":
        from engine.operations.move_database import MoveError, name_database

        try:
            # Where a deployment keeps its database unless its settings say otherwise.
            name_database(home, _free(path / "data" / "ssj.db").relative_to(path).as_posix())
        except MoveError as problem:
            raise BackupError(problem.message) from None
        home = find_home(str(path))
    target = database_file(home)
    (path / "calendars").mkdir(exist_ok=True)
    for name in PRIVATE:
        (path / name).mkdir(mode=0o700, exist_ok=True)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (unpacked / DATABASE).rename(target)
    store = open_store(home.database, create=True)
    try:
        adopt(home, store)
    finally:
        store.close()
    return home


def _settle(
    home: Home,
    manifest: Manifest,
    replaced: Replaced | None,
    clock: Clock,
    account: str,
    who: WhoRestores | None,
) -> Settled | Refusal:
    """Mark what has been sent since, end what counts no more, note the restore.

    Where the deployment that was running is not at hand it is unknown what it has sent since the backup. Its messages
    are held back, for a person to send again or close: late is better than twice.
    """
    application = open_application(home, clock=clock)
    try:
        caller = who(application) if who is not None else None
        if caller is not None:
            trying = Caller(caller.person, dry_run=True)
            if isinstance(tried := operations.enter_restore(application, trying, account, {}), Refusal):
                return tried
        with application.store.write() as transaction:
            waiting = {
                item.id
                for status in ("waiting", "incident")
                for item in transaction.outbox.listed(status=status, limit=1_000_000_000)
            }
            already = [item for item in (replaced.sent if replaced else ()) if item.id in waiting]
            for item in already:
                transaction.outbox.sent([item.id], item.sent_at or clock.now())
            before = replaced.histories if replaced else None
            held = _hold_back(transaction) if before is None else 0
            by = f"{ACCOUNT}{account}" if caller is None else caller.person
            revoked, untold = _end_credentials(transaction, application.clock.now(), by, replaced)
            body: dict[str, Any] = {
                "made_at": manifest.made_at,
                "events": manifest.histories.events,
                "sha256": manifest.histories.sha256,
                "already_sent": len(already),
                "held": held,
                "revoked": revoked,
                "tokens_untold": untold,
                "replaced": None
                if before is None
                else {"streams": before.streams, "events": before.events, "sha256": before.sha256},
            }
            if manifest.by is not None:
                body["backed_up_by"] = manifest.by
            if caller is None:
                body["account"] = account
                add_entry(transaction, application.clock.now(), "restored", f"{ACCOUNT}{account}", body)
            still = len(transaction.outbox.listed(status="waiting", limit=1_000_000_000))
        if caller is not None:
            entered = operations.enter_restore(application, caller, account, body)
            if isinstance(entered, Refusal):
                return entered
        _forget(application, home, replaced)
        return Settled(len(already), still, held, revoked, untold)
    finally:
        application.store.close()


def _forget(application: Application, home: Home, replaced: Replaced | None) -> None:
    """Remove what is past its term by now, before the deployment is in force: an older backup still has it.

    What the former deployment has destroyed since, by its list, is destroyed again, whatever its term.
    """
    store, now = application.store, application.clock.now()
    lists = [home.path, *((replaced.home.path,) if replaced is not None else ())]
    listed = list(dict.fromkeys(key for path in lists for key in destroyed_in(path)))
    # In force with the deployment: whoever restores it from another backup later has the list of both.
    (home.path / DESTROYED).unlink(missing_ok=True)
    if listed:
        append_text(home.path / DESTROYED, list_text(listed))

    def note(keys: Sequence[DestroyedKey]) -> None:
        if keys:
            append_text(home.path / DESTROYED, list_text(keys))

    forget(application, now, terms(home.settings), listed, note)
    if is_pending(store) and isinstance(store, SqlStore):
        compact(store)
        settle_pending(store)


def destroyed_in(path: Path) -> list[DestroyedKey]:
    """Return what the list in the folder of a deployment says is destroyed. Raises BackupError where it cannot be read."""
    if not (path / DESTROYED).is_file():
        return []
    try:
        return read_list(read_text(path / DESTROYED, DESTROYED_LIST))
    except (DamagedListError, UnicodeDecodeError, BudgetExceededError) as problem:
        raise BackupError(
            say(
                "{path} 读不出来，恢复会带回已经销毁的个人信息；请先修好它（{problem}）",
                path=path / DESTROYED,
                problem=str(problem),
            )
        ) from None


def _end_credentials(
    transaction: Transaction, now: datetime, by: str, replaced: Replaced | None
) -> tuple[int, int]:
    """Revoke the tokens that were revoked since the backup, and end what is open on the web.

    Without it whoever was locked out since would be let in again. Returns how many tokens were revoked, and of how many
    that count nobody can tell: those of other programs go on where the former deployment is lost, and the command says so.
    """
    known = replaced.revoked if replaced is not None and replaced.histories is not None else None
    for session in transaction.web_sessions.all():
        if session.good(now):
            end_session(transaction, now, session, by)
    tokens = transaction.tokens.all()
    if known is None:
        return 0, sum(one.good(now) for one in tokens)
    return sum(revoke_token(transaction, now, one.id, by) is not None for one in tokens if one.id in known), 0


def _hold_back(transaction: Transaction) -> int:
    why = str(say("恢复自备份，备份之后是否已经送出无从核对；请核实后重发或关闭"))
    messages = [
        item
        for item in transaction.outbox.listed(status="waiting", limit=1_000_000_000)
        if item.kind == "message"
    ]
    for item in messages:
        transaction.outbox.failed(item.id, why, None)
    return len(messages)


def _free(path: Path) -> Path:
    number, name = 1, path
    while name.exists():
        number += 1
        name = path.with_name(f"{path.name}-{number}")
    return name
