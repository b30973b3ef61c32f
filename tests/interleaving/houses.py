"""Houses of each kind of store, furnished anew for every schedule, and what of the commands in them is special."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from house import application_over, furnish, timekeeping
from interleave import Meeting
from memory_copy import copy_of

from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.ports.store import Store
from engine.store.memory import MemoryStore
from engine.store.sql import open_store
from engine.store.sql.tables import metadata

#: What publishes definitions: each schedule reads them anew.
PUBLISHING = {"publish", "publish_again"}
#: What cannot be repeated under a request id, and why.
NOT_REPEATED = {
    # Who proves who they are has done nothing yet; every failure counts.
    "prove_by_password",
    "prove_by_token",
    # What is refused is not done: every attempt counts.
    "ask_first",
    "ask_case",
    # Each says another secret, or is asked with one.
    "change_person",
    "close_firm_page",
    "end_own_session",
    "enter_own",
    "make_set_up_link",
    "open_firm_page",
    "sign_in_by_link",
    "sign_in_by_password",
    # Done on the machine itself, by nobody of the office.
    "recover_password",
}
#: Work too long for a transaction: the same request is refused while it is under way.
LONG = {"back_up", "move_database", "build_site"}


class House:
    """Stores of one kind in which everything is as `furnish` leaves it, or as it was prepared for a pair."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        # Compiling the definitions anew for every schedule would take most of the time.
        self._known = [DefinitionCache(timekeeping()) for _ in range(3)]
        self.publishes = False

    def application(self, store: Any, number: int) -> Application:
        return application_over(store, None if self.publishes else self._known[number], number)

    def tidy(self) -> None:
        """Put away what an earlier schedule left besides rows: calendar files, and the calendar counted with."""
        for file in self.folder.glob("*2*.yaml*"):
            file.unlink()
        for known in self._known:
            if known.time is not timekeeping():
                known.retime(timekeeping())

    @contextmanager
    def opened(self, before: Callable[[Store], None], key: str) -> Iterator[tuple[Store, Store]]:
        raise NotImplementedError

    def meeting(self, stores: tuple[Store, Store], at: int) -> Meeting:
        return Meeting(stores, at, one_at_a_time=True)


class InMemory(House):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: tuple[str, MemoryStore] | None = None

    @contextmanager
    def opened(self, before: Callable[[Store], None], key: str) -> Iterator[tuple[Store, Store]]:
        if self._kept is None or self._kept[0] != key:
            furnish(prepared := MemoryStore())
            before(prepared)
            self._kept = key, prepared
        store = copy_of(self._kept[1])
        yield store, store

    def meeting(self, stores: tuple[Store, Store], at: int) -> Meeting:
        return Meeting(stores, at, one_at_a_time=True, readers_wait=True)


class InSql(House):
    """Stores on one database, emptied and filled again for every schedule."""

    def __init__(self, folder: Path, place: str, count: int) -> None:
        super().__init__(folder)
        self._stack = ExitStack()
        stores = [self._stack.enter_context(closing(open_store(place, create=True))) for _ in range(count)]
        self._stores = (stores[0], stores[-1])
        #: What a pair finds, row by row: furnishing anew would take most of the time.
        self._kept: dict[str, dict[str, list[dict[str, Any]]]] = {}

    @contextmanager
    def opened(self, before: Callable[[Store], None], key: str) -> Iterator[tuple[Store, Store]]:
        if not self._put_back(key):
            with self._stores[0].engine.begin() as connection:
                for table in metadata.sorted_tables:
                    connection.execute(table.delete())
            furnish(self._stores[0])
            before(self._stores[0])
            self._keep(key)
        yield self._stores

    def _put_back(self, key: str) -> bool:
        """Fill the database with what was kept for a pair; False where nothing was."""
        if (kept := self._kept.get(key)) is None:
            return False
        with self._stores[0].engine.begin() as connection:
            for table in metadata.sorted_tables:
                connection.execute(table.delete())
                if rows := kept.get(table.name):
                    connection.execute(table.insert(), rows)
        return True

    def _keep(self, key: str) -> None:
        with self._stores[0].reader.connect() as connection:
            self._kept[key] = {
                table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in metadata.sorted_tables
            }

    def close(self) -> None:
        self._stack.close()


class OnSqlite(InSql):
    """One store, whose writers wait for each other in the process, as they do at the file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, str(folder / "house.db"), 1)


class OnPostgres(InSql):
    """Two stores, as two processes have them, and a connection that is asked who waits."""

    def __init__(self, folder: Path, url: str) -> None:
        import psycopg
        from sqlalchemy import make_url

        super().__init__(folder, url, 2)
        plain_url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._asking = self._stack.enter_context(psycopg.connect(plain_url, autocommit=True))
        #: The pair whose rows the schema `kept` holds, and what puts them back: the server does it in one trip.
        self._known_pair: tuple[str, str] | None = None

    def _put_back(self, key: str) -> bool:
        if self._known_pair is None or self._known_pair[0] != key:
            return False
        self._asking.execute(self._known_pair[1])
        return True

    def _keep(self, key: str) -> None:
        names = [table.name for table in metadata.sorted_tables]
        orders = ["DROP SCHEMA IF EXISTS kept CASCADE", "CREATE SCHEMA kept"]
        orders += [f'CREATE UNLOGGED TABLE kept."{name}" AS TABLE "{name}"' for name in names]
        self._asking.execute("; ".join(orders))
        filled = [
            name for name in names if self._asking.execute(f'SELECT 1 FROM kept."{name}" LIMIT 1').fetchone()
        ]
        back = [f'DELETE FROM "{name}"' for name in names]
        back += [f'INSERT INTO "{name}" TABLE kept."{name}"' for name in filled]
        self._known_pair = key, "; ".join(back)

    def meeting(self, stores: tuple[Store, Store], at: int) -> Meeting:
        return Meeting(stores, at, one_at_a_time=False, waits=self._somebody_waits)

    def _somebody_waits(self) -> bool:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        found = self._asking.execute(query).fetchone()
        return found is not None and found[0] > 0


@contextmanager
def fresh(
    house: House, before: Callable[[Store], None], names: tuple[str, ...]
) -> Iterator[tuple[Store, Store]]:
    house.tidy()
    with house.opened(before, "+".join(names)) as stores:
        yield stores
