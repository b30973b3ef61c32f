"""Answers that name a kept file.

Apart from what judges the content of a file, which loads readers of zips and pictures that no step needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.lifecycle.model.form import FILES, Form

if TYPE_CHECKING:
    from engine.app.ports.papers import KeptFile
    from engine.app.ports.store import Transaction


def with_kept_files(
    transaction: Transaction, case_id: str, forms: Iterable[Form], answers: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return `answers` with each name of a kept file (its id or its digest) in place of the file it names.

    What names no file of the case is left as it is: the form refuses it.
    """
    if answers is None:
        return None
    named: list[str] = []
    for form in forms:
        for field in form.fields:
            if field.type in FILES and field.name not in named and _names(answers.get(field.name)):
                named.append(field.name)
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
