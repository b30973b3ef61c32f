"""The renderer of a deployment: its templates, in the sandbox of `engine.documents`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.ports.documents import DocumentError, DocumentRequest, PublishedTexts
from engine.language import SOURCE_LANGUAGE, in_language

if TYPE_CHECKING:
    from engine.documents.context import Values
    from engine.documents.duties import Duties
    from engine.documents.template_folder import Folder, TextFolder


def published_folder(published: PublishedTexts) -> TextFolder:
    """Return the published templates as a folder of templates."""
    from engine.documents.template_folder import TextFolder

    return TextFolder(published.digest, published.templates())


class TemplateRenderer:
    """Renders the published templates; where none were ever published those of `folders`, the first that has one going first."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders: tuple[Folder, ...] = tuple(folders)
        self._published: PublishedTexts | None = None
        self._published_in: tuple[Folder, ...] = ()
        self._read: tuple[Folder, ...] | None = None
        self._texts: dict[str, list[str]] | None = None
        self._titles: dict[str, str] = {}
        self._duties: Duties | None = None

    def render(self, request: DocumentRequest) -> bytes:
        """Return the document as UTF-8 HTML, in Chinese whoever asks for it. Raises DocumentError."""
        with in_language(SOURCE_LANGUAGE):
            return self._made(request, self._context(request))

    def missing(self, request: DocumentRequest) -> Sequence[tuple[str, str]]:
        """Return the answers the template asks for and the case has not, as (form, field). Raises DocumentError."""
        from engine.documents.missing_answers import noting

        context, asked = noting(self._context(request))
        self._made(request, context)
        return [place for place, times in asked.items() if times > 0]

    def breached(self, article: str, basis: str, published: PublishedTexts | None) -> str:
        """Return the articles of a problem as they are printed, none of them one that empowers; empty where none is known. Raises DocumentError."""
        self._read_beside(self._in(published))
        duties = self._duties
        assert duties is not None  # noqa: S101 - narrows the type; `_read_beside` has read them
        return duties.owed(article) or duties.breached(basis)

    def _in(self, published: PublishedTexts | None) -> tuple[Folder, ...]:
        """Return where the templates of papers are looked for."""
        if published is None:
            return self._folders
        if published is not self._published:
            # One object as long as nothing else is published: the folder made of it is kept with it.
            self._published, self._published_in = published, (published_folder(published),)
        return self._published_in

    def _read_beside(self, folders: tuple[Folder, ...]) -> None:
        """Read what is beside the templates of some folders, where that was not done yet. Raises DocumentError."""
        from engine.documents.duties import DutyFileError, read_duties
        from engine.documents.template_folder import read_texts, template_titles

        if self._texts is not None and self._read == folders:
            return
        self._titles = template_titles(folders)
        try:
            self._duties = read_duties(folders)
        except DutyFileError as problem:
            raise DocumentError(problem.message) from None
        self._texts, self._read = read_texts(folders), folders

    def _made(self, request: DocumentRequest, context: Mapping[str, Any]) -> bytes:
        from engine.documents.render import RenderError, render

        try:
            return render(request.template, context, self._in(request.published))
        except RenderError as problem:
            raise DocumentError(problem.message) from None

    def _context(self, request: DocumentRequest) -> Values:
        from engine.documents.context import document_context

        self._read_beside(self._in(request.published))
        return document_context(
            request.case,
            request.bureau,
            request.people,
            workflow=request.workflow,
            today=request.today,
            number=request.number,
            dated=request.dated,
            internal=request.internal,
            items=request.items,
            named_items=request.named_items,
            draw=request.draw,
            texts=self._texts,
            duties=self._duties,
            papers=request.papers,
            above=request.above,
            files=request.files,
            firm=request.firm,
            made_by=request.made_by,
            given=request.given,
            signatures=request.signatures,
            titles=self._titles,
        )
