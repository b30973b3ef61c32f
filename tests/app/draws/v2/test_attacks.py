"""Ways to cheat at a draw, tried through the commands: each is refused, or every verifier says no."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from draws_fixtures import BATCH, CHIEF, Said
from public_fixtures import KEY, NOTARY, PublicDesk


def verified(desk: PublicDesk, folder: Path, *words: str) -> Said:
    """Write the public kit and let the program in it verify it."""
    desk.done("draw", "kit", BATCH, folder, "--as", "leading")
    done = subprocess.run(
        [sys.executable, folder / "verify.py", folder, *words], capture_output=True, text=True, check=False
    )
    return Said(done.returncode, done.stdout, done.stderr)


def test_a_draw_ends_and_the_verifier_of_its_kit_agrees(public: PublicDesk, tmp_path: Path) -> None:
    public.drawn_people()
    found = verified(public, tmp_path / "kit")
    assert found.code == 0, found.out
    assert "示例凭据" in found.out
    assert not (tmp_path / "kit" / "teams.json").exists()
    said = public.done("draw", "verify", BATCH, "--as", "leading")
    assert "核验通过" in said
    assert "虚构，不作凭据" in said


def test_whoever_types_another_text_spoils_the_draw_in_public(public: PublicDesk, tmp_path: Path) -> None:
    public.committed()
    public.to_the_day()
    assert public.type_results("one that suits").code == 0
    again = public.type_results("another")
    assert (again.code, "没有“type_entropy”" in again.err) == (1, True), again.err
    spoiled = public.confirm_results("the right one")
    assert (spoiled.code, public.case().state) == (0, "typings_differ"), spoiled.err
    assert [line.kind for line in public.log().of(public.draw().name)][:3] == ["commit", "typed", "note"]
    assert [line.kind for line in public.log().of(public.draw().name, "typed")] == ["typed", "typed"]
    assert public.draw().strata == ()
    kit = public.ssj("draw", "kit", BATCH, tmp_path / "kit", "--as", "leading")
    assert (kit.code, "还没有抽取" in kit.err) == (1, True)
    assert public.step("void_draw", "deputy", reason="两次录入不同").code == 1
    asked = {"reason_code": "entropy_error", "facts": "两次录入不同", "evidence": "录入记录"}
    assert public.step("ask_void", "drawer", asked).code == 0
    assert public.takes("void_draw", "deputy", reason="两次录入不同") == "to_commit"
    assert public.takes("commit_draw", "drawer") == "committed"
    assert (public.row().number, public.draw().commitment["draw_no"]) == (2, 2)


def test_without_a_signature_from_outside_nothing_is_drawn(notary: PublicDesk, tmp_path: Path) -> None:
    notary.committed()
    committed_at = notary.clock.now()
    notary.to_the_day()
    said = notary.type_results()
    assert (said.code, "承诺还没有外部凭据，不能抽取" in said.err) == (1, True), said.err
    # The signature the party gives now has the day of now; one with an earlier day it does not give.
    assert notary.anchor(notary.signed()).code == 0
    assert "承诺还没有外部凭据" in notary.type_results().err
    # Even with a time that was made up, it is in the log too late.
    assert notary.anchor(notary.signed(at=committed_at)).code == 0
    assert "承诺还没有外部凭据" in notary.type_results().err


def test_a_signature_in_time_lets_the_draw_be_held(notary: PublicDesk, tmp_path: Path) -> None:
    notary.committed()
    assert notary.anchor(notary.signed()).code == 0
    notary.to_the_day()
    assert (notary.type_results().code, notary.confirm_results().code) == (0, 0)
    assert verified(notary, tmp_path / "kit", "--party", KEY).code == 0
    other = verified(notary, tmp_path / "other", "--party", "ab" * 32)
    assert other.code == 1, "with the key the reader knows from the party, a party of one's own is found"


def test_a_party_of_ones_own_a_stamp_and_a_letter_are_no_signature(
    notary: PublicDesk, tmp_path: Path
) -> None:
    notary.committed()
    own = notary.anchor(notary.signed(secret=b"x" * 32))
    assert (own.code, "签名的不是承诺书所列的签名方" in own.err) == (1, True)
    other = notary.anchor(notary.signed(party="示例区公证处"))
    assert (other.code, "签名的不是承诺书所列的签名方" in other.err) == (1, True)
    signed = json.loads(notary.signed().read_text("utf-8"))
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps({**signed, "signature": "00" * 64}), "utf-8")
    assert "签名核验不过" in notary.anchor(forged).err
    forged.write_text(json.dumps({**signed, "root": "00" * 32}), "utf-8")
    assert "不是本局公开日志的" in notary.anchor(forged).err
    for name, content in (("letter.txt", signed["root"].encode()), ("token.tsr", b"\x30\x03\x02\x01\x00")):
        file = tmp_path / name
        file.write_bytes(content)
        said = notary.ssj("draw", "anchor", BATCH, "--import", file, "--by", NOTARY, "--as", "drawer")
        assert (said.code, "凭据读不出" in said.err) == (1, True), said.err
    assert [line.kind for line in notary.log().lines if line.kind == "anchor"] == []


def drawn_visits(desk: PublicDesk) -> list:
    from engine.draw.v2.visits import visits_of

    return list(visits_of(desk.draw()))


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)])
def test_a_clock_set_back_before_every_act_neither_kills_nor_bends_a_draw(
    back: timedelta, public: PublicDesk, tmp_path: Path
) -> None:
    def behind() -> None:
        public.clock.set(public.clock.now() - back - timedelta(minutes=1))

    public.committed()
    public.to_the_day()
    assert public.type_results().code == 0
    behind()
    said = public.confirm_results()
    assert said.code == 0, said.err
    behind()
    public.takes("confirm_list", CHIEF, {"checked": True})
    behind()
    public.takes("draw_inspectors", "drawer")
    log = public.log()
    assert [line.at for line in log.lines] == sorted(line.at for line in log.lines)
    assert max(line.behind for line in log.lines) >= back.total_seconds() - 60
    assert verified(public, tmp_path / "kit").code == 0


def test_a_commitment_left_lying_lapses_in_public(public: PublicDesk) -> None:
    from engine.app.draws.v2.lapsing import lapse_commitments

    public.committed()
    public.clock.set(public.clock.now() + timedelta(days=40))
    assert "承诺已逾期失效" in public.type_results().err
    with public.application() as application:
        assert lapse_commitments(application) == 1
        assert lapse_commitments(application) == 0
    assert (public.row().status, public.log().lines[-1].kind) == ("lapsed", "lapse")
    assert public.takes("commit_again", "drawer") == "to_commit"
    assert public.takes("commit_draw", "drawer") == "committed"
    assert public.draw().commitment["draw_no"] == 2


def test_without_a_party_two_people_answer_for_it_and_everything_says_so(
    shipped_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime

    from draws_fixtures import ZONE
    from public_fixtures import public_copy

    desk = public_copy(shipped_home, tmp_path, datetime(2026, 3, 2, 9, tzinfo=ZONE), monkeypatch)
    desk.planned(no_anchor="本区没有可以签名的单位")
    desk.drawn_objects()
    found = verified(desk, tmp_path / "kit")
    assert (found.code, "无外部凭据" in found.out) == (0, True)
    for words in (("draw", "show", BATCH), ("draw", "verify", BATCH)):
        assert "无外部凭据：本区没有可以签名的单位" in desk.done(*words, "--as", "leading")
    assert "无外部凭据" in desk.done("draw", "minutes", BATCH, "--as", "drawer")


def test_old_definitions_cannot_be_published_again(
    shipped_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    from datetime import datetime

    from draws_fixtures import ZONE
    from earlier_definitions import EARLIER
    from public_fixtures import public_copy

    desk = public_copy(shipped_home, tmp_path, datetime(2026, 3, 2, 9, tzinfo=ZONE), monkeypatch)
    for folder in ("workflows", "forms"):
        shutil.copytree(EARLIER / folder, desk.home / folder, dirs_exist_ok=True)
    said = desk.ssj("workflow", "publish", "--as", "leading")
    assert (said.code, "没有写 sources" in said.err) == (1, True), said.err


def test_a_firm_and_an_auditor_check_what_the_public_cannot(drawn: PublicDesk, tmp_path: Path) -> None:
    visit = drawn_visits(drawn)[0]
    slip = tmp_path / "slip.json"
    slip.write_text(drawn.done("draw", "slip", BATCH, visit.row.object_id, "--as", "leading"), "utf-8")
    found = verified(drawn, tmp_path / "kit", "--slip", str(slip))
    assert found.code == 0, found.out
    everything = b"".join(file.read_bytes() for file in (tmp_path / "kit").iterdir())
    assert visit.row.object_id.encode() not in everything
    denied = drawn.ssj("draw", "kit", BATCH, tmp_path / "audit", "--auditor", "--as", "drawer")
    assert denied.code == 1
    drawn.done("draw", "kit", BATCH, tmp_path / "audit", "--auditor", "--as", "deputy")
    assert visit.row.object_id.encode() in (tmp_path / "audit" / "objects.tsv").read_bytes()
    assert drawn.events()[-1].body["title"] == "取走审计用的核验包"


def test_nobody_lets_a_draw_lapse_by_suspending_its_case(public: PublicDesk) -> None:
    def suspended() -> int:
        said = public.ssj("task", "suspend", BATCH, "--reason", "另有安排", "--as", "deputy")
        assert said.code == 0 or "作废" in said.err
        return said.code

    assert suspended() == 0
    public.done("task", "resume", BATCH, "--reason", "继续", "--as", "deputy")
    public.committed()
    assert suspended() == 1
    public.to_the_day()
    public.type_results()
    assert suspended() == 1
    public.confirm_results()
    assert suspended() == 0


def test_who_asked_to_void_a_draw_is_whom_the_history_names(drawn: PublicDesk) -> None:
    """By another name in the row of the case, one person would ask and agree."""
    asked = {"reason_code": "procedure", "facts": "未公告", "evidence": "记录"}
    assert drawn.step("ask_void", "deputy", asked).code == 1
    drawn.takes("ask_void", "drawer", asked)
    (file,) = (drawn.home / "data").glob("*.db")

    def renamed(one: str, other: str) -> None:
        with closing(sqlite3.connect(file)) as base, base:
            (body,) = base.execute('SELECT body FROM "case" WHERE id = ?', (BATCH,)).fetchone()
            new = json.loads(body)
            assert new["fields"]["void_asked_by"] == one
            new["fields"]["void_asked_by"] = other
            text = json.dumps(new, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            base.execute('UPDATE "case" SET body = ? WHERE id = ?', (text, BATCH))

    renamed("drawer", "witness")
    said = drawn.step("void_draw", "deputy", reason="程序不合")
    assert (said.code, "没有witness的申请" in said.err) == (1, True)
    renamed("witness", "drawer")
    assert drawn.takes("void_draw", "deputy", reason="程序不合") == "to_commit"
