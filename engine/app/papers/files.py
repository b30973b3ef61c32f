"""Kept files: what may be kept, and answers that name one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.papers.facts import PaperRefused
from engine.kernel.file_types import ENDINGS, file_type, fits
from engine.language import say
from engine.lifecycle.model.form import FieldType, Form

if TYPE_CHECKING:
    from engine.app.ports.papers import KeptFile
    from engine.app.ports.store import Transaction


def type_of(content: bytes, name: str) -> str:
    """Return what a file is by its content. Raises PaperRefused for what is not kept, and for a name that says otherwise."""
    found = file_type(content)
    if found is None:
        raise PaperRefused(say("这种文件不能存入；可以存：{types}", types=list(ENDINGS)))
    if not fits(name, found):
        raise PaperRefused(say("“{name}”的内容是 {type}，与文件名不符", name=name, type=found))
    return found


def with_kept_files(
    transaction: Transaction, case_id: str, forms: Iterable[Form], answers: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return `answers` with each name of a kept file (its id or its digest) in place of the file it names.

    What names no file of the case is left as it is: the form refuses it.
    """
    if answers is None:
        return None
    asked = {
        field.name: field.type
        for form in forms
        for field in form.fields
        if field.type in (FieldType.FILE, FieldType.FILES)
    }
    named = [name for name in asked if _names(answers.get(name))]
    if not named:
        return answers
    known: dict[str, KeptFile] = {}
    for file in transaction.papers.files(case_id):
        known |= {file.id: file, file.sha256: file, file.id.rpartition("/")[2]: file}
    return {**answers, **{name: _resolved(answers[name], known) for name in named}}


def _names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(one, str) for one in value))


def _resolved(value: Any, known: Mapping[str, KeptFile]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, known) for one in value]
    found = known.get(value) if isinstance(value, str) else None
    return value if found is None else {"name": found.name, "sha256": found.sha256}
