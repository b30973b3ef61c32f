"""The parts of a zip: found whatever the program that wrote their names, and never more than the bound."""

from __future__ import annotations

from dataclasses import replace

import pytest
from book_files import zipped

from engine.register.sheet.book.container import (
    DuplicatePartError,
    TooMuchError,
    WorkbookContainer,
    WorkbookContainerError,
    part_key,
)
from engine.register.sheet.limits import Limits

LIMITS = Limits.of(1000)


def test_names_are_found_without_case_and_by_either_separator() -> None:
    assert part_key("\\XL\\Workbook.XML") == part_key("/xl/workbook.xml") == "xl/workbook.xml"
    opened = WorkbookContainer(zipped({"Xl\\Workbook.xml": "甲"}), LIMITS)
    assert ("xl/workbook.xml" in opened, "xl/styles.xml" in opened) == (True, False)
    assert b"".join(opened.pieces("/XL/workbook.xml")) == "甲".encode()


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(DuplicatePartError) as refused:
        WorkbookContainer(zipped({"a.xml": "1", "A.XML": "2"}), LIMITS)
    assert refused.value.name == "A.XML"


def test_parts_are_unpacked_up_to_the_bound_of_all_together() -> None:
    content = b"x" * 1000
    data = zipped({"a": content, "b": content})
    opened = WorkbookContainer(data, replace(LIMITS, unpacked=2000))
    assert [b"".join(opened.pieces(name)) for name in "ab"] == [content, content]
    opened = WorkbookContainer(data, replace(LIMITS, unpacked=1999))
    assert b"".join(opened.pieces("a")) == content
    with pytest.raises(TooMuchError):
        list(opened.pieces("b"))


# Named, because a zip holds the time at which it is made and every worker makes its own.
@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"x" * 100, zipped({"a": "x" * 100})[:-10]],
    ids=["nothing", "only the mark of a zip", "no zip", "without its end"],
)
def test_what_is_no_zip_is_damaged(data: bytes) -> None:
    with pytest.raises(WorkbookContainerError):
        WorkbookContainer(data, LIMITS)
