"""The YAML on the page about pages and measures is sound beside the standard definitions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.definition.library import load_files
from engine.definition.resources import forms_dir, workflows_dir

PAGES = sorted((Path(__file__).parents[2] / "docs/reference").glob("pages-and-measures*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_loads(page: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert [block.split(":")[0] for block in blocks] == ["site", "measures", "supervision", "statistics"]
    context = {
        str(file): file.read_bytes()
        for folder in (workflows_dir(), forms_dir())
        for file in folder.glob("*.yaml")
    }
    bureau = (workflows_dir() / "bureau.yaml").read_text("utf-8")
    (measures,) = re.findall(r"^measures:\n(?:[ #].*\n)+", bureau, re.MULTILINE)
    (rows,) = re.findall(r"^supervision:\n(?:[ #].*\n)+", bureau, re.MULTILINE)
    (tables,) = re.findall(r"^statistics:\n(?:[ #].*\n)+", bureau, re.MULTILINE)
    changed = bureau.replace(measures, measures + blocks[1].split("\n", 1)[1]).replace(rows, blocks[2])
    written = {"bureau.yaml": changed.replace(tables, blocks[3])}
    for files in ({"site.yaml": without_pages(blocks[0])}, written):
        assert [
            f"{one.line}: {one.message}"
            for one in load_files(files, context=context).problems
            if one.severity == "error"
        ] == []


def without_pages(block: str) -> str:
    """Return the site with the other standard kinds beside, so that what the workflows publish is known."""
    rest = ("plan", "batch_plan", "draw", "follow_up", "circular")
    return block + "".join(
        f"  {kind}: {{title: 其他, path: {kind.replace('_', '-')}, list: [position]}}\n" for kind in rest
    )
