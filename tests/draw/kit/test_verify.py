"""The program a stranger runs: its own arithmetic against the engine's, and what it says of a changed kit."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from draw_factories import at, whole_draw
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw import allocation, roster
from engine.draw.drawing import void
from engine.draw.entropy import hash_times
from engine.draw.kit import kit_files, manifest, verify
from engine.draw.log import head
from engine.draw.matching import can_fill
from engine.kernel.canonical_json import canonical_json
from engine.kernel.sm3 import sm3_hex

RECORD = whole_draw()
KIT = dict(kit_files(RECORD))
HIDDEN = dict(kit_files(whole_draw(embargo=True)))
COMMITMENT = json.loads(KIT["commitment.json"])
RULES = COMMITMENT["rules"]

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(autouse=True)
def _no_findings() -> Iterator[None]:
    """The program keeps its findings in a list of the module."""
    verify.bad.clear()
    yield
    verify.bad.clear()


def said(folder: Path, files: dict[str, bytes], *more: str) -> tuple[int, list[str]]:
    """Write a kit, check it, and return the exit code and the findings."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    verify.bad.clear()
    return verify.main([str(folder), *more]), list(verify.bad)


def resealed(name: str, change: Callable[[Any], Any]) -> dict[str, bytes]:
    """Return the kit with one JSON file changed and the manifest made anew."""
    body = change(json.loads(KIT[name]))
    files = {**KIT, name: canonical_json(body).encode()}
    return {**files, "manifest.sha256": manifest(files)}


def test_expect_keeps_a_sentence_only_of_what_is_wrong() -> None:
    verify.expect(True, "right")
    verify.expect(0, "wrong")
    assert verify.bad == ["wrong"]


@given(st.binary(max_size=200))
@settings(max_examples=25)
def test_digests_are_those_of_the_engine(data: bytes) -> None:
    assert verify.sha256(data) == hashlib.sha256(data).hexdigest()
    assert verify.sm3(data) == sm3_hex(data)
    assert verify.sha256("名册") == hashlib.sha256("名册".encode()).hexdigest()


@pytest.mark.parametrize("size", [0, 3, 55, 56, 64, 200])
def test_sm3_without_openssl_is_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashlib, "algorithms_available", frozenset())
    assert verify.sm3(b"abc" * size) == sm3_hex(b"abc" * size)


@given(plain)
@settings(max_examples=25)
def test_canonical_texts_are_those_of_the_engine(value: Any) -> None:
    assert verify.canonical(value) == canonical_json(value)


def test_json_that_is_not_canonical_is_found_and_still_read() -> None:
    assert verify.read_json("a", {"a": b'{"x":1}'}) == {"x": 1}
    assert verify.bad == []
    assert verify.read_json("a", {"a": b'{"x": 1}'}) == {"x": 1}
    assert verify.bad == ["a 不是规范写法：文件被改动过"]


def test_a_roster_is_read_as_the_engine_reads_it() -> None:
    rows = verify.read_table("roster.tsv", KIT, verify.OBJECT, COMMITMENT["objects"])
    engine = roster.parse_objects(RECORD.objects)
    assert [(row["object_id"], row["ok"]) for row in rows] == [
        (row.object_id, row.eligible) for row in engine
    ]
    assert [tuple(row["items"]) for row in rows] == [row.items for row in engine]
    assert verify.bad == []
    counted = verify.count(rows, lambda row: row["district"])
    assert counted == {
        name: asdict(count) for name, count in roster.counts(engine, lambda row: row.district).items()
    }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"E0001", b"E0000", "roster.tsv 的编号重复或次序不对"),
        (b"E0001\t", b"E0001\t\t", "roster.tsv 的表头、列数或结尾不合规定"),
        ("已注销".encode(), "另一".encode(), "roster.tsv 的行数或排除合计与承诺书不符"),
        (b"E0001", b"E0001", ""),
    ],
)
def test_a_changed_roster_is_found(old: bytes, new: bytes, says: str) -> None:
    files = {"roster.tsv": KIT["roster.tsv"].replace(old, new, 1)}
    verify.read_table("roster.tsv", files, verify.OBJECT, COMMITMENT["objects"])
    right = "roster.tsv 的 SHA-256 或 SM3 与承诺书不符"
    assert (says in verify.bad and right in verify.bad) if says else verify.bad == []


