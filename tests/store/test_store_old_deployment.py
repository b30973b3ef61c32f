"""A deployment and a backup written by version 0.1.0 on revision 0002.1 of the tables open, are verified and go on.

``old/deployment_0002.zip`` is the folder of a deployment, ``old/backup_0002.zip`` what ``ssj backup`` made of it. All
people in them are made up. They hold eleven delegations (the first one ended), two passwords, two tokens (one
revoked), failed attempts to sign in (a person and an origin that are not locked, a person who is), two daemons and
three cases.
"""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.exc import DBAPIError

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.delegations import add_delegation
from engine.app.history.requests import CommandResult
from engine.app.people.delegation import principals_of
from engine.app.ports.records import Delegation, FailedAttempt, Heartbeat
from engine.app.ports.store import Transaction
from engine.app.sign_in.sign_in import NotSignedIn, SignedIn, sign_in_with_password, sign_in_with_token
from engine.app.sign_in.tokens import create_token, revoke_token
from engine.cli.main import main
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import Home, find_home
from engine.deployment.open import open_application
from engine.kernel.refusal import Refusal
from engine.operations.backup import back_up, histories_in
from engine.operations.doctor import bring_up_to_date
from engine.operations.restore import Restored, restore, verify_backup
from engine.store import migrations
from engine.store.revision import EXPECTED
from engine.store.sql import copy, open_store
from engine.store.sql.connections import sqlite_engine
from engine.store.sql.database_url import address

OLD = Path(__file__).with_name("old")
GOOD = "ssj_45b5db03_7V-32jfYjefbdLfjSe-RrsYBFXNimsBxR-l5OVb1_9M"
REVOKED = "ssj_302fb9e2_vAID5BHmCtYsI4m8TCIGaFrmILBspfvlw2aTgHYXKLo"
#: When what they hold was written.
THEN = datetime(2026, 11, 2, 2, tzinfo=UTC)
#: What the histories of both came to when they were made.
HISTORIES = "c909e757aeee80fa5a6a9c765d70957324a7a240de4e61ca78e9b966b83bb0a7"


