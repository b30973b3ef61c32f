"""Carry pages out and put what was printed into them: ``make refresh PAGES=…``.

Only outputs that no longer agree are replaced; look at the difference before keeping it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from running_documents import language_of, masks, same, steps
from running_documents import run as run_steps


def refreshed(page: str, folder: Path, language: str) -> str:
    """Return the page with the outputs of a run in `folder`, in `language`."""
    found = steps(page)
    lines = page.split("\n")
    for step, text in reversed(list(zip(found, run_steps(found, folder, language), strict=True))):
        printed = text.split("\n") if text else []
        if step.expected is not None and not same(step.expected, printed, masks(step.command)):
            shown = [
                re.sub(r"(?:/[\w.@+-]+)+/(?=bureau\b|demo\b|again\b)", "…/", line).rstrip()
                for line in printed
            ]
            lines[step.line : step.line + len(step.expected)] = shown
    return "\n".join(lines)


def main(names: list[str]) -> None:
    """Refresh each page in a folder of its own."""
    for name in names:
        page = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            text = refreshed(page.read_text(encoding="utf-8"), Path(folder), language_of(page))
            page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
