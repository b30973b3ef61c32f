from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from site_factories import BUREAU, PAGE_TYPES, result

from engine.documents.qr import visit_code
from engine.language import say
from engine.site import pages as module
from engine.site.pages import Pages, PastDraw, listed, parts_of, sheet_of
from engine.site.publication_page import PublicationPage, make_notices

KIND = PAGE_TYPES.pages["result"]
HOSTILE = "<script>alert(1)</script>甲"


def pages(language: str = "zh_CN") -> Pages:
    return Pages(BUREAU, PAGE_TYPES, language)


def notices(*numbers: int, name: str = "示例企业", **more: Any) -> list[PublicationPage]:
    made, _ = make_notices(
        [replace(result(number, name), **more) for number in numbers], BUREAU, PAGE_TYPES, "zh_CN"
    )
    return made


def rows(found: list[PublicationPage]) -> dict[str, dict[str, str]]:
    return {
        notice.id: {column.id: f"{column.id} {notice.case}" for column in (*KIND.listed, *KIND.details)}
        for notice in found
    }


class Links(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[str] = []
        self.here: list[str] = []
        self.language: str | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values["lang"]
        if tag == "a" and values.get("href"):
            self.found.append(str(values["href"]))
            if values.get("aria-current"):
                self.here.append(str(values["href"]))


def title(page: bytes) -> str:
    found = re.search(r"<title>(.*?)</title>", page.decode())
    assert found is not None
    return found[1]


def test_the_first_page_counts_and_links_what_is_new() -> None:
    found = notices(1, 2)
    page = pages().home(found, {"result": 7}, 3, 1, "2024-12-01 09:00")
    text = page.decode()
    assert title(page) == f"首页 - {BUREAU.title}"
    assert "7 条" in text
    assert text.rstrip().endswith("</footer>\n</body>\n</html>")
    assert f"0 条</span></h2>\n<p>{PAGE_TYPES.pages['plan'].help}" in text
    assert "逾期公示 3 条，已撤回 1 条。" in text
    assert "本网站生成于 2024-12-01 09:00。" in text
    links = Links(page)
    assert links.language == "zh-CN"
    assert [notice.page for notice in found] == [
        link for link in links.found if link in {n.page for n in found}
    ]
    assert links.here == []
    assert "还没有公示。" not in text
    assert "还没有公示。" in pages().home([], {}, 0, 0, "").decode()


def test_the_one_script_that_may_run_is_the_one_on_the_page() -> None:
    (page,) = listing(pages(), notices(1), rows(notices(1)))
    (script,) = re.findall(r"<script>(.*?)</script>", page.decode(), re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in page.decode()


def test_how_to_check_tells_of_seals_where_there_are_any() -> None:
    plain, sealed = pages().check(), pages().check(sealed=True)
    assert plain != sealed
    assert Links(plain).here == ["check.html"]
    assert len(sealed) > len(plain)


def test_what_the_code_on_a_paper_says_is_shown_where_the_address_has_it() -> None:
    page = pages().check().decode()
    assert '<section id="paper" hidden>' in page
    # One place for each part of the code but its mark: case, enterprise, items, certificates, digest.
    assert page.count("<dd></dd>") == visit_code("c", "o", ["i"], ["n"]).count("|") == 5
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert "location.hash" in script
    # What a stranger writes behind # is text, never markup.
    assert "innerHTML" not in script


def listing(each: Pages, found: list[PublicationPage], values: dict[str, dict[str, str]]) -> list[bytes]:
    return [each.listing(KIND, part, values, len(found)) for part in parts_of(found)]


def test_a_list_is_cut_into_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PER_PAGE", 2)
    found = notices(1, 2, 3)
    first, second = listing(pages(), found, rows(found))
    assert (title(first), title(second)) == (
        f"{KIND.title} - {BUREAU.title}",
        f"{KIND.title} page-1 - {BUREAU.title}",
    )
    assert "page-1.html" in Links(first).found
    assert "index.html" in Links(second).found
    # The first page has the newest, the page behind it the oldest, and stays as it is.
    assert [f"{notice.name}.html" in Links(first).found for notice in found] == [True, True, False]
    assert [f"{notice.name}.html" in Links(second).found for notice in found] == [False, True, True]
    numbers = [
        re.findall(r'<td class="c-\w+" data-label="[^"]*">(\d+)</td>', p.decode()) for p in (first, second)
    ]
    assert numbers == [["3", "2"], ["2", "1"]]
    assert "共 3 条，新的在前。" in first.decode()
    assert "第 1 条到第 2 条，新的在前。" in second.decode()
    (empty,) = listing(pages(), [], {})
    assert "<table" not in empty.decode()
    assert Links(empty).here == [f"../{KIND.path}/index.html"]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 9])