def at(seconds: int) -> datetime:
    return THEN + timedelta(seconds=seconds)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return the old deployment, as the program of today finds it."""
    with zipfile.ZipFile(OLD / "deployment_0002.zip") as package:
        package.extractall(tmp_path / "old")
    return find_home(str(tmp_path / "old"))


def histories_before(transaction: Transaction, stream: str, seq: int) -> str:
    """Return what the histories came to before an entry, the last of its history."""
    hashed = hashlib.sha256()
    for name in transaction.events.streams():
        kept = [one for one in transaction.events.of(name) if name != stream or one.seq < seq]
        if kept:
            hashed.update(f"{name}\t{kept[-1].seq}\t{kept[-1].hash}\n".encode())
    return hashed.hexdigest()


def check_contents(transaction: Transaction) -> None:
    """Hold what was moved against what was written then."""
    delegations = transaction.delegations.all()
    assert [one.id for one in delegations] == [f"delegation-{number}" for number in range(1, 12)]
    assert [one.id for one in delegations if one.ended] == ["delegation-1"]
    assert delegations[1] == Delegation(
        id="delegation-2",
        principal="leading2",
        delegate="leading3",
        first=date(2026, 12, 1),
        last=date(2027, 1, 31),
        begins=datetime(2026, 11, 30, 16, tzinfo=UTC),
        ends=datetime(2027, 1, 31, 16, tzinfo=UTC),
        reason="借调",
        by="leading2",
    )
    assert principals_of(transaction, "leading3", datetime(2026, 12, 24, tzinfo=UTC)) == ["leading2"]
    for person, second in (("leading", 11), ("leading3", 19)):
        credential = transaction.credentials.get(person)
        assert credential is not None
        assert credential.password_hash.startswith("$argon2id$")
        assert credential.set_at == at(second)
    assert transaction.credentials.get("leading2") is None
    tokens = [(one.id, one.person, one.label, one.revoked_at) for one in transaction.tokens.all()]
    assert tokens == [("45b5db03", "leading", "夜间导出", None), ("302fb9e2", "leading2", "", at(12))]
    assert [one.expires_at for one in transaction.tokens.all()] == [
        at(11) + timedelta(days=365),
        at(11) + timedelta(days=30),
    ]
    attempts = transaction.sign_in_attempts
    assert attempts.of("person:leading") == [
        FailedAttempt("person:leading", number, at(12 + number)) for number in (1, 2)
    ]
    assert attempts.of("from:192.0.2.7") == [
        FailedAttempt("from:192.0.2.7", number, at(12 + number)) for number in range(1, 8)
    ]
    assert [one.locked_until for one in attempts.of("person:leading2")] == [at(19) + timedelta(minutes=15)]
    assert attempts.of("person:leading3") == []
    assert transaction.daemons.all() == [
        Heartbeat("host-a:101", at(19), "0.1.0", leads=True, ahead=timedelta(milliseconds=-250)),
        Heartbeat("host-b:102", at(19), "0.1.0", left=True),
    ]
    assert set(transaction.settings.names("")) - {"deployment_id", "sign_in"} == {"joins"}
    assert transaction.cases.last_number("watching") == 3
    assert transaction.idempotency_record("case-0") is not None
    assert list(verify(transaction)) == []


def test_an_old_deployment_is_upgraded_with_what_it_holds(home: Home) -> None:
    bring_up_to_date(home)
    with closing(open_store(home.database)) as store, store.read() as transaction:
        check_contents(transaction)
        # Then there was no mode of sign-in: that it has one now is entered, and is all that is added to the histories.
        entry = transaction.events.last("sign-in")
        assert entry is not None
        assert (entry.kind, entry.actor) == ("sign-in-mode", "system")
        assert entry.body == {"credential": "machine", "from": None, "to": "trust"}
        assert histories_before(transaction, "sign-in", entry.seq) == HISTORIES
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(home.path), "audit", "verify", "--as", "leading"])
    assert ended.value.code == 0


def test_an_old_database_on_a_server_is_upgraded_with_what_it_holds(
    home: Home, postgres_database: str
) -> None:
    source = sqlite_engine(address(home.database), writing=False, synchronous="NORMAL")
    target = create_engine(address(postgres_database))
    with source.connect() as old, target.begin() as new:
        migrations.upgrade(new, "0002.1")
        tables = MetaData()
        tables.reflect(old)
        rows = [table for table in tables.sorted_tables if table.name != "alembic_version"]
        copy.copy(old, new, lambda _table, _rows: None, rows)
    source.dispose()
    target.dispose()
    with closing(open_store(postgres_database, create=True)) as store, store.read() as transaction:
        check_contents(transaction)
        assert histories_in(transaction).sha256 == HISTORIES


def test_who_is_let_in_and_who_acts_for_whom_goes_on(home: Home) -> None:
    bring_up_to_date(home)
    clock = VirtualClock(at(60))
    application = open_application(home, clock=clock)
    with closing(application.store):
        found = sign_in_with_token(application, GOOD)
        assert isinstance(found, SignedIn)
        assert (found.actor.id, found.token) == ("leading", "45b5db03")
        assert isinstance(sign_in_with_token(application, REVOKED), NotSignedIn)
        # Two failures before the upgrade and two after it are four; the fifth locks.
        for _ in range(2):
            tried = sign_in_with_password(application, "leading", "wrong")
            assert isinstance(tried, NotSignedIn)
            assert tried.until is None
        assert isinstance(sign_in_with_password(application, "leading", "correct horse battery"), SignedIn)
        locked = sign_in_with_password(application, "leading2", "whatever it is")
        assert isinstance(locked, NotSignedIn)
        assert locked.until == at(19) + timedelta(minutes=15)
        now = application.clock.now()
        with application.store.write() as transaction:
            _, made = create_token(transaction, now, "leading3", "", 30, "leading")
        with application.store.write() as transaction:
            assert revoke_token(transaction, now, made.id, "leading") == made
            assert revoke_token(transaction, now, "302fb9e2", "leading") is None
        days = (date(2026, 12, 14), date(2026, 12, 18))
        again = add_delegation(
            application, Caller("leading", request_id="d-1"), "leading", "deputy", *days, "年休假"
        )
        # The id of a request that the older program has answered is known: it does not act twice.
        assert isinstance(again, Refusal)
        assert [reason.code for reason in again.reasons] == ["request"]
        new = add_delegation(application, Caller("leading"), "leading", "deputy", *days, "年休假")
        assert isinstance(new, Delegation)
        assert new.id == "delegation-12"
        assert isinstance(application.advance("watching-2", "hand_over", "leading"), CommandResult)
        with application.store.read() as transaction:
            assert list(verify(transaction)) == []


def test_an_old_backup_is_verified_and_restored(tmp_path: Path) -> None:
    file, clock = OLD / "backup_0002.zip", VirtualClock(at(60))
    copied = tmp_path / "backup.zip"
    copied.write_bytes(file.read_bytes())
    manifest = verify_backup(copied)
    assert (manifest.revision, manifest.histories.sha256) == ("0002.1", HISTORIES)
    made = restore(copied, tmp_path / "restored", clock)
    assert isinstance(made, Restored)
    home = find_home(str(made.path))
    application = open_application(home, clock=clock)
    with closing(application.store):
        with application.store.read() as transaction:
            assert len(transaction.delegations.all()) == 11
            assert transaction.tokens.get("45b5db03") is not None
        assert isinstance(application.advance("watching-2", "hand_over", "leading"), CommandResult)
    again = back_up(home, Caller("leading"), tmp_path / "again.zip", clock)
    assert not isinstance(again, Refusal)
    assert again.revision == EXPECTED
    assert again.tables["delegation"] == 11
    verify_backup(tmp_path / "again.zip")


def test_an_old_deployment_is_backed_up_before_it_is_upgraded(home: Home, tmp_path: Path) -> None:
    made = back_up(home, Caller("leading"), tmp_path / "before.zip", VirtualClock(at(60)))
    assert not isinstance(made, Refusal)
    assert (made.revision, made.histories.sha256) == ("0002.1", HISTORIES)


def test_a_program_of_the_old_revision_that_is_still_running_fails(home: Home) -> None:
    """It would find no delegations and go on without them; what it asks first is a setting."""
    old = create_engine(address(home.database))
    with old.connect() as running:
        running.execute(text("SELECT value FROM setting WHERE name = 'delegations'")).scalar_one()
        running.rollback()
        bring_up_to_date(home)
        for statement in (
            "SELECT setting.value FROM setting WHERE setting.name = 'delegations'",
            "INSERT INTO setting (name, value) VALUES ('daemon/old', '{}')",
        ):
            with pytest.raises(DBAPIError, match="value"):
                running.execute(text(statement))
            running.rollback()
    old.dispose()
