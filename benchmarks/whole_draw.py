"""A whole draw, from the rosters to the files of the kit, beside that of an earlier commit: 1,200 objects, 60 people.

Nobody signs the log on either side. The other side is a checkout of commit ddd8a91 with a ``.venv`` of its own, at the path
that ``SSJ_BENCH_OLD`` names; without one the line is left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

from engine.draw.v2 import acts
from engine.draw.v2.commitment import make_commitment
from engine.draw.v2.kit import public_kit, software
from engine.draw.v2.log import PublicLog
from engine.draw.v2.randomness.calendars import CALENDAR_SPEC, make_year
from engine.draw.v2.rosters import RosterObject, RosterPerson, render_objects, render_people

OBJECTS, PEOPLE, ROUNDS = 1200, 60, 7
#: Names the folder of the checkout.
VARIABLE = "SSJ_BENCH_OLD"
BEGUN, DRAWN = datetime(2026, 3, 9, 1, tzinfo=UTC), datetime(2026, 3, 18, 1, tzinfo=UTC)
RATIOS = {"A": "5%", "B": "0.1", "C": "1/5", "D": "30%"}
_DAYS = {"ssq": ("2026-03-17", "01.05.09.17.22.30+07"), "dlt": ("2026-03-16", "01.05.09.17.22+03.07")}
#: Nothing is drawn on these days of the spring festival.
_SPRING = frozenset(f"2026-02-{day}" for day in range(15, 22))
_CALENDAR: dict[str, Any] = {
    "spec": CALENDAR_SPEC,
    "issues": {
        kind: {"2026": [day for day in make_year(kind, 2026, _SPRING) if day < "2026-05"]} for kind in _DAYS
    },
}

#: The same draw as that commit makes it. Prints the least processor time of some rounds, and how many were drawn.
_OLD = """
import json, sys
from datetime import UTC, datetime
from time import process_time
from engine.draw.commitment import Rules, make_commitment
from engine.draw.drawing import commit, draw_objects, draw_people
from engine.draw.kit import kit_files, software
from engine.draw.roster import ObjectRow, PersonRow, render_objects, render_people

objects, people, rounds, ratios = json.loads(sys.argv[1])
begun, drawn = datetime(2026, 3, 9, 1, tzinfo=UTC), datetime(2026, 3, 18, 1, tzinfo=UTC)