def test_a_roster_under_another_header_stops_the_check() -> None:
    files = {"roster.tsv": KIT["roster.tsv"].replace(b"\tname", b"\tName", 1)}
    with pytest.raises(KeyError):
        verify.read_table("roster.tsv", files, verify.OBJECT, COMMITMENT["objects"])
    assert "roster.tsv 的表头、列数或结尾不合规定" in verify.bad


@pytest.mark.parametrize("text", ["5%", "0.05", "1/20", "2.5%", "100%"])
def test_ratios_are_the_engines(text: str) -> None:
    assert verify.ratio(text) == allocation.parse_ratio(text)


@given(
    st.integers(-1, 50), st.dictionaries(st.sampled_from("ABCDE"), st.fractions(0, 50, max_denominator=20))
)
@settings(max_examples=25)
def test_shares_are_the_engines_and_sum_up(total: int, weights: dict[str, Fraction]) -> None:
    shares = verify.share(total, weights)
    assert shares == allocation.largest_remainder(total, weights)
    assert sum(shares.values()) == (max(total, 0) if sum(weights.values()) else 0)


@given(
    st.dictionaries(st.sampled_from("ABC"), st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1),
    st.sampled_from(["eligible", "listed"]),
    st.none() | st.sampled_from(["10%", "1/2"]),
    st.none() | st.integers(1, 30),
    st.integers(0, 3),
)
@settings(max_examples=25)
def test_quotas_are_the_engines(
    sizes: dict[str, tuple[int, int]], base: str, least: str | None, fixed: int | None, minimum: int
) -> None:
    strata = {name: roster.Count(max(pair), min(pair)) for name, pair in sizes.items()}
    rules = {
        "ratios": dict(zip("ABC", ("5%", "1/3", "100%"), strict=True)),
        "base": base,
        "total_floor": least,
        "fixed_total": fixed,
        "min_per_stratum": minimum,
    }
    right = allocation.allocate(
        strata, rules["ratios"], base=base, total_floor=least, fixed_total=fixed, min_per_stratum=minimum  # type: ignore[arg-type]  # as in JSON
    )  # fmt: skip
    found = verify.quotas(rules, {name: asdict(count) for name, count in strata.items()})
    assert found == [asdict(quota) for quota in right.quotas]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (RECORD.entropy, True),
        (RECORD.entropy.replace("012345", "12345"), False),
        (RECORD.entropy.replace("01.05", "05.01"), False),
        (RECORD.entropy.replace("01.05", "05.05"), False),
        (RECORD.entropy.replace("+07", "+17"), False),
        (RECORD.entropy.replace("batch:B2026-01", "batch:B2026-02"), False),
        ("TEST-" + RECORD.entropy, False),
    ],
)
def test_entropy_must_have_its_one_form(text: str, right: bool) -> None:
    verify.check_entropy(COMMITMENT, text)
    assert verify.bad == ([] if right else [f"随机串不合承诺的来源或写法：{text}"])


def test_the_key_is_zeros_or_the_codes_in_their_order() -> None:
    assert verify.key_of({"custodians": []}, []) == bytes(32)
    heads = [{"name": name, "head": hash_times(name.encode(), 5).hex()} for name in "ab"]
    codes = [hash_times(name.encode(), 4).hex() for name in "ab"]
    assert verify.key_of({"custodians": heads}, codes).hex() == "".join(codes)
    assert verify.bad == []
    verify.key_of({"custodians": heads}, codes[::-1])
    verify.key_of({"custodians": heads}, codes[:1])
    assert verify.bad == [
        "a 的代码与其公布的哈希头不符",
        "b 的代码与其公布的哈希头不符",
        "应有 2 个代码，实有 1 个",
    ]


