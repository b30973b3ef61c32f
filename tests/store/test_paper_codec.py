"""The columns of papers are those of their tables, and give the same records again."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.store.paper_codec import file_of, file_row, number_of, number_row, paper_of, paper_row
from engine.store.sql.tables import kept_file, paper, paper_number

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_a_row_gives_the_record_it_was_made_of() -> None:
    fact = PaperFact(PaperState.DRAFTED, date(2026, 3, 2), NOON, "a", "缘由")
    one = PaperRecord(
        id="c/n/1", case="c", kind="n", document="c/1", facts=(fact,), number="1号", replaces="c/n/0"
    )
    assert paper_of(paper_row(one)) == one
    assert dict(zip(paper.c.keys(), paper_row(one), strict=True))["state"] == "drafted"
    given = PaperNumber(
        series="n",
        year=2026,
        number=1,
        text="1号",
        status=NumberStatus.GIVEN,
        on=date(2026, 3, 2),
        out_of_order=True,
    )
    assert number_of(number_row(given)) == given
    assert len(number_row(given)) == len(paper_number.c)
    file = KeptFile(
        id="c/F1", case="c", title="t", name="a", sha256="0" * 64, size=1, type="pdf", at=NOON, by="a"
    )
    assert file_of(file_row(file)) == file
    assert len(file_row(file)) == len(kept_file.c)
