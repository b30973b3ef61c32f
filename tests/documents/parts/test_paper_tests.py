"""A file of paper tests is read as it is written, or refused with the place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from document_factories import ROOT

from engine.definition.library import load_paths
from engine.definition.reader.citations import citations
from engine.documents.parts.paper_tests import (
    ObligatoryPart,
    PaperTestError,
    Place,
    find_paper_tests,
    read_paper_tests,
)
from engine.lifecycle.model.paper_series import OFFICE

GOOD = """papers: own
never: [别写]
example: {day: 2026-03-05}
kinds:
  notice:
    workflow: inspection
    papers: [record]
    answers: {notice: {sent_by: mail}}
    parts:
      文号: {number: 〔2026〕5号}
      依据: {body: [甲, 乙], basis: 某法第一条}
"""


def test_a_file_is_read() -> None:
    tests = read_paper_tests("papers.yaml", GOOD.encode())
    kind = tests.kinds["notice"]
    assert (tests.day, tests.never, kind.workflow, kind.line) == (
        date(2026, 3, 5),
        ("别写",),
        "inspection",
        5,
    )
    assert kind.parts == (
        ObligatoryPart("文号", 10, ((Place.NUMBER, ("〔2026〕5号",)),)),
        ObligatoryPart("依据", 11, ((Place.BODY, ("甲", "乙")),), "某法第一条"),
    )
    assert (kind.papers, kind.answers) == (("record",), {"notice": {"sent_by": "mail"}})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kinds:", "other:", "此处没有“other”这个键"),
        (
            "workflow: inspection",
            "title: x",
            "6：此处没有“title”这个键；可用：answers、papers、parts、void、workflow",
        ),
        ("    workflow: inspection\n", "", "5：文书“notice”请写 workflow 和 parts"),
        ("number: 〔", "place: 〔", "此处没有“place”这个键"),
        ("2026-03-05", "三月", "3：example 里的 day 应是日期"),
        ("papers: own", "papers: [", "papers.yaml:"),
        ("papers: [record]", "papers:", "7：此处应是一段文字，或几段文字的列表"),
        ("answers: {notice: {sent_by: mail}}", "answers: [a]", "8：此处应是一组“键: 值”"),
        ("example: {day: 2026-03-05}", "example: x", "3：此处应是一组“键: 值”"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(old: str, new: str, said: str) -> None:
    with pytest.raises(PaperTestError) as refused:
        read_paper_tests("papers.yaml", GOOD.replace(old, new, 1).encode())
    assert said.replace("：", ":", 1) in str(refused.value).replace("：", ":", 1)


def test_the_first_folder_that_has_one_wins(tmp_path: Path) -> None:
    own = tmp_path / "forms"
    (own / "tests").mkdir(parents=True)
    assert find_paper_tests((own,)) is None
    (own / "tests" / "papers.yaml").write_text(GOOD, encoding="utf-8")
    found = find_paper_tests((own, ROOT / "forms"))
    assert found is not None
    assert list(found.kinds) == ["notice"]


def test_what_the_shipped_file_cites_is_in_the_table_of_articles_and_templates_use_what_the_office_says() -> (
    None
):
    table = load_paths([ROOT / "workflows/articles.yaml"]).library.articles
    shipped = find_paper_tests((ROOT / "forms",))
    assert table is not None
    assert shipped is not None
    for kind in shipped.kinds.values():
        for part in kind.parts:
            assert all(one.known for one in citations(part.basis, table)), (kind.template, part.name)
    used = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "forms/templates").glob("*.html"))
    assert [name for name in OFFICE if f"office.{name}" not in used and name != "site"] == []