def tickets() -> Callable[[str], str]:
    prk = hmac.digest(bytes(32), RECORD.entropy.encode(), "sha256")
    return lambda label: hmac.digest(prk, label.encode() + b"\1", "sha256").hex()


def test_selection_and_teams_are_the_engines() -> None:
    rows = verify.read_table("roster.tsv", KIT, verify.OBJECT, COMMITMENT["objects"])
    struck = [removal.object_id for removal in RECORD.removals]
    strata, visits = verify.select(COMMITMENT, rows, lambda row: row["credit_class"], tickets(), struck)
    assert RECORD.selection is not None
    assert [item["drawn"] for item in strata] == [
        [asdict(drawn) for drawn in stratum.drawn] for stratum in RECORD.selection.strata
    ]
    assert visits == [asdict(drawn) for drawn in RECORD.visits]
    people = verify.read_table("inspectors.tsv", KIT, verify.PERSON, COMMITMENT["people"])
    experts = verify.read_table("experts.tsv", KIT, verify.PERSON, COMMITMENT["experts"])
    things = {row["object_id"]: row for row in rows}
    due = [things[visit["object_id"]] for visit in visits]
    found = verify.assign(RULES, due, people, experts, tickets())
    assert canonical_json(found) == canonical_json([asdict(item) for item in RECORD.assignments])
    steps = [asdict(step) for step in RECORD.replacements]
    pools = {"people": people, "experts": experts}
    verify.check_replacements(RULES, steps, found, things, pools, tickets())
    assert verify.bad == []
    verify.check_replacements(RULES, [{**steps[0], "joining": "P99"}], found, things, pools, tickets())
    verify.check_replacements(RULES, [{**steps[0], "reason": ""}], found, things, pools, tickets())
    assert len(verify.bad) == 2
    assert verify.bad[0].startswith(f"{steps[0]['object_id']} 更换 {steps[0]['leaving']} 的理由不合规定")


def test_striking_what_is_not_on_the_list_is_found() -> None:
    rows = verify.read_table("roster.tsv", KIT, verify.OBJECT, COMMITMENT["objects"])
    verify.select(COMMITMENT, rows, lambda row: row["credit_class"], tickets(), ["E0000", "E9999"])
    assert verify.bad == ["剔除了不在名单里的对象：E0000、E9999"]


def person(**more: Any) -> dict[str, Any]:
    return {"ok": True, "section": "s", "labels": ["wages"], "cert_valid_to": "2027-01-01", "recusals": [], "previous": [], **more}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "match", "right"),
    [
        ({}, "all", True),
        ({"ok": False}, "none", False),
        ({"section": "other"}, "none", False),
        ({"cert_valid_to": "2026-01-01"}, "none", False),
        ({"recusals": ["E1"]}, "none", False),
        ({"previous": ["E1"]}, "none", False),
        ({"labels": ["contract"]}, "any", False),
        ({"labels": []}, "none", True),
    ],
)
def test_who_may_go(more: dict[str, Any], match: str, right: bool) -> None:
    rules = {"sections": ["s"], "valid_on": "2026-06-30", "rotation": True, "match": match}
    thing = {"object_id": "E1", "items": ["wages"]}
    assert bool(verify.able(rules, person(**more), thing)) is right
    assert (
        bool(verify.able({**rules, "match": "all"}, person(), {**thing, "items": ["wages", "contract"]}))
        is False
    )


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3), max_size=4), st.sets(st.sampled_from("abc")))
@settings(max_examples=25)
def test_a_team_can_be_filled_as_the_engine_finds(slots: list[list[str]], used: set[str]) -> None:
    assert verify.fillable(slots, used) is can_fill(slots, used)


def test_a_team_that_cannot_be_filled_stops_the_check() -> None:
    rules = {"sections": [], "valid_on": "", "rotation": False, "match": "none"}
    thing = {"object_id": "E1", "items": []}
    pool = [person(inspector_id="P1"), person(inspector_id="P2")]
    load = {"P1": 1, "P2": 0}
    (member,) = verify.team([""], rules, thing, pool, load, tickets(), ())
    assert (member["inspector_id"], member["load"], load) == ("P2", 0, {"P1": 1, "P2": 1})
    with pytest.raises(ValueError, match="E1 按规则凑不齐检查人员"):
        verify.team(["", ""], rules, thing, pool, load, tickets(), ("P1",))


