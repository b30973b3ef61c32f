"""The columns of public pages: the first value that holds anything, in the form asked for, in the order asked for."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from site_factories import BUILT, BUREAU, PAGE_TYPES, fact, past_draws, result, year

from engine.app.ports.records import Publication
from engine.lifecycle.page_types import PageColumn, PageTypes
from engine.site.build import build_site
from engine.site.column_values import exact, formatted, ordered, rows_of
from engine.site.draw_status import status_text
from engine.site.publication_page import make_notices

#: What the data files of the site of `year()` were before its page types were YAML and before enterprises had pages:
#: SHA-256 over the sums of all JSON and CSV files but those of enterprises.
BEFORE = {
    "zh_CN": "92add0859733b20e519eede8584d35ed5e6df0a27956094f70131b8ca8c7f924",
    "en": "e952aacc91d35a3e5583af2837a2450f3d39a269da9ede7229fbe81201ec582a",
}


def with_columns(*columns: PageColumn, **changes: object) -> PageTypes:
    """Return the standard page types with these columns in the list of results."""
    page = PAGE_TYPES.pages["result"]
    listed = (*page.listed, *columns)
    changed = replace(page, listed=listed, exported=listed, **changes)  # type: ignore[arg-type]
    return replace(PAGE_TYPES, pages={**PAGE_TYPES.pages, "result": changed})


def rows(publications: list[Publication], types: PageTypes, language: str = "zh_CN") -> list[dict[str, str]]:
    """Return the rows of publications in the order of their list."""
    notices, _ = make_notices(publications, BUREAU, types, language)
    found = rows_of(notices, BUREAU, types, language)
    return [found[notice.id] for notice in ordered(notices, found)]


@pytest.mark.parametrize("language", sorted(BEFORE))
def test_the_bytes_are_those_of_the_site_before_page_types(tmp_path: Path, language: str) -> None:
    out = tmp_path / "site"
    build_site(year(), past_draws(), BUREAU, out, BUILT, language, page_types=PAGE_TYPES)
    lines = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(out).as_posix()}\n"
        for file in sorted(out.rglob("*"))
        if file.suffix == ".json"
        and file.parent.name != "firms"
        and file.name not in ("search.json", "list.json")
    )
    assert hashlib.sha256(lines.encode()).hexdigest() == BEFORE[language]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("2024-09-14", "date", "2024-09-14"),
        ("2024-09-14T09:30", "date", "2024-09-14"),
        (35, "number", "35"),
        ("12.50", "number", "12.50"),
        ("1/3", "ratio", "33.33%"),
        ("5%", "ratio", "5.00%"),
        ("0.995", "ratio", "99.50%"),
        (True, "yes or no", "是"),
        ([{"a": 1}, {"a": 2}], "count", "2"),
        (35, "text", "35 人"),
        ("x", "ratio", "35 人"),
    ],
)
def test_how_a_value_stands(value: object, form: str, text: str) -> None:
    assert formatted(value, "35 人", form, "zh_CN") == text


def test_a_number_is_exact_or_none() -> None:
    assert str(exact("0.1")) == "1/10"
    assert [exact(value) for value in (True, None, "", "x", "1/0", [1])] == [None] * 6


def test_the_words_of_a_draw() -> None:
    assert status_text("void", "zh_CN") == "已作废"
    assert [status_text(one, "zh_CN") for one in ("odd", None)] == ["odd", ""]


def test_a_column_takes_the_first_value_that_holds_anything() -> None:
    column = PageColumn(
        "staff", "职工人数", None, ("forms.onsite_check.staff", "staff", "subject.class"), "number"
    )
    given = {"title": "职工人数", "value": 35, "text": "35人", "name": "staff"}
    one = result(1, facts=[{**given, "form": "onsite_check"}])
    other = result(2, facts=[{**given, "form": "employment_check", "value": 7}])
    neither = result(3, subject={"id": "x", "name": "示例", "class": "A"})
    assert [row["staff"] for row in rows([neither, other, one], with_columns(column))] == ["A", "7", "35"]


def test_the_order_of_a_list() -> None:
    column = PageColumn("staff", "职工人数", None, ("staff",), "number")
    given = [
        result(n, facts=[fact("staff", "职工人数", f"{staff}人", staff)])
        for n, staff in ((1, 9), (2, 100), (3, 20))
    ]
    for descending, wanted in ((False, ["9", "20", "100"]), (True, ["100", "20", "9"])):
        types = with_columns(column, sort=column, descending=descending)
        assert [row["staff"] for row in rows(given, types)] == wanted
    assert [row["staff"] for row in rows(given, with_columns(column))] == ["20", "100", "9"]


def test_headings_in_english_where_there_are_any(tmp_path: Path) -> None:
    columns = PageColumn("a", "职工人数", "Staff", ("staff",)), PageColumn("b", "备注", None, ("remark",))
    out = tmp_path / "site"
    build_site([result(1)], [], BUREAU, out, BUILT, "en", page_types=with_columns(*columns))
    header = next(csv.reader((out / "results/list.csv").read_text("utf-8-sig").splitlines()))
    assert header[-2:] == ["Staff", "备注"]
    assert '<th scope="col" class="c-a">Staff</th>' in (out / "results/index.html").read_text("utf-8")


def test_what_the_bureau_keeps_private_is_on_no_page(tmp_path: Path) -> None:
    out = tmp_path / "site"
    types = with_columns(private=frozenset({"result_codes"}))
    report = build_site([result(1)], [], BUREAU, out, BUILT, page_types=types)
    assert [str(one) for one in report.withheld] == ["inspection-1/result/1：“检查结果”不公开，已略去"]
    assert "未发现问题" not in "".join(f.read_text("utf-8") for f in out.rglob("*.*") if f.suffix != ".css")
    assert json.loads((out / "results/list.json").read_text("utf-8"))[0]["result"] == ""


def test_a_page_type_of_the_bureaus_own(tmp_path: Path) -> None:
    page = replace(
        PAGE_TYPES.pages["circular"], id="summary", path="summaries", title="年度总结", title_en=None
    )
    types = replace(PAGE_TYPES, pages={**PAGE_TYPES.pages, "summary": page})
    out = tmp_path / "site"
    build_site([replace(result(1), kind="summary")], [], BUREAU, out, BUILT, page_types=types)
    assert "年度总结" in (out / "summaries/index.html").read_text("utf-8")
    assert "summaries/index.html" in (out / "index.html").read_text("utf-8")
