"""The second lock: whatever the office let through, private things reach no file."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from site_factories import AT, BUILT, BUREAU, ENTROPY, PAGE_TYPES, USCC, draw, fact, past_draws, result, year

from engine.app.ports.records import DrawRow, Publication
from engine.register import uscc
from engine.site.build import build_site
from engine.site.column_values import rows_of
from engine.site.filter import Filter, read_rules
from engine.site.masking import mask
from engine.site.publication_page import make_notices

PHONE = "13812345678"
PERSON = "130102199003070011"


def everything(folder: Path) -> str:
    """Return all names and bytes of a site as one text."""
    files = [f for f in folder.rglob("*") if f.is_file()]
    return "\n".join(f"{f.relative_to(folder)}\n{f.read_text('utf-8')}" for f in files)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every leaf of a JSON value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from places(item, (*path, at))
    else:
        yield path


def put(body: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return `body` with `value` at `path`."""
    body = copy.deepcopy(body)
    inside: Any = body
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return body


SHAPES = [result(1), draw(1, removals=[{"id": USCC, "reason": "已迁出"}], void_reason="名录有误")]
EVERY_PLACE = [(p, path) for p in SHAPES for path in places(copy.deepcopy(dict(p.body)))]
WRITTEN = [
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+86 13812345678",
    "１３８１２３４５６７８",
    "一三八一二三四五六七八",
]


