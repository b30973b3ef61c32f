"""The kits: what is in them, and that the public one shows no private value."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from v2_factories import SIGNED, committed, object_rows, people_rows, people_rules, place, whole
from verifiers import NODE, bare, node_says, python_says, resealed, with_teams, write

from engine.draw.refused import DrawRefused
from engine.draw.v2 import kit as kits
from engine.draw.v2.rosters import RosterObject, parse_objects, render_objects
from engine.draw.v2.sealing import root_by_path

MADE = whole()


def test_the_public_kit_shows_no_private_value() -> None:
    """Ids, names, classes with ids, districts, sections, items, recusals, leave, certificates, reasons, evidence."""
    kit = kits.public_kit(MADE.draw, MADE.log, visits_done=True)
    text = "\n".join(bare(kit)[name].decode() for name in bare(kit) if name != "commitment.json")
    private = {row.object_id for row in object_rows()} | {row.name for row in object_rows()}
    private |= {row.district for row in object_rows()} | {row.person_id for row in people_rows()}
    private |= {row.certificate for row in people_rows()} | {"已注销", "illness", "inspection", "2027-12-31"}
    private |= {row.salt for row in map_rows()} | {MADE.draw.whys[0]["salt"]}
    assert not [value for value in private if value in text]
    commitment = bare(kit)["commitment.json"].decode()
    assert not [row for row in object_rows() if row.object_id in commitment]
    assert not [row for row in people_rows() if row.person_id in commitment or row.certificate in commitment]


def map_rows() -> tuple[RosterObject, ...]:
    return parse_objects(MADE.draw.objects)


def test_who_goes_where_is_not_in_the_public_kit_before_the_visits() -> None:
    before = kits.public_kit(MADE.draw, MADE.log, visits_done=False)
    after = kits.public_kit(MADE.draw, MADE.log, visits_done=True)
    assert set(after) == set(before), "an expert's place asks for the district, which results name too"
    people = {member["lot"] for unit in MADE.draw.units for member in unit["members"]}
    assert not [lot for lot in people if lot.encode() in before["log.jsonl"] + before["result.json"]]
    assert json.loads(kits.auditor_kit(MADE.draw, MADE.log)["teams.json"])["whys"] == list(MADE.draw.whys)


def test_teams_are_public_after_the_visits_where_they_tell_no_firm(tmp_path: Path) -> None:
    made = whole(people_rules=people_rules(place(labels=["leader"]), place(), rotation=True))
    before = kits.public_kit(made.draw, made.log, visits_done=False)
    after = kits.public_kit(made.draw, made.log, visits_done=True)
    assert set(after) - set(before) == {"teams.json"}
    teams = json.loads(after["teams.json"])
    assert teams["units"] == list(made.draw.units)
    # Who took whose place has a day in the log, and results have days: together they would name the unit.
    assert (teams["replacements"], teams["whys"]) == ([], [])
    code, said = python_says(tmp_path / "kit", bare(after))
    assert (code, "公开包：1 次更换的内容不公开" in said) == (0, True), said
    changed = with_teams(bare(after), replace(made.draw, replacements=()))
    assert changed == bare(after)
    other = json.loads(changed["teams.json"])
    other["units"][0]["members"][0]["ticket"] = "0" * 64
    forged = resealed({**changed, "teams.json": json.dumps(other).encode()})
    assert python_says(tmp_path / "kit", forged)[0] == 1
    earlier = with_teams(bare(after), made.draw)
    code, said = python_says(tmp_path / "kit", earlier)
    assert (code, "次更换的内容不公开" in said) == (0, False), said
    if NODE:
        for report in node_says(tmp_path, [bare(after), earlier]):
            assert report["bad"] == []


@pytest.mark.parametrize(
    "asked", [{"own_section": True}, {"district": True}, {"items": "any"}, {"items": "all"}]
)
def test_teams_that_follow_from_what_is_public_of_a_firm_stay_out(asked: dict[str, Any]) -> None:
    made = whole(people_rules=people_rules(place(**asked)))
    assert "teams.json" not in kits.public_kit(made.draw, made.log, visits_done=True)
    assert "teams.json" in kits.auditor_kit(made.draw, made.log)


@pytest.mark.parametrize("team_per", ["section", "district"])
def test_teams_of_several_firms_stay_out(team_per: str) -> None:
    made = whole(people_rules=people_rules(place(), team_per=team_per))
    assert "teams.json" not in kits.public_kit(made.draw, made.log, visits_done=True)


def test_the_file_that_is_given_away_runs_alone(tmp_path: Path) -> None:
    """verify.py as the kit holds it, in a Python without our packages, on both kits and on a changed one."""
    made = whole(software=kits.software())
    for name, kit in (
        ("public", kits.public_kit(made.draw, made.log, visits_done=False)),
        ("auditor", kits.auditor_kit(made.draw, made.log)),
    ):
        folder = write(tmp_path / name, kit)
        run = subprocess.run(
            [sys.executable, "-I", str(folder / "verify.py")],
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert (run.returncode, "核验通过" in run.stdout) == (0, True), run.stdout + run.stderr
        assert "不是承诺时版本的程序：无" in run.stdout
    (tmp_path / "public" / "result.json").unlink()
    run = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "public" / "verify.py")],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 2


def test_the_parts_are_one_program_of_the_standard_library() -> None:
    data = kits.program("verify.py").decode()
    assert data.count('if __name__ == "__main__":') == 1
    named = [line.split()[1] for line in data.splitlines() if line.startswith(("import ", "from "))]
    assert set(named) <= sys.stdlib_module_names
    assert kits.software()["verify.py"] == hashlib.sha256(kits.program("verify.py")).hexdigest()


def test_the_page_asks_nobody_anything() -> None:
    page = kits.program("verify.html").decode()
    assert "default-src 'none'" in page
    for word in ("fetch(", "XMLHttpRequest", "src=", "import(", "WebSocket"):
        assert word not in page


@pytest.mark.parametrize("wanted", ["drawn", "not drawn", "excluded", "removed", "substitute"])
def test_a_firm_checks_its_own_row(wanted: str, tmp_path: Path) -> None:
    rows = parse_objects(MADE.draw.objects)
    drawn = {one["lot"] for found in MADE.draw.strata for one in found["drawn"]}
    visited, struck = {v["lot"] for v in MADE.draw.visits}, {r["lot"] for r in MADE.draw.removals}
    kinds = {
        "drawn": lambda row: row.lot in drawn & visited, "not drawn": lambda row: row.eligible and row.lot not in drawn | visited,
        "excluded": lambda row: not row.eligible, "removed": lambda row: row.lot in struck,
        "substitute": lambda row: row.lot in visited - drawn,
    }  # fmt: skip
    words = {
        "drawn": "：抽中",
        "not drawn": "：没有抽中",
        "excluded": "：不参加抽取：已注销",
        "removed": "：抽中后剔除：moved",
        "substitute": "：递补",
    }
    row = next(row for row in rows if kinds[wanted](row))
    given = kits.slip(MADE.draw, row.object_id)
    line = (
        (kits.public_kit(MADE.draw, MADE.log, visits_done=False)["objects.tsv"])
        .decode()
        .splitlines()[given["place"] + 1]
    )
    assert (
        root_by_path(line, given["place"], given["size"], given["path"])
        == MADE.draw.commitment["objects"]["root"]
    )
    (tmp_path / "slip.json").write_text(json.dumps(given), encoding="utf-8")
    public = bare(kits.public_kit(MADE.draw, MADE.log, visits_done=False))
    code, said = python_says(tmp_path / "kit", public, "--slip", str(tmp_path / "slip.json"))
    assert code == 0
    assert row.name in said
    assert next(line for line in said.splitlines() if "· 凭单：" in line).endswith(words[wanted])
    if NODE and wanted == "substitute":
        (report,) = node_says(tmp_path, [public], {"slip": given})
        assert report["bad"] == []
        assert any(note.endswith(words[wanted]) for note in report["notes"])
        (report,) = node_says(tmp_path, [public], {"slip": given | {"salt": "0" * 32}})
        assert report["bad"]


@pytest.mark.parametrize("form", ["before", "out of scope"])
def test_slips_of_the_earlier_form_and_of_rows_out_of_scope(form: str, tmp_path: Path) -> None:
    rows = [replace(row, stratum="") if row.exclude_reason else row for row in object_rows()]
    made = whole(former="eligible") if form == "before" else whole(objects=render_objects(rows, b"k" * 32))
    public = bare(kits.public_kit(made.draw, made.log, visits_done=False))
    given = kits.slip(made.draw, "E0009")
    assert ("eligible" in given["row"]) == (form == "before")
    (tmp_path / "slip.json").write_text(json.dumps(given), encoding="utf-8")
    code, said = python_says(tmp_path / "kit", public, "--slip", str(tmp_path / "slip.json"))
    where = "层 B" if form == "before" else "层 （不在本次抽取的范围）"
    assert code == 0
    assert f"{where}，代号 {given['row']['lot']}：不参加抽取：已注销" in said
    if NODE:
        (report,) = node_says(tmp_path, [public], {"slip": given})
        assert report["bad"] == []
        assert any(where in note for note in report["notes"])
        # Who says that he takes part has another row.
        other = given | {"row": given["row"] | {"exclude_reason": ""}}
        assert node_says(tmp_path, [public], {"slip": other})[0]["bad"]


def test_no_slip_for_a_firm_that_is_not_in_the_roster() -> None:
    with pytest.raises(DrawRefused, match="名册里没有"):
        kits.slip(MADE.draw, "E9999")


def test_no_kit_before_the_draw() -> None:
    draw, log = committed(anchor=SIGNED)
    with pytest.raises(DrawRefused, match="还没有抽取"):
        kits.public_kit(draw, log, visits_done=False)
    with pytest.raises(DrawRefused, match="还没有抽取"):
        kits.auditor_kit(draw, log)


def test_a_kit_of_the_protocol_before_is_named_with_what_it_does_not_prove(tmp_path: Path) -> None:
    kit = {
        "commitment.json": b'{"spec":"ssj-draw/1"}',
        "calendar.json": b"{}",
        "objects.tsv": b"",
        "log.jsonl": b"",
        "result.json": b"{}",
    }
    code, said = python_says(tmp_path / "kit", resealed(kit))
    assert code == 1
    assert "ssj-draw/1" in said
    assert "不能证明" in said


def test_files_that_are_not_in_the_manifest_are_named(tmp_path: Path) -> None:
    kit = bare(kits.public_kit(MADE.draw, MADE.log, visits_done=False))
    code, said = python_says(tmp_path / "kit", kit | {"more.txt": b"x"})
    assert code == 0
    assert "未核验的文件：more.txt" in said
