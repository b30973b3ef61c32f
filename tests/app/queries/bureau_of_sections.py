"""A case of one section with a document, for queries to be asked about."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "access"))

from access_factories import BUREAU, services_over

from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.ports.records import Document
from engine.store.memory import MemoryStore


@dataclass(frozen=True, slots=True)
class Opened:
    services: Application
    case: str


def open_sections() -> Opened:
    """Return services, and a case of the section `north`."""
    services = services_over(MemoryStore(), BUREAU, people=True)
    started = services.start("errand", "anna", NewCase(title="示例"))
    assert isinstance(started, CommandResult), str(started)
    with services.store.write() as transaction:
        transaction.records.put_document(
            Document(
                f"{started.case}/1",
                started.case,
                "notice",
                "通知.html",
                sha256(b"x").hexdigest(),
                b"x",
                services.clock.now(),
            )
        )
    return Opened(services, started.case)
