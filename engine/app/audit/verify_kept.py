"""Definitions that were read and are kept beside their texts: each is compared with what its texts say."""

from __future__ import annotations

from collections.abc import Iterator

from engine.app.audit.finding import AuditFinding, day_of
from engine.app.definitions.kept_forms import READ, is_as_read
from engine.app.history.paged_reading import Reading, page_of
from engine.kernel.budget import JSON_ERRORS
from engine.language import say


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
