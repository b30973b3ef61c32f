"""``ssj draw tickets | chain | shares | verify DIR``: what needs only files."""

from __future__ import annotations

import hmac
from itertools import combinations
from pathlib import Path

import pytest
from command_fixtures import called
from draws_fixtures import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.app.draws.v2.custodians import custodians_of, shares_of
from engine.cli.draws.offline import chain, shares, tickets, verify
from engine.draw.kit import kit_files
from engine.draw.refused import DrawRefused
from engine.draw.v2.randomness.custodians import key_of

ZERO = "0" * 64


def drawn_lots(labels: list[str], randomness: str = "dice:1/batch:B") -> list[tuple[str, str]]:
    said = called(
        tickets, "--code", ZERO, "--randomness", randomness, "--labels", "-", typed="\n".join(labels).encode()
    )
    assert said.code == 0, said.err
    return [(ticket, label) for ticket, label in (line.split("\t") for line in said.out.splitlines())]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True), min_size=1, max_size=8, unique=True))
def test_every_label_gets_its_ticket_smallest_first(labels: list[str]) -> None:
    found = drawn_lots(labels)
    assert sorted(label for _, label in found) == sorted(labels)
    assert found == sorted(found)
    key = hmac.digest(bytes(32), b"dice:1/batch:B", "sha256")
    assert all(hmac.digest(key, label.encode() + b"\1", "sha256").hex() == ticket for ticket, label in found)


def test_tickets_that_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("a\n", encoding="utf-8")
    assert called(tickets, "--code", "xyz", "--randomness", "x", "--labels", file).code == 2
    assert called(tickets, "--code", ZERO, "--randomness", "", "--labels", file).code == 2
    file.write_text("a\na\n", encoding="utf-8")
    assert called(tickets, "--code", ZERO, "--randomness", "x", "--labels", file).code == 1
    file.write_bytes(b"")
    empty = called(tickets, "--code", ZERO, "--randomness", "x", "--labels", file)
    assert (empty.out, empty.err) == ("", "标签文件里没有标签\n")


@pytest.mark.parametrize(
    ("randomness", "named"),
    [
        ("ｄice:1/batch:B", "第 1 位的“ｄ”是全角字符，请改为半角“d”"),
        ("dice:１/batch:B", "第 6 位的“１”是全角字符"),
        ("dice:1/batch：B", "第 13 位的“：”是全角字符"),
        ("dice:1\u200b/batch:B", "第 7 位是看不见的字符（U+200B）"),
        ("dice:1/batch:B\u00ad", "第 15 位是看不见的字符（U+00AD）"),
        ("dice:1/batch:甲\uff11", "第 15 个字“１”是“1”的另一种写法"),
        ("dice:①/batch:甲", "第 6 个字“①”是“1”的另一种写法"),
        (" dice:1/batch:B", "前后有空格"),
        ("dice:1/batch:B\n", "控制字符（U+000A）"),
        ("dice:1/batch:e\u0301", "拆开写的字母"),
    ],
)
def test_randomness_that_is_not_what_it_seems_is_refused_by_its_letter(
    tmp_path: Path, randomness: str, named: str
) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("a\n", encoding="utf-8")
    refused = called(tickets, "--code", ZERO, "--randomness", randomness, "--labels", file)
    assert (refused.code, refused.out) == (2, "")
    assert named in refused.err


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("９1990102MA0000005R", "第 1 行的标签：“９1990102MA0000005R”第 1 位的“９”是全角字符，请改为半角“9”"),
        ("91990102MA０000005R", "第 11 位的“０”是全角字符"),
        ("a\u200b", "看不见的字符"),
    ],
)
def test_a_label_that_is_not_what_it_seems_is_refused_by_its_letter(
    tmp_path: Path, label: str, named: str
) -> None:
    file = tmp_path / "ids.txt"
    file.write_text(f"{label}\nb\n", encoding="utf-8")
    refused = called(tickets, "--code", ZERO, "--randomness", "x", "--labels", file)
    assert (refused.code, refused.out) == (1, "")
    assert named in refused.err


def test_names_in_chinese_are_labels_as_they_are_written() -> None:
    labels = ["示例（集团）有限公司", "ＡＢＣ公司", "示例·二厂"]
    assert sorted(label for _, label in drawn_lots(labels, "某市公布:第1期")) == sorted(labels)


def links(*words: object) -> list[str]:
    said = called(chain, *words)
    assert said.code == 0, said.err
    return [line.split("\t")[1] for line in said.out.splitlines()]


def test_a_code_given_up_is_the_next_head() -> None:
    secret, head, code, length = links("--length", "5", "--secret", "01" * 32)
    assert (secret, length) == ("01" * 32, "5")
    later = links("--length", "5", "--secret", secret, "--used", "1")
    assert (later[1], later[3]) == (code, "4")
    assert head != code
    assert links()[0] != links()[0]


def test_a_chain_that_is_used_up_or_no_secret() -> None:
    assert called(chain, "--length", "5", "--secret", "01" * 32, "--used", "4").code == 2
    assert called(chain, "--secret", "01").code == 2
    assert called(chain, "--secret", "zz" * 32).code == 2


def test_a_folder_is_verified(drawn: Desk, tmp_path: Path) -> None:
    place = tmp_path / "kit"
    place.mkdir()
    for name, content in kit_files(drawn.record()).items():
        (place / name).write_bytes(content)
    assert called(verify, place).code == 0
    foreign = called(verify, place, "--anchor", "00" * 32)
    assert foreign.code == 1
    assert f"日志头“{'00' * 32}”不在日志里" in foreign.out
    assert foreign.out.endswith("核验未通过\n")
    (place / "commitment.json").unlink()
    assert called(verify, place).code == 1


def test_any_two_shares_of_three_open_and_nobody_else_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "shares"
    said = called(shares, "甲", "乙", "丙", "--threshold", "2", "--out", folder)
    assert said.code == 0
    made = custodians_of(said.out)
    assert made is not None
    assert [one["name"] for one in made["shares"]] == ["甲", "乙", "丙"]
    files = sorted(folder.iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3
    codes = [file.read_text("utf-8").rstrip("\n").split("\t") for file in files]
    assert [name for name, _ in codes] == ["甲", "乙", "丙"]
    keys = {key_of(made, shares_of([one[1] for one in pair], made)) for pair in combinations(codes, 2)}
    assert len(keys) == 1
    with pytest.raises(DrawRefused, match="2 位"):
        key_of(made, shares_of([codes[0][1]], made))
    assert called(shares, "甲", "乙", "--threshold", "3", "--out", tmp_path / "no").code == 2
    assert called(shares, "甲", "甲", "--threshold", "2", "--out", tmp_path / "no").code == 2
    assert not (tmp_path / "no").exists()
