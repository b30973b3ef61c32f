"""One rule for languages: ``name.md`` is English, ``name.zh-CN.md`` the same page in Chinese. Decisions are English only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running_documents import ROOT

ENGLISH = ".md"
CHINESE = ".zh-CN.md"
#: Folders whose pages come in pairs, beside the pages directly in `docs` and the README.
FOLDERS = ("tutorial", "howto", "explanation", "reference")
PAGES = sorted(
    [*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md")]
    + [page for folder in FOLDERS for page in ROOT.glob(f"docs/{folder}/*.md")]
)
PAIRS = sorted({page.with_name(page.name.replace(CHINESE, ENGLISH)) for page in PAGES})
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def twin(english: Path) -> Path:
    return english.with_name(english.name.removesuffix(ENGLISH) + CHINESE)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("english", PAIRS, ids=named)
def test_each_page_is_there_in_both_languages_and_links_to_its_twin(english: Path) -> None:
    assert english.exists()
    assert twin(english).exists()
    assert read(english).split("\n")[2] == f"[中文]({twin(english).name})"
    assert read(twin(english)).split("\n")[2] == f"[English]({english.name})"


@pytest.mark.parametrize("english", PAIRS, ids=named)
def test_both_languages_have_the_same_headings(english: Path) -> None:
    first, second = (
        re.findall(r"^(#+) ", FENCE.sub("", read(page)), re.MULTILINE) for page in (english, twin(english))
    )
    assert first == second


@pytest.mark.parametrize("english", PAIRS, ids=named)
def test_both_languages_have_the_same_examples(english: Path) -> None:
    """The same blocks, and in those that are commands or files the same lines but for comments."""
    first, second = (FENCE.findall(read(page)) for page in (english, twin(english)))
    assert [kind for kind, _ in first] == [kind for kind, _ in second]
    for (kind, one), (_, other) in zip(first, second, strict=True):
        if kind in {"sh", "ini"}:
            assert one == other
        elif kind == "yaml":
            assert [without_comment(line) for line in one.split("\n")] == [
                without_comment(line) for line in other.split("\n")
            ]
        elif kind == "console":
            assert [line for line in one.split("\n") if line.startswith("$ ")] == [
                line for line in other.split("\n") if line.startswith("$ ")
            ]


def without_comment(line: str) -> str:
    return re.sub(r"(^|\s+)#.*$", "", line)


@pytest.mark.parametrize("english", PAIRS, ids=named)
def test_the_pages_of_one_language_link_to_that_language(english: Path) -> None:
    for page in (english, twin(english)):
        chinese = page.name.endswith(CHINESE)
        text = FENCE.sub("", read(page)).split("\n", 3)[3]
        for label, target in re.findall(r"\[([^\]]*)\]\(([^)#\s]+\.md)(?:#[^)]*)?\)", text):
            at = (page.parent / target).resolve()
            if "://" in target or at.with_name(at.name.replace(CHINESE, ENGLISH)) not in PAIRS:
                continue
            assert target.endswith(CHINESE) is chinese or "Chinese" in label, f"{named(page)}: {target}"


@pytest.mark.parametrize("english", PAIRS, ids=named)
def test_a_page_is_written_in_its_language(english: Path) -> None:
    """A rough look: the prose of a Chinese page, headings apart, has many Chinese letters, that of an English one few."""
    for page in (english, twin(english)):
        prose = re.sub(r"`[^`]*`|\([^)]*\)|^#.*$", "", FENCE.sub("", read(page)), flags=re.MULTILINE)
        chinese = len(re.findall(r"[\u4e00-\u9fff]", prose))
        latin = len(re.findall(r"[A-Za-z]", prose))
        assert (chinese * 2 > latin) is page.name.endswith(CHINESE), f"{named(page)}: {chinese} and {latin}"


@pytest.mark.parametrize("index", [ROOT / "docs/index.md", ROOT / "docs/index.zh-CN.md"], ids=named)
def test_the_index_names_every_page(index: Path) -> None:
    chinese = index.name.endswith(CHINESE)
    wanted = {
        page.relative_to(index.parent).as_posix()
        for page in PAGES
        if page.parent != ROOT and page.name.endswith(CHINESE) is chinese and page != index
    }
    assert not {page for page in wanted if f"({page})" not in read(index)}
