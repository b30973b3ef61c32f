"""What the catalogue gathers: sentences in code, templates and help; what could never be translated is reported."""

from __future__ import annotations

from pathlib import Path

from engine.language.gathering import gather, is_chinese


def house(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / "engine" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def test_sentences_and_terms_are_gathered_from_code(tmp_path: Path) -> None:
    text = 'a = say("没有“{name}”", name=say("环节"))\nb = language.term("挂起")\nc = {"x": "数据"}\n'
    found = gather(house(tmp_path, "room/module.py", text))
    assert found.sentences == {t: {"engine/room/module.py"} for t in ("没有“{name}”", "环节", "挂起")}
    assert found.problems == []


def test_sentences_of_templates_are_gathered(tmp_path: Path) -> None:
    page = '<p title="{{ say("首页") }}">{% if x %}{{ say("共 {n} 条", n=x) }}{% endif %}</p>'
    assert set(gather(house(tmp_path, "site/templates/page.html", page)).sentences) == {"首页", "共 {n} 条"}


def test_the_help_of_commands_is_gathered_as_it_is_shown(tmp_path: Path) -> None:
    text = '''
"""模块说明不给人看"""
@group.command("x")
@click.option("--to", help="转给谁")
def x():
    """办理。

        例：ssj x
    """
def y():
    """不是命令"""
'''
    found = gather(house(tmp_path, "cli/x.py", text))
    assert set(found.sentences) == {"转给谁", "办理。\n\n例：ssj x"}


def test_what_no_catalogue_can_hold_is_reported(tmp_path: Path) -> None:
    text = 'a = say(text)\nb = f"{x}（{y}）"\nc = "、".join(z)\nd = say(f"没有 {x}")\n'
    problems = gather(house(tmp_path, "room/module.py", text)).problems
    assert sorted({problem.split(": ")[0] for problem in problems}) == [
        f"engine/room/module.py:{line}" for line in (1, 2, 3, 4)
    ]


def test_a_template_that_says_a_variable_is_reported(tmp_path: Path) -> None:
    found = gather(house(tmp_path, "site/templates/page.html", "<p>{{ say(title) }}</p>"))
    assert len(found.problems) == 1


def test_signs_of_chinese_writing_count_as_chinese() -> None:
    assert is_chinese("{a}（{b}）")
    assert is_chinese("待办")
    assert not is_chinese('"{a}" (b), c; d: e? f!')
