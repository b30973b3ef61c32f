"""Personal answers leave what is entered in the history of a case: their ids stand there, the texts in the row of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.lifecycle.forms.personal import (
    TEXTS_DIGEST,
    KeptTexts,
    texts_digest,
    with_markers,
    without_id,
)

if TYPE_CHECKING:
    from engine.app.services import Services

_BYTES = 16


def seal_answers(
    services: Services, case: str, kept: KeptTexts | None, body: Mapping[str, Any]
) -> tuple[dict[str, Any], KeptTexts | None]:
    """Return the body of an entry of a case with ids for personal texts, and what the case keeps beside it from now on.

    The entry has a digest of its texts beside their ids, so that a text rewritten in the row no longer fits it. Without a source of random bytes they stay where they are: an id that can be guessed would let the texts be guessed.
    """
    entropy = services.entropy
    if entropy is None:
        return dict(body), kept

    before = kept.texts if kept is not None else {}
    new = 0
    for text in without_id(body):
        # The same text may be in two places. Sources that repeat themselves give other bytes for another purpose.
        if not text.id:
            text.id = entropy(f"personal answer {len(before) + new} of {case}", _BYTES).hex()
            new += 1
    found: dict[str, str] = {}
    written = with_markers(body, found)
    if not found:
        return written, kept
    key = kept.key if kept is not None else ""
    key = key or entropy(f"personal answers of {case}", _BYTES).hex()
    return {**written, TEXTS_DIGEST: texts_digest(key, found)}, KeptTexts(key, {**before, **found})
