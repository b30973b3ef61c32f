"""卷宗: everything a case leaves, as an archive package is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.kernel.instants import STANDARD_ZONE
from engine.language import Message

if TYPE_CHECKING:
    from engine.app.ports.papers import KeptFile, PaperRecord
    from engine.app.ports.records import Document, Publication
    from engine.app.ports.signatures import SignatureState
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.model.form import Form


class Addressee(StrEnum):
    """Whom a package is made for: the file of the office, or the copy of the firm the case is about."""

    OFFICE = "office"
    FIRM = "firm"


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceState:
    """One piece the file of a case must hold: its place in the file, and what is missing of it."""

    number: int
    title: str
    #: Whether this case needs it.
    needed: bool
    #: What is missing, in whole sentences; none: it is there.
    missing: tuple[Message, ...] = ()
    #: The kinds of documents and forms it consists of.
    paper: str | None = None
    form: str | None = None
    #: The firm has a copy of it.
    for_firm: bool = False

    @property
    def complete(self) -> bool:
        """Tell whether nothing of it is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a case leaves: its history, its documents, what was published of it."""

    case: Case
    #: Title of the workflow.
    title: str
    events: Sequence[Event]
    documents: Sequence[Document]
    publications: Sequence[Publication]
    files: Sequence[KeptFile] = ()
    papers: Sequence[PaperRecord] = ()
    #: Every form of its definition, by id.
    forms: Mapping[str, Form] = field(default_factory=dict)
    #: Name -> title of its states.
    states: Mapping[str, str] = field(default_factory=dict)
    #: Person -> name, of everybody its answers and parties name.
    names: Mapping[str, str] = field(default_factory=dict)
    #: The pieces the file must hold, in the order of filing.
    pieces: Sequence[PieceState] = ()
    #: The verification kit of the draw the case comes from, name -> bytes.
    draw: Mapping[str, bytes] = field(default_factory=dict)
    signatures: Sequence[SignatureState] = ()
    #: What is wrong with its forms: answers that the history does not have.
    altered: Sequence[Message] = ()
    #: What of its papers, publications and firm is other than its history says.
    unlike: Sequence[Message] = ()
    timezone: str = STANDARD_ZONE
