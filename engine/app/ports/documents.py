"""Documents of a case: what a renderer is given, and keeping what it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any, Protocol, runtime_checkable

from engine.app.ports.papers import KeptFile, PaperRecord
from engine.app.ports.records import RegisterEntry
from engine.app.ports.signatures import SignatureState
from engine.language import Message
from engine.lifecycle.case import Case
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.workflow import Workflow
from engine.value import named_value, value


@value
class FormGiven:
    """A form of a case as it was last given: by whom (empty: by nobody in particular), for whom where that was by delegation, when, by which entry of the history."""

    form: str
    by: str
    on: date
    number: int
    principal: str = ""


#: Where templates of papers and what is beside them are, as seen from a deployment.
TEMPLATES = "forms/templates/"


@value
class PublishedTexts:
    """The files that act beside the definitions, as they were published."""

    digest: str
    #: path, as seen from a deployment -> text
    texts: Mapping[str, str]
    #: path -> SHA-256 of the text, as they were published
    digests: Mapping[str, str] = field(default_factory=dict)

    def templates(self) -> dict[str, str]:
        """Return the templates of papers and what is beside them, by the names of their files."""
        return {
            path.removeprefix(TEMPLATES): text
            for path, text in self.texts.items()
            if path.startswith(TEMPLATES)
        }


@named_value
class DocumentRequest:
    """Everything a template may use."""

    template: str
    case: Case
    workflow: Workflow
    bureau: Bureau
    people: Sequence[RegisterEntry]
    items: Sequence[RegisterEntry]
    draw: Mapping[str, Any] | None
    today: date
    #: 文号; empty for a paper of no series.
    number: str
    #: The date under the seal.
    dated: date
    #: The number of the bureau's own records, for the foot.
    internal: str
    #: What is in the file of the case: its papers and the files kept with it, in their order.
    papers: Sequence[PaperRecord] = ()
    files: Sequence[KeptFile] = ()
    #: The papers of the case above this one: a demand names the decision that was made there.
    above: Sequence[PaperRecord] = ()
    #: The items that rows of the answers name by their codes.
    named_items: Sequence[RegisterEntry] = ()
    #: What the register says of the firm now, where that is not what the case keeps.
    firm: Mapping[str, Any] = field(default_factory=dict)
    #: Who had the paper made; empty: nobody in particular.
    made_by: str = ""
    #: Who gave each form, in the order in which that was.
    given: Sequence[FormGiven] = ()
    #: Tells who signed what of the case, on whose device, and whether it still holds: asked by the few papers that show it.
    signatures: Callable[[], Sequence[SignatureState]] = tuple
    #: The published templates; None where none were ever published: then those of the folder.
    published: PublishedTexts | None = None


class DocumentError(Exception):
    """A document could not be made; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class Renderer(Protocol):
    """Makes documents of templates."""

    def render(self, request: DocumentRequest) -> bytes:
        """Return the document as UTF-8 HTML. Raises DocumentError."""
        ...


class BlankFinder(Protocol):
    """Finds what a document would leave blank."""

    def missing(self, request: DocumentRequest) -> Sequence[tuple[str, str]]:
        """Return the answers the template asks for and the case has not, as (form, field). Raises DocumentError."""
        ...


@runtime_checkable
class BreachReader(Protocol):
    """Tells which of the articles a problem cites is the duty that was breached: papers and what is public say the same."""

    def breached(self, article: str, basis: str, published: PublishedTexts | None) -> str:
        """Return the articles of a problem as they are printed, none of them one that empowers; empty where none is known.

        `article` is what whoever inspected named, `basis` that of the row of the check list. Raises DocumentError.
        """
        ...
