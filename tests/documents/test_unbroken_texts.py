"""A text of 300 letters without a blank, wherever one stands on a page: it runs off no window, and is printed whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import chromium
import pytest
from document_factories import TEMPLATES, definitions
from kit_factories import page as offline_page
from made_up_papers import KINDS, made_up_html
from package_factories import case_file
from pdf_text import pdf_text
from site_factories import BUILT, BUREAU, PAGE_TYPES, past_draws, year

from engine.app.ports.case_file import Addressee
from engine.app.ports.records import Task
from engine.app.ports.worklist import SheetLine, Week, WorkItem
from engine.documents.archive_index import index_page
from engine.documents.form_sheet import FilledSheet, blank_sheet, filled_sheet
from engine.documents.week_sheet import week_page
from engine.lifecycle.forms.in_words import AnsweredForm, AnswerLine
from engine.site.build import build_site

needs_chromium = pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine")
#: The letters of a text, and of one that is printed: both longer than a line of A4.
SIGN, COUNT, LINES = "W", 300, 100
#: A window of a machine and one of a phone; paper of A4 between the margins of a paper is as wide as the last, in pixels.
WINDOW, PHONE, PAPER = 800, 360, 620
#: Words the pages have of themselves, in one line: of a box, of a line for a name, how many, links to the data.
FIXED = ".opt, .sign p, .count, .mark, .tools a, .files a, th.n"

#: What every test run prints; the soak prints all papers.
SOME = ("paper check_sheet", "paper notice", "paper record", "filled")

#: What is looked for in a page: every text with a Chinese letter; numbers and dates are as long as they are.
TEXTS = """(fixed) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [];
  while (walk.nextNode()) {
    const one = walk.currentNode, inside = one.parentElement;
    if (/[\\u4e00-\\u9fff]/.test(one.data) && !inside.closest("style, script, svg, select, .skip") && !inside.matches(fixed)) all.push(one);
  }
  return all;
}"""
#: One text after the other is made long: those at which the page grows wider than the window.
EACH = f"""([fixed, long]) => {{
  const found = [];
  for (const one of ({TEXTS})(fixed)) {{
    const was = one.data;
    one.data = long;
    if (document.documentElement.scrollWidth > innerWidth) found.push(`${{was.trim().slice(0, 30)}}: ${{document.documentElement.scrollWidth}}`);
    one.data = was;
  }}
  return found;
}}"""
#: All texts of paragraphs and cells are made long, and how many those were.
ALL = f"""([fixed, long]) => {{
  const all = ({TEXTS})(fixed).filter((one) => !one.parentElement.closest("td.c"));
  for (const one of all) one.data = long;
  return all.length;
}}"""


@cache
def pages() -> dict[str, bytes]:
    """Return every page of a file, by name: papers, sheets of forms, of a week, of a package, and the offline form."""
    found = {f"paper {name}": made_up_html(name) for name in KINDS}
    forms = {form.id: form for workflow in definitions()[0].values() for form in workflow.forms.values()}
    found |= {f"blank {name}": blank_sheet(form, "示例局") for name, form in sorted(forms.items())}
    lines = (AnswerLine("结果", "有问题", True, "没有问题"), AnswerLine("人数", "3人"))
    form = AnsweredForm("entry", "结果录入", lines, "检查员甲", "2026-03-02", 2)
    found["filled"] = filled_sheet(FilledSheet("inspection-1", "检查甲", [form]), "示例局")
    found["package"] = index_page(
        case_file(), [], {"data/documents/检查通知书.html": b"<p>"}, Addressee.OFFICE, ()
    )
    due = date(2027, 3, 3)
    at = BUILT
    task = Task("visit-1", "p:p", "visit", "open", "现场检查", "示例公司", "one", None, due, at, True, at)
    line = SheetLine(WorkItem(task, ("p:p",), late=False), ("经办人甲", "股长甲"))
    found["week"] = week_page(
        Week("one", "一股", date(2027, 3, 1), date(2027, 3, 7), (line,), ((due, (line,)),)), "一股"
    )
    found["offline"] = offline_page()
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield the browser."""
    with chromium.opened() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a public site of a year."""
    out = tmp_path_factory.mktemp("site") / "site"
    build_site(year(), past_draws(), BUREAU, out, BUILT, page_types=PAGE_TYPES)
    return out


def wider(page: Any) -> list[str]:
    """Return the texts with which a page is wider than its window, each alone and all of them."""
    said: list[str] = page.evaluate(EACH, [FIXED, SIGN * COUNT])
    assert page.evaluate(ALL, [FIXED, SIGN * COUNT]) > 0
    whole = page.evaluate("document.documentElement.scrollWidth")
    return [*said, *([f"all of them: {whole}"] if whole > page.viewport_size["width"] else [])]


def walked(
    browser: Any, width: int, show: Callable[[Any], Iterator[str]], media: str = "screen"
) -> list[str]:
    """Return what is wrong on the pages that `show` opens one after the other, by their names."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.emulate_media(media=media)
    wrong = [f"{name}, {one}" for name in show(page) for one in wider(page)]
    context.close()
    return wrong


def shown(page: Any, begin: str = "") -> Iterator[str]:
    """Show one page of a file after the other; yield their names."""
    for name, content in pages().items():
        if name.startswith(begin):
            page.goto("about:blank")
            page.set_content(content.decode("utf-8"))
            yield name


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize(
    ("width", "media", "begin"),
    [(WINDOW, "screen", ""), (PHONE, "screen", "offline"), (PAPER, "print", "paper")],
)
def test_no_text_runs_off_a_page_of_a_file(browser: Any, width: int, media: str, begin: str) -> None:
    assert walked(browser, width, lambda page: shown(page, begin), media) == []


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize(("width", "media"), [(WINDOW, "screen"), (PHONE, "screen"), (PAPER, "print")])
def test_no_text_runs_off_a_page_of_the_public_site(browser: Any, site: Path, width: int, media: str) -> None:
    files = sorted(site.rglob("*.html"))
    assert len(files) > 10

    def opened(page: Any) -> Iterator[str]:
        for file in files:
            page.goto(file.as_uri())
            yield file.relative_to(site).as_posix()

    assert walked(browser, width, opened, media) == []


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("begins", [SOME, pytest.param(("paper", "filled"), marks=pytest.mark.soak)])
def test_every_letter_is_printed(browser: Any, begins: tuple[str, ...]) -> None:
    page = browser.new_context().new_page()
    wrong = []
    for name in shown(page):
        if not name.startswith(begins):
            continue
        longer = page.evaluate(ALL, [FIXED, SIGN * LINES])
        made = Counter(pdf_text(page.pdf(format="A4", prefer_css_page_size=True)))[SIGN]
        if made < longer * LINES:
            wrong.append(f"{name}: {made} of {longer * LINES}")
    assert wrong == []


def test_what_stands_in_one_line_is_written_by_the_templates_alone() -> None:
    """What was typed stands in a line for a name, which is broken; beside it only what the template says."""
    wrong = []
    for file in sorted(TEMPLATES.glob("*.html")):
        text = file.read_text(encoding="utf-8")
        signed = re.findall(r'<div class="sign">.*?</div>', text, re.DOTALL)
        places = [re.sub(r'<span class="line[^"]*">.*?</span>', "", block) for block in signed]
        places += re.findall(r'<span class="opt">.*?</span>\S*', text)
        wrong += [f"{file.name}: {one}" for one in places if "{{" in one]
    assert wrong == []
