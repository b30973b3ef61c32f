"""A piece of the file of a case is complete where nothing of it is missing."""

from __future__ import annotations

from dataclasses import replace

from engine.app.ports.case_file import PieceState
from engine.language import say


def test_a_piece_is_complete_where_nothing_is_missing() -> None:
    piece = PieceState(number=1, title="检查记录", needed=True)
    assert piece.complete
    assert not replace(piece, missing=(say("没有签名"),)).complete
