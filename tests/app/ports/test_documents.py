from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.app.ports.documents import DocumentError, DocumentRequest, Renderer
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.workflow import Workflow

AT = datetime(2027, 3, 1, tzinfo=UTC)


def request(**more: Any) -> DocumentRequest:
    case = Case(
        id="c-1",
        workflow="w",
        version=1,
        state="s",
        rev=1,
        head="ab",
        title="甲",
        section=None,
        opened_at=AT,
        entered_at=AT,
    )
    bureau = Bureau(id="b", title="示例局", timezone="UTC", notify_at="09:00", sections={}, roles={})
    workflow = Workflow(id="w", title="办件", about="none", initial="s", states={}, transitions=())
    values = {"template": "notice", "case": case, "workflow": workflow, "bureau": bureau, "people": ()}
    return DocumentRequest(
        **{
            **values,
            "items": (),
            "draw": None,
            "today": date(2027, 3, 1),
            "number": "1",
            "dated": date(2027, 3, 1),
            "internal": "c-1",
            **more,
        }
    )


def test_a_request_is_a_value() -> None:
    assert request() == request()
    assert request() != request(number="2")
    with pytest.raises(FrozenInstanceError):
        request().number = "3"  # type: ignore[misc]
    assert {part.name for part in fields(DocumentRequest) if not part.kw_only} == set()


def test_a_document_that_could_not_be_made_says_why() -> None:
    message = say("模板 {where} 写错了", where="notice.html:3")
    problem = DocumentError(message)
    assert problem.message is message
    assert problem.args == (message.text,)


def test_whatever_renders_a_request_is_a_renderer() -> None:
    class Plain:
        def render(self, request: DocumentRequest) -> bytes:
            return f"{request.template} {request.case.id}".encode()

    renderer: Renderer = Plain()
    assert renderer.render(request()) == b"notice c-1"
