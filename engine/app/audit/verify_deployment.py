"""Verifies all histories, all seals, all rows, and the definitions that are kept beside their texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.app.audit.finding import AuditFinding, RowFinding, day_of, goes_on
from engine.app.audit.verify import _chains
from engine.app.definitions.kept_forms import READ, is_as_read
from engine.app.history.paged_reading import Reading, page_of
from engine.kernel.budget import JSON_ERRORS
from engine.language import say

if TYPE_CHECKING:
    from engine.app.audit.verify_rows import VerifiedRows


def verify(reading: Reading, rows: VerifiedRows | None = None) -> Iterator[AuditFinding]:
    """Yield everything wrong with any history, every case that differs from its own, everything unsealed, and every row
    that is not as it was written, every definition that is kept otherwise than it is published; `rows` is filled with how
    much was gone through.
    """
    from engine.app.audit.verify_rows import verify_indexes, verify_rows, verify_schema
    from engine.app.audit.verify_seals import verify_seals

    # First: what a trigger or a view changes is found as rows below.
    yield from goes_on("schema", reading, lambda: verify_schema(page_of(reading)))
    yield from goes_on("schema", reading, lambda: verify_indexes(page_of(reading)))
    named, sealed = set[str](), set[str]()
    for found in goes_on("case", reading, lambda: _chains(reading)):
        named.add(found.stream)
        yield found
    for found in goes_on("seal", reading, lambda: verify_seals(reading)):
        # A broken history is reported once.
        if found.stream not in named:
            sealed.add(found.stream)
            yield found
    for row in goes_on("row_statement", reading, lambda: verify_rows(reading, rows)):
        if (
            not isinstance(row, RowFinding)
            or row.stream not in named | sealed
            or row.table not in ("case", "event")
        ):
            yield row
    yield from goes_on("definitions", reading, lambda: verify_kept(reading))


def verify_kept(reading: Reading) -> Iterator[AuditFinding]:
    """Yield each published version of which another definition is kept than its texts are.

    Versions whose row or texts cannot be read are found where rows are verified.
    """
    try:
        versions = list(page_of(reading).definitions.versions())
    except JSON_ERRORS:
        return
    for row in versions:
        try:
            right = is_as_read(page_of(reading), row)
        except JSON_ERRORS:
            continue
        if not right:
            yield AuditFinding(
                f"{READ}/{row.workflow}/{row.number}",
                0,
                day_of(row.published_at),
                say("存下的流程与已发布的文本不符：按它办的步骤不可信；删除这一项设置，程序会重新读文本"),
            )
