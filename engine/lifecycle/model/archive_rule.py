"""归档: what the file of a case must hold before it can be filed, in which order, and how long it is kept."""

from __future__ import annotations

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.value import named_value
from engine.worktime.periods import Period


@named_value
class ArchivePiece:
    """卷内材料: one piece of the file. Exactly one of `paper`, `form`, `publication` and `children` says what it is."""

    #: None: of a form, its own.
    title: str | None = None
    paper: str | None = None
    form: str | None = None
    publication: str | None = None
    #: All child cases of this workflow are over.
    children: str | None = None
    #: Of a paper: it must have come to this (``signed``, ``served``).
    becomes: str | None = None
    #: Of a form: this question must be answered.
    field: str | None = None
    #: Of a form: the field with the people who signed, and the party every member of which must have.
    signed: str | None = None
    party: str | None = None
    #: Only where this holds.
    when: Condition | None = None
    #: Of a paper or a form: only where the case has it; its place in the order is what counts.
    optional: bool = False
    #: The firm the case is about has a copy of it.
    copy: bool = False
    basis: str | None = None


@named_value
class RetentionRule:
    """保管期限: how long the file is kept. Without `keep` it is kept for ever."""

    keep: Period | None = None
    #: The date it is counted from; None: the day the case was closed.
    since: Expression | None = None
    #: Counted from the end of the case it belongs to.
    main_case: bool = False
    #: How long before the end those who keep the files are informed.
    notice: Period | None = None
    basis: str | None = None


@named_value
class ArchiveRule:
    """What a workflow says of filing; its pieces stand in the order of the file."""

    contents: tuple[ArchivePiece, ...] = ()
    retention: RetentionRule = RetentionRule()
