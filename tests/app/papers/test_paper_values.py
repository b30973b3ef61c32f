"""Documents that print one of some values, as they are or as templates write them."""

from __future__ import annotations

from filed_cases import BEGIN, closed, office

from engine.app.papers.paper_values import no_values, papers_printing, printed_forms
from engine.app.ports.records import Document


def test_lines_are_found_as_they_are_and_as_templates_write_them() -> None:
    assert printed_forms(["a<b\n\n x "]) == {b"a<b", b"a&lt;b"}
    assert printed_forms(["ab\ncd"]) == {b"ab", b"cd"}


def test_only_the_documents_that_print_one_are_named() -> None:
    application = office()
    case_id = closed(application, "filed")
    with application.store.write() as transaction:
        for number, content in enumerate((b"<p>13800000001</p>", b"<p>-</p>"), 1):
            document = Document(
                id=f"{case_id}/{number}",
                case=case_id,
                kind="sheet",
                name="x",
                sha256="0" * 64,
                content=content,
                made_at=BEGIN,
            )
            transaction.records.put_document(document)
    with application.store.read() as transaction:
        case = transaction.cases.get(case_id)
        assert case is not None
        assert papers_printing(transaction, case, lambda _, __: ["13800000001"]) == [f"{case_id}/1"]
        assert papers_printing(transaction, case, no_values) == []
