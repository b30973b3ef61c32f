"""Files, photographs and signatures of a form, of its rows and of its items: by the page, the offline form as a step, and as a draft.

And its notes and pages, by the page with scripts and without.
"""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromium
import pytest
from PIL import Image
from small_bureau import BUREAU, ERRAND, NOTE, SHANGHAI, VISIT, SmallBureau, small_bureau
from workbench_fixtures import MemoryFiles

from engine.app.commands import Caller
from engine.app.commands.publish_definitions import Published, publish
from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.app.history.requests import CommandResult
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files
from engine.deployment.entropy import SystemEntropy
from engine.web.serving import make_server, served
from engine.web.workbench import Workbench
from tests import hung_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
FIELDS = """
  - t: {title: 文字, text}
  - fl: {title: 附件, file, optional: true}
  - fls: {title: 几个附件, files, optional: true}
  - ph: {title: 照片, photo, optional: true}
  - phs: {title: 几张照片, photos, optional: true}
  - section: 签署
  - sg: {title: 签名, signature, optional: true}
"""
ROWS = """
  - rows2:
      title: 行
      type: list
      optional: true
      columns:
        - what: {title: 事项}
        - pic: {title: 行附件, file, optional: true}
        - shot: {title: 行照片, photo, optional: true}
"""
FILES = {
    "bureau.yaml": BUREAU,
    "note.yaml": NOTE,
    "visit.yaml": VISIT,
    "errand.yaml": ERRAND,
    "plan.yaml": "form: plan\ntitle: 事项\nfields:\n  - codes: {title: 事项, type: list}\n",
    "probe.yaml": f"form: probe\ntitle: 现场表\nfields:{FIELDS}{ROWS}",
    "wages.yaml": f"form: wages\ntitle: 工资\nfields:{FIELDS}",
    "probing.yaml": """\
workflow: probing
title: 查看
about: object
initial: made
start: {by: [clerk]}
fields:
  - items: {title: 事项, type: list}
states:
  made: {title: 待定, for: clerk}
  there: {title: 在填, for: clerk}
  done: {title: 完, final: true}
transitions:
  - {do: plan, title: 定事项, from: made, to: there, form: plan, then: [{set: {items: = form.codes}}]}
  - {do: fill, title: 填表, from: there, to: done, form: probe, item_forms: true}
""",
}
FILES["hints.yaml"] = """\
form: hints
title: 须知表
fields:
  - page: 一、现场
  - has: {title: 有无问题, type: boolean}
  - remind: {title: 须知, type: note, help: 先拍照再询问。, when: form.has}
  - page: 二、问题
  - section: 明细
  - list:
      title: 问题清单
      type: list
      optional: true
      columns:
        - what: {title: 事实}
        - why: {title: 原因, when: it.what == '欠薪'}
"""
FILES["hinting.yaml"] = """\
workflow: hinting
title: 提示
about: object
initial: made
start: {by: [clerk]}
states:
  made: {title: 待定, for: clerk}
  done: {title: 完, final: true}
transitions:
  - {do: fill, title: 填表, from: made, to: done, form: hints}
"""
#: Where a file may be chosen: the name on the page, the name in the offline form, and how many.
PLACES = (
    *((f"q.{name}", f"probe.{name}") for name in ("fl", "fls", "ph", "phs")),
    *((f"q.items.wages.{name}", f"wages.{name}") for name in ("fl", "fls", "ph", "phs")),
)


