"""``ssj form`` and ``ssj workflow show``: answer sheets that can be filled in, definitions that can be read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import done, ssj

from engine.authoring.answer_sheet import answer_sheet
from engine.cli.definitions import form, workflow
from engine.definition.file_discovery import definition_files
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Form
from engine.yamltext.plain import read_plain

LOADED = load_paths([*definition_files(workflows_dir()), *definition_files(forms_dir())])
FORMS = LOADED.forms


def answers_in(value: object) -> list[object]:
    """Return everything that is not a mapping, an empty list or nothing at all."""
    if isinstance(value, dict):
        return [answer for inner in value.values() for answer in answers_in(inner)]
    return [] if value in (None, []) else [value]


def asked(found: Form) -> set[str]:
    return {field.name for field in found.fields if field.computed is None}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_sheet_asks_for_everything_and_answers_nothing(name: str) -> None:
    found = FORMS[name]
    value, problems = read_plain(answer_sheet(found), "sheet.yaml")
    assert problems == []
    assert set(value or {}) == asked(found) | ({"rows"} if found.rows else set())
    assert answers_in(value) == []
    if found.rows:
        assert set(value["rows"]) == {row.id for row in found.rows}
    if any(field.required and field.relevant is None for field in found.fields) or found.rows:
        # Handed in as it is, it is refused; no blank line passes for an answer.
        assert read_answers(found, [], value, {})[1]


def test_every_choice_field_and_basis_is_said() -> None:
    for found in FORMS.values():
        sheet = answer_sheet(found)
        for field in found.fields:
            assert field.title in sheet or field.computed is not None
            assert all(f"#   {code}  {text}" in sheet for code, text in field.choices.items())
            assert not field.basis or field.basis in sheet
            assert all(column.title in sheet for column in field.columns)
        assert all(row.points in sheet and row.basis in sheet for row in found.rows)


def test_a_sheet_with_item_forms_that_is_filled_in_is_taken() -> None:
    main, item = FORMS["onsite_check"], FORMS["employment_check"]
    value, problems = read_plain(answer_sheet(main, [item]), "sheet.yaml")
    assert problems == []
    assert set(value["items"]) == {"employment_check"}
    sheet = answer_sheet(FORMS["library_start"]).replace("\nkind:", "\nkind: objects")
    filled, problems = read_plain(sheet.replace("\nyear:", "\nyear: 2027"), "sheet.yaml")
    assert problems == []
    assert read_answers(FORMS["library_start"], [], filled, {}) == ({"kind": "objects", "year": 2027}, [])


def test_the_commands(home: Path) -> None:
    listed = {row["id"] for row in done("form", "list", "--json", home=home).json()}
    assert listed == set(FORMS)
    assert done("form", "list", home=home).out.count("\n") == len(FORMS)
    shown = done("form", "show", "onsite_check", "--json", home=home).json()
    by_name = {field["name"]: field for field in shown["fields"]}
    assert by_name["methods"]["choices"]["onsite"] == "现场检查"
    assert "第五十五条" in done("form", "show", "onsite_check", home=home).out
    sheet = done("form", "preview", "onsite_check", "--item", "employment_check", home=home).out
    assert sheet == answer_sheet(FORMS["onsite_check"], [FORMS["employment_check"]])
    said = ssj("form", "show", "onsite_chek", home=home)
    assert said.code == 1
    assert "onsite_check" in said.err


def test_outside_a_deployment_the_standard_forms_are_shown(tmp_path: Path) -> None:
    assert {row["id"] for row in done("form", "list", "--json").json()} == set(FORMS)
    assert ssj("form", "list", home=tmp_path / "absent").code == 3


def test_a_deployments_own_form_and_a_broken_one(home: Path) -> None:
    (home / "forms" / "ours.yaml").write_text(
        "form: ours\ntitle: 自定表\nfields:\n  - a: {title: 甲, optional: true}\n", encoding="utf-8"
    )
    (home / "forms" / "broken.yaml").write_text("form: broken\nfields: 1\n", encoding="utf-8")
    said = done("form", "list", home=home)
    assert "ours\t自定表" in said.out
    assert "broken.yaml" in said.err
    assert ssj("form", "show", "broken", home=home).code == 1


def test_check_is_one_command_under_two_names(tmp_path: Path) -> None:
    assert form.group.commands["check"] is workflow.group.commands["check"]
    assert ssj("form", "check", forms_dir()).code == 0


@pytest.mark.parametrize("name", sorted(LOADED.workflows))
def test_a_definition_read_aloud_leaves_nothing_out(made: tuple[Path, Path], name: str) -> None:
    found = LOADED.workflows[name]
    text = done("workflow", "show", name, home=made[0]).out
    for state in found.states.values():
        assert f"{state.title}（{state.id}）" in text
        assert not state.help or state.help in text
    for step in found.transitions:
        assert f"{step.title}（{step.id}）" in text
        for requirement in (*step.require, *step.warn):
            assert requirement.message in text
            assert not requirement.basis or f"（依据：{requirement.basis}）" in text
    for clock in found.clocks.values():
        assert f"{clock.title}（{clock.id}）" in text
        assert not clock.basis or clock.basis in text
    assert "{" not in text
    assert "None" not in text


def test_a_definition_is_read_in_plain_sentences(made: tuple[Path, Path]) -> None:
    text = done("workflow", "show", "inspection", home=made[0]).out
    for sentence in (
        "由其他流程启动，不能直接启动。",
        "共 18 个环节，从“检查待审批”开始，到“已归档”结束。",
        "· 批准检查（approve）：由本环节的人办理，转到“待签回避声明”。",
        "不准办理的情形：至少两名检查人员签字（依据：劳动保障监察条例 第十六条；行政处罚法 第四十二条）。",
        "可由检查人员、股室负责人延期（最长 30 日、最多 1 次、时限“方案确定的检查时间”、须经股室负责人、分管副局长批准）。",
        "逾期满 3 个工作日，升级督办，报分管副局长、此后每 5 个工作日 一次。",
        "随即向社会公示（result）。",
        "提醒：前 10 个工作日、前 5 个工作日、前 2 个工作日、到期当日。",
    ):
        assert sentence in text
    library = done("workflow", "show", "library", home=made[0]).out
    assert "4 月 20 日前，遇休息日提前到其前最后一个工作日" in library
    assert ssj("workflow", "show", "absent", home=made[0]).code == 1
