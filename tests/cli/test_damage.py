"""A value of whatever kind in whatever column, written past the program: `audit verify` names it, other commands say that it is there."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest
from command_fixtures import done, ssj
from sqlalchemy import Table
from writing_acts import written_by_all

from engine.cli.damage import NAMED, damage_behind, say_damage
from engine.cli.session import home_of
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.operations.backup import database_file
from engine.store.sql.tables import metadata

#: What is put in the place of any value.
VALUES = ("x'31'", "cast(x'ff41' as text)")
#: Rows of which only the order is asked, or that may differ (`audit verify --covered`).
ALLOWED = {("outbox", one) for one in ("attempts", "next_at", "error", "leases")} | {
    ("daemon", one) for one in ("at", "leads", "ahead_ms", "ended")
}


@pytest.fixture(scope="module")
def written(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a deployment with something in every table."""
    home = Path(shutil.copytree(made[0], tmp_path_factory.mktemp("written") / "home"))
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    with closing(open_deployment_store(find_home(str(home)))) as store:
        written_by_all(store, but="cases.")
    # The bytes of the kept file are of no act of a store.
    (absent,) = ssj("audit", "verify", "--json", home=home).json()["findings"]
    assert absent["stream"] == "w-1", absent
    return home


@pytest.fixture
def damaged(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "damaged"))


def by_hand(home: Path, *statements: str) -> None:
    """Write by SQL, as somebody does who asks the database for none of its checks."""
    with closing(sqlite3.connect(database_file(find_home(str(home))), isolation_level=None)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            assert database.execute(statement).rowcount, statement


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_command_names_a_value_of_any_kind_and_what_is_wrong_beside_it(
    table: Table, written: Path, damaged: Path
) -> None:
    name = table.name
    other, beside = ("document", "name") if name == "credential" else ("credential", "person")
    source, target = (database_file(find_home(str(home))) for home in (written, damaged))
    keys = ", ".join(f'"{one.name}"' for one in table.primary_key)
    newest = f'SELECT {keys} FROM "{name}" ORDER BY {keys.replace(",", " DESC,")} DESC LIMIT 1'  # noqa: S608 - names of the program
    wrong = []
    for column in [one.name for one in table.columns]:
        for value in VALUES:
            shutil.copyfile(source, target)
            try:
                by_hand(damaged, f'UPDATE "{name}" SET "{column}" = {value} WHERE ({keys}) = ({newest})')  # noqa: S608 - the same
            except sqlite3.IntegrityError:
                # A number that the file itself counts by takes no other kind.
                continue
            by_hand(damaged, f"UPDATE {other} SET {beside} = 'other'")  # noqa: S608 - the same
            said = ssj("audit", "verify", "--json", home=damaged)
            found = [] if said.code != 1 else said.json()["findings"]
            tables = [one.get("table") for one in found if "w-1/F1" not in one["message"]]
            named = [one for one in tables if one != other] or (name, column) in ALLOWED
            if not named or other not in tables or "没有做完" in said.out:
                wrong.append((column, value, said))
    assert wrong == []


def test_other_commands_say_which_row_is_damaged(damaged: Path) -> None:
    by_hand(damaged, "UPDATE setting SET body = x'31' WHERE name = 'sign_in'")
    for words in (("task", "list"), ("case", "list"), ("user", "list", "--as", "leading"), ("draw", "list")):
        said = ssj(*words, home=damaged)
        assert said.code == 3, words
        assert "已损坏" in said.err or "改动或损坏" in said.err
        assert "表 setting 的行 sign_in" in said.err
        assert "程序内部出错" not in said.err


def test_of_many_damaged_rows_the_first_are_named(damaged: Path) -> None:
    by_hand(
        damaged,
        "UPDATE setting SET body = x'31' WHERE name = 'sign_in'",
        "UPDATE register_entry SET name = '隐'",
    )
    said = ssj("task", "list", home=damaged)
    assert len(said.err.splitlines()) == NAMED + 2
    assert "另有" in said.err


def test_a_revision_that_is_none_is_named(damaged: Path) -> None:
    for value in ("x'31'", "cast(x'ff41' as text)", "'x y'"):
        by_hand(damaged, f"UPDATE alembic_version SET version_num = {value}")  # noqa: S608 - the same
        for words in (("audit", "verify"), ("task", "list")):
            said = ssj(*words, home=damaged)
            assert said.code == 3
            assert "表 alembic_version 的行" in said.err, said


def test_a_fault_of_the_program_over_a_sound_database_is_said_to_be_one(home: Path) -> None:
    with click.Context(click.Command("x"), obj=str(home)) as ctx:
        assert damage_behind(ctx, TypeError("x")) is None
        home_of(ctx)
        assert damage_behind(ctx, TypeError("x")) is None
        assert damage_behind(ctx, OSError("x")) is None
        say_damage(ctx, TypeError("x"))
        by_hand(home, "UPDATE setting SET body = 'x' WHERE name = 'sign_in'")
        assert damage_behind(ctx, OSError("x")) is None
        found = damage_behind(ctx, TypeError("x"))
        assert found is not None
        assert [str(one) for one in found.findings if "sign_in" in str(one)]