def whole():
    given = render_objects([
        ObjectRow(f"E{n:04}", f"甲乙丙第{n}公司", "ABCD"[n % 4], "2026-01-01", f"第{n % 3}片区", ("wages",), True, "")
        for n in range(objects)
    ])
    those = render_people([
        PersonRow(f"P{n:02}", "inspection", ("any", "lead") if n % 3 == 0 else ("any",), cert_valid_to="2027-12-31",
                  recusals=(f"E{n:04}",))
        for n in range(people)
    ])
    rules = Rules(ratios=ratios, risk_order=("A", "B", "C", "D"), min_per_stratum=1, slots=("lead", ""),
                  valid_on="2026-06-30", rotation=False, match="none")
    made, _ = make_commitment(
        batch_id="B2026-01", draw_no=1, purpose="bench", objects=given, people=those,
        register_counts=dict.fromkeys(ratios, objects // 4), rules=rules, entropy_rule="bench",
        entropy_sources=("ssq",), items=("wages",), previous_log_head="0" * 64, software=software(),
    )
    record = commit(made, given, those, at=begun, actor="office")
    record = draw_objects(record, "ssq:2026001:01.05.09.17.22.30+07/batch:B2026-01", (), at=drawn, actor="drawer")
    record = draw_people(record, at=drawn, actor="drawer")
    kit_files(record)
    return len(record.visits)

least = float("inf")
for _ in range(rounds):
    start = process_time()
    count = whole()
    least = min(least, process_time() - start)
print(json.dumps([least, count]))
"""


def whole(number: int = 0) -> int:
    """Draw, from the rosters to the kit; returns how many objects were drawn. Rosters of another number are other bytes."""
    rows = [
        RosterObject(
            object_id=f"E{n:04}",
            name=f"甲乙丙第{n}公司",
            stratum="ABCD"[n % 4],
            credit_class="ABCD"[n % 4],
            district=f"第{n % 3}片区",
            items=("wages",),
        )
        for n in range(OBJECTS)
    ]
    those = [
        RosterPerson(
            person_id=f"P{n:02}",
            pools=("people",),
            section="inspection",
            labels=("lead",) if n % 3 == 0 else (),
            cert_valid_to="2027-12-31",
            recusals=(f"E{n:04}",),
        )
        for n in range(PEOPLE)
    ]
    key = number.to_bytes(32)
    objects, people = render_objects(rows, key), render_people(those, key)
    log = PublicLog("bench")
    made = make_commitment(
        log=log,
        objects=objects,
        people=people,
        batch_id="B2026-01",
        draw_no=1,
        purpose="bench",
        items=["wages"],
        registered=OBJECTS,
        object_rules={
            "stratum_from": ["credit_class"],
            "strata": [
                {
                    "stratum": name,
                    "bands": [{"up_to": None, "count": None, "ratio": ratio}],
                    "min": 1,
                    "max": None,
                }
                for name, ratio in RATIOS.items()
            ],
            "groups": [],
            "on_removal": "fill",
            "removal_reasons": ["closed"],
        },
        people_rules={
            "team_per": "object",
            "places": [_place(["lead"]), _place([])],
            "valid_on": "2026-06-30",
            "rotation": False,
            "replacement_reasons": ["illness"],
        },
        sources=[
            {"kind": kind, "issue": _issue(kind, day), "round": None, "digits": None, "day": day}
            for kind, (day, _) in _DAYS.items()
        ],
        sources_reason="",
        calendar=_CALENDAR,
        draw_by="2026-03-31",
        custodians=None,
        anchor={"mode": "none", "parties": [], "reason": "bench"},
        software=software(),
    )
    draw, log = acts.commit(
        acts.Draw(made, _CALENDAR, objects, people), log, now=BEGUN, by="office", second="chief"
    )
    values = tuple(value for _, value in _DAYS.values())
    draw, log = acts.type_first(draw, log, values, now=DRAWN, by="drawer")
    draw, log = acts.type_second(draw, log, values, shares=(), now=DRAWN, by="witness")
    draw, log = acts.assign(draw, log, now=DRAWN, by="drawer")
    public_kit(draw, log, visits_done=True)
    return len(draw.visits)


def _issue(kind: str, day: str) -> str:
    return f"2026{_CALENDAR['issues'][kind]['2026'].index(day) + 1:03}"


def _place(labels: list[str]) -> dict[str, Any]:
    return {
        "title": "",
        "pool": "people",
        "sections": [],
        "own_section": False,
        "labels": labels,
        "items": "none",
        "district": False,
        "certificate": False,
    }


def measure() -> dict[str, Any]:
    """Return the processor time of both in seconds, the least of some rounds; nothing where there is no checkout."""
    place = os.environ.get(VARIABLE)
    if not place:
        print(f"left out: {VARIABLE} names no checkout of ddd8a91", file=sys.stderr)
        return {}
    folder = Path(place).resolve()
    asked = json.dumps([OBJECTS, PEOPLE, ROUNDS, RATIOS])
    done = subprocess.run(
        [str(folder / ".venv" / "bin" / "python"), "-c", _OLD, asked],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        # The checkout stays as it is.
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    before, drawn_before = json.loads(done.stdout)
    least, drawn = float("inf"), 0
    for number in range(ROUNDS):
        start = process_time()
        drawn = whole(number)
        least = min(least, process_time() - start)
    if drawn != drawn_before:
        raise SystemExit(f"{drawn} objects were drawn, {drawn_before} before")
    return {"kit": {"seconds": least, "before_seconds": before, "ratio": least / before}}


#: What is measured for each line.
PARTS = {"kit": lambda: measure().get("kit", {})}
