"""``ssj user``: the people and their roles."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called

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


def test_an_unusual_telephone_is_offered_for_confirmation(home: Path) -> None:
    words = ("add", "odd", "--name", "外联员", "--section", "market", "--phone", "+852 2345 6789#1", *KEEPER)
    refused = called(group, *words, home=home)
    assert refused.code == 1
    assert (
        "核对无误的用 --confirm 'odd/联系电话=+852 2345 6789#1' 确认，并以 --reason 写明理由" in refused.err
    )
    confirmed = ("--confirm", "odd/联系电话=+852 2345 6789#1", "--reason", "驻外联络点")
    assert called(group, *words, *confirmed[:2], home=home).code == 2
    done = called(group, *words, *confirmed, home=home)
    assert done.out == "odd\t外联员\tmarket\t-\n"
    assert done.err == "现予确认（电话号码的样式）：odd 的“联系电话”为“+852 2345 6789#1”，理由：驻外联络点\n"
