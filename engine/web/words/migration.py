"""What becomes of a case that is moved to another version, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language import Message, say


def migration_verdict(row: Mapping[str, Any]) -> Message:
    """Return what becomes of one case: where it is then, or why it stays."""
    if row["after"] is None:
        return say("留在原版：{reasons}", reasons=[reason["message"] for reason in row["reasons"]])
    return say("环节：{before} → {after}", before=row["before"]["title"], after=row["after"]["title"])