def test_the_log_is_a_chain_with_an_anchor(capsys: pytest.CaptureFixture[str]) -> None:
    text = KIT["log.jsonl"].decode()
    entries = verify.read_log(text, {head(RECORD.log[:2])})
    assert [entry["kind"] for entry in entries][:3] == ["commit", "entropy", "draw"]
    assert "日志 7 行，有外部凭据的 2 行" in capsys.readouterr().out
    assert verify.bad == []
    verify.read_log(text, {"f" * 64})
    verify.read_log(text.replace("drawer", "Drawer", 1), ())
    verify.read_log("\n".join([*RECORD.log[:2], RECORD.log[1]]) + "\nx", ())
    assert verify.bad[0] == f"所给的日志头不在日志里：{'f' * 64}，日志可能被整体换过"
    assert verify.bad[1] == "日志第 2 行与哈希链不符：该行或前一行被改、被删、被插入"
    assert "log.jsonl 最后一行不完整" in verify.bad
    assert "日志第 3 行：entropy 做了两次，或没有作废就重抽" in verify.bad


@pytest.mark.parametrize("files", [KIT, HIDDEN])
def test_an_honest_kit_passes(
    files: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(tmp_path, files) == (0, [])
    out = capsys.readouterr().out
    assert hashlib.sha256(files["commitment.json"]).hexdigest() in out
    assert out.endswith("核验通过：全部重算相符\n")


@pytest.mark.parametrize(
    ("files", "finding"),
    [
        (resealed("result.json", lambda b: {**b, "watermark": "x"}), "result.json 的 watermark 与重算的不符"),
        (resealed("result.json", lambda b: {**b, "more": 1}), "result.json 有多余或缺少的项"),
        (
            resealed("commitment.json", lambda b: {**b, "districts": {}}),
            "各层或各片区的户数与承诺书不符",
        ),
        (
            resealed("commitment.json", lambda b: {**b, "quotas": b["quotas"][::-1]}),
            "承诺书的名额与按比例重算的不符",
        ),
        (
            resealed("result.json", lambda b: {**b, "removals": b["removals"] * 2}),
            "剔除有重复，或理由不在承诺的范围",
        ),
        (
            resealed("result.json", lambda b: {**b, "replacements": []}),
            "日志所记的承诺、随机串、抽取、剔除或更换与文件不符",
        ),
        ({**KIT, "log.jsonl": b""}, "与清单 manifest.sha256 的摘要不符：log.jsonl"),
        ({**KIT, "manifest.sha256": b""}, "与清单 manifest.sha256 的摘要不符："),
    ],
)
def test_a_changed_kit_fails_and_says_where(files: dict[str, bytes], finding: str, tmp_path: Path) -> None:
    code, found = said(tmp_path, files)
    assert code == 1
    assert any(text.startswith(finding) for text in found), found


def test_a_void_draw_is_said_to_be_void(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tmp_path, dict(kit_files(void(RECORD, "名册有误", at=at(99), actor="x")))) == (0, [])
    assert "· 本次抽取已作废：名册有误" in capsys.readouterr().out


def test_files_that_are_not_there_or_not_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tmp_path, {**KIT, "notes.txt": b"x"}, "--anchor", head(RECORD.log)) == (0, [])
    assert "不在清单内、未核验的文件：notes.txt" in capsys.readouterr().out
    (tmp_path / "result.json").unlink()
    assert verify.main([str(tmp_path)]) == 2
    assert "× 文件读不了：" in capsys.readouterr().out


def test_every_program_and_file_is_read_by_its_name(tmp_path: Path) -> None:
    for name, data in KIT.items():
        (tmp_path / name).write_bytes(data)
    assert verify.load_files(tmp_path) == {
        name: data for name, data in KIT.items() if name != "manifest.sha256"
    }
