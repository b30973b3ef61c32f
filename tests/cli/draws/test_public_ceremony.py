"""The ceremony of the second protocol at the terminal: the first text is in the public log before the second is typed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from command_fixtures import Said, called
from draws_fixtures import BATCH, ZONE
from public_fixtures import PublicDesk, public_copy

from engine.cli.draws.ceremony import run
from tests.made_once import made_once

MORNING = datetime(2026, 3, 2, 9, tzinfo=ZONE)
WHO = ("--ceremony", "--as", "drawer", "--witness", "witness")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """A batch whose commitment is signed and whose results are known."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            desk = PublicDesk(folder / "bureau", MORNING, patched)
            desk.done("init", desk.home, "--sample")
            desk.planned().committed()
            desk.to_the_day()
        (folder / "now").write_text(desk.clock.now().isoformat(), encoding="utf-8")

    folder = made_once(tmp_path_factory, "known-publicly", make)
    return folder / "bureau", datetime.fromisoformat((folder / "now").read_text("utf-8"))


@pytest.fixture
def desk(known: tuple[Path, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublicDesk:
    return public_copy(known[0], tmp_path, known[1], monkeypatch)


def held(desk: PublicDesk, *typed: str) -> Said:
    return called(run, BATCH, *WHO, home=desk.home, typed="".join(f"{one}\n" for one in typed).encode())


def kinds(desk: PublicDesk) -> list[str]:
    return [line.kind for line in desk.log().of(desk.draw().name)]


def results(desk: PublicDesk, seed: str = "1") -> list[str]:
    return [one.rpartition(":")[2] for one in desk.results(seed).split("/")]


def test_two_who_type_the_same_draw(desk: PublicDesk) -> None:
    said = held(desk, *results(desk), "开奖公告", "y", *results(desk), "y")
    assert said.code == 0, said.err
    assert kinds(desk)[-3:] == ["typed", "entropy", "objects"]
    assert desk.draw().visits
    digest = desk.shown()["commitment_sha256"]
    assert " ".join(digest[place : place + 8] for place in range(0, 32, 8)) in said.out


def test_nothing_is_in_the_log_before_the_first_has_said_yes(desk: PublicDesk) -> None:
    said = held(desk, *results(desk), "开奖公告", "n")
    assert (said.code, "未确认" in said.err) == (1, True)
    assert "typed" not in kinds(desk)


def test_a_ceremony_broken_off_after_the_first_typing_is_gone_on_with(desk: PublicDesk) -> None:
    said = held(desk, *results(desk), "开奖公告", "y", *results(desk), "n")
    assert (said.code, "可以接着举行仪式" in said.err) == (1, True)
    assert kinds(desk)[-1] == "typed"
    assert held(desk, *results(desk), "y").code == 0
    assert desk.draw().visits


def test_another_text_spoils_the_draw_and_there_is_no_second_try(desk: PublicDesk) -> None:
    said = held(desk, *results(desk), "开奖公告", "y", *results(desk, "2"), "y")
    assert "承诺只能作废" in said.err
    assert kinds(desk)[-2:] == ["typed", "typed"]
    assert not desk.draw().visits
    assert held(desk, *results(desk), "开奖公告", "y", *results(desk), "y").code == 1
