"""Whoever may not is told so before a file is read or a question is put, and the attempt stands in the audit."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import done, ssj

from engine.app.commands import Caller
from engine.cli.exits import CommandError
from engine.cli.session import ask_first
from engine.deployment.home import find_home
from engine.deployment.open import open_application

#: An inspector's clerk: may neither import nor move nor set another's password.
CLERK = "clerk-market"


def attempts(home: Path) -> list[tuple[str, str]]:
    application = open_application(find_home(str(home)))
    try:
        with application.store.read() as transaction:
            found = [event for event in transaction.events.of("office") if event.kind == "refused"]
    finally:
        application.store.close()
    return [(event.actor, str(event.body["verb"])) for event in found]


@pytest.mark.parametrize(
    ("words", "row"),
    [
        (("register", "import", "objects", "bad.txt"), "register.change/objects"),
        (("calendar", "import", "bad.txt"), "calendar.change"),
        (("user", "password", "leading"), "credential.change"),
        (("user", "password", "leading", "--file", "bad.txt"), "credential.change"),
        (("migrate-store", "--to", "other.db"), "system.move"),
        (("incident", "retry", "--all"), "incident.change"),
    ],
)
def test_before_anything_is_read(home: Path, tmp_path: Path, words: tuple[str, ...], row: str) -> None:
    (tmp_path / "bad.txt").write_text("no such thing\n", encoding="utf-8")
    (tmp_path / "bad.txt").chmod(0o644)
    given = [str(tmp_path / word) if word in ("bad.txt", "other.db") else word for word in words]
    said = ssj(*given, "--as", CLERK, home=home)
    assert (said.code, said.out) == (1, "")
    assert f"“{CLERK}”不能" in said.err
    assert attempts(home) == [(CLERK, row)]


def test_a_file_that_cannot_be_read_by_whoever_may_is_no_attempt(home: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("no such thing\n", encoding="utf-8")
    assert ssj("calendar", "import", tmp_path / "bad.txt", "--as", "leading", home=home).code == 1
    assert ssj("register", "import", "objects", tmp_path / "bad.txt", "--as", "leading", home=home).code == 1
    assert ssj("user", "password", CLERK, "--as", CLERK, home=home).code == 1
    assert attempts(home) == []


def test_a_ceremony_of_a_case_that_is_another_sections(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    shown = ssj("task", "show", "batch-1", "--as", CLERK, home=home)
    held = ssj("draw", "run", "batch-1", "--ceremony", "--witness", "witness", "--as", CLERK, home=home)
    assert (shown.code, held.code) == (1, 1)
    assert held.err == shown.err
    # The look and the act: refused looks are entered too (ADR 0032).
    assert attempts(home) == [(CLERK, "case.read"), (CLERK, "case.act")]


def test_retrying_nothing_is_asked_too(home: Path) -> None:
    assert "0 项" in done("incident", "retry", "--all", "--as", "leading", home=home).err
    said = ssj("incident", "retry", "--all", "--as", CLERK, home=home)
    assert said.code == 1
    assert "0 项" not in said.err


def test_the_helper_ends_the_command(home: Path) -> None:
    application = open_application(find_home(str(home)))
    try:
        ask_first(application, Caller("leading"), "system.move", "x")
        with pytest.raises(CommandError, match=CLERK):
            ask_first(application, Caller(CLERK), "system.move", "x")
    finally:
        application.store.close()
    assert attempts(home) == [(CLERK, "system.move")]
