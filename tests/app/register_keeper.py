"""Whoever keeps the registers of a deployment, alone: what they enter, and what is found of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from draws_fixtures import BATCH
from public_fixtures import PublicDesk

from engine.app.draws.registers.register_changes import EligibilityChange, changes_before
from engine.app.draws.registers.register_messages import changed_back_of
from engine.app.history.replay import history
from engine.app.ports.records import RegisterEntry

CODE, NAME, STATUS = "统一社会信用代码", "企业名称", "状态"


class Keeper:
    """Whoever keeps the registers, alone."""

    def __init__(self, desk: PublicDesk, folder: Path) -> None:
        self.desk = desk
        self._file = folder / "file.csv"
        with desk.look() as transaction:
            self.firms = list(transaction.registers.all("objects"))

    def of_class(self, name: str) -> list[RegisterEntry]:
        return [
            one
            for one in self.firms
            if any(rating.get("class") == name for rating in one.data.get("ratings") or ())
        ]

    def put(self, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "objects") -> None:
        with self._file.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        self.desk.done("register", "import", kind, self._file, "--as", "registrar", "--yes")

    def status(self, firms: Sequence[RegisterEntry], word: str) -> None:
        self.put((CODE, NAME, STATUS), [(one.id, one.name, word) for one in firms])

    def rated(self, firms: Sequence[RegisterEntry], name: str, on: str) -> None:
        self.put((CODE, NAME, "信用等级", "信用评定日期"), [(one.id, one.name, name, on) for one in firms])

    def visited(self, firms: Sequence[RegisterEntry]) -> None:
        head = ("台账编号", "检查日期", CODE, NAME, "检查结果")
        self.put(
            head, [(f"L-{one.id}", "2026-01-12", one.id, one.name, "未发现问题") for one in firms], "visits"
        )

    def found(self) -> list[EligibilityChange]:
        with self.desk.look() as transaction:
            return changes_before(transaction, self.desk.clock.now())

    def back(self) -> list[EligibilityChange]:
        with self.desk.look() as transaction:
            row = transaction.records.draw(BATCH)
            assert row is not None
            return changed_back_of(transaction, row)

    def commitment(self) -> dict[str, Any]:
        with self.desk.look() as transaction:
            notes = [event.body.get("effects") or {} for event in history(transaction, BATCH)]
        found: dict[str, Any] = next(one["commitment"] for one in notes if "commitment" in one)
        return found

    def asked(self) -> list[str]:
        """Return the ids of what waits for somebody to agree to it."""
        with self.desk.look() as transaction:
            return [one.id for one in transaction.proposals.all() if one.status == "open"]
