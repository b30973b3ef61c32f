"""What strangers are given: the list and the program accept the honest bureau, and show a rewritten one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heads_fixtures import HeadBureau, Keys

from engine.app.audit.kit import verify_head
from engine.app.audit.signed_heads.public_files import LIST


@pytest.fixture(scope="module")
def bureau() -> HeadBureau:
    """Three heads, the key changed before the third."""
    found = HeadBureau(keys=Keys("one", "two"))
    found.day("甲")
    found.day("乙")
    first, second = found.keys.secrets
    found.announce(second, first)
    found.day("丙")
    return found


@pytest.fixture
def folder(bureau: HeadBureau, tmp_path: Path) -> Path:
    for name, content in bureau.files().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def judged(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = verify_head.main([str(word) for word in words])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out + said.err


def test_nothing_before_the_first_head() -> None:
    assert HeadBureau().files() == {}


def test_the_honest_bureau(
    bureau: HeadBureau, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(bureau.files()) == {LIST, "verify_head.py", "1.checkpoint", "2.checkpoint", "3.checkpoint"}
    code, said = judged(capsys, folder / LIST)
    assert code == 0
    assert "3 个日志头逐个续写而成" in said
    assert "没有用 --key 给出公钥" in said
    held = tmp_path / "held.json"
    heads = json.loads((folder / LIST).read_bytes())
    held.write_text(json.dumps({"format": "shuangsuiji-head/1", **heads["heads"][0]}), "utf-8")
    code, said = judged(capsys, folder / LIST, held, "--key", heads["keys"][0]["key"])
    assert code == 0
    assert "在其中，没有改动" in said
    assert "--key" not in said
    older = tmp_path / "older.json"
    older.write_text(json.dumps(heads | {"heads": heads["heads"][:2], "keys": heads["keys"][:1]}), "utf-8")
    assert judged(capsys, folder / LIST, older)[0] == 0
    assert judged(capsys, folder / LIST, "--key", "ab" * 32)[0] == 1


def set_to(*place: Any, value: Any) -> Callable[[Any], None]:
    def act(body: Any) -> None:
        for step in place[:-1]:
            body = body[step]
        body[place[-1]] = value

    return act


def taken_out(body: Any) -> None:
    del body["heads"][1]


def swapped(body: Any) -> None:
    body["heads"][0], body["heads"][1] = body["heads"][1], body["heads"][0]


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (set_to("heads", 1, "root", value="00" * 32), "签名不对"),
        (set_to("heads", 1, "size", value=400), "签名不对"),
        (set_to("heads", 2, "time", value="2030-01-01T00:00:00Z"), "签名不对"),
        (set_to("heads", 2, "proof", value=[]), "不是由前一个续写而成"),
        (set_to("heads", 2, "key", value="ab" * 32), "不是当时的密钥签的"),
        (set_to("keys", 1, "signature", value=None), "没有前一把的签名"),
        (set_to("keys", 1, "signature", value="00" * 64), "没有前一把的签名"),
        (set_to("keys", 1, "previous", value="ab" * 32), "接不上前一把"),
        (set_to("keys", 0, "why", value="lost"), ""),
        (set_to("bureau", value="ab" * 32), ""),
        (taken_out, "前有缺失"),
        (swapped, ""),
    ],
)
def test_what_was_changed_shows(
    act: Callable[[Any], None], sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = json.loads((folder / LIST).read_bytes())
    act(body)
    (folder / LIST).write_text(json.dumps(body), "utf-8")
    code, said = judged(capsys, folder / LIST)
    assert code in (1, 2)
    assert sentence in said


def test_another_history_by_the_same_key_does_not_pass_for_the_one_that_was_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fork: whoever has the database and the key makes another past; what was kept before shows it."""
    other = HeadBureau(keys=Keys("one", "two"))
    other.day("别")
    other.day("样")
    (tmp_path / "fork.json").write_bytes(other.files()[LIST])
    assert judged(capsys, tmp_path / "fork.json")[0] == 0
    code, said = judged(capsys, tmp_path / "fork.json", folder / LIST)
    assert code == 1
    assert "不同" in said


def test_a_lost_key_and_an_unsigned_head_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bureau = HeadBureau(keys=Keys("one"))
    bureau.day("甲")
    bureau.keys = Keys("two")
    bureau.day("乙")
    bureau.announce(bureau.keys.first_key())
    bureau.day("丙")
    (tmp_path / LIST).write_bytes(bureau.files()[LIST])
    code, said = judged(capsys, tmp_path / LIST)
    assert code == 0
    assert "没有签名的日志头：2" in said
    assert "只有本单位自己这样说" in said


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"format": "shuangsuiji-heads/1"},
        {"format": "shuangsuiji-heads/1", "bureau": "ab" * 32, "keys": [], "heads": []},
        {"format": "shuangsuiji-heads/1", "bureau": "ab" * 32, "keys": [{}], "heads": [{}]},
        {"format": "shuangsuiji-heads/1", "bureau": "ab" * 32, "keys": [], "heads": [{"proof": 1}]},
        [],
    ],
)
def test_no_list(body: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / LIST).write_text(json.dumps(body), "utf-8")
    assert judged(capsys, tmp_path / LIST)[0] == 2
