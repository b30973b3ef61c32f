"""A deployment whose people talk to it through the real command line, on a clock that is set by hand.

The commands run in this process, so that the clock of the machine can be stood in for; everything else (arguments,
files, exit codes, streams, database, YAML) is what a person at a terminal meets. All people and enterprises are made up.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.app.commands.application import Application
from engine.app.timers.fire_due import fire_due
from engine.authoring.simulate.draw_results import made_up_result
from engine.cli.main import main
from engine.deployment.clocks import SystemClock, VirtualClock
from engine.deployment.home import find_home
from engine.deployment.open import open_application

ZONE = ZoneInfo("Asia/Shanghai")
SECTION = "labour_inspection"
CHIEF, REVIEWER = f"chief-{SECTION}", f"reviewer-{SECTION}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return the data of a ``--json`` listing."""
        return json.loads(self.out)


def run(*words: str) -> Said:
    """Run one command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as done:
            code = done.code
    return Said(code or 0, out.getvalue(), err.getvalue())


class Bureau:
    """One deployment: `ssj` runs a command in it, `until` lets time go by as the daemon would."""

    def __init__(self, home: Path, clock: VirtualClock) -> None:
        self.home = home
        self.clock = clock
        self._papers = 0

    @property
    def today(self) -> date:
        """Return the day people see."""
        return self.clock.now().astimezone(ZONE).date()

    def ssj(self, *words: str) -> Said:
        """Run one command and return its exit code and both streams."""
        return run("--home", str(self.home), *words)

    def done(self, *words: str) -> str:
        """Run a command that must succeed; returns what it printed."""
        said = self.ssj(*words)
        assert said.code == 0, f"{words}: {said.err or said.out}"
        return said.out

    def advance(
        self,
        case: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> Said:
        """``ssj task advance`` with a form file as a person would hand it in."""
        words = ["task", "advance", case, step, "--as", person]
        if answers is not None:
            self._papers += 1
            paper = self.home.parent / f"form-{self._papers}.json"
            paper.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
            words += ["--form", str(paper)]
        if reason is not None:
            words += ["--reason", reason]
        return self.ssj(*words)

    def takes(
        self,
        case: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> str:
        """Advance, which must succeed; returns the state the case is in then."""
        said = self.advance(case, step, person, answers, reason)
        assert said.code == 0, f"{case} {step}: {said.err}"
        return said.out.split("\t")[1]

    def signed(self, case: str, step: str, people: list[str], answers: Mapping[str, Any]) -> str:
        """Fill in and sign as the first of `people`, sign as the others; returns the state the case is in then."""
        states = [self.takes(case, step, people[0], answers)]
        for person in people[1:]:
            assert states[-1] == self.show(case)["state"]
            states.append(self.takes(case, step, person))
        return states[-1]

    def refused(self, case: str, step: str, person: str, answers: Mapping[str, Any] | None = None) -> str:
        """Advance, which must be refused with exit code 1 and leave the case alone; returns what was said."""
        before = self.show(case)["state"]
        said = self.advance(case, step, person, answers)
        assert (said.code, said.out) == (1, ""), said
        assert self.show(case)["state"] == before
        last = self.history(case)[-1]
        assert (last["kind"], last["actor"]) == ("refused", person)
        words = ["audit", "refused", "--case", case, "--last", "1", "--as", "leading", "--json"]
        (attempt,) = json.loads(self.done(*words))
        assert attempt["person"] == person
        assert attempt["reasons"]
        assert all(sentence in said.err for sentence in attempt["reasons"])
        return said.err

    def hidden(self, case: str, step: str, person: str, answers: Mapping[str, Any] | None = None) -> str:
        """Advance by somebody who does not see the case: refused, and nothing is entered in it; returns what was said."""
        before = self.history(case)
        said = self.advance(case, step, person, answers)
        assert (said.code, said.out) == (1, ""), said
        assert self.history(case) == before
        return said.err

    def show(self, case: str) -> dict[str, Any]:
        """``ssj case show``."""
        found: dict[str, Any] = json.loads(self.done("case", "show", case, "--json"))
        return found

    def history(self, case: str) -> list[dict[str, Any]]:
        """``ssj case history``."""
        found: list[dict[str, Any]] = json.loads(self.done("case", "history", case, "--json"))
        return found

    def work_items(self, person: str) -> dict[str, dict[str, Any]]:
        """``ssj task list --as``: case -> its task."""
        found = json.loads(self.done("task", "list", "--as", person, "--json"))
        return {duty["case"]: duty for duty in found}

    def cases(self, workflow: str, **wanted: str) -> list[dict[str, Any]]:
        """``ssj case list --workflow``."""
        words = [word for name, value in wanted.items() for word in (f"--{name}", value)]
        found: list[dict[str, Any]] = json.loads(
            self.done("case", "list", "--workflow", workflow, *words, "--json")
        )
        return found

    def team(self, case: str) -> list[str]:
        """Return the inspectors of a case."""
        return list(self.show(case)["parties"]["inspectors"])

    def application(self) -> Application:
        """Open the deployment as the daemon does, on the same clock. The caller closes its store."""
        return open_application(find_home(str(self.home)), clock=self.clock)

    def messages(self, person: str) -> list[str]:
        """Return what the outbox holds for a person, oldest first."""
        application = self.application()
        try:
            with application.store.read() as transaction:
                found = [item for item in transaction.outbox.listed() if item.recipient == person]
            return [str(item.payload["text"]) for item in sorted(found, key=lambda item: item.created_at)]
        finally:
            application.store.close()

    def until(self, day: date | str, hour: int = 10) -> None:
        """Let time go by to an hour of a day in Shanghai; every timer on the way fires at its own instant."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        instant = datetime.combine(day, time(hour), ZONE)
        application = self.application()
        try:
            while True:
                with application.store.read() as transaction:
                    due = transaction.timers.next_at()
                if due is None or due > instant:
                    break
                self.clock.set(max(due, self.clock.now()))
                fire_due(application)
        finally:
            application.store.close()
        self.clock.set(instant)


