"""Titles of formats and of head lines."""

from __future__ import annotations

import pytest
from format_factories import small

from engine.exchange.formats import folded_title


def test_titles_are_compared_without_blanks_case_and_stars() -> None:
    assert folded_title("* 企业 名称：") == folded_title("企业名称")


def test_the_title_is_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    assert small().heading == "小表"
    monkeypatch.setattr("engine.exchange.formats.current_language", lambda: "en")
    assert small().heading == "Small"
