"""Papers, numbers and files as they are listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from access_factories import BUREAU, services_over

from engine.app.commands.application import NewCase
from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.app.queries.papers.papers import (
    list_files,
    list_numbers,
    list_papers,
    numbers_out_of_order,
    read_file,
    show_paper,
)
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


class Files:
    def put(self, content: bytes) -> str:
        raise NotImplementedError

    def get(self, sha256: str) -> bytes | None:
        return b"scan" if sha256 == "ab" * 32 else None

    def remove(self, sha256: str) -> None:
        raise NotImplementedError


def test_what_there_is_is_listed_for_who_sees_the_case() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    services.start("errand", "anna", NewCase(title="示例"))
    paper = PaperRecord(
        id="errand-1/letter/1",
        case="errand-1",
        kind="letter",
        document="errand-1/1",
        facts=(PaperFact(PaperState.DRAFTED, NOON.date(), NOON, "anna"),),
        number="〔2026〕1号",
    )
    number = PaperNumber(
        series="letter", year=2026, number=1, text="〔2026〕1号", status=NumberStatus.GIVEN, paper=paper.id
    )
    file = KeptFile(
        id="errand-1/F1",
        case="errand-1",
        title="回证",
        name="a.pdf",
        sha256="ab" * 32,
        size=4,
        type="pdf",
        at=NOON,
        by="anna",
    )
    with services.store.write() as transaction:
        transaction.papers.put(paper)
        transaction.papers.add_number(number)
        transaction.papers.add_file(file)
    assert list_papers(services, "anna", "errand-1") == [paper]
    assert show_paper(services, "anna", "〔2026〕1号") == show_paper(services, "anna", paper.id) == paper
    (seen,) = list_numbers(services, "anna")  # type: ignore[misc] # no refusal
    assert (seen.title, str(seen.status), seen.as_json()["text"]) == ("letter", "已用", "〔2026〕1号")
    assert list_numbers(services, "anna", year=2027) == list_numbers(services, "anna", series="other") == []
    assert numbers_out_of_order(services, "anna") == []
    with services.store.write() as transaction:
        transaction.papers.add_number(replace(number, number=3, text="〔2026〕3号", paper=None))
    (missing,) = numbers_out_of_order(services, "anna", year=2026)  # type: ignore[misc] # no refusal
    assert str(missing.message) == "缺 1 个序号，没有任何记录：2"
    assert numbers_out_of_order(services, "anna", series="other") == []
    assert list_files(services, "anna", "errand-1") == [file]
    assert read_file(services, "anna", "errand-1/F1", Files()) == (file, b"scan")
    for refused in (
        read_file(services, "anna", "errand-1/F2", Files()),
        read_file(services, "anna", "errand-9/F1", Files()),
        show_paper(services, "anna", "〔2026〕2号"),
        list_papers(services, "anna", "errand-9"),
    ):
        assert isinstance(refused, Refusal)
