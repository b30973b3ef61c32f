"""``ssj register history | undo | diff | duplicates | claim``, a deployment's own profile, and the preview."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_fixtures import called, done, ssj, state_of

from engine.cli.registers.changes import claim, duplicates, report_changed, show_diff, show_history, undo

FIRST, SECOND, THIRD = "91990102MAKN88CKX2", "91990102MAKN8GL211", "91990102MAKN8QUG0X"
HEAD = "统一社会信用代码,企业名称,住所,信用风险等级"
KEEPER = ("--as", "registrar")


@pytest.fixture
def listed(home: Path, tmp_path: Path) -> Path:
    """A deployment with two objects of its own."""
    bring(home, tmp_path, f"{FIRST},示例甲有限公司,甲路1号,A", f"{SECOND},示例乙有限公司,乙路2号,B")
    return home


def bring(home: Path, tmp_path: Path, *rows: str, head: str = HEAD, more: tuple[str, ...] = ()) -> str:
    file = tmp_path / "objects.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return done("register", "import", "objects", file, *KEEPER, *more, home=home).out


def entry(home: Path, entry_id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        done("register", "show", "objects", entry_id, "--json", home=home).out
    )
    return found


def test_the_history_of_an_entry_tells_who_changed_what(listed: Path, tmp_path: Path) -> None:
    bring(listed, tmp_path, f"{FIRST},示例甲有限公司,新路9号,A")
    done("register", "label", "objects", FIRST, "--add", "建筑业", *KEEPER, home=listed)
    said = done("register", "history", "objects", FIRST, home=listed).out.splitlines()
    assert [line.split("\t")[2:4] for line in said if not line.startswith("\t")] == [
        ["registrar", "导入"],
        ["registrar", "导入"],
        ["registrar", "标注"],
    ]
    assert "\taddress\t甲路1号 → 新路9号" in said
    whole = json.loads(done("register", "history", "objects", "--json", home=listed).out)
    assert whole[-1]["add"] == ["建筑业"]


def test_the_last_import_is_taken_back_whole(listed: Path, tmp_path: Path) -> None:
    before = entry(listed, FIRST), entry(listed, SECOND)
    changed = (f"{FIRST},示例甲改名有限公司,新路9号,D", f"{THIRD},示例丙有限公司,丙路3号,C")
    bring(listed, tmp_path, *changed, more=("--remove-missing", "--yes"))
    assert ssj("register", "show", "objects", SECOND, home=listed).code == 1
    dry = done("register", "undo", "objects", *KEEPER, "--dry-run", home=listed)
    assert "移出 1 条，复原 " in dry.out
    assert ssj("register", "show", "objects", THIRD, home=listed).code == 0
    done("register", "undo", "objects", *KEEPER, "--yes", home=listed)
    assert (entry(listed, FIRST), entry(listed, SECOND)) == before
    assert ssj("register", "show", "objects", THIRD, home=listed).code == 1
    # Once more takes the import before it back; what the sample brought stays.
    done("register", "undo", "objects", *KEEPER, "--yes", home=listed)
    assert ssj("register", "show", "objects", FIRST, home=listed).code == 1


def test_what_was_changed_since_is_not_overwritten(listed: Path) -> None:
    done("register", "label", "objects", FIRST, "--add", "建筑业", *KEEPER, home=listed)
    before = state_of(listed)
    said = ssj("register", "undo", "objects", *KEEPER, "--yes", home=listed)
    assert said.code == 1
    assert f"导入以后这些条目又被改动，撤销会丢失这些改动：{FIRST}" in said.err
    assert state_of(listed) == before


def test_a_register_is_compared_with_its_frozen_copy(listed: Path, tmp_path: Path) -> None:
    assert ssj("register", "diff", "objects", home=listed).code == 1
    done("register", "snapshot", "objects", "--take", *KEEPER, home=listed)
    bring(listed, tmp_path, f"{FIRST},示例甲有限公司,新路9号,A", f"{THIRD},示例丙有限公司,丙路3号,C")
    said = done("register", "diff", "objects", home=listed).out
    assert "新增 1，移出 0，改动 1" in said
    assert f"+\t{THIRD}\t示例丙有限公司" in said
    assert f"~\t{FIRST}\t示例甲有限公司\taddress\t甲路1号 → 新路9号" in said


def test_entries_that_may_be_one_are_listed(home: Path, tmp_path: Path) -> None:
    bring(
        home, tmp_path, f"{FIRST},示例甲（云汀）有限公司,甲路1号,A", f"{SECOND},示例甲(云汀)有限公司,乙路,B"
    )
    said = done("register", "duplicates", "objects", home=home).out
    assert f"示例甲（云汀）有限公司（{FIRST}）" in said
    assert f"示例甲(云汀)有限公司（{SECOND}）" in said


def test_a_section_claims_items_and_gives_them_back(home: Path) -> None:
    items = json.loads(done("register", "list", "items", "--json", home=home).out)
    held = next(item for item in items if item["section"])
    section, chief = held["section"], f"chief-{held['section']}"
    other = next(item["section"] for item in items if item["section"] not in (None, section))
    claim = ("register", "claim", "items", held["id"])
    said = ssj(*claim, "--section", other, "--as", f"chief-{other}", home=home)
    assert said.code == 1
    assert f"已由股室“{section}”认领，须由该股室先退回" in said.err
    stranger = ssj(*claim, "--section", section, "--release", "--as", f"chief-{other}", home=home)
    assert stranger.code == 1
    assert "不属于股室" in stranger.err
    done(*claim, "--section", section, "--release", "--as", chief, home=home)
    done(*claim, "--section", other, "--as", f"chief-{other}", home=home)
    found = json.loads(done("register", "show", "items", held["id"], "--json", home=home).out)
    assert found["section"] == other
    told = done("register", "history", "items", held["id"], home=home).out
    assert "退回认领" in told
    assert f"section\t- → {other}" in told
    unknown = ssj(*claim, "--section", "nowhere", "--as", chief, home=home)
    assert (unknown.code, "没有股室“nowhere”" in unknown.err) == (1, True)


def test_a_deployment_reads_files_its_own_way(home: Path, tmp_path: Path) -> None:
    row = f"{FIRST},示例甲有限公司,甲路1号"
    head = "代码（本市）,单位,地点"
    file = tmp_path / "city.csv"
    file.write_text(f"{head}\n{row}\n", encoding="utf-8")
    assert ssj("register", "import", "objects", file, *KEEPER, home=home).code == 1
    own = home / "profiles"
    own.mkdir(exist_ok=True)
    (own / "objects.yaml").write_text(
        "register: objects\ntitle: 本市登记库\nheaders: {代码（本市）: id, 单位: name, 地点: address}\n",
        encoding="utf-8",
    )
    # Nobody has agreed to it yet.
    alone = ssj("register", "import", "objects", file, *KEEPER, home=home)
    assert (alone.code, "没有发布" in alone.err) == (1, True)
    done("workflow", "publish", "--as", "leading", home=home)
    before = state_of(home)
    seen = done("register", "import", "objects", file, *KEEPER, "--preview", home=home)
    assert "  代码（本市）\tid\t" in seen.out
    assert f"  {FIRST}\t示例甲有限公司" in seen.out
    assert state_of(home) == before
    done("register", "import", "objects", file, *KEEPER, home=home)
    file.write_text(f"{head}\n{FIRST},示例甲有限公司,新路9号\n", encoding="utf-8")
    seen = done("register", "import", "objects", file, *KEEPER, "--preview", home=home)
    assert f"  {FIRST}\taddress\t甲路1号 → 新路9号" in seen.out
    text = (own / "objects.yaml").read_text("utf-8")
    (own / "objects.yaml").write_text(
        text.replace("地点: address", "地点: business_address"), encoding="utf-8"
    )
    edited = ssj("register", "import", "objects", file, *KEEPER, home=home)
    assert (edited.code, "发布以后改过" in edited.err) == (1, True)
    assert "profiles/objects.yaml" in ssj("doctor", "--as", "leading", home=home).out


def test_no_profile_brings_private_columns_elsewhere(home: Path, tmp_path: Path) -> None:
    file, own = tmp_path / "inspectors.csv", home / "profiles"
    own.mkdir(exist_ok=True)
    head = "人员编号,姓名,执法证号,执法证有效期至,"
    row = "insp-05,示例戊,SL-00005,2027-01-01,"

    def tried(profile: str, title: str = "回避对象") -> str:
        (own / "inspectors.yaml").write_text(f"register: inspectors\n{profile}\n", encoding="utf-8")
        done("workflow", "publish", "--as", "leading", home=home)
        file.write_text(f"{head}{title}\n{row}{FIRST}\n", encoding="utf-8")
        given = ("--profile", own / "inspectors.yaml")
        said = ssj("register", "import", "inspectors", file, *KEEPER, *given, home=home)
        return "" if said.code == 0 else said.err

    moved = "columns: {recusals: {title: 别的, type: ids}, note_x: {title: 回避对象, type: text}}"
    for profile in (
        moved,
        "columns: {note_x: {title: 备用, type: text}}\nheaders: {回避对象: note_x}",
        "ignore: [回避对象]",
        "columns: {recusals: {title: 回避对象, type: text}}",
        "fixed: {recusals: 91990102MA3100033J}",
    ):
        assert "导入方案把不公开的列改到了别处" in tried(profile), profile
    (own / "inspectors.yaml").write_text(f"register: inspectors\n{moved}\n", encoding="utf-8")
    named = ssj("audit", "verify", *KEEPER[:0], "--as", "leading", home=home)
    assert (named.code, "profiles/inspectors.yaml" in named.out + named.err) == (1, True)
    assert "profiles/inspectors.yaml" in ssj("doctor", "--as", "leading", home=home).out
    # A title of the office's own is kept once a file was taken in with it.
    assert tried("headers: {须避开的企业: recusals}", "须避开的企业") == ""
    other = "columns: {note_x: {title: 备用, type: text}}\nheaders: {须避开的企业: note_x}"
    assert "须避开的企业" in tried(other, "须避开的企业")
    assert tried("title: 本局人员") == ""


def test_the_commands_themselves(listed: Path, tmp_path: Path) -> None:
    (first,) = called(show_history, "objects", FIRST, "--json", home=listed).json()
    assert (first["seq"] > 0, first["by"]) == (True, "registrar")
    assert called(show_history, "objects", FIRST, home=listed).out.split("\t")[2] == "registrar"
    assert called(show_diff, "objects", home=listed).code == 1
    done("register", "snapshot", "objects", "--take", *KEEPER, home=listed)
    same = called(show_diff, "objects", home=listed)
    assert (same.code, "新增 0，移出 0，改动 0" in same.out + same.err) == (0, True)
    bring(listed, tmp_path, f"{THIRD},示例甲（有限公司）,甲路1号,A")
    pairs = called(duplicates, "objects", "--json", home=listed)
    assert (pairs.code, isinstance(pairs.json(), list)) == (0, True)
    claimed = called(claim, "items", "absent", "--section", "market", "--as", "chief-market", home=listed)
    assert claimed.code == 1
    assert called(undo, "objects", "--as", "insp-01", "--yes", home=listed).code == 1
    assert called(undo, "objects", *KEEPER, home=listed).code == 2
    dry = called(undo, "objects", *KEEPER, "--dry-run", home=listed)
    assert (dry.code, entry(listed, THIRD)["id"]) == (0, THIRD)
    assert called(undo, "objects", *KEEPER, "--yes", home=listed).code == 0
    assert ssj("register", "show", "objects", THIRD, home=listed).code == 1


def test_what_changed_is_reported_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    report_changed(["a", "b"], ["c"], dry_run=True)
    told = capsys.readouterr()
    assert all(one in told.out + told.err for one in ("a", "b", "仅试算，未保存。"))
