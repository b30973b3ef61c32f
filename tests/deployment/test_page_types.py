"""The page types of a deployment: the standard ones where it has none, its own where it has, none where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.ports.documents import PublishedTexts
from engine.definition.file_discovery import PAGE_TYPES, standard_site
from engine.deployment.home import Home
from engine.deployment.page_types import PageTypesError, page_types_of, standard_page_types


def own(folder: Path, text: str) -> Home:
    (folder / "workflows").mkdir()
    (folder / "workflows" / standard_site().name).write_text(text, encoding="utf-8")
    return Home(folder)


def test_a_deployment_without_has_the_standard_ones(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    assert page_types_of(Home(tmp_path), None) == standard_page_types()


def test_its_own_hold(tmp_path: Path) -> None:
    home = own(tmp_path, standard_site().read_text(encoding="utf-8"))
    assert page_types_of(home, None) == standard_page_types()


@pytest.mark.parametrize(
    ("text", "line"), [("site: x\n", "第 1 行：缺少“pages”"), ("site: x\n\npages: [\n", "第 4 行")]
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(PageTypesError) as refused:
        page_types_of(own(tmp_path, text), None)
    assert line in str(refused.value)
    assert "原来的网站没有变动" in str(refused.value)


def test_what_is_published_holds_whatever_the_folder_says(tmp_path: Path) -> None:
    home = own(tmp_path, "site: x\n")
    text = standard_site().read_text(encoding="utf-8")
    assert page_types_of(home, PublishedTexts("1", {PAGE_TYPES: text})) == standard_page_types()
    assert page_types_of(home, PublishedTexts("2", {})) == standard_page_types()
    with pytest.raises(PageTypesError):
        page_types_of(home, PublishedTexts("3", {PAGE_TYPES: "site: x\n"}))
