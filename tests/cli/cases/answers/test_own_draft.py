"""A draft of one's own at the command line: what it says and what would replace it, side by side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.cli.cases.answers import own_draft
from engine.cli.cases.answers.own_draft import keep, mark_of, refuse
from engine.cli.exits import CommandError
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say


class Drafts:
    """Stands for the store of drafts: refuses to replace what was not seen."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.version: int | None = None

    def save(self, *_: object, if_saved_at: str | None, version: int | None) -> Refusal | bool:
        self.version = version
        if if_saved_at is None:
            return True
        return Refusal("c-1", "look", (RefusalReason("conflict", say("另有一份")),))


@pytest.fixture
def drafts(monkeypatch: pytest.MonkeyPatch) -> Drafts:
    from datetime import UTC, datetime

    from engine.app.commands.drafts import drafts as commands
    from engine.app.queries import cases
    from engine.app.queries.people import drafts as queries

    made = Drafts({"quota": "三"})
    kept = SimpleNamespace(answers=made.answers, saved_at=datetime(2026, 3, 2, tzinfo=UTC))
    view = SimpleNamespace(steps=(), process=SimpleNamespace(time=SimpleNamespace(zone=UTC)))
    monkeypatch.setattr(own_draft, "source_of", lambda _: None)
    monkeypatch.setattr(own_draft, "application_of", lambda _: None)
    monkeypatch.setattr(commands, "save_draft", made.save)
    monkeypatch.setattr(queries, "read_draft", lambda *_, **__: SimpleNamespace(draft=kept))
    monkeypatch.setattr(cases, "show_case", lambda *_, **__: view)
    return made


def test_what_differs_is_shown_and_what_is_the_same_is_left(
    drafts: Drafts, capsys: pytest.CaptureFixture[str]
) -> None:
    ctx: Any = None
    by: Any = SimpleNamespace(person="anna")
    keep(ctx, by, "c-1", "look", {"quota": "三"}, "")
    keep(ctx, by, "c-1", "look", {"quota": "四"}, None, 3)
    assert drafts.version == 3
    assert capsys.readouterr().out == ""
    more = {"quota": "四", "more": ["x"]}
    shown = 'quota\t"三"\t"四"\nmore\t-\t["x"]\n'
    with pytest.raises(CommandError, match="--replace"):
        keep(ctx, by, "c-1", "look", more, "")
    assert capsys.readouterr().out == shown
    with pytest.raises(CommandError, match="--replace"):
        refuse(ctx, "anna", "c-1", "look", more)
    assert capsys.readouterr().out == shown
    assert mark_of(ctx, "anna", "c-1", "look").startswith("2026-03-02T00:00:00")
