"""The renderer of a deployment: its templates, in the sandbox of `engine.documents`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.app.ports.documents import DocumentError, DocumentRequest


class TemplateRenderer:
    """Renders the templates of `folders`, the first folder that has one going first."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._texts: dict[str, list[str]] | None = None

    def render(self, request: DocumentRequest) -> bytes:
        """Return the document as UTF-8 HTML. Raises DocumentError."""
        from engine.documents.context import document_context, read_texts
        from engine.documents.render import RenderError, render

        if self._texts is None:
            self._texts = read_texts(self._folders)
        context = document_context(
            request.case,
            request.bureau,
            request.people,
            workflow=request.workflow,
            today=request.today,
            number=request.number,
            dated=request.dated,
            internal=request.internal,
            items=request.items,
            draw=request.draw,
            texts=self._texts,
        )
        try:
            return render(request.template, context, self._folders)
        except RenderError as problem:
            raise DocumentError(problem.message) from None