def open_bureau(folder: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> Bureau:
    """Set a deployment up with ``ssj init --sample``, at nine in the morning of `day`."""
    clock = VirtualClock(datetime.combine(date.fromisoformat(day), time(9), ZONE))
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    monkeypatch.delenv("SSJ_HOME", raising=False)
    bureau = Bureau(folder / "bureau", clock)
    bureau.done("init", str(bureau.home), "--sample")
    return bureau


def copy_of(home: Path, now: datetime, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """Return a copy of a deployment that was prepared once, its clock standing at `now`."""
    shutil.copytree(home, folder / "bureau")
    clock = VirtualClock(now)
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    return Bureau(folder / "bureau", clock)


def plan(bureau: Bureau, share: str = "5%", days: tuple[int, int] = (1, 40)) -> dict[str, Any]:
    """Return a plan of a batch that draws the same `share` of every class."""
    first, last = (bureau.today + timedelta(days=number) for number in days)
    return {
        "number": "RW-01",
        "title": "劳动用工抽查",
        "draw_type": "untargeted",
        "item_codes": ["LD-01", "GZ-01"],
        "object_scope": "名录库中的全部用人单位",
        "inspect_from": str(first),
        "inspect_to": str(last),
        "risk_based": True,
        "scheme": "credit",
        "ratios": [{"class": name, "ratio": share} for name in "ABCD"],
        "team_size": 2,
        "sections": [SECTION, "relations", "insurance"],
        "sources": ["ssq", "dlt"],
        "rotation": False,
        "methods": ["onsite"],
        "training_planned": True,
        "experts_needed": False,
    }


def results(bureau: Bureau, case: str, seed: str = "1") -> str:
    """Let time go by until all results of a draw are known; return what they are."""
    shown = json.loads(bureau.done("draw", "show", case, "--json"))
    bureau.until(shown["known_on"])
    sources = shown["commitment"]["sources"]
    return "/".join(made_up_result(source, seed) for source in sources)


def entropy(typed: str) -> dict[str, Any]:
    """Return the entry of the results."""
    return {"entropy": typed, "source": "开奖公告"}


def approval(bureau: Bureau) -> dict[str, Any]:
    """Return the section head's approval of one inspection."""
    return {
        "purpose": "年度计划内的随机抽查",
        "methods": ["onsite"],
        "visit_reason": "工资支付台账须核对原件",
        "planned_on": str(bureau.today),
        "place": "单位住所",
        "materials": ["职工名册", "劳动合同", "工资支付台账"],
        "opinion": "同意检查",
    }


def declaration(bureau: Bureau, team: list[str]) -> dict[str, Any]:
    """Return the declaration that nobody has a conflict of interest."""
    return {"no_conflict": True, "signed_by": team, "signed_on": str(bureau.today)}


def notice(bureau: Bureau) -> dict[str, Any]:
    """Return the notice served on the enterprise today."""
    return {
        "rights_told": True,
        "sent_on": str(bureau.today),
        "sent_by": "direct",
    }


def visit(bureau: Bureau, team: list[str], rows: list[str], **other: Any) -> dict[str, Any]:
    """Return the record of a visit today that found nothing, signed by `team`."""
    today = str(bureau.today)
    return {
        "visited_on": today,
        "arrived_at": f"{today}T08:10+08:00",
        "left_at": f"{today}T09:40+08:00",
        "finished_on": today,
        "business_address": "与登记住所一致",
        "legal_representative": "示例负责人",
        "contact": "示例联络员",
        "staff": 42,
        "badge_shown": True,
        "certificates_shown": True,
        "certificate_numbers": ["示例0001", "示例0002"],
        "rights_told": True,
        "recusal_asked": False,
        "methods": ["onsite"],
        "record": "查阅职工名册、劳动合同和工资支付台账，抽访劳动者五人。",
        "materials": ["职工名册", "劳动合同", "工资支付台账"],
        "object_opinion": "无异议",
        "object_signed": True,
        "signed_by": team,
        "signed_on": today,
        "items": {
            "employment_check": {
                "workers": 42,
                "contracts_due": 40,
                "contracts_signed": 40,
                "rows": dict.fromkeys(rows, "符合"),
            }
        },
        **other,
    }


def check_rows(shown: Mapping[str, Any], step: str = "finish_visit") -> list[str]:
    """Return the rows ``task show --json`` asks for in the item form of a step."""
    (found,) = [one for one in shown["steps"] if one["id"] == step]
    (rows,) = found["item_forms"].values()
    return list(rows)


RESULT = {"result_codes": ["no_problem"], "measures": ["none"]}
REVIEWED = {"checked": True, "opinion": "检查表、证据与录入结果一致"}
PUBLICATION = {"channels": ["site"]}


def to_the_visit(bureau: Bureau, days: tuple[int, int] = (1, 40), share: str = "0.5%") -> list[str]:
    """Plan a batch, draw it, and bring the first inspection to its visit; returns all inspections."""
    today = str(bureau.today)
    batch = bureau.done("case", "start", "batch", "--title", "劳动用工抽查", "--as", "leading").split("\t")[0]
    arranged = {
        "held_on": today,
        "place": "二楼会议室",
        "topics": "工作规范",
        "invited": ["insp-01", "insp-02"],
    }
    trained = {
        "held_on": today,
        "attended": [f"insp-{number:02}" for number in range(1, 25)],
        "norms_trained": True,
        "platform_trained": True,
    }
    bureau.takes(batch, "submit_plan", CHIEF, plan(bureau, share, days))
    bureau.takes(batch, "approve_plan", "deputy", {"opinion": "同意"})
    bureau.takes(batch, "publish_batch_plan", CHIEF)
    bureau.takes("training-1", "arrange", CHIEF, arranged)
    bureau.takes("training-1", "record_attendance", CHIEF, trained)
    bureau.takes("training-1", "file_away", CHIEF)
    bureau.takes(batch, "commit_draw", "drawer")
    typed = results(bureau, batch)
    bureau.takes(batch, "type_entropy", "drawer", entropy(typed))
    bureau.takes(batch, "draw_objects", "witness", {"entropy": typed, "seen_original": True})
    bureau.takes(batch, "confirm_list", CHIEF, {"checked": True})
    bureau.takes(batch, "draw_inspectors", "drawer")
    recusal = {"declared": 0, "declared_excluded": True, "all_trained": True}
    bureau.takes(batch, "pass_recusal_check", "witness", recusal)
    bureau.takes(batch, "dispatch", CHIEF)
    cases = [case["id"] for case in bureau.cases("inspection", parent=batch)]
    team = bureau.team(cases[0])
    bureau.takes(cases[0], "approve", "head", approval(bureau))
    bureau.signed(cases[0], "declare", team, declaration(bureau, team))
    bureau.takes(cases[0], "notify_enterprise", team[0], notice(bureau))
    return cases
