"""Pictures of every kind of page at three widths, light, dark and as printed: PYTHONPATH=.:tests:tests/web python tests/web/browser/screenshots.py FOLDER."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
for name in ("", "tests", "tests/app", "tests/draw", "tests/web"):
    sys.path.insert(0, str(ROOT / name))

LOOKS = [
    (f"{width}-{scheme}", {"width": width, "height": 900}, scheme)
    for width in (360, 768, 1440)
    for scheme in ("light", "dark")
]


def main(folder: Path) -> None:
    """Take the pictures."""
    import chromium
    from playwright.sync_api import sync_playwright
    from served_workbench import fill, serving, signed_in
    from walked_pages import address_in, walked

    (folder / "deployment").mkdir(parents=True, exist_ok=True)
    fill(folder / "deployment")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        served = stack.enter_context(serving(folder / "deployment", patched))
        playwright = stack.enter_context(sync_playwright())
        browser: Any = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        state = signed_in(browser, served)
        context = browser.new_context(storage_state=state, reduced_motion="reduce")
        page = context.new_page()
        for kind in walked():
            page.goto(address_in(served, kind))
            for title, size, scheme in LOOKS:
                page.set_viewport_size(size)
                page.emulate_media(color_scheme=scheme, media="screen")
                page.screenshot(path=str(folder / f"{kind.name}-{title}.png"), full_page=True)
            page.emulate_media(media="print", color_scheme="light")
            page.screenshot(path=str(folder / f"{kind.name}-print.png"), full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
