"""Personal answers leave what is entered in the history of a case: their ids stand there, the texts in the row of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.lifecycle.forms.personal import KeptTexts, with_markers

if TYPE_CHECKING:
    from engine.app.services import Services

_BYTES = 16


def seal_answers(
    services: Services, case: str, kept: KeptTexts | None, body: Mapping[str, Any]
) -> tuple[dict[str, Any], KeptTexts | None]:
    """Return the body of an entry of a case with ids for personal texts, and what the case keeps beside it from now on.

    Without a source of random bytes they stay where they are: an id that can be guessed would let the texts be guessed.
    """
    entropy = services.entropy
    if entropy is None:
        return dict(body), kept

    before = kept.texts if kept is not None else {}
    found: dict[str, str] = {}

    def new_id() -> str:
        # Sources that repeat themselves give other bytes for another purpose.
        return entropy(f"personal answer {len(before) + len(found)} of {case}", _BYTES).hex()

    written = with_markers(body, found, new_id)
    if not found:
        return written, kept
    key = kept.key if kept is not None else ""
    key = key or entropy(f"personal answers of {case}", _BYTES).hex()
    return written, KeptTexts(key, {**before, **found})
