"""A deployment with a batch about to be drawn, talked to through the real command line on a clock set by hand."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.app.commands.application import Application
from engine.app.draws.records import record_of
from engine.app.draws.refusals import Attempt, attempts
from engine.app.history.replay import history
from engine.app.ports.records import DrawRow
from engine.app.ports.store import Transaction
from engine.app.session.unit_of_work import UnitOfWork
from engine.cli.main import main
from engine.deployment.clocks import SystemClock, VirtualClock
from engine.deployment.home import find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.draw.entropy import make_chain
from engine.draw.record import DrawRecord
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event

ZONE = ZoneInfo("Asia/Shanghai")
SECTION = "labour_inspection"
CHIEF = f"chief-{SECTION}"
DICE = "dice:407135620918374652013948"
OTHER = "dice:111135620918374652013948"
BATCH = "batch-1"
#: The chains of two custodians of an embargoed draw, their codes for the next draw, and for the one after it.
CHAINS = [make_chain(bytes([n]) * 32, 5) for n in (1, 2)]
CODES = [chain[-2].hex() for chain in CHAINS]
OLDER = [chain[-3].hex() for chain in CHAINS]
CUSTODIANS = [
    {"name": name, "head": chain[-1].hex(), "length": 5}
    for name, chain in zip(("本局", "公证处"), CHAINS, strict=True)
]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return the data of ``--json``."""
        return json.loads(self.out)


