"""verify.html in a real browser, from the disk: an honest kit passes, one changed byte anywhere does not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import chromium
import pytest
from chromium import BrowserPage
from draw_factories import whole_draw

from engine.draw.kit import kit_files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]

RECORD = whole_draw()
KIT = dict(kit_files(RECORD))
EDITS = 60


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPage]:
    program = chromium.find()
    assert program is not None
    shown = BrowserPage(program, tmp_path_factory.mktemp("profile"))
    try:
        folder = tmp_path_factory.mktemp("page")
        (folder / "verify.html").write_bytes(KIT["verify.html"])
        shown.open(folder / "verify.html")
        yield shown
    finally:
        shown.close()


def check(page: BrowserPage, folder: Path, files: Mapping[str, bytes]) -> str:
    """Give the page a kit and return what it says."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    page.value("document.getElementById('out').replaceChildren()")
    page.give("#pick", sorted(folder.iterdir()))
    page.wait("document.getElementById('out').textContent !== ''")
    said = page.value("document.getElementById('out').innerText")
    assert isinstance(said, str)
    return said


def ask(page: BrowserPage, words: str) -> str:
    """Type into the question and return the answer."""
    page.value(
        f"document.getElementById('who').value = {words!r};"
        "document.getElementById('who').dispatchEvent(new Event('input'))"
    )
    answer = page.value("document.getElementById('answer').innerText")
    assert isinstance(answer, str)
    return answer


def test_an_honest_kit_passes_and_answers_for_every_enterprise(page: BrowserPage, tmp_path: Path) -> None:
    said = check(page, tmp_path / "kit", KIT)
    assert "核验通过：全部重算相符" in said
    assert "×" not in said
    assert RECORD.selection is not None
    by_stratum = {found.stratum: found for found in RECORD.selection.strata}
    drawn = {lot.object_id: lot for found in by_stratum.values() for lot in found.drawn}
    rows = KIT["roster.tsv"].decode().splitlines()[1:]
    losers = [row.split("\t") for row in rows if row.split("\t")[0] not in drawn]
    winner = next(iter(drawn.values()))
    answer = ask(page, winner.object_id)
    assert f"随机号 {winner.ticket}" in answer
    assert f"本层最大中签号 {by_stratum[winner.stratum].cutoff}" in answer
    assert answer.endswith("，抽中")
    eligible = next(row for row in losers if row[6] == "1")
    assert ask(page, eligible[0]).endswith("未抽中")
    excluded = next(row for row in losers if row[6] == "0")
    assert "不参加抽取" in ask(page, excluded[0])
    assert ask(page, "没有这一户") == "名册里没有"


def test_the_page_says_what_a_kit_does_not_prove(page: BrowserPage, tmp_path: Path) -> None:
    said = check(page, tmp_path / "kit", KIT)
    assert "规程 ssj-draw/1 不能证明：承诺时各期彩票尚未开奖" in said
    assert "没有别的承诺被搁下不抽" in said


def edits(seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield (file, the file with one byte changed, taken away or put in), every file in turn."""
    chance = random.Random(seed)  # noqa: S311 - where to forge, not a draw
    names = sorted(KIT)
    for number in range(EDITS):
        name = names[number % len(names)]
        data = KIT[name]
        at = chance.randrange(len(data))
        other = bytes([chance.choice([value for value in range(256) if value != data[at]])])
        yield (
            name,
            chance.choice(
                [
                    data[:at] + other + data[at + 1 :],
                    data[:at] + data[at + 1 :],
                    data[:at] + other + data[at:],
                ]
            ),
        )


def test_one_changed_byte_anywhere_is_found_and_named(page: BrowserPage, tmp_path: Path) -> None:
    for name, forged in edits(20240914):
        said = check(page, tmp_path / "kit", {**KIT, name: forged})
        assert "核验通过" not in said, name
        assert "核验未通过" in said, name
        assert "×" in said, name
        assert name in said or "manifest.sha256" in said or "清单" in said, (name, said)
    assert "核验通过" in check(page, tmp_path / "kit", KIT)


def test_a_missing_file_is_named(page: BrowserPage, tmp_path: Path) -> None:
    for name in sorted(KIT):
        rest = {other: data for other, data in KIT.items() if other != name}
        said = check(page, tmp_path / "kit", rest)
        assert "核验未通过" in said or "缺少" in said, name
        assert name in said, (name, said)


def test_the_page_asks_nobody_anything(page: BrowserPage) -> None:
    """Its policy forbids every connection; a page that tries is stopped by the browser."""
    tried: Any = page.value("fetch('http://127.0.0.1:9/').then(() => 'asked', () => 'stopped')")
    assert tried == "stopped"
    assert page.value("document.querySelectorAll('[src], link').length") == 0


def test_another_kit_takes_the_place_of_the_one_before(page: BrowserPage, tmp_path: Path) -> None:
    assert "核验通过" in check(page, tmp_path / "kit", KIT)

    some = {name: data for name, data in KIT.items() if name != "roster.tsv"}
    assert "roster.tsv" in check(page, tmp_path / "other", some)


def test_files_may_be_chosen_one_by_one(page: BrowserPage, tmp_path: Path) -> None:
    check(page, tmp_path / "kit", {name: KIT[name] for name in ("PROTOCOL.md", "verify.py")})
    said = ""
    for name in sorted(KIT):
        (tmp_path / "kit" / name).write_bytes(KIT[name])
        page.value("document.getElementById('out').replaceChildren()")
        page.give("#pick", [tmp_path / "kit" / name])
        page.wait("document.getElementById('out').textContent !== ''")
        said = page.value("document.getElementById('out').innerText")
    assert "核验通过" in said
