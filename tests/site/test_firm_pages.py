"""What a citizen asks for: an enterprise over the years, names instead of codes, rows as tables, whom to write to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from site_factories import AT, BUILT, BUREAU, PAGE_TYPES, USCC, fact, past_draws, result, year

from engine.lifecycle.model.paper_series import PaperPolicy
from engine.site.build import build_site
from engine.site.pages import FirmPages, facts_once, firm_of, headings
from engine.site.publication_page import make_notices

#: Taken out of every text, wherever it is.
PHONE = "13800000000"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"事实": "未订立合同", "依据": "《示例法》第十条"}, {"事实": "欠薪", "联系电话": PHONE}]
    one = result(1)
    listed = {**fact("problems", "问题", "两行", [{"a": 1}, {"a": 2}]), "rows": rows}
    checked = [{"code": "c", "title": "订立合同", "result": "不符合", "basis": "《示例法》第十条"}]
    once = replace(one, body={**one.body, "facts": [*one.body["facts"], listed], "items": checked})
    later = replace(result(2), published_at=AT + timedelta(days=400))
    out = tmp_path_factory.mktemp("built") / "site"
    # The foot has what papers print of the bureau.
    office = {"address": "示例区清河路1号", "telephone": "0000-12345", "complaints": "0000-12333"}
    bureau = replace(BUREAU, papers=PaperPolicy(office=office))
    build_site([once, later], past_draws(), bureau, out, BUILT, page_types=PAGE_TYPES)
    return out


def test_one_enterprise_has_one_page_over_the_years(site: Path) -> None:
    page = (site / "firms" / f"{USCC}.html").read_text("utf-8")
    assert page.index("2025 年") < page.index("2024 年")
    assert page.count('<a href="../results/inspection') == 2
    (listed,) = json.loads((site / "firms" / "list.json").read_text("utf-8"))
    assert (listed["code"], len(listed["pages"])) == (USCC, 2)
    # Its data stand together with those of others, in the files its page leads to.
    data = re.search(r'href="(data-[0-9a-f])\.json"', page)
    assert data is not None
    assert len(json.loads((site / "firms" / f"{data[1]}.json").read_text("utf-8"))[USCC]) == 2
    assert (site / "firms" / f"{data[1]}.csv").read_text("utf-8").count(USCC) == 2
    assert f"../firms/{USCC}.html" in next((site / "results").glob("inspection*.html")).read_text("utf-8")


def test_a_page_says_what_was_wrong_by_which_article_in_tables(site: Path) -> None:
    text = next(
        page
        for file in (site / "results").glob("*.html")
        if "未订立合同" in (page := file.read_text("utf-8"))
    )
    assert "<td>未订立合同</td><td>《示例法》第十条</td>" in text
    assert text.count("《示例法》第十条") == 2
    assert PHONE not in text
    assert '<details class="seal">' in text
    for word in ("投诉举报", "电话0000-12333", "对公示内容有异议", "联系电话", "0000-12345"):
        assert word in text


def test_no_fact_is_said_twice() -> None:
    facts = [
        fact("a", "任务", "第一期任务"),
        fact("b", "结果", "合格"),
        fact("c", "结果", "合格"),
        fact("d", "日期", "2024-03-05"),
    ]
    found = facts_once(facts, ["第一期任务", "2024-03-05"])
    assert [one["name"] for one in found] == ["b", "d"]
    assert headings([{"甲": 1}, {"乙": 2, "甲": 3}]) == ["甲", "乙"]


def test_whoever_has_no_code_has_no_page() -> None:
    notices, _ = make_notices(year(), BUREAU, PAGE_TYPES, "zh_CN")
    codes = {firm_of(notice) for notice in notices}
    assert "" in codes
    assert USCC in codes
    assert FirmPages("x", "甲", []).years == []


def test_nothing_is_called_inspected_before_its_result_was_reviewed(tmp_path: Path) -> None:
    """Only results, which are published after their review, say how a visit went."""
    drawn = [one for one in year() if one.kind in ("plan", "batch_plan", "draw")]
    build_site(drawn, past_draws(), BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES)
    for file in (tmp_path / "site").rglob("*.html"):
        assert "已检查" not in file.read_text("utf-8"), file
