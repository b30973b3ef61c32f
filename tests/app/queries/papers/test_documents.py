"""Documents and the file of a case, for who may see them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.queries.cases import show_case
from engine.app.queries.papers.documents import (
    DocumentRequest,
    list_documents,
    preview_document,
    read_document,
)
from engine.kernel.refusal import Refusal


class Renderer:
    def render(self, request: DocumentRequest) -> bytes:
        """Return what was asked for."""
        return f"{request.template} {request.case.id}".encode()


@pytest.fixture
def opened() -> Opened:
    return open_sections()


READ: list[Callable[[Opened, str], object]] = [
    lambda at, who: list_documents(at.services, who, at.case),
    lambda at, who: read_document(at.services, who, f"{at.case}/1"),
    lambda at, who: preview_document(at.services, who, at.case, "notice", Renderer()),
]


@pytest.mark.parametrize("read", READ)
def test_a_section_reads_its_own(opened: Opened, read: Callable[[Opened, str], object]) -> None:
    assert not isinstance(read(opened, "anna"), Refusal)
    assert not isinstance(read(opened, "lena"), Refusal)
    refused = read(opened, "bela")
    assert isinstance(refused, Refusal)
    # In the words of a case there is not.
    missing = read(Opened(opened.services, "errand-9"), "bela")
    assert str(refused).replace(opened.case, "errand-9") == str(missing)
    assert isinstance(read(opened, "nobody"), Refusal)


def test_what_is_read(opened: Opened) -> None:
    listed = list_documents(opened.services, "anna", opened.case)
    assert not isinstance(listed, Refusal)
    assert [one.id for one in listed] == [f"{opened.case}/1"]
    assert preview_document(opened.services, "anna", opened.case, "notice", Renderer()) == b"notice errand-1"


def test_what_there_is_not(opened: Opened) -> None:
    unknown = list_documents(opened.services, "anna", "errand-9")
    assert isinstance(unknown, Refusal)
    assert unknown == show_case(opened.services, "anna", "errand-9")
    refused = read_document(opened.services, "anna", f"{opened.case}/7")
    assert isinstance(refused, Refusal)
    assert refused.reasons[0].next is not None
    assert refused.reasons[0].next.name == "list_documents"
