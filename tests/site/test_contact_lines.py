"""The foot of a public page has what papers print of the bureau, and nothing that asks to be filled in."""

from __future__ import annotations

from pathlib import Path

from engine.definition.library import load_paths
from engine.lifecycle.page_types import is_placeholder
from engine.site.contact_lines import contact_lines

WORKFLOWS = Path(__file__).parents[2] / "workflows"
OFFICE = {"address": "示例区清河路1号", "telephone": "0000-12345", "complaints": ""}


def test_places_are_filled_from_the_bureau_and_empty_ones_left_out() -> None:
    written = {
        "主办单位": "示例局",
        "地址": "{address}",
        "电话": "{telephone}（工作日）",
        "投诉": "电话{complaints}",
        "传真": "请填本局对外公布的电话",
        "其他": "{unknown}",
    }
    assert contact_lines(written, OFFICE) == {
        "主办单位": "示例局",
        "地址": "示例区清河路1号",
        "电话": "0000-12345（工作日）",
        "其他": "{unknown}",
    }


def test_the_shipped_site_shows_every_line_and_papers_have_the_same_address() -> None:
    loaded = load_paths(sorted(WORKFLOWS.glob("*.yaml")))
    assert loaded.site is not None
    assert loaded.bureau is not None
    office = loaded.bureau.papers.office
    lines = contact_lines(loaded.site.contact, office)
    assert list(lines) == list(loaded.site.contact)
    assert (lines["地址"], lines["联系电话"]) == (office["address"], office["telephone"])
    assert not any(is_placeholder(text) for text in lines.values())
