"""The offline form in a real Chromium, opened from disk at 360 px: what is filled in is stored as by ``--form``, and nothing called saved is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chromium
import pytest
from kit_factories import forms, page
from PIL import Image
from random_conditions import OFFICE

from engine.app.queries.papers.offline import PeopleToChoose
from engine.definition.library import load_files
from engine.documents.offline.record import read_record, with_files
from engine.lifecycle.expressions.expression import CALENDAR, ZONE
from engine.lifecycle.forms.answers import read_answers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
#: The same answers as somebody would write them into a file for ``task advance --form``.
WRITTEN: dict[str, Any] = {
    "staff": 12,
    "owed": "100.50",
    "found": True,
    "kind": ["a", "b"],
    "on": "2024-03-01",
    "at": "2024-03-01T09:30:00+08:00",
    "seen": "n/a",
    "way": "onsite",
    "note": "<script>alert(1)</script>\n第二行",
    "people": ["甲", "乙"],
    "list": [{"what": "少发", "sum": "150", "why": "无"}, {"what": "晚发"}],
    "signed_by": ["P01", "P02"],
    "items": {"contract": {"rows": {"r1": {"answer": "pass"}, "r2": {"answer": "fail", "note": "未足额"}}}},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield the browser."""
    with chromium.opened() as started:
        yield started


class Phone:
    """A phone with the form open, without a network."""

    def __init__(self, browser: Any, folder: Path, before: str = "", made: bytes | None = None) -> None:
        self.file = folder / "kit.html"
        self.file.write_bytes(made or page("<script>alert(2)</script>示例"))
        self.context = browser.new_context(viewport={"width": 360, "height": 740}, accept_downloads=True)
        self.context.set_offline(True)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        if before:
            self.page.add_init_script(before)
        self.page.goto(self.file.as_uri())

    def tap(self, name: str, word: str) -> None:
        """Choose one answer."""
        self.page.locator(f"[data-name='{name}'] .options label", has_text=word).first.click()

    def field(self, title: str, number: int = 0) -> Any:
        """Return a place to type in."""
        return self.page.locator(f"[aria-label='{title}']").nth(number)

    def said(self) -> str:
        """Return what is said of what is saved."""
        return str(self.page.inner_text("#state"))

    def kept(self, kind: str) -> None:
        """Wait for what is said to be of a kind."""
        self.page.wait_for_selector(f"#state.{kind}")

    def save(self) -> bytes:
        """Save the file."""
        with self.page.expect_download() as download:
            self.page.click("#save")
        return Path(download.value.path()).read_bytes()


