"""Both stores offer every repository a transaction has, with the methods and the parameters the use cases rely on."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.app.ports import (
    drafts,
    jobs,
    papers,
    proposals,
    repositories,
    retention,
    sign_in,
    signatures,
    task_query,
)
from engine.app.ports.audit import personal_values, readings
from engine.app.ports.audit.statements import Statements
from engine.app.ports.store import Store, Transaction
from engine.store.memory import MemoryStore
from engine.store.sql.store import open_store

#: attribute of a transaction -> its protocol
PARTS: dict[str, type] = {
    "cases": repositories.Cases,
    "events": repositories.Events,
    "tasks": task_query.Tasks,
    "timers": repositories.Timers,
    "outbox": repositories.Outbox,
    "inbox": repositories.Inbox,
    "registers": repositories.Registers,
    "records": repositories.Records,
    "definitions": repositories.Definitions,
    "settings": repositories.Settings,
    "papers": papers.Papers,
    "proposals": proposals.Proposals,
    "delegations": repositories.Delegations,
    "credentials": sign_in.Credentials,
    "tokens": sign_in.Tokens,
    "sign_in_attempts": sign_in.SignInAttempts,
    "web_sessions": sign_in.WebSessions,
    "drafts": drafts.Drafts,
    "daemons": repositories.Daemons,
    "jobs": jobs.Jobs,
    "readings": readings.Readings,
    "pruning": readings.Pruning,
    "personal_values": personal_values.PersonalValues,
    "retention": retention.Retention,
    "signatures": signatures.SignatureRecords,
    "statements": Statements,
}


def methods(protocol: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(found)
        for name, found in vars(protocol).items()
        if inspect.isfunction(found) and not name.startswith("_")
    }


def shape(signature: inspect.Signature) -> list[tuple[str, Any, Any]]:
    """Return what a caller depends on: names, kinds and defaults."""
    return [(one.name, one.kind, one.default) for one in signature.parameters.values() if one.name != "self"]


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    place: Path = tmp_path_factory.mktemp("ports") / "ssj.db"
    with closing(open_store(place, create=True)) as found:
        yield found


def test_every_repository_of_a_transaction_is_known_here() -> None:
    declared = {name for name, found in vars(Transaction).items() if isinstance(found, property)}
    assert declared - {"touched"} == set(PARTS)
    modules = (
        *(repositories, papers, proposals, drafts, sign_in, task_query),
        *(jobs, personal_values, readings, retention, signatures),
    )
    protocols = {
        found
        for module in modules
        for found in vars(module).values()
        if inspect.isclass(found)
        and found.__module__ == module.__name__
        and getattr(found, "_is_protocol", False)
    }
    # The service that seals is asked by commands; no transaction has it.
    assert protocols == (set(PARTS.values()) - {Statements}) | {signatures.SealService}


@pytest.mark.parametrize("part", PARTS)
def test_a_store_has_the_methods_of_the_protocol(store: Store, part: str) -> None:
    wanted = methods(PARTS[part])
    assert wanted
    with store.read() as transaction:
        found = getattr(transaction, part)
        for name, signature in wanted.items():
            own = inspect.signature(getattr(type(found), name))
            assert shape(own) == shape(signature), f"{type(found).__name__}.{name}"