@dataclass
class Probe:
    """A bureau with a form that asks for every kind of file, served."""

    bureau: SmallBureau
    files: MemoryFiles
    address: str

    def start(self) -> str:
        """Start a case whose step `fill` is open."""
        subject = {"id": "E1", "name": "示例企业"}
        started = self.bureau.application.start(
            "probing", "clerk-1", NewCase(title="示例企业", subject=subject)
        )
        assert isinstance(started, CommandResult), str(started)
        self.bureau.take(started.case, "plan", "clerk-1", {"codes": ["A1"]})
        return started.case

    def stored(self, case: str) -> Any:
        """Return the answers of the case; the bytes of every file they name are kept with it."""
        with self.bureau.application.store.read() as transaction:
            found = transaction.cases.get(case)
            assert found is not None
            kept = {one.sha256 for one in transaction.papers.files(case)}
        answers = found.forms["probe"]
        named = list(digests(answers))
        assert len(named) == 16
        assert set(named) <= kept
        assert all(self.files.get(digest) for digest in named)
        return answers


def digests(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "sha256" in value:
            yield value["sha256"]
        else:
            for one in value.values():
                yield from digests(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from digests(one)


def shape(value: Any) -> Any:
    """Return answers with only the kind of each file: a phone makes photographs smaller, and draws its own signature."""
    if isinstance(value, Mapping):
        if "sha256" in value:
            return value["name"].rpartition(".")[0]
        return {name: shape(one) for name, one in value.items() if name != "sg"}
    return [shape(one) for one in value] if isinstance(value, (list, tuple)) else value


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    bureau = small_bureau()
    application = bureau.application
    application.entropy = SystemEntropy.take
    application.files = files = MemoryFiles()
    loaded = load_files(FILES)
    assert loaded.sound, [f"{one.file}:{one.line} {one.message}" for one in loaded.problems]
    assert isinstance(publish(application, Caller("head-1"), loaded), Published)
    item = RegisterEntry("items", "A1", "工资支付", None, {"form": "wages"})
    import_entries(application, "items", [item], "head-1", source="test")
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    bench = Workbench(application, Path("/nonexistent"), SHANGHAI)
    with served(make_server(bench, None), listening):
        yield Probe(bureau, files, address)


@pytest.fixture
def chosen(tmp_path: Path) -> list[Path]:
    """Return two pictures and two other files, each with bytes of its own."""
    found = []
    for number in range(2):
        out = io.BytesIO()
        Image.effect_noise((400 + number, 300), 60).convert("RGB").save(out, "JPEG")
        found.append(tmp_path / f"照{number}.jpg")
        found[-1].write_bytes(out.getvalue())
    for number in range(2):
        found.append(tmp_path / f"附{number}.txt")
        found[-1].write_text(f"附件{number}\n", encoding="utf-8")
    return found


@contextlib.contextmanager
def at(browser: Any, probe: Probe, path: str, *, scripts: bool = True) -> Iterator[Any]:
    """Yield a page of the workbench, signed in."""
    context = browser.new_context(java_script_enabled=scripts, accept_downloads=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{probe.address}/set-up?key={make_set_up_link(probe.bureau.application)}")
    page.locator("button[value=clerk-1]").click()
    page.goto(probe.address + path)
    yield page
    assert [one for one in faults if "autosave" not in one] == []
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_is_shown_where_its_condition_holds_and_a_page_of_the_form_is_named(
    probe: Probe, browser: Any, scripts: bool
) -> None:
    subject = {"id": "E1", "name": "示例企业"}
    started = probe.bureau.application.start("hinting", "clerk-1", NewCase(title="示例企业", subject=subject))
    assert isinstance(started, CommandResult), str(started)
    with at(browser, probe, f"/cases/{started.case}/steps/fill", scripts=scripts) as page:
        assert page.locator("h3.part").all_inner_texts() == ["一、现场", "二、问题"]
        assert page.locator("h4.part").all_inner_texts() == ["明细"]
        note = page.locator("#q-remind")
        said = note.text_content()
        for words in ("须知", "先拍照再询问。", "只在适用的情形下看：“有无问题”"):
            assert words in said
        # A column says when it is asked, as a question does.
        column = page.locator("#q-list .line").first.locator("div.question").nth(1)
        assert "视情况必填" in column.inner_text()
        assert "只在适用的情形下填写：“事实” 是 欠薪" in column.inner_text()
        # Without scripts nothing is hidden that an answer still to come may ask for: its condition is said.
        assert note.is_visible() is not scripts
        page.locator("#q-has input[value=true]").check()
        if scripts:
            note.wait_for(state="visible")
            page.locator("#q-has input[value=false]").check()
            note.wait_for(state="hidden")


def choose(locate: Any, chosen: list[Path], places: list[tuple[str, str]]) -> None:
    for name, kind in places:
        files = chosen[:2] if kind.startswith("ph") else chosen[2:]
        locate(name).set_input_files(files if kind.endswith("s") else files[0])


def until(page: Any, holds: str) -> None:
    """Wait until an expression holds; the policy of the pages lets no text be run inside of them."""
    hung_run.until(lambda: page.evaluate(holds), lambda: holds)


def draw(page: Any, canvas: Any) -> None:
    canvas.scroll_into_view_if_needed()
    at_ = canvas.bounding_box()
    page.mouse.move(at_["x"] + 20, at_["y"] + 20)
    page.mouse.down()
    page.mouse.move(at_["x"] + 90, at_["y"] + 60)
    page.mouse.up()


def fill_page(page: Any, chosen: list[Path], *, scripts: bool) -> None:
    """Answer every question of the page."""
    page.fill("[name='q.t']", "现场")
    page.fill("[name='q.items.wages.t']", "工资")
    kinds = [(name, name.rpartition(".")[2]) for name, _ in PLACES]
    choose(lambda name: page.locator(f"input[type=file][name='{name}']"), chosen, kinds)
    page.fill("[name='q.rows2.0.what']", "行一")
    page.locator("[name='q.rows2.0.pic']").set_input_files(chosen[2])
    page.locator("[name='q.rows2.0.shot']").set_input_files(chosen[0])
    for name in ("q.sg", "q.items.wages.sg"):
        file = page.locator(f"input[name='{name}']")
        if scripts:
            draw(page, page.locator(f"canvas.pad:has(~ input[name='{name}'])"))
            until(page, f"document.querySelector(\"input[name='{name}']\").files.length === 1")
        else:
            assert page.locator("canvas").count() == 0
            file.set_input_files(chosen[1])


def fill_phone(page: Any, chosen: list[Path]) -> None:
    """Answer every question of the offline form."""

    def box(name: str) -> Any:
        return page.locator(f"[data-name='{name}']")

    for form in ("probe", "wages"):
        box(f"{form}.t").locator("input").fill({"probe": "现场", "wages": "工资"}[form])
    kinds = [(name, name.rpartition(".")[2]) for _, name in PLACES]
    choose(lambda name: box(name).locator("input[type=file]"), chosen, kinds)
    box("probe.rows2").locator("button", has_text="添加一行").click()
    box("probe.rows2").locator(".row input:not([type=file])").first.fill("行一")
    box("probe.rows2").locator(".row input[type=file]").nth(0).set_input_files(chosen[2])
    box("probe.rows2").locator(".row input[type=file]").nth(1).set_input_files(chosen[0])
    for form in ("probe", "wages"):
        draw(page, box(f"{form}.sg").locator("canvas"))
    until(page, "!document.querySelector('#state').textContent.includes('正在处理')")


def hand_in(page: Any) -> None:
    page.click(".foot button.main")
    page.click("button[value=confirm]")
    assert "回执号" in page.inner_text("body"), page.inner_text("body")[:500]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """Return what is stored, whichever way it was given."""
    one = {"t": "现场", "fl": "附0", "fls": ["附0", "附1"], "ph": "照0", "phs": ["照0", "照1"]}
    rows = [{"what": "行一", "pic": "附0", "shot": "照0"}]
    return {**one, "rows2": rows, "items": {"wages": {**one, "t": "工资"}}}


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_the_page_keeps_every_file(
    probe: Probe, browser: Any, chosen: list[Path], expected: Any, scripts: bool
) -> None:
    case = probe.start()
    with at(browser, probe, f"/cases/{case}/steps/fill", scripts=scripts) as page:
        fill_page(page, chosen, scripts=scripts)
        # A draft that is opened again names them all; their bytes are there.
        page.click("button[value=save]")
        page.goto(f"{probe.address}/cases/{case}/steps/fill")
        assert page.locator("input[type=hidden][name$='.sha256']").count() == 16
        hand_in(page)
    assert shape(probe.stored(case)) == expected


def test_a_signature_may_be_drawn_again(probe: Probe, browser: Any) -> None:
    case = probe.start()
    with at(browser, probe, f"/cases/{case}/steps/fill") as page:
        canvas, file = (
            page.locator("canvas.pad").first,
            "document.querySelector(\"input[name='q.sg']\").files.length",
        )
        draw(page, canvas)
        until(page, f"{file} === 1")
        page.locator("button", has_text="重签").first.click()
        assert page.evaluate(file) == 0
        assert page.locator("input[name='q.sg']").get_attribute("accept") == "image/*"


@pytest.mark.parametrize("way", ["take", "draft"])
def test_what_the_offline_form_took_is_kept_as_a_step_and_through_a_draft(
    probe: Probe, browser: Any, chosen: list[Path], expected: Any, way: str, tmp_path: Path
) -> None:
    case = probe.start()
    with at(browser, probe, f"/cases/{case}/offline") as page:
        with page.expect_download() as form:
            page.locator("a", has_text="取离线表单").click()
        kit = tmp_path / "kit.html"
        form.value.save_as(kit)
        phone = page.context.new_page()
        phone.on("dialog", lambda dialog: dialog.accept())
        phone.goto(kit.as_uri())
        fill_phone(phone, chosen)
        with phone.expect_download() as saved:
            phone.click("#save")
        record = tmp_path / "record.json"
        saved.value.save_as(record)
        page.set_input_files("#file", record)
        page.click(f"button[value={way}]")
        if way == "draft":
            assert page.url.endswith("/steps/fill"), page.inner_text("#main")[:300]
            assert page.locator("input[type=hidden][name$='.sha256']").count() == 16
            hand_in(page)
        else:
            assert "回执号" in page.inner_text("body"), page.inner_text("body")[:500]
        # The same file again changes nothing.
        page.goto(f"{probe.address}/cases/{case}/offline")
        page.set_input_files("#file", record)
        page.click("button[value=take]")
        assert "没有改动" in page.inner_text("body"), page.inner_text("#main")[:500]
    assert shape(probe.stored(case)) == expected


def test_the_offline_form_refuses_what_is_not_kept_with_its_sentence(
    probe: Probe, browser: Any, tmp_path: Path
) -> None:
    case = probe.start()
    bad = {
        "大.pdf": (b"%PDF-1.4\n" + bytes(50_000_000), "“大.pdf”有 51 MB，没有加入；一个文件最多 50 MB"),
        "图.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "“图.svg”的内容是 txt，与文件名不符"),
        "程序.exe": (b"MZ\0\0", "“程序.exe”这种文件不能存入；可以存：pdf、jpeg"),
    }
    with at(browser, probe, f"/cases/{case}/offline") as page:
        with page.expect_download() as form:
            page.locator("a", has_text="取离线表单").click()
        kit = tmp_path / "kit.html"
        form.value.save_as(kit)
        page.goto(kit.as_uri())
        box = page.locator("[data-name='probe.fls']")
        for name, (content, said) in bad.items():
            (tmp_path / name).write_bytes(content)
            box.locator("input[type=file]").set_input_files(tmp_path / name)
            until(page, "!document.querySelector('#state').textContent.includes('正在处理')")
            assert said in box.inner_text()
        assert box.locator("figure").count() == 0