def test_pages_behind_the_first_stay_as_they_are(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(module, "PER_PAGE", 2)
    before = {part.name: part for part in parts_of(list(range(count, 0, -1)))}
    after = {part.name: part for part in parts_of(list(range(count + 1, 0, -1)))}
    assert {row for part in after.values() for row in part.rows} == set(range(1, count + 2))
    for part in (*before.values(), *after.values()):
        assert list(part.rows) == list(range(part.first, part.first - len(part.rows), -1))
    changed = [name for name, part in after.items() if before.get(name) != part]
    assert changed[0] == "index"
    # The last of them learns of one more behind it.
    assert len(changed) <= 3
    assert all(before[name].rows == after[name].rows for name in before if name != "index")


def test_a_list_in_the_order_of_a_column_is_cut_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PER_PAGE", 2)
    parts = parts_of([1, 2, 3, 4, 5], newest_first=False)
    assert [(part.name, list(part.rows), part.first) for part in parts] == [
        ("index", [1, 2], 1),
        ("page-2", [3, 4], 3),
        ("page-3", [5], 5),
    ]
    assert [(part.newer, part.older) for part in parts] == [
        ("", "page-2"),
        ("index", "page-3"),
        ("page-2", ""),
    ]
    assert [sheet_of(place) for place in (0, 1, 2)] == ["page-1", "page-1", "page-2"]


def test_one_publication_with_all_that_belongs_to_it() -> None:
    (notice,) = notices(1, late=True)
    draws = [
        PastDraw(1, say("已作废"), True, date(2024, 9, 1), None),
        PastDraw(2, say("已完成"), False, date(2024, 9, 3), "draw/c.json", "draw/kit.zip"),
    ]
    related = notices(2)
    page = pages().notice(notice, rows([notice])[notice.id], related, draws)
    text, links = page.decode(), Links(page)
    assert title(page) == f"{notice.title} - {BUREAU.title}"
    assert all(f"<span>{group}</span>" in text for group in notice.groups)
    assert "应不晚于 2024-10-18 公示，实际于 2024-10-08 公示。" in text
    assert (
        '<tr class="gone"><th scope="row">第 1 次</th><td>已作废</td><td>2024-09-01</td><td></td></tr>'
        in text
    )
    assert {"../draw/c.json", "../draw/kit.zip", f"../{related[0].page}", f"{notice.name}.csv"} <= set(
        links.found
    )
    assert text.count("逾期公示") == 1
    assert "已于" not in text


def test_a_publication_that_was_withdrawn_keeps_its_reason() -> None:
    day = notices(1)[0].published_at
    (notice,) = notices(1, withdrawn_at=day)
    page = pages().notice(notice, rows([notice])[notice.id], [], []).decode()
    assert "本公示已于 2024-10-08 撤回。" in page
    assert "理由：未说明" in page
    (because,) = notices(1, withdrawn_at=day, withdrawn_because="登记有误")
    assert "理由：登记有误" in pages().notice(because, rows([because])[because.id], [], []).decode()
    home = pages().home([notice], {}, 0, 1, "")
    assert home.decode().count("已撤回</strong>") == 1


def test_names_stay_texts_on_every_page() -> None:
    found = notices(1, name=HOSTILE)
    values = rows(found)
    each = pages()
    for page in (
        each.home(found, {}, 0, 0, ""),
        *listing(each, found, {found[0].id: dict.fromkeys(values[found[0].id], HOSTILE)}),
        each.notice(found[0], dict.fromkeys(values[found[0].id], HOSTILE), found, []),
    ):
        assert b"<script>alert" not in page
        assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_pages_in_english_have_the_english_titles_where_there_are_any() -> None:
    found = notices(1)
    each = pages("en")
    (page,) = listing(each, found, rows(found))
    assert Links(page).language == "en"
    assert title(page) == f"{KIND.title_en} - {BUREAU.title}"
    assert KIND.help_en is not None
    assert KIND.help_en in page.decode().replace("&#39;", "'")
    bare = replace(KIND, title_en=None, help_en=None)
    page = each.listing(bare, parts_of(found)[0], rows(found), 1)
    assert title(page) == f"{KIND.title} - {BUREAU.title}"
    assert KIND.help in page.decode()


def test_what_is_the_same_on_many_pages_is_the_same_for_each() -> None:
    each = pages()
    first, second = notices(1, 2)
    values = rows([first, second])
    again = [
        each.notice(one, values[one.id], [other], []) for one, other in ((first, second), (second, first))
    ]
    apart = [
        pages().notice(one, values[one.id], [other], []) for one, other in ((first, second), (second, first))
    ]
    assert again == apart


@pytest.mark.parametrize(
    ("fact", "lines"),
    [
        ({"text": "一段"}, ["一段"]),
        ({"text": "一\n\n 二 \n"}, ["一", " 二 "]),
        ({"text": ""}, [""]),
        ({"text": None, "value": 3}, [""]),
        ({"text": "甲 1；乙 2", "value": [{"a": 1}, {"a": 2}]}, ["甲 1", "乙 2"]),
        ({"text": "甲 1；乙；2", "value": [{"a": 1}, {"a": 2}]}, ["甲 1；乙；2"]),
        ({"text": "甲；乙", "value": ["甲", "乙"]}, ["甲；乙"]),
        ({"text": "甲；乙", "value": [{"a": 1}]}, ["甲；乙"]),
    ],
)
def test_the_lines_of_a_fact(fact: dict[str, Any], lines: list[str]) -> None:
    assert listed(fact) == lines
