"""A stream in parts of given ends."""

from __future__ import annotations

import pytest

from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.cutter import Cutter


def test_parts_end_where_they_are_asked_to() -> None:
    cutter = Cutter(iter((b"abc", b"defg", b"h")))
    assert cutter.first(5) == b"abcde"
    assert cutter.up_to(2) == b"ab"
    cutter.skip_to(4)
    assert cutter.up_to(6) == b"ef"
    assert cutter.first(9) == b"gh"
    assert cutter.rest() == b"gh"


def test_a_stream_that_ends_before_is_damaged() -> None:
    with pytest.raises(WorkbookContainerError):
        Cutter(iter((b"abc",))).up_to(4)
