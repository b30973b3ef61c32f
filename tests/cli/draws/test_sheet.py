"""``ssj draw sheet``: one ticket by hand."""

from __future__ import annotations

from command_fixtures import called
from draws_fixtures import BATCH, DICE, Desk

from engine.cli.draws.sheet import sheet


def test_a_drawn_object_has_its_ticket_and_the_cutoff(drawn: Desk) -> None:
    record = drawn.record()
    one = record.visits[0]
    said = called(sheet, BATCH, one.object_id, home=drawn.home)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert f"  {one.ticket}" in lines
    assert "随机号不大于最大中签号：抽中。" in lines
    assert f"printf '%s' '{DICE}/batch:{BATCH}' | openssl dgst" in said.out


def test_one_that_was_not_drawn_and_one_that_is_not_there(drawn: Desk) -> None:
    record = drawn.record()
    drawn_ids = {one.object_id for one in record.visits}
    rows = [line.split("\t")[0] for line in drawn.done("register", "list", "objects").splitlines()]
    other = next(one for one in rows if one not in drawn_ids)
    said = called(sheet, BATCH, other, home=drawn.home).out
    assert ("未抽中" in said or "不参加抽取" in said, "：抽中。" in said) == (True, False)
    assert called(sheet, BATCH, "nothing", home=drawn.home).code == 1
    assert called(sheet, BATCH, other, "--number", "7", home=drawn.home).code == 1
