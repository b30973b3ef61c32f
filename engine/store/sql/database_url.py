"""Where a database is: which address was meant."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine.language import say
from engine.store.problem import StoreUnavailableError


def address(named: str) -> URL:
    """Return the address of a database named by a path or by a URL. Raises StoreUnavailableError for others."""
    if "://" not in named:
        return URL.create("sqlite", database=str(Path(named).absolute()))
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):
        raise _not_understood(named) from None
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite", database=str(Path(url.database).absolute()))
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise _not_understood(url.render_as_string(hide_password=True))


def _not_understood(named: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        say(
            "不认识数据库地址“{named}”：应为文件路径（如 data/ssj.db），或 postgresql://用户:密码@主机/库名",
            named=named,
        )
    )