class Desk:
    """One deployment whose clock goes on one minute with every command."""

    def __init__(self, home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.clock = VirtualClock(now)
        self._papers = 0
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(SystemClock, "now", lambda own: self.clock.now())
        monkeypatch.delenv("SSJ_HOME", raising=False)

    def ssj(self, *words: object, typed: str | None = None) -> Said:
        """Run one command, with `typed` as its standard input."""
        self.clock.advance(timedelta(minutes=1))
        out, err = io.StringIO(), io.StringIO()
        stdin = io.TextIOWrapper(io.BytesIO((typed or "").encode()), encoding="utf-8")
        with self._monkeypatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            patched.setattr("sys.stdin", stdin)
            with pytest.raises(SystemExit) as ended:
                main(["--home", str(self.home), *map(str, words)])
        assert "Traceback" not in err.getvalue()
        return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def done(self, *words: object, typed: str | None = None) -> str:
        """Run a command that must succeed; returns what it printed."""
        said = self.ssj(*words, typed=typed)
        assert said.code == 0, f"{words}: {said.err or said.out}"
        return said.out

    def paper(self, answers: Mapping[str, Any]) -> Path:
        """Write answers as a file a person hands in."""
        self._papers += 1
        file = self.home.parent / f"paper-{self._papers}.json"
        file.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
        return file

    def step(
        self, step: str, person: str, answers: Any = None, reason: str | None = None, case: str = BATCH
    ) -> Said:
        """``ssj task advance``."""
        words: list[object] = ["task", "advance", case, step, "--as", person]
        words += ["--form", self.paper(answers)] if answers is not None else []
        return self.ssj(*words, *(["--reason", reason] if reason is not None else []))

    def takes(
        self, step: str, person: str, answers: Any = None, reason: str | None = None, case: str = BATCH
    ) -> str:
        """Advance, which must succeed; returns the state."""
        said = self.step(step, person, answers, reason, case)
        assert said.code == 0, f"{step}: {said.err}"
        return said.out.split("\t")[1]

    @contextmanager
    def look(self) -> Iterator[Transaction]:
        """Read the database."""
        store = open_deployment_store(find_home(str(self.home)))
        try:
            with store.read() as transaction:
                yield transaction
        finally:
            store.close()

    @contextmanager
    def application(self) -> Iterator[Application]:
        """Open the deployment with everything that acts."""
        application = open_application(find_home(str(self.home)))
        try:
            yield application
        finally:
            application.store.close()

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """Open a unit of work on a writing transaction."""
        with self.application() as application, application.store.write() as transaction:
            yield UnitOfWork(application, transaction, application.clock.now())

    def case(self, case_id: str = BATCH) -> Case:
        with self.look() as transaction:
            found = transaction.cases.get(case_id)
        assert found is not None
        return found

    def events(self, stream: str = BATCH) -> list[Event]:
        """Return the whole history of a case or of another stream."""
        with self.look() as transaction:
            return list(history(transaction, stream))

    def row(self, number: int | None = None) -> DrawRow:
        """Return the draw of the batch as stored."""
        with self.look() as transaction:
            found = transaction.records.draw(BATCH, number)
        assert found is not None
        return found

    def record(self, number: int | None = None) -> DrawRecord:
        return record_of(self.row(number))

    def attempts(self) -> list[Attempt]:
        """Return what the draw's own log says was refused."""
        return attempts(self.record())

    def tamper(self, record: DrawRecord) -> None:
        """Write a record into the database past everything that guards it."""
        row = self.row()
        store = open_deployment_store(find_home(str(self.home)))
        try:
            with store.write() as transaction:
                body = {"record": record.to_json(), "drawn": len(record.visits)}
                transaction.records.put_draw(DrawRow(row.case, row.number, row.status, body, row.made_at))
        finally:
            store.close()

    def committed(self) -> Desk:
        self.takes("commit_draw", "drawer")
        return self

    def typed(self, digits: str = DICE) -> Desk:
        self.takes("type_entropy", "drawer", self.entropy(digits))
        return self

    def drawn(self, digits: str = DICE) -> Desk:
        """Bring the batch from the commitment to the drawn objects."""
        self.committed().typed(digits)
        self.takes("draw_objects", "witness", {"entropy": digits, "seen_original": True})
        return self

    def drawn_under_embargo(self) -> Desk:
        """Bring a batch that is committed to under embargo to its drawn inspectors."""
        self.takes("type_entropy", "drawer", {**self.entropy(), "codes": CODES})
        self.takes("draw_objects", "witness", {"entropy": DICE, "seen_original": True})
        self.takes("confirm_list", CHIEF, {"checked": True})
        self.takes("draw_inspectors", "drawer")
        return self

    def complete(self) -> Desk:
        """Bring the batch to its drawn inspectors."""
        self.drawn()
        self.takes("confirm_list", CHIEF, {"checked": True})
        self.takes("draw_inspectors", "drawer")
        return self

    def entropy(self, digits: str = DICE, minutes: int = 0) -> dict[str, Any]:
        at = (self.clock.now().astimezone(ZONE) + timedelta(minutes=minutes)).replace(microsecond=0)
        return {"entropy": digits, "obtained_at": at.isoformat(), "source": "当众掷骰记录"}

    def plan(self, **other: Any) -> dict[str, Any]:
        """Return a plan of a batch."""
        today = self.clock.now().astimezone(ZONE).date()
        return {
            "number": "RW-01",
            "title": "劳动用工抽查",
            "draw_type": "untargeted",
            "item_codes": ["LD-01", "GZ-01"],
            "object_scope": "名录库中的全部用人单位",
            "inspect_from": str(today + timedelta(days=1)),
            "inspect_to": str(today + timedelta(days=40)),
            "risk_based": True,
            "scheme": "credit",
            "ratios": [{"class": name, "ratio": "0.5%"} for name in "ABCD"],
            "team_size": 2,
            "sections": [SECTION, "relations", "insurance"],
            "entropy_rule": "承诺公布之后，由三人当众各掷十面骰子八次，依次连写二十四位",
            "entropy_sources": ["dice:24"],
            "rotation": False,
            "methods": ["onsite"],
            "training_planned": True,
            "experts_needed": False,
            **other,
        }

    def planned(self, **other: Any) -> Desk:
        """Start the batch and bring it to where it can be committed to."""
        self.done("case", "start", "batch", "--title", "劳动用工抽查", "--as", "leading")
        self.takes("submit_plan", CHIEF, self.plan(**other))
        self.takes("approve_plan", "deputy", {"opinion": "同意"})
        self.takes("publish_batch_plan", CHIEF)
        return self.trained()

    def trained(self) -> Desk:
        """Hold the training the batch waits for."""
        today = str(self.clock.now().astimezone(ZONE).date())
        both = ["insp-01", "insp-02"]
        arranged = {"held_on": today, "place": "二楼会议室", "topics": "工作规范", "invited": both}
        everybody = [f"insp-{number:02}" for number in range(1, 25)]
        trained = {
            "held_on": today,
            "attended": everybody,
            "norms_trained": True,
            "platform_trained": True,
        }
        self.takes("arrange", CHIEF, arranged, case="training-1")
        self.takes("record_attendance", CHIEF, trained, case="training-1")
        self.takes("file_away", CHIEF, case="training-1")
        return self


def copy_of(home: Path, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a copy of a deployment that was prepared once."""
    shutil.copytree(home, folder / "bureau")
    return Desk(folder / "bureau", now, monkeypatch)


__all__ = ["BATCH", "CHIEF", "CODES", "CUSTODIANS", "DICE", "OLDER", "OTHER", "Desk", "Said", "copy_of"]
