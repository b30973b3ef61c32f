"""What comes next: every name the workbench words is one the command line knows too."""

from __future__ import annotations

from engine.cli.next_actions import SENTENCES
from engine.kernel.refusal import NextAction
from engine.web.words import next_links
from engine.web.words.next_links import next_link


def test_every_name_is_known() -> None:
    assert set(next_links._LINKS) <= set(SENTENCES)
    found = next_link(NextAction("show_task", {"case": "a/b"}))
    assert found is not None
    assert found.address == "/cases/a%2Fb"
    assert next_link(None) is None
    assert next_link(NextAction("seal")) is None
