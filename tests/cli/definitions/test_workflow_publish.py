"""``diff`` against what is published, ``publish`` of one workflow, ``export`` and back, two who edit at once."""

from __future__ import annotations

from pathlib import Path

import click
from command_fixtures import called

from engine.cli.definitions import workflow_publish
from engine.cli.definitions.workflow import group

AS = ("--as", "leading")


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_file_is_compared_with_what_is_published(home: Path) -> None:
    file = home / "workflows" / "inspection.yaml"
    assert called(group, "diff", file, "--exit-code", *AS, home=home).code == 0
    edit(file, "deadline: 20 working days", "deadline: 15 working days")
    said = called(group, "diff", file, *AS, home=home)
    assert said.code == 0
    assert "改动时限“publish_due”：时限（deadline）20 个工作日 → 15 个工作日" in said.out
    everything = called(group, "diff", "--exit-code", *AS, home=home)
    assert everything.code == 1
    assert "流程“inspection”" in everything.out or "publish_due" in everything.out
    assert called(group, "diff", file, "--version", "9", *AS, home=home).code == 1
    new = home / "errand.yaml"
    new.write_text(
        "workflow: errand\ntitle: 差事\nabout: none\ninitial: open\nstart: {by: leading_office}\n"
        "states:\n  open: {title: 待办, for: leading_office, deadline: 3 days}\n  closed: {title: 办结, final: true}\n"
        "transitions:\n  - {do: finish, title: 完成, from: open, to: closed}\n",
        encoding="utf-8",
    )
    assert "还没有发布过" in called(group, "diff", new, *AS, home=home).out


def test_one_workflow_is_published_and_the_others_are_left_alone(home: Path) -> None:
    edit(home / "workflows" / "inspection.yaml", "title: 抽查检查", "title: 抽查检查（试行）")
    edit(home / "workflows" / "training.yaml", "title:", "title: 改过的")
    said = called(group, "publish", "inspection", *AS, home=home)
    assert said.out == "inspection\t第 2 版\t新\n", said.err
    assert called(group, "publish", "inspektion", *AS, home=home).code == 1
    # What is wrong elsewhere does not stand in the way; what is wrong in it does.
    (home / "workflows" / "training.yaml").write_text("workflow: training\n", encoding="utf-8")
    edit(home / "workflows" / "inspection.yaml", "（试行）", "（施行）")
    assert called(group, "publish", "inspection", *AS, home=home).out == "inspection\t第 3 版\t新\n"
    edit(home / "workflows" / "inspection.yaml", "about: object", "about: object\ninitial: nowhere")
    assert called(group, "publish", "inspection", *AS, home=home).code == 1
    assert called(group, "publish", "--base", "1", *AS, home=home).code == 2


def test_the_older_text_is_published_again_byte_for_byte(home: Path, tmp_path: Path) -> None:
    edit(home / "workflows" / "inspection.yaml", "title: 抽查检查", "title: 抽查检查（试行）")
    called(group, "publish", "inspection", *AS, home=home)
    assert (
        called(group, "publish", "inspection", "--again", "1", *AS, home=home).out
        == "inspection\t第 3 版\t新\n"
    )
    first, third = tmp_path / "first", tmp_path / "third"
    assert called(group, "export", first, "inspection", "--version", "1", *AS, home=home).code == 0
    assert called(group, "export", third, "inspection", *AS, home=home).out == "inspection\t第 3 版\n"
    for file in (first / "workflows").glob("*.yaml"):
        assert file.read_bytes() == (third / "workflows" / file.name).read_bytes()
    assert called(group, "publish", "inspection", "--again", "9", *AS, home=home).code == 1
    assert called(group, "export", first, "inspection", *AS, home=home).code == 2


def test_of_two_who_edit_at_once_the_second_sees_both_texts(home: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        assert called(group, "export", folder, "inspection", *AS, home=home).code == 0
    edit(one / "workflows" / "inspection.yaml", "deadline: 20 working days", "deadline: 15 working days")
    edit(two / "workflows" / "inspection.yaml", "deadline: 20 working days", "deadline: 10 working days")
    edit(two / "workflows" / "inspection.yaml", "title: 待审核", "title: 待复核")
    assert called(group, "publish", "--from", one, *AS, home=home).out == "inspection\t第 2 版\t新\n"
    second = called(group, "publish", "--from", two, *AS, home=home)
    assert second.code == 1
    assert "是由第 1 版改来的，其后“leading”已发布第 2 版" in second.err
    assert "20 个工作日 → 15 个工作日" in second.err
    assert "20 个工作日 → 10 个工作日" in second.err
    assert "待复核" in second.err
    assert "两处都改的：publish_due" in second.err
    # Whoever has looked at both says which version the text is from now.
    assert called(group, "publish", "inspection", "--from", two, "--base", "2", *AS, home=home).code == 0
    (two / workflow_publish.BASE).write_text("[", encoding="utf-8")
    assert called(group, "publish", "--from", two, *AS, home=home).code == 2


def test_the_commands_are_in_the_group() -> None:
    for command in (workflow_publish.diff, workflow_publish.publish, workflow_publish.export):
        assert isinstance(command, click.Command)
        assert command in group.commands.values()


def test_a_format_that_names_what_is_not_there_is_said_and_refused(home: Path) -> None:
    from engine.cli.system.doctor import doctor

    file = home / "exchange" / "follow_up_results.yaml"
    edit(file, "forms.follow_up_result.note}", "forms.follow_up_result.notes}")
    said = called(group, "check", home, home=home)
    assert said.code == 1
    assert f"{file}:17:" in said.out
    for options in (("--dry-run",), ()):
        refused = called(group, "publish", *options, *AS, home=home)
        assert refused.code == 1
        assert "exchange/follow_up_results.yaml 第 17 行" in refused.err
    assert "exchange\t交换格式里有 1 处" in called(doctor, *AS, home=home).out
    edit(file, "forms.follow_up_result.notes}", "forms.follow_up_result.note}")
    # The same, where the form is what was changed.
    form = home / "forms" / "follow_up_result.yaml"
    edit(form, "- note:", "- remark:")
    assert called(group, "check", home, home=home).code == 1
    assert called(group, "publish", "--dry-run", *AS, home=home).code == 1
    # The field that goes on being kept under its id is found by it.
    edit(form, "- remark: {title: 完结信息, long text", "- remark: {title: 完结信息, long text, id: note")
    assert called(group, "check", home, home=home).code == 0
    assert called(group, "publish", "follow_up", *AS, home=home).code == 0


def test_what_a_published_version_uses_is_named_while_its_cases_run(home: Path) -> None:
    from engine.cli.definitions.workflow_authoring import impact

    said = called(impact, "follow_up_result.note", *AS, home=home)
    assert "交换格式“后续处置结果”的“完结信息”列" in said.out
    assert "已发布的第" not in said.out
