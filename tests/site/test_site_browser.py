"""The search of the public site in a real Chromium, from a disk and without a server: three files, and who is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import chromium
import pytest
from site_factories import BUILT, BUREAU, PAGE_TYPES, past_draws, result, year

from engine.site import search_index
from engine.site.build import build_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
FEW, MAX_FILES, MAX_BYTES = 40, 3, 300_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield the browser."""
    with chromium.opened() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with enough enterprises for files of words: those are made early here."""
    out = tmp_path_factory.mktemp("disk") / "site"
    names = [
        f"示例{'东西南北'[n % 4]}{chr(0x4E00 + 37 * n)}{chr(0x5E00 + 11 * n)}餐饮有限公司" for n in range(FEW)
    ]
    published = []
    for number, name in enumerate(names):
        one = result(number + 1, name)
        subject = {**one.body["subject"], "id": f"9113{number:014d}"}
        published.append(replace(one, body={**one.body, "subject": subject}))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search_index, "SPAN", 16)
        build_site([*year(), *published], past_draws(), BUREAU, out, BUILT, page_types=PAGE_TYPES)
    return out


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        (f"{chr(0x4E00)}{chr(0x5E00)}", [f"firms/9113{0:014d}.html"]),
        (f"{chr(0x4E00 + 37 * 39)}{chr(0x5E00 + 11 * 39)}", [f"firms/9113{39:014d}.html"]),
        (f"9113{7:014d}", [f"firms/9113{7:014d}.html"]),
        ("年度抽查工作计划", ["plans/annual_plan-1-1.html"]),
        ("没有这一家", []),
    ],
)
def test_whoever_is_looked_for_is_found_from_a_disk(
    typed: str, hits: list[str], site: Path, browser: Any
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.set_offline(True)
    page = context.new_page()
    said: list[str] = []
    asked: list[Path] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((site / "results" / "index.html").as_uri())
    page.on("request", lambda request: asked.append(Path(unquote(urlsplit(request.url).path))))
    page.locator("#words").fill(typed)
    page.locator("#found", has_text="全站").wait_for()
    found = [link.get_attribute("href") for link in page.locator("#hits a").all()]
    assert found == [f"../{hit}" for hit in hits]
    for link in hits:
        assert (site / link).is_file()
    assert len(asked) <= MAX_FILES
    assert sum(file.stat().st_size for file in asked if file.is_file()) <= MAX_BYTES
    # A word nobody has is in a file that is not there; nothing else may be said.
    assert all("ERR_FILE_NOT_FOUND" in text for text in said), said
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
