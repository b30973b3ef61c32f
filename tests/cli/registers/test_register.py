"""``ssj register`` and ``ssj user``: who may, what changes, what stays, what is told."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from command_fixtures import called, done, ssj, state_of

from engine.cli.registers.kinds import KINDS as OFFERED
from engine.cli.registers.register import group
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.register.profile import KINDS, LEDGER

FIRST, SECOND, THIRD = "91990102MA3W55JQ6H", "91990102MA3WFR6T21", "91990102MA3W7HPT2R"
PEOPLE = (
    "人员编号,姓名,股室,角色\nhead,局长,办公室,局长\nboss,办公室主任,office,leading_office；roster_admin\n"
)


def file_of(tmp_path: Path, text: str, name: str = "file.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def objects(*rows: str, head: str = "统一社会信用代码,企业名称,住所,信用风险等级,分类标签") -> str:
    return "\n".join([head, *rows]) + "\n"


def journal(home: Path, stream: str) -> list[tuple[str, str]]:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return [(event.kind, event.actor) for event in transaction.events.of(stream)]
    finally:
        store.close()


def test_the_registers_offered_are_those_there_are() -> None:
    assert tuple(OFFERED.choices) == (*KINDS, LEDGER)


def test_the_first_people_are_entered_by_the_system_and_only_they(bare: Path, tmp_path: Path) -> None:
    people = file_of(tmp_path, PEOPLE)
    said = ssj("register", "import", "people", people, "--as", "boss", home=bare)
    assert said.code == 1
    assert "--as system" in said.err
    assert done("register", "import", "people", people, "--as", "system", home=bare).out.startswith("新增 2")
    said = ssj("register", "import", "people", people, "--as", "system", home=bare)
    assert said.code == 1
    assert "不能再以 system 的身份" in said.err
    assert done("register", "import", "people", people, "--as", "boss", home=bare).out == (
        "新增 0，改动 0，未变 2，缺少 0（移出 0），跳过 0\n"
    )
    assert journal(bare, "register:people") == [("imported", "system"), ("imported", "boss")]


def test_people_of_whom_nobody_could_go_on_are_refused(bare: Path, tmp_path: Path) -> None:
    people = file_of(tmp_path, "人员编号,姓名,股室,角色\nclerk,录入员,office,clerk\n")
    said = ssj("register", "import", "people", people, "--as", "system", home=bare)
    assert said.code == 1
    assert "roster_admin（名录库管理员）" in said.err
    assert done("user", "list", "--json", "--as", "system", home=bare).json() == []


def test_a_wrong_person_is_refused_with_who_may_and_the_attempt_is_kept(home: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, objects(f"{FIRST},示例甲,,,"))
    before = state_of(home)[0]
    said = ssj("register", "import", "objects", file, "--as", "clerk-market", home=home)
    assert said.code == 1
    assert "名录库管理员（registrar）" in said.err
    assert "领导小组办公室（leading）" in said.err
    assert state_of(home)[0] == before
    assert ("refused", "clerk-market") in journal(home, "office")
    said = ssj("register", "label", "objects", FIRST, "--add", "x", "--as", "nobody-known", home=home)
    assert said.code == 1
    assert "没有“nobody-known”这个人" in said.err


def test_who_has_left_may_no_longer(home: Path, tmp_path: Path) -> None:
    people = file_of(tmp_path, "人员编号,姓名,状态\nregistrar,名录库管理员（示例）,离岗\n")
    done("register", "import", "people", people, "--as", "leading", home=home)
    file = file_of(tmp_path, objects(f"{FIRST},示例甲,,,"))
    assert ssj("register", "import", "objects", file, "--as", "registrar", home=home).code == 1
    assert "（离岗）" in done("user", "list", home=home).out


def test_what_the_file_does_not_speak_of_stays(bare: Path, tmp_path: Path) -> None:
    done("register", "import", "people", file_of(tmp_path, PEOPLE), "--as", "system", home=bare)
    head = "统一社会信用代码,企业名称,信用风险等级,守法诚信等级,登记状态,责任股室"
    whole = objects(f"{FIRST},示例甲有限公司,B,A,吊销,market", head=head)
    done("register", "import", "objects", file_of(tmp_path, whole), "--as", "boss", home=bare)
    done("register", "label", "objects", FIRST, "--add", "建筑业", "--as", "boss", home=bare)
    short = objects(f"{FIRST},示例甲集团有限公司,C", head="统一社会信用代码,企业名称,信用风险等级")
    said = done("register", "import", "objects", file_of(tmp_path, short), "--as", "boss", home=bare)
    assert "分类标签" in said.err
    show = ("register", "show", "objects", FIRST, "--json", "--as", "boss")
    entry = done(*show, home=bare).json()
    assert (entry["name"], entry["section"]) == ("示例甲集团有限公司", "market")
    assert entry["data"]["labels"] == ["建筑业"]
    assert entry["data"]["status"] == "revoked"
    classes = {row["scheme"]: row["class"] for row in entry["data"]["ratings"]}
    assert classes == {"integrity": "A", "credit": "C"}
    # A column that is there and empty is an answer.
    emptied = objects(f"{FIRST},示例甲集团有限公司,", head="统一社会信用代码,企业名称,分类标签")
    done("register", "import", "objects", file_of(tmp_path, emptied), "--as", "boss", home=bare)
    assert "labels" not in done(*show, home=bare).json()["data"]


def test_bad_rows_are_skipped_only_when_asked_and_written_down(home: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, objects(f"{FIRST},示例甲,,,", f"{SECOND[:-1]}X,示例乙,,,", f"{THIRD},,,,"))
    before = state_of(home)
    tried = done(
        "register", "import", "objects", file, "--as", "registrar", "--skip-bad", "--dry-run", home=home
    )
    assert "未保存" in tried.err
    assert state_of(home) == before
    assert not (tmp_path / "file-skipped.csv").exists()
    said = done("register", "import", "objects", file, "--as", "registrar", "--skip-bad", home=home)
    assert "跳过 2" in said.out
    assert "file-skipped.csv" in said.err
    with (tmp_path / "file-skipped.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert [row[-2] for row in rows] == ["行号", "3", "4"]
    again = done("register", "import", "objects", file, "--as", "registrar", "--skip-bad", home=home)
    assert "file-skipped-2.csv" in again.err
    said = ssj(
        "register", "import", "objects", file, "--as", "registrar", "--skip-bad", "--skipped",
        tmp_path / "file-skipped.csv", home=home,
    )  # fmt: skip
    assert said.code == 2


def test_removing_what_is_missing_asks_and_never_takes_bad_rows_for_missing(
    home: Path, tmp_path: Path
) -> None:
    good = file_of(tmp_path, objects(f"{FIRST},示例甲,,,"))
    before = state_of(home)
    said = ssj("register", "import", "objects", good, "--as", "registrar", "--remove-missing", home=home)
    assert said.code == 2
    assert "--yes" in said.err
    assert state_of(home) == before
    bad = file_of(tmp_path, objects(f"{FIRST},示例甲,,,", f"{THIRD},,,,"), "bad.csv")
    words = ("--as", "registrar", "--remove-missing", "--skip-bad", "--yes")
    said = ssj("register", "import", "objects", bad, *words, home=home)
    assert said.code == 1
    assert "不能同用" in said.err
    assert state_of(home) == before
    done("register", "import", "objects", good, "--as", "registrar", "--remove-missing", "--yes", home=home)
    assert [row["id"] for row in done("register", "list", "objects", "--json", home=home).json()] == [FIRST]


def test_near_duplicates_are_a_note_and_no_error(home: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, objects(f"{FIRST},示例同名有限公司,,,", f"{SECOND},示例同名 有限公司,,,"))
    said = done("register", "import", "objects", file, "--as", "registrar", home=home)
    assert "请核对是否重复" in said.err
    found = done("register", "import", "objects", file, "--as", "registrar", "--json", home=home).json()
    assert found["near_duplicates"] == []
    assert found["same"] == 2


def test_problems_as_json(home: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, objects(f"{THIRD},,,,"))
    said = ssj("register", "import", "objects", file, "--as", "registrar", "--json", home=home)
    assert said.code == 1
    body = said.json()
    assert body["imported"] is False
    assert (body["problems"][0]["row"], body["problems"][0]["column"]) == (2, "企业名称")


def test_a_profile_of_the_bureau(home: Path, tmp_path: Path) -> None:
    (home / "profiles").mkdir(exist_ok=True)
    text = "register: objects\nheaders: {代号: id, 店名: name}\n"
    profile = file_of(home / "profiles", text, "ours.yaml")
    file = file_of(tmp_path, f"代号,店名\n{FIRST},示例甲\n")
    words = ("register", "import", "objects", file, "--as", "registrar", "--profile", profile)
    # Who gives a profile decides what an honest file becomes: it acts once two have published it, wherever it lies.
    alone = ssj(*words, home=home)
    assert (alone.code, "没有发布" in alone.err) == (1, True)
    assert "仅试算" in done(*words, "--dry-run", home=home).err
    done("workflow", "publish", "--as", "leading", home=home)
    copied = file_of(tmp_path, text, "copied.yaml")
    assert "跳过 0" in done(*words[:-1], copied, home=home).out
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            entered = transaction.events.last("register:objects")
    finally:
        store.close()
    assert entered is not None
    assert entered.body["profile"] == hashlib.sha256(text.encode()).hexdigest()
    edited = ssj(
        *words[:-1], file_of(tmp_path, text + "fixed: {status: cancelled}\n", "edited.yaml"), home=home
    )
    assert (edited.code, "没有发布" in edited.err) == (1, True)
    wrong = file_of(tmp_path, "register: objects\nheadres: {}\n", "wrong.yaml")
    said = ssj(*words[:-1], wrong, home=home)
    assert said.code == 1
    assert "headers" in said.err


def test_labels_are_all_or_nothing(home: Path) -> None:
    ids = [row["id"] for row in done("register", "list", "objects", "--json", home=home).json()[:2]]
    before = state_of(home)
    said = ssj("register", "label", "objects", *ids, "absent", "--add", "x", "--as", "registrar", home=home)
    assert said.code == 1
    assert "absent" in said.err
    assert state_of(home) == before
    words = ("register", "label", "objects", *ids, "--add", "x", "--as", "registrar")
    assert done(*words, "--dry-run", home=home).out.split() == ids
    assert state_of(home) == before
    assert done(*words, home=home).out.split() == ids
    assert done(*words, home=home).out == ""
    listed = done("register", "list", "objects", "--label", "x", "--json", home=home).json()
    assert [row["id"] for row in listed] == sorted(ids)
    done("register", "label", "objects", ids[0], "--remove", "x", "--as", "registrar", home=home)
    listed = done("register", "list", "objects", "--label", "x", "--json", home=home).json()
    assert [row["id"] for row in listed] == [ids[1]]


@pytest.mark.parametrize(
    "words", [[], ["--add", "x", "--remove", "x"], ["--add", " "]], ids=["none", "both", "blank"]
)
def test_labels_that_make_no_sense(home: Path, words: list[str]) -> None:
    assert ssj("register", "label", "objects", "a", *words, "--as", "registrar", home=home).code == 2


def test_snapshots_have_the_digest_of_what_they_hold(home: Path) -> None:
    words = ("register", "snapshot", "objects", "--json")
    assert done(*words, home=home).json() == []
    assert ssj("register", "snapshot", "objects", "--take", home=home).code == 2
    dry = done(*words, "--take", "--as", "registrar", "--dry-run", home=home).json()
    assert done(*words, home=home).json() == []
    first = done(*words, "--take", "--as", "registrar", home=home).json()
    assert (dry[0]["sha256"], dry[0]["rows"]) == (first[0]["sha256"], 200)
    done("register", "label", "objects", "52990102MA3U094R05", "--add", "x", "--as", "registrar", home=home)
    second = done(*words, "--take", "--as", "registrar", home=home).json()
    assert second[0]["sha256"] != first[0]["sha256"]
    assert [row["id"] for row in done(*words, home=home).json()] == [second[0]["id"], first[0]["id"]]


def test_a_snapshot_by_hand_is_the_text_a_draw_freezes(home: Path) -> None:
    from engine.app.registers.maintenance import register_text, take_snapshot
    from engine.deployment.open import open_application

    application = open_application(find_home(str(home)))
    try:
        with application.store.write() as transaction:
            snapshot = take_snapshot(transaction, application.clock.now(), "items", "registrar")
            entries = transaction.registers.all("items")
        assert snapshot.content == register_text(entries)[0]
        lines = snapshot.content.decode().splitlines()
        assert len(lines) == len(entries) == snapshot.rows
        assert lines[0].startswith('{"data":{')
    finally:
        application.store.close()


def test_show_and_list_of_what_is_not_there(home: Path) -> None:
    assert ssj("register", "show", "objects", "absent", home=home).code == 1
    assert ssj("register", "list", "nothing", home=home).code == 2
    said = ssj("register", "list", "objects", "--section", "absent", home=home)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("没有股室“absent”；可用：")
    said = done("register", "list", "objects", "--label", "absent", home=home)
    assert (said.out, said.err) == ("", "没有符合条件的条目。\n")


def test_a_person_is_entered_with_the_roles_of_the_bureau(home: Path) -> None:
    words = ("user", "add", "new-1", "--name", "示例一", "--as", "registrar")
    said = ssj(*words, "--section", "nowhere", "--role", "king", "--phone", "abc", home=home)
    assert said.code == 1
    for wrong in ("nowhere", "king", "abc"):
        assert wrong in said.err
    assert ssj("user", "show", "new-1", home=home).code == 1
    assert "未保存" in done(*words, "--role", "档案员", "--dry-run", home=home).err
    assert ssj("user", "show", "new-1", home=home).code == 1
    done(*words, "--section", "办公室", "--role", "档案员", "--role", "drawer", home=home)
    shown = done("user", "show", "new-1", "--json", home=home).json()
    assert (shown["section"], shown["roles"], shown["active"]) == ("office", ["archivist", "drawer"], True)
    said = ssj(*words, home=home)
    assert said.code == 1
    assert "已经登记" in said.err
    assert ssj("user", "add", "a b", "--name", "x", "--as", "registrar", home=home).code == 1
    assert ssj("user", "add", "ok", "--name", " ", "--as", "registrar", home=home).code == 1
    assert ssj("user", "add", "ok", "--name", "x", "--as", "new-1", home=home).code == 1
    assert ("entered", "registrar") in journal(home, "register:people")


def test_the_first_person_must_be_able_to_enter_the_second(bare: Path) -> None:
    said = ssj("user", "add", "a", "--name", "甲", "--role", "clerk", "--as", "system", home=bare)
    assert said.code == 1
    done("user", "add", "a", "--name", "甲", "--role", "roster_admin", "--as", "system", home=bare)
    assert ssj("user", "add", "b", "--name", "乙", "--as", "system", home=bare).code == 1
    done("user", "add", "b", "--name", "乙", "--as", "a", home=bare)
    listed = done("user", "list", "--json", "--as", "b", home=bare).json()
    assert [row["id"] for row in listed] == ["a", "b"]


def test_people_are_listed_by_role_and_section(home: Path) -> None:
    found = done("user", "list", "--role", "inspector", "--json", home=home).json()
    assert len(found) == 24
    assert all(row["registers"] == ["inspectors"] for row in found)
    found = done("user", "list", "--role", "section_chief", "--section", "market", "--json", home=home).json()
    assert [row["id"] for row in found] == ["chief-market"]
    assert done("user", "show", "chief-market", home=home).out.startswith("编号\tchief-market\n")


def test_an_import_sent_twice_is_made_once(home: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, objects(f"{FIRST},示例甲,,,"))
    words = ("register", "import", "objects", file, "--as", "registrar", "--request-id", "once")
    first, again = done(*words, home=home), done(*words, home=home)
    assert first.out == again.out
    assert "此前已办理" in again.err
    assert journal(home, "register:objects").count(("imported", "registrar")) == 1
    undo = ("register", "undo", "objects", "--yes", "--as", "registrar", "--request-id", "back")
    assert done(*undo, home=home).out == done(*undo, home=home).out
    assert journal(home, "register:objects").count(("undone", "registrar")) == 1


def test_registers_are_listed_as_table_and_csv(home: Path) -> None:
    lines = done("register", "list", "people", "--format", "csv", home=home).out.splitlines()
    assert lines[0] == "编号,名称,股室,状态,标签"
    assert len(lines) == 1 + len(done("register", "list", "people", "--json", home=home).json())
    assert done("user", "list", "--format", "table", home=home).out.startswith("编号")


def test_the_option_that_helps_is_named(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "objects.csv"
    file.write_bytes(f"id,name\n{FIRST},示例甲公司\n".encode("gb18030"))
    said = ssj("register", "import", "objects", file, "--as", "registrar", home=home)
    assert said.code == 1
    assert "请加 --encoding gb18030" in said.err


def test_nobody_looks_without_a_name(bare: Path) -> None:
    for words in (
        ("register", "list", "people"),
        ("register", "history", "people"),
        ("user", "list"),
        ("user", "token", "list"),
        ("delegation", "list"),
    ):
        said = ssj(*words, home=bare)
        assert (said.code, said.out) == (1, "")
        assert "--as" in said.err


def test_the_commands_themselves(home: Path) -> None:
    every = called(group, "list", "inspectors", "--json", home=home).json()
    first = every[0]
    assert called(group, "show", "inspectors", first["id"], "--json", home=home).json() == first
    shown = called(group, "show", "inspectors", first["id"], home=home).out.splitlines()
    assert shown[1].split("\t")[1] == first["name"]
    assert called(group, "show", "inspectors", "nobody", home=home).code == 1
    (thing,) = called(group, "list", "objects", "--json", home=home).json()[:1]
    keeper = ("--as", "registrar")
    assert called(group, "label", "objects", thing["id"], *keeper, home=home).code == 2
    assert called(group, "label", "objects", thing["id"], "--add", "甲", *keeper, home=home).code == 0
    labelled = called(group, "list", "objects", "--label", "甲", "--json", home=home).json()
    assert [one["id"] for one in labelled] == [thing["id"]]
    assert called(group, "snapshot", "objects", "--take", home=home).code == 2
    taken = called(group, "snapshot", "objects", "--take", *keeper, "--json", home=home).json()
    assert called(group, "snapshot", "objects", "--json", home=home).json() == taken


def test_private_columns_are_masked_for_others_and_a_sentence_says_so(home: Path) -> None:
    def shown(viewer: str) -> tuple[str, str]:
        said = done("register", "show", "people", "clerk-market", "--as", viewer, home=home)
        return said.out, said.err

    def listed(viewer: str) -> tuple[str, str]:
        said = done("register", "list", "inspectors", "--json", "--as", viewer, home=home)
        return said.out, said.err

    assert "***" not in shown("registrar")[0]
    assert shown("registrar") == shown("clerk-market")
    out, err = listed("registrar")
    assert ("***" in out, err) == (False, "")
    out, err = listed("clerk-market")
    assert "***" in out
    assert err.startswith("标为 *** 的栏目（")
    assert "执法证号" in err
    assert err.endswith("只给本股室、本人、名录管理人员和督导人员看。\n")
    # The columns of the list are no private ones: nothing is to be said.
    assert done("register", "list", "inspectors", "--as", "clerk-market", home=home).err == ""
