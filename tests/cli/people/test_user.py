"""``ssj user``: the people and their roles."""

from __future__ import annotations

from pathlib import Path

from command_desk import called

from engine.cli.people.user import group

KEEPER = ("--as", "registrar")


def test_people_are_listed_and_shown(home: Path) -> None:
    every = called(group, "list", "--json", home=home).json()
    chiefs = called(group, "list", "--section", "market", "--json", home=home).json()
    assert [one for one in every if one["section"] == "market"] == chiefs != []
    lines = called(group, "list", "--role", "roster_admin", home=home).out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["registrar"]
    shown = called(group, "show", "registrar", "--json", home=home).json()
    (row,) = [one for one in every if one["id"] == "registrar"]
    assert shown == {**row, "tasks": 0}
    text = called(group, "show", "registrar", home=home).out
    assert [line.split("\t")[0] for line in text.splitlines()] == [
        *("编号", "姓名", "股室", "角色", "名录", "状态", "待办")
    ]
    assert called(group, "show", "nobody", home=home).code == 1


def test_a_person_is_tried_then_added_by_who_may(home: Path) -> None:
    words = ("add", "new", "--name", "新人", "--section", "market")
    dry = called(group, *words, *KEEPER, "--dry-run", home=home)
    assert (dry.out, dry.err) == ("new\t新人\tmarket\t-\n", "仅试算，未保存。\n")
    assert called(group, "show", "new", home=home).code == 1
    assert called(group, *words, "--as", "insp-01", home=home).code == 1
    assert called(group, *words, *KEEPER, home=home).out == dry.out
    assert called(group, *words, *KEEPER, home=home).code == 1