@pytest.mark.parametrize("written", [*WRITTEN, PERSON])
def test_a_number_in_every_place_is_taken_out_of_what_pages_are_made_of(written: str) -> None:
    for publication, path in EVERY_PLACE:
        spoilt = replace(publication, body=put(dict(publication.body), path, f"找{written}。"))
        notices, _ = make_notices([spoilt], BUREAU, PAGE_TYPES, "zh_CN")
        rows = rows_of(notices, BUREAU, PAGE_TYPES, "zh_CN")
        shown = f"{notices[0].json.decode()} {notices[0].body} {notices[0].facts} {rows}"
        # Only the untouched entropy itself may hold such digits (see below).
        assert written not in shown.replace(ENTROPY, ""), path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(EVERY_PLACE),
    written=st.sampled_from([*WRITTEN, PERSON]),
    around=st.sampled_from(["{}", "联系{}。", "电话：{}", "x{}", "{}（经理）"]),
)
def test_a_number_in_any_place_never_reaches_a_file(
    place: tuple[Publication, tuple[Any, ...]], written: str, around: str, tmp_path: Path
) -> None:
    publication, path = place
    if written == PERSON and around == "x{}":
        around = "{}"
    held = around.format(written)
    # What has the shape of a code in the column of one is a code, unless it is an identity number.
    assume(written == PERSON or path[-1] != "id" or path[0] in ("batch", "plan") or not held.isascii())
    spoilt = replace(publication, body=put(dict(publication.body), path, held))
    build_site([spoilt], [], BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    # Dice may fall like a telephone number; the entropy is needed to the digit by whoever checks the draw.
    assert written not in everything(tmp_path / "site").replace(ENTROPY, "")


def test_a_number_beside_the_body_never_reaches_a_file(tmp_path: Path) -> None:
    spoilt = replace(
        result(1),
        id=f"{PHONE}/result/1",
        case=PHONE,
        title=f"甲 {PHONE}",
        withdrawn_at=AT,
        withdrawn_because=f"来电 {PHONE}",
    )
    build_site([spoilt, *year()], past_draws(), BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    assert PHONE not in everything(tmp_path / "site").replace(ENTROPY, "")


@pytest.mark.parametrize(
    "private",
    [
        fact("contact_phone", "联系方式", "甲座机"),
        fact("legal_representative", "法人", "某人"),
        fact("signed_by", "签字的检查人员", "某人", ["P01"]),
        fact("inspectors", "检查", "某人"),
        fact("entered_by", "录入", "某人"),
        fact("anything", "联系人", "某人"),
        fact("anything", "职工身份证号", "某人"),
        fact("电话", "备注一", "某人"),
    ],
)
def test_fields_that_name_people_are_left_out(private: dict[str, Any], tmp_path: Path) -> None:
    marked = {**private, "text": "不该出现的某人", "value": "不该出现的某人"}
    publication = result(1, facts=[marked, fact("remark", "备注", "可以出现")])
    report = build_site([publication], [], BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    text = everything(tmp_path / "site")
    assert "不该出现的某人" not in text
    assert "可以出现" in text
    assert any("不公开" in str(message) for message in report.withheld)


def test_parts_nobody_listed_are_left_out(tmp_path: Path) -> None:
    hidden = "不该出现"
    publication = result(
        1, team=[{"name": hidden}], subject={"id": USCC, "name": "甲", "contact": hidden, "owner": hidden}
    )
    build_site([publication], [], BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    assert hidden not in everything(tmp_path / "site")


def test_where_a_part_of_a_value_goes_its_text_goes_too(tmp_path: Path) -> None:
    rows = [{"item": "劳动合同", "contact": "不该出现"}]
    publication = result(1, facts=[fact("problems", "问题", "事项 劳动合同，联络 不该出现", rows)])
    build_site([publication], [], BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    text = everything(tmp_path / "site")
    assert "不该出现" not in text
    assert "〔不公开〕" in text


def test_a_commitment_with_a_number_is_kept_back_and_told(tmp_path: Path) -> None:
    row = DrawRow("batch-1", 1, "committed", {"record": {"commitment": f'{{"purpose":"{PHONE}"}}'}}, AT)
    report = build_site([], [row], BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    assert PHONE not in everything(tmp_path / "site")
    assert "承诺文本" in str(report.withheld[0])


def test_rosters_and_people_of_a_draw_never_leave(tmp_path: Path) -> None:
    record = {
        "record": {
            "commitment": "{}",
            "people": "某检查员\t冀A-0101",
            "objects": "名录全文",
            "assignments": ["某"],
        }
    }
    build_site(
        [draw()],
        [DrawRow("batch-1", 1, "complete", record, AT)],
        BUREAU,
        tmp_path / "site",
        BUILT,
        page_types=PAGE_TYPES,
    )
    text = everything(tmp_path / "site")
    assert "某检查员" not in text
    assert "名录全文" not in text


KEPT = [
    USCC,
    "2024-10-18",
    "2024年10月18日 10:30",
    "示人社抽〔2024〕1号",
    "inspection-17",
    "等级 A，比例 3%；等级 B，比例 5%",
    "职工 1380 人，工资 1500.00 元、1600.00 元",
    "ssq:2024094:01.05.09.17.22.30+07",
    "01.05.09.17.22.30+07",
    "13812345678" * 6,
    "5f" * 32,
    "二〇二四年第三季度",
    "8:30-11:30，14:00-17:30",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_public_is_not_mutilated(text: str) -> None:
    assert mask(text, "***") == text


GONE = [
    *WRITTEN,
    "0311-86661234",
    "（0311）8666 1234",
    "031186661234",
    "400-123-4567",
    "86-138 1234 5678",
    "1 3 8 1 2 3 4 5 6 7 8",
    "138\u200b1234\u200b5678",
    "138.1234.5678",
    "①③⑧①②③④⑤⑥⑦⑧",
    PERSON,
    "13010219900307001x",
    "130102 19900307 0011",
]


@pytest.mark.parametrize("written", GONE)
@pytest.mark.parametrize("around", ["{}", "找{}吧", "（{}）", "a {} b", f"{USCC} {{}}"])
def test_numbers_are_found_however_written(written: str, around: str) -> None:
    shown = mask(around.format(written), "***")
    assert written not in shown
    assert "***" in shown
    assert sum(char.isdigit() for char in shown.replace(USCC, "")) == 0


def test_a_number_a_text_calls_a_telephone_goes() -> None:
    assert mask("电话：86661234转801", "***") == "电话：***转801"
    assert mask("QQ 123456", "***") == "QQ ***"
    assert mask("共86661234元", "***") == "共86661234元"


@given(
    region=st.sampled_from(["110101", "130102", "440305"]),
    day=st.dates(
        min_value=__import__("datetime").date(1930, 1, 1), max_value=__import__("datetime").date(2010, 1, 1)
    ),
    order=st.integers(0, 999),
)
def test_every_identity_number_goes_even_one_that_passes_as_a_credit_code(
    region: str, day: Any, order: int
) -> None:
    start = f"{region}{day:%Y%m%d}{order:03d}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(start))
    number = start + "10X98765432"[total % 11]
    assert number not in mask(f"职工 {number} 在场", "***")


@given(st.text(alphabet=uscc.ALPHABET, min_size=9, max_size=9), st.integers(100000, 659999))
def test_credit_codes_stay(organisation: str, region: int) -> None:
    start = f"91{region}{organisation}"
    code = start + uscc.check_digit(start)
    assert mask(f"对象 {code}", "***") == f"对象 {code}"


FILE_NUMBERS = ["13800000000", "WJ-13800000000", "示人社抽〔2024〕13800000000号", "010-86000000"]


@pytest.mark.parametrize("number", FILE_NUMBERS)
@pytest.mark.parametrize(
    ("name", "title"),
    [("licence_no", "许可证"), ("paper", "移送书文号"), ("x", "档案号"), ("number", "抽查任务编号")],
)
def test_the_number_of_a_file_is_nobodys_telephone(name: str, title: str, number: str) -> None:
    shown = Filter("zh_CN").body({"facts": [fact(name, title, number)]})["facts"]
    assert [(one["value"], one["text"]) for one in shown] == [(number, number)]
    (elsewhere,) = Filter("zh_CN").body({"facts": [fact("remark", "备注", f"见{number}")]})["facts"]
    assert elsewhere["text"] == "见" + mask(number, "〔不公开〕")


def test_a_sentence_in_the_column_of_a_number_is_a_sentence() -> None:
    for text in (f"找{PHONE}。", f"电话：{PHONE}", f"{PHONE}（经理）"):
        (shown,) = Filter("zh_CN").body({"facts": [fact("paper", "文号", text)]})["facts"]
        assert PHONE not in str(shown)


def test_an_identity_number_is_no_number_of_a_file() -> None:
    person = (
        PERSON[:17]
        + "10X98765432"[sum(int(d) * pow(2, 17 - at, 11) for at, d in enumerate(PERSON[:17])) % 11]
    )
    assert uscc.is_citizen_number(person)
    shown = Filter("zh_CN").body({"facts": [fact("paper", "档案号", person)], "subject": {"id": person}})
    assert person not in str(shown)


@pytest.mark.parametrize("code", ["13912345678", "91350203M0001QAA19", "513022199003074", "ABC-13800000000"])
def test_what_is_a_code_by_its_column_stays(code: str) -> None:
    filtering = Filter("zh_CN")
    body = filtering.body(
        {
            "subject": {"id": code, "name": "示例甲"},
            "draw": {"selected": [{"position": 1, "id": code}], "removals": [{"id": code}]},
            "facts": [{**fact("about", "对象", code), "type": "object"}],
        }
    )
    assert (
        body["subject"]["id"]
        == body["draw"]["selected"][0]["id"]
        == body["draw"]["removals"][0]["id"]
        == code
    )
    assert body["facts"] == [{**fact("about", "对象", code)}]
    assert not filtering.withheld


@given(
    st.integers(0, 10**9 - 1),
    st.sampled_from(["91", "92", "93"]),
    st.sampled_from(["110105", "310120", "440305"]),
)
def test_a_valid_code_of_digits_alone_is_never_masked(organisation: int, authority: str, region: str) -> None:
    start = f"{authority}{region}{organisation:09d}"
    code = start + uscc.check_digit(start)
    assert mask(code, "***") == code
    assert mask(f"对象{code}。", "***") == f"对象{code}。"


def test_whole_numbers_are_looked_at_too() -> None:
    filtering = Filter("zh_CN")
    assert filtering.value(int(PHONE)) == "〔不公开〕"
    assert filtering.value({PHONE: [1, True, None]}) == {"〔不公开〕": [1, True, None]}


def test_the_rules_are_data_and_deny_what_they_must() -> None:
    rules = read_rules()
    denied = [
        "phone",
        "contact",
        "id_card",
        "legal_rep",
        "inspectors",
        "contact_phone",
        "signed_by",
        "cert_no",
        "电话",
    ]
    assert [name for name in denied if not rules.denies(name)] == []
    kept = [
        "remark",
        "result_codes",
        "finished_on",
        "team_size",
        "number",
        "title",
        "channels",
        "late_reason",
    ]
    assert [name for name in kept if rules.denies(name)] == []