def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((2400, 1200), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def fill(phone: Phone) -> None:
    """Fill in everything, as a person taps and types."""
    tapped = phone.page
    phone.field("职工人数").fill("12")
    phone.field("欠薪").fill("100.50")
    phone.tap("visit.found", "是")
    phone.tap("visit.kind", "未签合同")
    phone.tap("visit.kind", "欠薪")
    phone.field("检查日期").fill("2024-03-01")
    phone.field("开始时刻").fill("2024-03-01T09:30")
    phone.tap("visit.seen", "不适用")
    phone.tap("visit.way", "现场")
    phone.field("说明").fill(WRITTEN["note"])
    phone.field("名单").fill("甲\n乙")
    more = tapped.locator("button", has_text="添加一行")
    more.click()
    more.click()
    phone.field("问题", 0).fill("少发")
    phone.field("金额", 0).fill("150")
    phone.field("原因", 0).fill("无")
    phone.field("问题", 1).fill("晚发")
    for person in ("检查员甲", "检查员乙"):
        phone.tap("visit.signed_by", person)
    phone.tap("contract.rows.r1", "符合")
    phone.tap("contract.rows.r2", "不符合")
    phone.field("工资支付 问题或说明").fill("未足额")


def stored(answers: Any) -> Any:
    """Return what is kept of answers."""
    form, item = forms()
    kept, problems = read_answers(
        form, [item], answers, {"today": "2026-03-02", ZONE: ZoneInfo("Asia/Shanghai")}
    )
    assert problems == []
    return kept


def test_what_is_filled_in_is_stored_as_by_a_file(browser: Any, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path)
    assert phone.page.evaluate("typeof window.crypto.subtle") in ("undefined", "object")
    fill(phone)
    assert phone.page.inner_text("#next") == "全部填好"
    assert phone.page.inner_text("[data-name='visit.each'] output") == "8.38"
    record = read_record(phone.save())
    assert stored(record.answers) == stored(WRITTEN)
    assert "已导出文件" in phone.said()
    assert phone.faults == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 360
    # The same answers saved again are the same record.
    assert read_record(phone.save()).digest == record.digest


def test_each_constraint_refuses_with_its_own_sentence(browser: Any, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path)
    phone.field("检查日期").fill("2999-01-01")
    assert "检查日期不能晚于今天" in phone.page.inner_text("[data-name='visit.on']")
    phone.field("职工人数").fill("10000")
    assert "“职工人数”不得多于 9999，实为 10000" in phone.page.inner_text("[data-name='visit.staff']")
    phone.field("职工人数").fill("一")
    assert "“职工人数”应为整数" in phone.page.inner_text("[data-name='visit.staff']")
    phone.tap("visit.found", "是")
    phone.tap("visit.kind", "没有")
    phone.tap("visit.kind", "欠薪")
    assert "“问题种类”选了“没有”，就不能再选别的" in phone.page.inner_text("[data-name='visit.kind']")


def test_numbers_typed_full_width_are_read_as_by_the_page(browser: Any, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path)
    phone.field("职工人数").fill(" １２ ")
    # The question that depends on it is asked.
    assert phone.field("欠薪").is_visible()
    phone.field("欠薪").fill("１００.５０")
    assert phone.page.inner_text("[data-name='visit.each'] output") == "8.38"
    assert phone.page.locator(".wrong:visible").count() == 0
    phone.field("名单").fill("甲\u202e乙")
    assert "控制字符（U+202E）" in phone.page.inner_text("[data-name='visit.people']")
    phone.field("说明").fill("甲\u2066乙")
    assert "第 2 个字" in phone.page.inner_text("[data-name='visit.note']")


def test_why_a_recommended_question_stays_empty_is_kept_as_by_a_file(browser: Any, tmp_path: Path) -> None:
    asked = "form: visit\ntitle: 现场检查\nfields:\n" + "".join(
        f"  - {name}: {{title: {title}, recommended: true}}\n"
        for name, title in (("phone", "电话"), ("mail", "邮箱"), ("site", "网址"))
    )
    form = load_files({"visit.yaml": asked}).forms["visit"]
    phone = Phone(browser, tmp_path, made=page(form=form))
    assert phone.page.inner_text("body").count("建议填写") == 3
    why = "不填“{}”的理由（可不写）".format
    phone.field(why("电话")).fill(" 没有电话 ")
    phone.field(why("邮箱")).fill("不用")
    # Of what is answered after all no reason is asked, and none is kept.
    phone.field("邮箱").fill("a@b.example")
    assert phone.field(why("邮箱")).is_hidden()
    phone.kept("cushion")
    phone.page.reload()
    assert phone.field(why("电话")).input_value() == " 没有电话 "
    record = read_record(phone.save())
    written = {"mail": "a@b.example", "unanswered": {"phone": "没有电话"}}
    answers = {name: value for name, value in record.answers.items() if name != "items"}
    assert answers == written
    assert read_answers(form, [], answers, {}) == read_answers(form, [], written, {})


def test_choosing_an_answer_draws_no_other_field_again(browser: Any, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path)
    phone.page.set_input_files(
        "[data-name='visit.photos'] input",
        [{"name": "../../x.jpg", "mimeType": "image/jpeg", "buffer": photo()}],
    )
    phone.page.wait_for_selector("[data-name='visit.photos'] img")
    phone.page.evaluate(
        "window.seen = document.querySelector('[data-name=\"visit.photos\"] img'); window.all = [...document.querySelectorAll('.card')]"
    )
    phone.tap("visit.found", "是")
    phone.tap("visit.found", "否")
    assert phone.page.evaluate("window.seen.isConnected && window.all.every((one) => one.isConnected)")
    record = read_record(phone.save())
    (name,) = record.files
    with Image.open(io.BytesIO(record.files[name].content)) as picture:
        assert picture.size == (1600, 800)
    kept = {"name": "a.png", "sha256": "ab" * 32}
    assert with_files(record.answers, {name: kept})["photos"] == [kept]


def test_what_was_typed_survives_a_reload_and_a_photo_that_was_not_done_is_not_called_saved(
    browser: Any, tmp_path: Path
) -> None:
    phone = Phone(browser, tmp_path)
    phone.field("职工人数").fill("12")
    phone.kept("cushion")
    phone.page.evaluate("""() => { const decode = Object.getOwnPropertyDescriptor(Image.prototype, 'src');
        Object.defineProperty(Image.prototype, 'src', { set(v) { setTimeout(() => decode.set.call(this, v), 60000); } }); }""")
    phone.page.set_input_files(
        "[data-name='visit.photos'] input", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    assert "还没有保存" in phone.said()
    phone.page.click("#save")
    assert "还没有保存" in phone.said()
    phone.page.reload()
    assert phone.field("职工人数").input_value() == "12"
    assert "已取回" in phone.page.inner_text("#restored")


@pytest.mark.parametrize(
    ("before", "kind", "words"),
    [
        (
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('off'); } });",
            "unsaved",
            "关闭本页就会丢失",
        ),
        (
            "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
            "unsaved",
            "关闭本页就会丢失",
        ),
        ("Storage.prototype.setItem = () => {};", "unsaved", "关闭本页就会丢失"),
        (
            "const put = Storage.prototype.setItem; Storage.prototype.setItem = function (k, v) { if (v.length > 20000) throw new Error('full'); put.call(this, k, v); };",
            "unsaved",
            "有 1 个照片、签名或附件没有暂存（a.jpg）",
        ),
    ],
    ids=["off", "full", "silent", "too-small"],
)
def test_a_store_that_keeps_nothing_is_said_and_the_file_has_everything(
    browser: Any, tmp_path: Path, before: str, kind: str, words: str
) -> None:
    phone = Phone(browser, tmp_path, before)
    phone.field("职工人数").fill("12")
    phone.page.set_input_files(
        "[data-name='visit.photos'] input", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    phone.page.wait_for_selector("[data-name='visit.photos'] img")
    phone.page.locator("#state", has_text=words).wait_for()
    phone.kept(kind)
    body = json.loads(phone.save())
    assert body["answers"]["staff"] == "12"
    assert len(body["files"]) == 1


def take(phone: Phone, number: int, name: str = "photos") -> None:
    """Take a photograph and wait until what is said of it is settled."""
    before = phone.page.locator(f"[data-name='visit.{name}'] figure").count()
    phone.page.set_input_files(
        f"[data-name='visit.{name}'] input",
        [{"name": f"p{number}.jpg", "mimeType": "image/jpeg", "buffer": photo()}],
    )
    phone.page.locator(f"[data-name='visit.{name}'] figure").nth(before).wait_for()
    phone.page.locator("#state", has_text="暂存了").wait_for()


ROWS = """form: visit
title: 现场检查
fields:
  - area: {title: 地区, choices: {n: 北, s: 南}}
  - n: {title: 数目, type: integer, optional: true}
  - kinds: {title: 种类, type: choices, choices: {a: 甲, b: 乙, c: 丙}, offered: [{codes: [a, b], when: form.area == 'n'}], optional: true}
  - list:
      title: 清单
      type: list
      optional: true
      columns:
        - what: {title: 问题}
        - sum: {title: 金额, type: money, optional: true}
        - why: {title: 原因, when: "it.sum > 100"}
  - photos: {title: 照片, type: photos, optional: true}
constraints:
  - {that: form.area == 'n' or form.n < 5, else: 南方不得超过五}
"""


@pytest.fixture
def rows(browser: Any, tmp_path: Path) -> Phone:
    """Return a phone with a form of rows, without items."""
    form = load_files({"visit.yaml": ROWS}).forms["visit"]
    phone = Phone(browser, tmp_path, made=page(form=form, items=[]))
    phone.tap("visit.area", "北")
    return phone


def problems(phone: Phone) -> list[str]:
    """Return the sentences in sight about what is wrong."""
    return [one for one in phone.page.locator(".problem:visible").all_inner_texts() if one]


def test_a_row_that_is_not_complete_is_counted_said_and_led_to(rows: Phone) -> None:
    more = rows.page.locator("button", has_text="添加一行")
    assert rows.page.inner_text("#next") == "全部填好"
    # A row in which nothing is answered is no row.
    more.click()
    assert rows.page.inner_text("#next") == "全部填好"
    assert "list" not in read_record(rows.save()).answers
    assert problems(rows) == []
    rows.field("金额").fill("5")
    assert rows.page.inner_text("#next") != "全部填好"
    rows.page.click("#next")
    assert problems(rows) == ["“问题”必须填写", "“清单”第 1 行：“问题”必须填写"]
    assert rows.page.evaluate("document.activeElement.getAttribute('aria-label')") == "问题"
    rows.save()
    assert "还有 1 项没有填好" in rows.said()
    rows.field("问题").fill("少发")
    rows.field("金额").fill("五")
    assert "“清单”第 1 行：“金额”应为金额" in "".join(problems(rows))
    assert rows.page.inner_text("#next") != "全部填好"
    rows.field("金额").fill("5")
    assert (problems(rows), rows.page.inner_text("#next")) == ([], "全部填好")


def test_a_constraint_of_the_whole_form_is_counted_and_led_to(rows: Phone) -> None:
    rows.tap("visit.area", "南")
    rows.field("数目").fill("9")
    assert problems(rows) == ["南方不得超过五"]
    assert rows.page.inner_text("#next") != "全部填好"
    rows.page.click("#next")
    assert rows.page.evaluate("document.activeElement.textContent") == "南方不得超过五"
    rows.save()
    assert "还有 1 项没有填好" in rows.said()
    rows.field("数目").fill("4")
    assert (problems(rows), rows.page.inner_text("#next")) == ([], "全部填好")


def test_what_is_not_asked_any_more_is_not_handed_in(rows: Phone) -> None:
    rows.page.locator("button", has_text="添加一行").click()
    rows.field("问题").fill("少发")
    rows.field("金额").fill("200")
    rows.field("原因").fill("无")
    rows.field("金额").fill("50")
    assert rows.field("原因").is_hidden()
    assert read_record(rows.save()).answers["list"] == [{"what": "少发", "sum": "50"}]


def test_a_chosen_code_that_may_not_be_chosen_any_more_can_be_taken_back(rows: Phone) -> None:
    rows.tap("visit.kinds", "甲")
    rows.tap("visit.kinds", "丙")
    rows.tap("visit.area", "南")
    rows.field("数目").fill("1")
    assert problems(rows) == ["“种类”在此情形下不能选“甲”"]
    labels = rows.page.locator("[data-name='visit.kinds'] label:visible")
    assert labels.all_inner_texts() == ["甲", "丙"]
    rows.tap("visit.kinds", "甲")
    assert (problems(rows), labels.all_inner_texts()) == ([], ["丙"])
    assert read_record(rows.save()).answers["kinds"] == ["c"]


def with_exif(picture: Image.Image, quality: int = 90) -> bytes:
    """Return a JPEG as a camera that was held on its side writes it."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010F], exif[0x0112], exif[0x0132] = "示例相机".encode().decode("latin-1"), 6, "2024:09:18 09:30:00"
    picture.save(out, "JPEG", exif=exif, quality=quality)
    return out.getvalue()


def test_photographs_are_kept_as_they_are_or_with_what_the_camera_noted(rows: Phone) -> None:
    clear, plain = Image.new("RGBA", (400, 200), (0, 0, 0, 0)), io.BytesIO()
    clear.paste((0, 0, 0, 255), (50, 50, 150, 150))
    clear.save(plain, "PNG")
    wide = io.BytesIO()
    clear.resize((2000, 1000)).save(wide, "PNG")
    small = with_exif(Image.new("RGB", (300, 200), (200, 10, 10)))
    large = with_exif(Image.effect_noise((2400, 1200), 60).convert("RGB"))
    given = {"屏幕.png": plain.getvalue(), "大屏.png": wide.getvalue(), "小.jpg": small, "大.jpg": large}
    rows.page.set_input_files(
        "[data-name='visit.photos'] input",
        [{"name": name, "mimeType": "image/*", "buffer": content} for name, content in given.items()],
    )
    rows.page.locator("[data-name='visit.photos'] figure").nth(3).wait_for()
    found = {file.name: file.content for file in read_record(rows.save()).files.values()}
    assert (found["屏幕.png"], found["小.jpg"]) == (plain.getvalue(), small)
    with Image.open(io.BytesIO(found["大屏.jpg"])) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)
        assert picture.convert("L").getpixel((400, 400)) == 0
    with Image.open(io.BytesIO(found["大.jpg"])) as picture:
        exif = picture.getexif()
        # It was drawn upright, and says so.
        assert (picture.size, exif[0x0112], exif[0x0132]) == ((800, 1600), 1, "2024:09:18 09:30:00")


def test_people_are_those_of_the_register_a_question_names(browser: Any, tmp_path: Path) -> None:
    asked = "form: visit\ntitle: 现场检查\nfields:\n" + "".join(
        f"  - {name}: {{title: {title}, {kind}, optional: true}}\n"
        for name, title, kind in (
            ("experts", "参加的专家", "persons"),
            ("head", "负责人", "person"),
            ("signed_by", "签字人", "persons"),
        )
    )
    form = load_files({"visit.yaml": asked}).forms["visit"]
    many = {f"Q{number:02}": f"职员{number:02}" for number in range(20)}
    registers = {
        "experts": PeopleToChoose([], {"E01": "专家甲", "E02": "专家乙"}, whole=False),
        "": PeopleToChoose(["P01", "P02"], many, whole=True),
    }
    phone = Phone(browser, tmp_path, made=page(form=form, items=[], registers=registers))
    assert phone.page.locator("[data-name='visit.experts'] label").all_inner_texts() == [
        "专家甲 E01",
        "专家乙 E02",
    ]
    phone.tap("visit.experts", "专家乙")
    phone.field("参加的专家").fill("外聘 1")
    phone.tap("visit.signed_by", "检查员甲")
    signers = phone.page.locator("[data-name='visit.signed_by']")
    assert signers.locator("label:visible").count() == 12
    signers.locator("input[type=search]").fill("职员19")
    phone.tap("visit.signed_by", "职员19")
    signers.locator("input[type=search]").fill("")
    assert "职员19 Q19" in signers.locator("label:visible").all_inner_texts()
    phone.page.locator("[data-name='visit.head'] input[type=search]").fill("Q05")
    phone.tap("visit.head", "职员05")
    phone.kept("cushion")
    phone.page.reload()
    assert phone.field("参加的专家").input_value() == "外聘 1"
    answers = read_record(phone.save()).answers
    answers = {name: value for name, value in answers.items() if name != "items"}
    assert answers == {"experts": ["E02", "外聘 1"], "head": "Q05", "signed_by": ["P01", "Q19"]}
    assert phone.faults == []


def fill_the_store(phone: Phone) -> int:
    """Take photographs until the browser has no room for one; returns its number."""
    for number in range(1, 30):
        take(phone, number)
        if "没有暂存" in phone.said():
            return number
    raise AssertionError("the browser keeps everything")


def test_a_photo_that_finds_no_room_takes_nothing_from_what_is_kept(browser: Any, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path)
    phone.field("职工人数").fill("12")
    last = fill_the_store(phone)
    assert last > 2
    assert f"有 1 个照片、签名或附件没有暂存（p{last}.jpg）" in phone.said()
    marked = phone.page.locator("figure", has=phone.page.locator("[data-file]:visible"))
    assert marked.all_inner_texts()[0].startswith(f"p{last}.jpg")
    # There is room for answers all the same.
    phone.field("说明").fill("字" * 2_000)
    phone.page.wait_for_timeout(600)
    phone.kept("unsaved")
    assert "其余的都暂存了" in phone.said()
    # The file that is saved now has everything.
    whole = read_record(phone.save())
    assert sorted(file.name for file in whole.files.values()) == sorted(
        f"p{one}.jpg" for one in range(1, last + 1)
    )
    assert whole.missing == []
    phone.page.reload()
    # What was said to be kept is there, what was not is named at its question and in the record.
    pictures = phone.page.locator("[data-name='visit.photos'] figure")
    assert pictures.all_inner_texts() == [f"p{one}.jpg删去" for one in range(1, last)]
    assert phone.field("说明").input_value() == "字" * 2_000
    assert f"“p{last}.jpg”没有暂存" in phone.page.inner_text("[data-name='visit.photos'] .lost")
    phone.kept("cushion")
    data = phone.save()
    record = read_record(data)
    assert record.missing == [("照片", f"p{last}.jpg")]
    assert f"文件里没有这 1 个未能暂存、已不在的照片、签名或附件：p{last}.jpg" in phone.said()
    named = {one["offline"] for one in record.answers["photos"]}
    assert named == set(record.files)
    assert len(named) == last - 1
    assert "lost" not in json.dumps(json.loads(data)["answers"])
    # It is named until it is struck out, after another reload too.
    phone.page.reload()
    phone.page.locator("[data-name='visit.photos'] .lost button").click()
    assert read_record(phone.save()).missing == []


def test_what_is_struck_out_makes_room_for_what_found_none(browser: Any, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path)
    last = fill_the_store(phone)
    phone.page.locator("[data-name='visit.photos'] figure button").first.click()
    phone.kept("cushion")
    phone.page.reload()
    assert phone.page.locator("[data-name='visit.photos'] figure").count() == last - 1
    assert phone.page.locator(".lost button").count() == 0
    # What is discarded leaves nothing behind.
    phone.page.locator("#restored button").click()
    phone.page.wait_for_selector("#restored", state="detached")
    assert phone.page.evaluate("Object.keys(localStorage).length") == 0


def test_a_signature_that_was_not_kept_is_asked_for_again(browser: Any, tmp_path: Path) -> None:
    full = (
        "const put = Storage.prototype.setItem; Storage.prototype.setItem = function (k, v) "
        "{ if (k.includes('/f')) throw new Error('full'); put.call(this, k, v); };"
    )
    phone = Phone(browser, tmp_path, full)
    pad = phone.page.locator("[data-name='visit.pad'] canvas")
    pad.scroll_into_view_if_needed()
    pad.click(position={"x": 20, "y": 20})
    phone.page.locator("#state", has_text="没有暂存（pad.png）").wait_for()
    phone.page.reload()
    lost = phone.page.locator("[data-name='visit.pad'] .lost button")
    assert lost.count() == 1
    assert read_record(phone.save()).missing == [("签名", "pad.png")]
    pad.click(position={"x": 30, "y": 30})
    assert lost.count() == 0
    record = read_record(phone.save())
    assert (record.missing, len(record.files)) == ([], 1)


def test_two_windows_of_one_form_write_nothing_over_each_other(browser: Any, tmp_path: Path) -> None:
    """The second window takes up what the first kept; the first says that what follows is kept nowhere, and can be saved."""
    phone = Phone(browser, tmp_path)
    phone.field("职工人数").fill("12")
    phone.kept("cushion")
    other = phone.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(phone.file.as_uri())
    assert other.get_by_label("职工人数").first.input_value() == "12"
    phone.page.locator("#state", has_text="另一个窗口").wait_for()
    other.get_by_label("职工人数").first.fill("40")
    other.wait_for_selector("#state.cushion")
    # What is typed in the first window from now on is not called kept, and does not write over the second.
    phone.field("职工人数").fill("13")
    phone.page.wait_for_timeout(600)
    assert "另一个窗口" in phone.said()
    other.reload()
    assert other.get_by_label("职工人数").first.input_value() == "40"
    # The record of each window can be saved; both are on file, and the import shows what differs.
    assert read_record(phone.save()).answers["staff"] in ("13", 13)


TERMS = """form: terms
title: 期限
fields:
  - on: {title: 受理日, type: date}
  - due: {title: 期满, type: date, computed: "add(form.on, '5 working days')"}
  - until:
      title: 答复日
      type: date
      constraint: [{that: form.until <= form.due, else: 不得晚于期限}]
  - late: {title: 迟延原因, when: "working_days_between(form.on, form.until) > 3"}
  - told: {title: 已告知, type: boolean, optional: true}
constraints:
  - {that: not form.told or form.on < form.until, else: 告知须在受理之后}
"""


def terms() -> Any:
    loaded = load_files({"terms.yaml": TERMS})
    assert "terms" in loaded.forms, [str(one) for one in loaded.problems]
    return loaded.forms["terms"]


def test_working_days_are_counted_in_the_form(browser: Any, tmp_path: Path) -> None:
    made = page(form=terms(), items=[], scope={CALENDAR: OFFICE})
    phone = Phone(browser, tmp_path, made=made)
    # 2026-10-10 and 10-11 are worked, 10-12 is closed.
    phone.field("受理日").fill("2026-10-09")
    assert phone.page.inner_text("[data-name='terms.due'] output") == "2026-10-15"
    phone.field("答复日").fill("2026-10-13")
    late = phone.page.locator("[data-name='terms.late']")
    assert late.is_hidden()
    phone.field("答复日").fill("2026-10-14")
    assert late.is_visible()
    phone.field("答复日").fill("2026-10-16")
    assert phone.page.inner_text("[data-name='terms.until'] .problem") == "不得晚于期限"
    phone.field("答复日").fill("2026-10-15")
    phone.field("迟延原因").fill("补正")
    # Whether they were told need not be answered, but the rule looks at it.
    assert "还不能判断是否符合“告知须在受理之后”" in phone.page.inner_text("#main")
    assert phone.page.inner_text("#next") != "全部填好"
    phone.tap("terms.told", "是")
    assert phone.page.inner_text("#next") == "全部填好"
    given = read_record(phone.save()).answers
    scope = {"today": "2026-10-20", CALENDAR: OFFICE, ZONE: ZoneInfo("Asia/Shanghai")}
    kept, problems = read_answers(terms(), [], given, scope)
    assert problems == []
    assert kept["due"] == "2026-10-15"
    assert phone.faults == []


def test_a_day_of_five_figures_a_year_is_refused_as_the_server_refuses_it(
    browser: Any, tmp_path: Path
) -> None:
    phone = Phone(browser, tmp_path)
    fill(phone)
    phone.field("检查日期").fill("20266-03-05")
    assert "“检查日期”应为日期（如 2024-04-20），实为“20266-03-05”" in phone.page.inner_text("#main")
    assert phone.page.inner_text("#next") != "全部填好"
    phone.field("检查日期").fill("2024-03-01")
    assert phone.page.inner_text("#next") == "全部填好"
    phone.field("工资支付 整改期限").fill("20266-03-05")
    assert "“整改期限”应为日期（如 2024-04-20），实为“20266-03-05”" in phone.page.inner_text("#main")
    assert phone.page.inner_text("#next") != "全部填好"


def test_saving_one_step_says_what_of_another_is_in_no_file(browser: Any, tmp_path: Path) -> None:
    nothing_kept = "Storage.prototype.setItem = function () { throw new Error('off'); };"
    phone = Phone(browser, tmp_path, nothing_kept, page(second="签收"))
    phone.field("职工人数").fill("12")
    phone.kept("unsaved")
    steps = phone.page.get_by_label("办理步骤")
    steps.select_option("second")
    assert "“完成检查”填的还没有保存成文件" in phone.said()
    phone.field("职工人数").fill("7")
    assert read_record(phone.save()).answers["staff"] == "7"
    phone.kept("unsaved")
    assert "已导出文件" in phone.said()
    assert "“完成检查”填的还没有保存成文件" in phone.said()
    asked: list[str] = []
    phone.page.on("dialog", lambda dialog: asked.append(dialog.type))
    phone.page.reload()
    assert asked == ["beforeunload"]
    # A reload took what nobody kept; what is in both files asks for nothing.
    phone.field("职工人数").fill("12")
    phone.save()
    steps.select_option("second")
    phone.field("职工人数").fill("7")
    phone.save()
    phone.kept("saved")
    phone.page.reload()
    assert asked == ["beforeunload"]


def test_a_photograph_belongs_to_the_step_it_was_taken_for(browser: Any, tmp_path: Path) -> None:
    late = (
        "const blob = HTMLCanvasElement.prototype.toBlob; HTMLCanvasElement.prototype.toBlob = function (...all) "
        "{ setTimeout(() => blob.apply(this, all), 700); };"
    )
    phone = Phone(browser, tmp_path, late, page(second="签收"))
    steps = phone.page.get_by_label("办理步骤")

    def take(name: str) -> None:
        chosen = {"name": name, "mimeType": "image/jpeg", "buffer": photo()}
        phone.page.locator("[data-name='visit.photos'] input[type=file]").set_input_files(chosen)

    take("1.jpg")
    steps.select_option("second")
    # It is made smaller while another step is open, and is of the first one all the same.
    phone.page.locator("#state", has_text="“完成检查”填的还没有保存成文件").wait_for()
    assert "photos" not in read_record(phone.save()).answers
    assert "“完成检查”填的还没有保存成文件" in phone.said()
    steps.select_option("finish")
    take("2.jpg")
    steps.select_option("second")
    steps.select_option("finish")
    phone.page.locator("[data-name='visit.photos'] figure").nth(1).wait_for()
    assert len(read_record(phone.save()).answers["photos"]) == 2
