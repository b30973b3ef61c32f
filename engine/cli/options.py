"""Options that many commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from engine.cli.authentication import as_person

F = TypeVar("F", bound=Callable[..., Any])


def acting(command: F) -> F:
    """Add ``--as``, ``--request-id`` and ``--dry-run`` to a command that changes something."""
    command = click.option("--dry-run", is_flag=True, help="只判断，不保存")(command)
    return as_person("以谁的身份办理")(request_id_option(command))


def request_id_option(command: F) -> F:
    """Add ``--request-id`` to a command that changes something."""
    return click.option("--request-id", default=None, help="请求编号：同一编号只生效一次")(command)


def as_json(command: F) -> F:
    """Add ``--json`` to a listing."""
    return click.option("--json", "json_output", is_flag=True, help="输出 JSON")(command)
