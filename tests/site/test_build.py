"""What is built: every page and its data, the same bytes each time, hostile names as texts, lateness in the open."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from site_factories import (
    AT,
    BUILT,
    BUREAU,
    COMMITMENT,
    ENTROPY,
    PAGE_TYPES,
    USCC,
    draw,
    past_draws,
    result,
    year,
)

from engine.app.ports.records import Publication
from engine.site.atomic_replace import put_files
from engine.site.build import BuildReport, SingleHanded, SiteBuildError, build_site
from engine.site.pages import PER_PAGE


def built(tmp_path: Path, publications: list[Publication], **options: Any) -> Path:
    """Build a site and return its folder."""
    out = tmp_path / "site"
    build_site(publications, past_draws(), BUREAU, out, BUILT, **options, page_types=PAGE_TYPES)
    return out


def read(folder: Path) -> dict[str, bytes]:
    """Return all files of a site."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


class Page(HTMLParser):
    """What a test looks at on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a name."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        """The text of the page."""
        return "".join(self.words)


def page(folder: Path, name: str) -> Page:
    """Return a page of the site."""
    return Page((folder / name).read_text("utf-8"))


def test_every_kind_has_its_list_and_its_pages_with_data_beside(tmp_path: Path) -> None:
    out = tmp_path / "site"
    report = build_site(year(), past_draws(), BUREAU, out, BUILT, page_types=PAGE_TYPES)
    files = read(out)
    assert isinstance(report, BuildReport)
    assert report.files == len(files)
    assert report.pages == sum(name.endswith(".html") for name in files)
    assert report.withheld == ()
    for kind in PAGE_TYPES.pages.values():
        for name in ("index.html", "list.csv", "list.json"):
            assert f"{kind.path}/{name}" in files
    for name in (
        "results/inspection-1-1",
        "draws/batch-1-1",
        "plans/annual_plan-1-1",
        "circulars/supervision-1-1",
    ):
        for ending in (".html", ".json"):
            assert name + ending in files
        # The table of a page is that of the pages it was published with.
        assert name.split("/")[0] + "/page-1.csv" in files


def test_every_link_leads_somewhere(tmp_path: Path) -> None:
    out = built(tmp_path, [*year(), *(result(n) for n in range(10, 10 + PER_PAGE))])
    for file in out.rglob("*.html"):
        parsed = Page(file.read_text("utf-8"))
        for element in (*parsed.all("a"), *parsed.all("link")):
            target = element["href"]
            assert not re.match(r"[a-z]+:|//", target), target
            assert target.startswith("#") or (file.parent / target).is_file(), (file, target)


def test_pages_are_accessible_and_self_hosted(tmp_path: Path) -> None:
    for file in built(tmp_path, year()).rglob("*.html"):
        text = file.read_text("utf-8")
        parsed = Page(text)
        assert parsed.all("html") == [{"lang": "zh-CN"}]
        assert len(parsed.all("h1")) == 1
        assert parsed.all("a")[0]["href"] == "#main"
        assert any(main.get("id") == "main" for main in parsed.all("main"))
        assert all(head.get("scope") in ("col", "row") for head in parsed.all("th"))
        assert all("alt" in image for image in parsed.all("img"))
        assert "http" not in re.sub(r'http-equiv="[^"]*"', "", text)
        assert "style=" not in text


def test_the_verification_code_is_the_digest_of_the_json(tmp_path: Path) -> None:
    out = built(tmp_path, year())
    code = hashlib.sha256((out / "results/inspection-2-1.json").read_bytes()).hexdigest()
    shown = re.sub(r"\s", "", page(out, "results/inspection-2-1.html").text)
    assert code in shown
    assert code in (out / "results/list.csv").read_text("utf-8")
    listed = json.loads((out / "results/list.json").read_text("utf-8"))
    assert code in [row["code"] for row in listed]


def test_the_sums_cover_the_data_and_are_right(tmp_path: Path) -> None:
    out = built(tmp_path, year())
    lines = [line.split("  ") for line in (out / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert len(lines) == len(read(out)) - 3
    for digest, name in lines:
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest


def test_results_have_the_columns_of_the_field(tmp_path: Path) -> None:
    out = built(tmp_path, year())
    content = (out / "results/list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    header, first, *_ = csv.reader(content.decode("utf-8-sig").splitlines())
    row = dict(zip(header, first, strict=True))
    assert row["抽查计划编号"] == "示人社抽〔2024〕1号"
    assert row["抽查任务编号"] == "2024-03"
    assert row["抽查任务名称"] == "第三季度劳动用工抽查"
    assert row["抽查类型"] == "定向抽查"
    assert row["检查机关"] == BUREAU.title
    assert row["统一社会信用代码"] == USCC
    assert (row["检查完成日期"], row["检查结果"], row["备注"]) == ("2024-09-14", "未发现问题", "按期办结")
    assert (row["应公示日"], row["实际公示日"], row["是否逾期"]) == ("2024-10-18", "2024-10-08", "否")


def test_late_ones_say_so(tmp_path: Path) -> None:
    out = built(tmp_path, [result(1, late=True), result(2)])
    assert "逾期公示" in page(out, "results/inspection-1-1.html").text
    assert "应不晚于 2024-10-18 公示" in page(out, "results/inspection-1-1.html").text
    assert "box late" in [box.get("class") for box in page(out, "results/inspection-1-1.html").all("div")]
    assert "box late" not in [box.get("class") for box in page(out, "results/inspection-2-1.html").all("div")]
    rows = {r["page"]: r["late"] for r in json.loads((out / "results/list.json").read_text("utf-8"))}
    assert rows == {"results/inspection-1-1.html": "逾期公示", "results/inspection-2-1.html": "否"}
    marks = [m for m in page(out, "results/index.html").all("strong") if m.get("class") == "mark late"]
    assert len(marks) >= 1


def test_withdrawn_ones_stay_with_their_reason(tmp_path: Path) -> None:
    gone = replace(
        result(1), withdrawn_at=AT + timedelta(days=3), withdrawn_because="录入有误，更正后重新公示"
    )
    out = built(tmp_path, [gone, result(2)])
    parsed = page(out, "results/inspection-1-1.html")
    assert "本公示已于 2024-10-11 撤回。" in parsed.text
    assert "录入有误，更正后重新公示" in parsed.text
    assert {"class": "struck"} in parsed.all("div")
    assert {"class": "struck"} not in page(out, "results/inspection-2-1.html").all("div")
    assert {"class": "gone"} in page(out, "results/index.html").all("tr")
    assert "录入有误" in (out / "results/list.csv").read_text("utf-8")


def test_void_draws_and_commitments_stay(tmp_path: Path) -> None:
    void = draw(1, "void", void_reason="冻结的名录有误", selected=[])
    out = built(tmp_path, [void, draw(2)])
    assert "本次抽取已作废。" in page(out, "draws/batch-1-1.html").text
    assert "冻结的名录有误" in page(out, "draws/batch-1-1.html").text
    past = page(out, "draws/batch-1-2.html").text
    assert "第 1 次" in past
    assert "已作废" in past
    assert (out / "draws/batch-1-1.commitment.json").read_bytes() == COMMITMENT.encode()
    assert ENTROPY in past


def test_hostile_names_stay_texts(tmp_path: Path) -> None:
    name = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}=cmd|'
    out = built(tmp_path, [result(1, name), *year()[:5]])
    for file in out.rglob("*.html"):
        parsed = Page(file.read_text("utf-8"))
        assert parsed.all("img") == []
        assert len(parsed.all("script")) <= 1
        assert not any(key.startswith("on") for _, attributes in parsed.tags for key in attributes)
    assert name in page(out, "results/inspection-1-1.html").text
    formula = built(tmp_path, [result(1, "=1+1")])
    cells = list(csv.reader((formula / "results/list.csv").read_text("utf-8-sig").splitlines()))[1]
    assert "'=1+1" in cells


@pytest.mark.parametrize(
    "odd", ["../../etc/passwd", "index", "list", "page-2", "a/b\\c", "甲", "", "..", "con?.html"]
)
def test_odd_ids_stay_inside_and_apart(odd: str, tmp_path: Path) -> None:
    first = replace(result(1), id=odd)
    second = replace(result(2), id=odd + "?")
    others = PER_PAGE * 2 if odd == "page-2" else 1  # only a long list has a page-2 to run into
    out = built(tmp_path, [first, second, *(result(n) for n in range(3, 3 + others))])
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["site"]
    pages = [
        f
        for f in (out / "results").glob("*.html")
        if f.name not in ("index.html", "page-1.html", "page-2.html")
    ]
    assert len(pages) == 2 + others
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+\.html", f.name) for f in pages)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first = read(built(tmp_path / "a", year()))
    second = read(built(tmp_path / "b", list(reversed(year()))))
    assert first == second
    build_site(year(), past_draws(), BUREAU, tmp_path / "c", BUILT + timedelta(days=9), page_types=PAGE_TYPES)
    later = read(tmp_path / "c")
    assert {name for name in first if first[name] != later[name]} == {"index.html", "site.json"}


def test_a_rebuild_is_exact_whatever_stood_there(tmp_path: Path) -> None:
    built(tmp_path, [*year(), result(50)])
    built(tmp_path, [result(9)])
    out = built(tmp_path, year())
    assert read(out) == read(built(tmp_path / "fresh", year()))


def test_long_lists_have_pages(tmp_path: Path) -> None:
    out = built(tmp_path, [result(n) for n in range(1, PER_PAGE * 2 + 2)])
    assert (out / "results/page-2.html").is_file()
    assert not (out / "results/page-3.html").exists()
    assert (out / "results/page-3.csv").is_file()
    for name in ("index", "page-1", "page-2"):
        assert len(page(out, f"results/{name}.html").all("tr")) == PER_PAGE + 1


def test_english_pages_say_so(tmp_path: Path) -> None:
    assert page(built(tmp_path, year(), language="en"), "index.html").all("html") == [{"lang": "en"}]


def test_a_folder_that_is_no_site_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "letters.txt").write_text("mine", "utf-8")
    with pytest.raises(SiteBuildError, match="不是公示网站"):
        built(tmp_path, year())
    assert (tmp_path / "site" / "letters.txt").read_text("utf-8") == "mine"
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(SiteBuildError):
        build_site(year(), [], BUREAU, tmp_path / "file", BUILT, page_types=PAGE_TYPES)


def test_a_naive_instant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="naive"):
        build_site([], [], BUREAU, tmp_path / "site", BUILT.replace(tzinfo=None), page_types=PAGE_TYPES)


def test_an_empty_site_is_a_site(tmp_path: Path) -> None:
    assert "还没有公示。" in page(built(tmp_path, []), "index.html").text


def test_an_unknown_kind_is_told(tmp_path: Path) -> None:
    report = build_site(
        [replace(result(1), kind="gossip")], [], BUREAU, tmp_path / "site", BUILT, page_types=PAGE_TYPES
    )
    assert "没有“gossip”这一类公示" in str(report.withheld[0])


def test_many_results_do_not_take_long(tmp_path: Path) -> None:
    few, many = [result(n) for n in range(100)], [result(n) for n in range(500)]
    spent: dict[int, list[float]] = {len(few): [], len(many): []}
    for uow in range(3):
        for publications in (few, many):
            begun = time.process_time()
            built(tmp_path / f"{uow}-{len(publications)}", publications)
            spent[len(publications)].append(time.process_time() - begun)
    # Five times as many; what grows faster than its results would take twenty-five times as long.
    assert min(spent[500]) < 10 * min(spent[100])


def test_a_draw_without_a_proof_from_outside_says_so_beside_its_result(tmp_path: Path) -> None:
    proof = "无外部凭据：本年没有签名方"
    rates = [{"year": "2026", "commitments": 3, "without_proof": 1}]
    site = read(built(tmp_path, [draw(proof=proof, protocol="ssj-draw/2")], rates=rates))
    (page,) = [name for name in site if name.startswith("draws/") and name.endswith("1.html")]
    assert proof in Page(site[page].decode()).text
    assert json.loads(site["draws/rates.json"])[0]["without_proof"] == 1
    assert b"without_proof" in site["draws/rates.csv"]


def test_the_files_of_the_heads_are_part_of_the_site(tmp_path: Path) -> None:
    site = read(built(tmp_path, [draw()], heads={"heads.json": b"{}", "1.checkpoint": b"x"}))
    assert site["heads/1.checkpoint"] == b"x"
    assert "heads/heads.json" in site["SHA256SUMS"].decode()
    assert "verify_head.py" in site["check.html"].decode()
    assert "verify_head.py" not in read(built(tmp_path / "without", [draw()]))["check.html"].decode()


def test_a_build_that_is_left_before_any_page_leaves_the_old_site_as_it_is(tmp_path: Path) -> None:
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1

    before = read(built(tmp_path, year(), before_page=count))
    # Before each page of a notice and of a firm, and each list.
    assert asked >= sum(name.endswith(".html") for name in before) // 2
    for left in (1, asked // 2, asked):

        def leave(left: int = left) -> None:
            nonlocal asked
            asked += 1
            if asked == left:
                raise InterruptedError

        asked = 0
        with pytest.raises(InterruptedError):
            built(tmp_path, [*year(), result(999)], before_page=leave)
        assert read(tmp_path / "site") == before


@pytest.mark.parametrize("count", [400, 3_200])
def test_a_hundred_new_results_write_few_files(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soak: bool
) -> None:
    """Each of another enterprise, about whom nothing was published before: as many files as can be."""
    if count > 1_000 and not soak:
        pytest.skip("a long list is for `make soak`")
    written: list[int] = []

    def counted(folder: Path, files: Mapping[str, bytes], like: Path | None = None) -> int:
        written.append(put_files(folder, files, like))
        return written[-1]

    monkeypatch.setattr("engine.site.build.put_files", counted)

    def of(number: int) -> Publication:
        one = result(number, f"示例企业{number}")
        return replace(one, body={**one.body, "subject": {**one.body["subject"], "id": f"9113{number:014d}"}})

    first = [of(number) for number in range(1, count + 1)]
    out = built(tmp_path, first)
    built(tmp_path, [*first, *(of(number) for number in range(count + 1, count + 101))])
    assert written[1] <= 400
    # What did not change is kept once, and the site of before is not written over.
    assert (out / "style.css").stat().st_nlink == 2
    assert (out.with_name(".site.next") / "site.json").read_bytes() != (out / "site.json").read_bytes()
    again = built(tmp_path / "fresh", [*first, *(of(number) for number in range(count + 1, count + 101))])
    assert read(again) == read(out)


def test_what_one_person_did_alone_is_on_the_pages_and_the_lists(tmp_path: Path) -> None:
    publications = [result(1), result(2)]
    case = publications[0].case
    out = built(tmp_path, publications, single_handed=SingleHanded({case}, 3))
    of_case, other = (page(out, f"results/{one.case}-1.html").text for one in publications)
    assert "本件所依的流程由一人发布，没有第二人确认" in of_case
    assert "没有第二人确认" not in other
    listing = (out / "results/index.html").read_text("utf-8")
    assert listing.count("单人办理") == 1
    assert (out / f"firms/{USCC}.html").read_text("utf-8").count("单人办理") >= 1
    assert "自启用以来共 3 件" in page(out, "check.html").text
    plain = built(tmp_path / "plain", publications)
    # The code of a page is that of its data, which a later change of rules must not alter.
    name = f"results/{case}-1.json"
    assert (out / name).read_bytes() == (plain / name).read_bytes()
    assert not [file for file in plain.rglob("*.html") if "单人办理" in file.read_text("utf-8")]
