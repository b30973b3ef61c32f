"""A compound file around one stream, and the stream out of it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.register.sheet.book.compound_file import SIGNATURE, CompoundFile, compound_file
from engine.register.sheet.book.container import WorkbookContainerError


@given(st.binary(max_size=20_000))
def test_what_was_put_in_comes_out_with_zeros_up_to_a_sector(content: bytes) -> None:
    opened = CompoundFile(compound_file("Workbook", content))
    assert opened.stream("workbook") == content.ljust(4096, b"\0")
    assert ("WORKBOOK" in opened, "Other" in opened) == (True, False)


@pytest.mark.parametrize("size", [0, 8, 511, 4096, 4096 * 2 - 1])
def test_a_file_that_was_cut_is_damaged(size: int) -> None:
    with pytest.raises(WorkbookContainerError):
        CompoundFile(compound_file("Workbook", b"x" * 9000)[:size])


def test_another_signature_is_another_file() -> None:
    data = bytearray(compound_file("Workbook", b"x"))
    assert data.startswith(SIGNATURE)
    data[0] ^= 1
    with pytest.raises(WorkbookContainerError):
        CompoundFile(bytes(data))


def test_a_chain_that_leads_back_to_itself_ends() -> None:
    data = bytearray(compound_file("Workbook", b"x" * 9000))
    # Sector 0 is the table; the stream begins at sector 2, which here follows itself.
    data[4096 + 2 * 4 : 4096 + 3 * 4] = (2).to_bytes(4, "little")
    with pytest.raises(WorkbookContainerError):
        CompoundFile(bytes(data)).stream("Workbook")
