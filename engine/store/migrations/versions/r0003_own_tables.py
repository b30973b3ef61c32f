"""Tables of their own for delegations, credentials, tokens, failed sign-in attempts and daemons; plainer names.

Until now all of these were JSON values in the table ``setting``. Programs of earlier revisions read them there, would
find nothing, and would act without delegations. Therefore the column ``setting.value`` is called ``body`` from here
on: such a program that is still running fails at the first setting it reads or writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002.1"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

#: Table -> its name from now on.
RENAMED = {
    "series": "sequence_counter",
    "request": "idempotency_key",
    "source_text": "definition_source",
    "snapshot": "register_snapshot",
}


def upgrade() -> None:
    """Rename, make the tables, move the rows."""
    _make_renamed()
    for old, new in RENAMED.items():
        # Copied rather than renamed: the constraints of a table of SQLite would keep the old name.
        op.execute(f"INSERT INTO {new} SELECT * FROM {old}")  # noqa: S608 - the names are constants
        op.drop_table(old)
    op.execute("ALTER TABLE setting RENAME COLUMN value TO body")
    op.execute("ALTER TABLE outbox RENAME COLUMN claims TO leases")
    tables = _make_tables()
    _move_delegations(tables["delegation"])
    _move_credentials(tables["credential"])
    _move_tokens(tables["token"])
    _move_attempts(tables["sign_in_attempt"])
    _move_daemons(tables["daemon"])


def _make_renamed() -> None:
    op.create_table(
        "sequence_counter",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="sequence_counter_pk"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="idempotency_key_pk"),
    )
    op.create_table(
        "definition_source",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="definition_source_pk"),
    )
    op.create_table(
        "register_snapshot",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("taken_at", TEXT, nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("sm3", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("taken_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="register_snapshot_pk"),
    )


def _make_tables() -> dict[str, sa.Table]:
    return {
        "delegation": op.create_table(
            "delegation",
            sa.Column("id", TEXT, nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("principal", TEXT, nullable=False),
            sa.Column("delegate", TEXT, nullable=False),
            sa.Column("first", TEXT, nullable=False),
            sa.Column("last", TEXT, nullable=False),
            sa.Column("begins", TEXT, nullable=False),
            sa.Column("ends", TEXT, nullable=False),
            sa.Column("reason", TEXT, nullable=False),
            sa.Column("made_by", TEXT, nullable=False),
            sa.Column("ended", sa.Boolean(), nullable=False),
            sa.PrimaryKeyConstraint("id", name="delegation_pk"),
        ),
        "credential": op.create_table(
            "credential",
            sa.Column("person", TEXT, nullable=False),
            sa.Column("password_hash", TEXT, nullable=False),
            sa.Column("set_at", TEXT, nullable=False),
            sa.PrimaryKeyConstraint("person", name="credential_pk"),
        ),
        "token": op.create_table(
            "token",
            sa.Column("id", TEXT, nullable=False),
            sa.Column("person", TEXT, nullable=False),
            sa.Column("label", TEXT, nullable=False),
            sa.Column("created_at", TEXT, nullable=False),
            sa.Column("expires_at", TEXT, nullable=False),
            sa.Column("revoked_at", TEXT, nullable=True),
            sa.Column("sha256", TEXT, nullable=False),
            sa.PrimaryKeyConstraint("id", name="token_pk"),
        ),
        "sign_in_attempt": op.create_table(
            "sign_in_attempt",
            sa.Column("key", TEXT, nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("at", TEXT, nullable=False),
            sa.Column("locked_until", TEXT, nullable=True),
            sa.PrimaryKeyConstraint("key", "number", name="sign_in_attempt_pk"),
        ),
        "daemon": op.create_table(
            "daemon",
            sa.Column("name", TEXT, nullable=False),
            sa.Column("at", TEXT, nullable=False),
            sa.Column("version", TEXT, nullable=False),
            sa.Column("leads", sa.Boolean(), nullable=False),
            sa.Column("ahead_ms", sa.Integer(), nullable=True),
            sa.Column("ended", sa.Boolean(), nullable=False),
            sa.PrimaryKeyConstraint("name", name="daemon_pk"),
        ),
    }


def _taken(prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield what follows the prefix, and the value, of the settings whose names begin with it; they are removed."""
    setting = sa.table("setting", sa.column("name"), sa.column("body"))
    rows = op.get_bind().execute(sa.select(setting).order_by(setting.c.name)).all()
    for name, body in rows:
        if name.startswith(prefix):
            op.get_bind().execute(sa.delete(setting).where(setting.c.name == name))
            if value := json.loads(body):
                yield name.removeprefix(prefix), value


def _move_delegations(table: sa.Table) -> None:
    for rest, value in _taken("delegations"):
        if rest:
            raise ValueError(f"a setting nobody knows: delegations{rest}")
        op.bulk_insert(
            table,
            [
                {
                    "id": one["id"],
                    "number": number,
                    "principal": one["principal"],
                    "delegate": one["delegate"],
                    "first": one["first"],
                    "last": one["last"],
                    "begins": one["begins"],
                    "ends": one["ends"],
                    "reason": one["reason"],
                    "made_by": one["by"],
                    "ended": one["ended"],
                }
                for number, one in enumerate(value, 1)
            ],
        )


def _move_credentials(table: sa.Table) -> None:
    op.bulk_insert(
        table,
        [
            {"person": person, "password_hash": one["argon2"], "set_at": one["set_at"]}
            for person, one in _taken("password/")
        ],
    )


def _move_tokens(table: sa.Table) -> None:
    op.bulk_insert(table, [{"id": name, **one} for name, one in _taken("token/")])


def _move_attempts(table: sa.Table) -> None:
    rows: list[dict[str, Any]] = []
    for key, one in _taken("attempts/"):
        rows += [
            {"key": key, "number": number, "at": at, "locked_until": None}
            for number, at in enumerate(one["failed"], 1)
        ]
        if one["until"]:
            # When the attempt was made that locked the key was not stored: the end of the lock stands for it.
            number = len(one["failed"]) + 1
            rows.append({"key": key, "number": number, "at": one["until"], "locked_until": one["until"]})
    op.bulk_insert(table, rows)


def _move_daemons(table: sa.Table) -> None:
    op.bulk_insert(
        table,
        [
            {
                "name": name,
                "at": one["at"],
                "version": one["version"],
                "leads": bool(one.get("leads")),
                "ahead_ms": one.get("ahead_ms"),
                "ended": bool(one.get("left")),
            }
            for name, one in _taken("daemon/")
        ],
    )
