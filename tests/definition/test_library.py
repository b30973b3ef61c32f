"""Whole definitions: what is read, what refers to what, versions as texts, differences, pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from definition_examples import BUREAU, FILE, FILES, FORM, PARENT, load_example, told, workflow_text

from engine.authoring.diagram.condition_words import ConditionWords
from engine.authoring.diagram.mermaid import mermaid
from engine.authoring.diagram.table import table
from engine.authoring.diff import Sort, compare
from engine.authoring.schema import json_schema
from engine.definition.grammar import SHAPES
from engine.definition.library import load_files, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.kernel.plain_text import width
from engine.lifecycle.model.deadline import Reminder
from engine.worktime.periods import Period, PeriodUnit, Roll, YearDate
from engine.yamltext.problem import as_github, as_json, as_text, has_errors

FULL = """\
workflow: demo
title: 示例流程
about: object
initial: open
start: {by: [leading_office], form: onsite_check}
parties: {inspectors: 检查人员}
fields:
  - found: {title: 问题数, type: integer}
states:
  open:
    title: 待检查
    for: inspectors
    deadline: 10 working days
    basis: 方案 二
    remind: [5, 3 working days before, on the day]
    overdue:
      at once: [inspectors, section_chief]
      3 working days: {escalate: leading_office, every: 5 working days}
    verbs: {extend: {by: section_chief, max: 30 working days, times: 1}}
  review: {title: 待审核, for: section_chief}
  done: {title: 办结, final: true}
clocks:
  publish_due:
    title: 公示时限
    during: [open, review]
    deadline: {by 10-31: local}
    roll: backward
    since: forms.onsite_check.visited_on
transitions:
  - do: visit
    title: 完成检查
    from: open
    to: review
    form: onsite_check
    require:
      - that: form.method == 'onsite' and form.finished_on >= form.visited_on and every(inspectors, it.cert_valid_to >= form.visited_on) and count(inspectors, it.status == 'active') >= 2
        else: 检查不合规定
        basis: 条例 第一条
    then:
      - set: {found: = form.problem_count}
      - start: follow_up
        when: form.problem_count > 0
        each: form.problems
        title: "{{ case.title }}：{{ it.title }}"
        with: {risk_class: = it.row}
        parties: {handlers: "= collect(inspectors, it.id)"}
      - notify: section_chief
        message: 请审核 {{ case.title }}
  - do: lapse
    title: 逾期转办
    from: open
    to: review
    after: 30 days
  - do: all_done
    title: 处置齐备
    from: review
    to: done
    join: {workflow: follow_up, reached: closed}
verbs: {claim: {}, reassign: {by: section_chief}}
"""

CHINESE = """\
流程: demo
名称: 示例流程
对象: 检查对象
起始: open
启动: {谁可办: [leading_office], 表单: onsite_check}
参与人: {inspectors: 检查人员}
字段:
  - found: {名称: 问题数, 类型: 整数}
环节:
  open:
    名称: 待检查
    由谁办: inspectors
    时限: 10个工作日
    依据: 方案 二
    提醒: [5, 提前3个工作日, 当日]
    逾期:
      当即: [inspectors, section_chief]
      3个工作日: {升级: leading_office, 每隔: 5个工作日}
    操作: {延期: {谁可办: section_chief, 最多: 30个工作日, 次数: 1}}
  review: {名称: 待审核, 由谁办: section_chief}
  done: {名称: 办结, 终点: true}
时钟:
  publish_due:
    名称: 公示时限
    期间: [open, review]
    时限: {10月31日前: 本地规定}
    遇休: 提前
    起算: forms.onsite_check.visited_on
办理:
  - 动作: visit
    名称: 完成检查
    从: open
    到: review
    表单: onsite_check
    须满足:
      - 条件: form.method == 'onsite' and form.finished_on >= form.visited_on and every(inspectors, it.cert_valid_to >= form.visited_on) and count(inspectors, it.status == 'active') >= 2
        否则: 检查不合规定
        依据: 条例 第一条
    然后:
      - 记录: {found: = form.problem_count}
      - 启动: follow_up
        当: form.problem_count > 0
        每个: form.problems
        名称: "{{ case.title }}：{{ it.title }}"
        带入: {risk_class: = it.row}
        参与人: {handlers: "= collect(inspectors, it.id)"}
      - 通知: section_chief
        内容: 请审核 {{ case.title }}
  - 动作: lapse
    名称: 逾期转办
    从: open
    到: review
    之后: 30日
  - 动作: all_done
    名称: 处置齐备
    从: review
    到: done
    汇合: {流程: follow_up, 到达: closed}
操作: {领取: {}, 转办: {谁可办: section_chief}}
"""


def full():
    loaded = load_files({FILE: FULL, **FILES})
    assert loaded.problems == ()
    return loaded


def test_everything_written_is_read():
    workflow = full().library.workflow("demo")
    assert workflow.start_by == ("leading_office",)
    assert workflow.clocks["open"].limit == Period(10, PeriodUnit.WORKING_DAYS)
    assert workflow.clocks["open"].remind == (
        Reminder(Period(5, PeriodUnit.WORKING_DAYS)),
        Reminder(Period(3, PeriodUnit.WORKING_DAYS)),
        Reminder(Period(0, PeriodUnit.DAYS)),
    )
    assert workflow.clocks["open"].overdue[1].escalate == "leading_office"
    assert workflow.clocks["publish_due"].limit == YearDate(10, 31, Roll.BACKWARD)
    assert workflow.clocks["publish_due"].during == {"open", "review"}
    assert set(workflow.states["open"].verbs) == {"extend", "claim", "reassign"}
    assert set(workflow.states["done"].verbs) == set()
    visit = workflow.transitions[0]
    assert visit.by == ()
    assert [effect.kind for effect in visit.then] == ["set", "start", "notify"]
    assert visit.then[1].arguments["start"] == "follow_up"
    assert visit.then[2].arguments["message"].render({"case": {"title": "甲厂"}}) == "请审核 甲厂"
    assert workflow.forms["onsite_check"].fields[8].choices == {
        "no_problem": "未发现问题",
        "problem": "发现问题",
    }


def test_conditions_say_which_clause_failed():
    visit = full().workflows["demo"].transitions[0]
    form = {"method": "onsite", "visited_on": "2024-04-20", "finished_on": "2024-04-19"}
    people = [{"cert_valid_to": "2025-01-01", "status": "active"}]
    failing = list(visit.require[0].that.failing({"form": form, "inspectors": people}))
    assert failing == [
        "form.finished_on >= form.visited_on",
        "count(inspectors, it.status == 'active') >= 2",
    ]


def test_chinese_and_english_load_to_the_same_definition():
    english = full().workflows["demo"]
    loaded = load_files({FILE: CHINESE, **FILES})
    assert loaded.problems == ()
    assert compare(english, loaded.workflows["demo"]) == ()
    assert loaded.workflows["demo"].clocks == english.clocks
    assert loaded.workflows["demo"].states == english.states


def test_a_version_is_its_texts():
    library = full().library
    texts = library.texts_of("demo")
    assert set(texts) == {FILE, "forms/onsite_check.yaml", "bureau.yaml"}
    again = load_files(texts, partial=True)
    assert again.problems == ()
    assert compare(library.workflow("demo"), again.library.workflow("demo")) == ()


def test_every_standard_workflow_is_the_same_from_its_texts_alone():
    files = [*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]
    library = load_paths(sorted(files)).library
    assert library.workflows
    for name, workflow in library.workflows.items():
        again = load_files(library.texts_of(name), partial=True)
        assert has_errors(again.problems) is False, as_text(again.problems, again.sources)
        assert compare(workflow, again.workflows[name]) == ()


def test_unsound_definitions_are_not_in_the_library():
    loaded = load_files(
        {FILE: FULL, **FILES, "forms/onsite_check.yaml": FORM.replace("type: date", "type: dat")}
    )
    assert "onsite_check" not in loaded.forms
    assert "demo" not in loaded.workflows
    assert "follow_up" in loaded.workflows
    assert {problem.rule for problem in loaded.problems} == {"unknown-word"}
    assert not loaded.sound
    with pytest.raises(KeyError):
        loaded.library.workflow("demo")


def test_context_is_referred_to_but_not_judged():
    broken = {"forms/bad.yaml": "form: bad\n"}
    loaded = load_files({FILE: FULL}, context={**FILES, **broken})
    assert loaded.problems == ()
    assert load_files({FILE: FULL}, context={**FILES, FILE + "2": FULL}).problems == ()


def test_without_a_bureau_unknown_roles_are_warnings():
    loaded = load_files({FILE: workflow_text()})
    assert {(problem.rule, problem.severity.value) for problem in loaded.problems} == {
        ("unknown-role", "warning")
    }
    assert "demo" in loaded.workflows


def test_two_files_of_one_id():
    loaded = load_files({"a.yaml": FORM, "b.yaml": FORM, "bureau.yaml": BUREAU})
    assert [(p.file, p.rule) for p in loaded.problems] == [("b.yaml", "duplicate-definition")]


def test_broken_parts_silence_rules_over_the_whole():
    assert told("transitions:\n  - {do: finish, title: 办结, from: open, to: doen}\n") == [
        "3:45 unknown-state"
    ]


def test_all_problems_at_once_in_order():
    blocks = (
        "titel: 甲\nstart: {by: clrek}\ntransitions:\n"
        "  - {do: finish, title: 办结, from: opne, to: done, form: nothing, then: [{publsh: result}]}\n"
    )
    assert told(blocks) == [
        "2:1 unknown-key",
        "3:13 unknown-role",
        "5:35 unknown-state",
        "5:57 unknown-form",
        "5:74 unknown-effect",
    ]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (
            "states:\n  open: {title: 待办, for: clerk, deadline: 10个工作}\n  done: {title: 办结, final: true}\n",
            "3:43 deadline-syntax",
        ),
        (
            "states:\n  open: {title: 待办, for: clerk, deadline: by 02-30}\n  done: {title: 办结, final: true}\n",
            "3:43 deadline-syntax",
        ),
        (
            "states:\n  open: {title: 待办, for: clerk, deadline: 0 days}\n  done: {title: 办结, final: true}\n",
            "3:43 deadline-syntax",
        ),
        (
            "states:\n  open: {title: 待办, for: clerk, deadline: 5 days, remind: [3]}\n  done: {title: 办结, final: true}\n",
            "3:60 deadline-syntax",
        ),
        (
            "states:\n  open: {title: 待办, for: clerk, remind: on the day}\n  done: {title: 办结, final: true}\n",
            "3:33 missing-key",
        ),
        ("parties: {today: 今天}\n", "2:11 bad-name"),
        ("parties: {clerk: 录入员}\n", "2:11 bad-name"),
    ],
)
def test_places_in_a_workflow(blocks, expected):
    assert expected in told(blocks)


def test_a_computed_field_gives_what_it_says():
    form = "form: sample\ntitle: 示例\nfields:\n  - n: {title: 人数, type: integer, optional: true}\n"
    assert told(form + "  - many: {title: 多, type: boolean, computed: form.n > 5}\n") == []
    found = told(form + "  - many: {title: 多, type: boolean, computed: form.n + 5}\n")
    assert found == ["5:47 type-mismatch"]


def test_expression_columns_count_within_the_line():
    (problem,) = [
        p
        for p in load_example("fields: []\n" + _step("form.visted_on <= today")).problems
        if p.severity == "error"
    ]
    line = (
        load_example("fields: []\n" + _step("form.visted_on <= today"))
        .sources[FILE]
        .split("\n")[problem.line - 1]
    )
    assert line[problem.column - 1 : problem.end_column - 1] == "visted_on"
    assert "visited_on" in str(problem.hint)


def _step(condition: str) -> str:
    return (
        "transitions:\n  - do: finish\n    title: 办结\n    from: open\n    to: done\n    form: onsite_check\n"
        f'    warn:\n      - {{that: "{condition}", else: 不对}}\n'
    )


def test_text_shows_the_line_and_a_caret_of_the_right_width():
    loaded = load_example(
        "states:\n  open: {title: 待办, for: clrek, no deadline: 示例}\n  done: {title: 办结, final: true}\n"
    )
    shown = as_text(loaded.problems, loaded.sources).split("\n")
    assert shown[0].startswith(f"{FILE}:3:26: ")
    assert shown[0].endswith("[unknown-role]")
    assert width(shown[2].split("^")[0]) == width(shown[1].split("clrek")[0])
    assert shown[2].endswith("^~~~~")
    assert "clerk" in shown[3]


def test_json_is_the_fixed_contract():
    loaded = load_example("titel: x\ntitle: 甲\n")
    rows = json.loads(as_json(loaded.problems))
    assert [list(row) for row in rows] == [["file", "line", "column", "rule", "severity", "message", "hint"]]
    assert (rows[0]["line"], rows[0]["column"], rows[0]["severity"]) == (2, 1, "error")
    assert json.loads(as_json(())) == []


def test_github_commands_are_escaped():
    loaded = load_files({"a,b:c.yaml": "x: 1\n"})
    assert as_github(loaded.problems).startswith("::error file=a%2Cb%3Ac.yaml,line=1,col=1")


def test_differences_between_versions():
    old = full().workflows["demo"]
    changed = FULL.replace("10 working days\n", "15 working days\n").replace(
        "  review: {title: 待审核", "  review: {title: 待复核"
    )
    changed = changed.replace("    after: 30 days\n", "    after: 31 days\n").replace(
        "parties: {inspectors: 检查人员}", "parties: {inspectors: 检查人员, experts: 专家}"
    )
    new = load_files({FILE: changed, **FILES}).workflows["demo"]
    assert [(c.part, c.id, c.sort, c.keys) for c in compare(old, new)] == [
        ("states", "review", Sort.CHANGED, ("title",)),
        ("transitions", "lapse（open）", Sort.CHANGED, ("after",)),
        ("clocks", "open", Sort.CHANGED, ("limit",)),
        ("parties", "experts", Sort.ADDED, ()),
    ]
    assert "新增参与人" in str(compare(old, new)[-1].sentence)
    assert {c.sort for c in compare(new, replace(new, states={}))} == {Sort.REMOVED}
    # Moving a step to another line is no change.
    moved = load_files({FILE: FULL.replace("states:\n", "\n\nstates:\n"), **FILES}).workflows["demo"]
    assert compare(old, moved) == ()


def test_pictures_name_every_state_and_step():
    loaded = full()
    words = ConditionWords(loaded.workflows["demo"], loaded.workflows, loaded.bureau)
    drawn = mermaid(words)
    assert drawn.startswith("stateDiagram-v2\n")
    assert "[*] --> s1" in drawn
    assert "s1 --> s2: 完成检查" in drawn
    assert "s3 --> [*]" in drawn
    shown = table(words)
    assert "处置齐备" in shown
    assert "子件全部" in shown
    assert "股室负责人" in shown


def test_schema_knows_every_key_of_the_reader():
    made = json_schema()
    for shape, keys in SHAPES.items():
        found = made["definitions"][shape.replace(" ", "-")]
        if shape in ("field", "code list"):
            continue
        assert found["additionalProperties"] is False
        assert set(keys) <= set(found["properties"])
    assert "名称" in made["definitions"]["workflow"]["properties"]
    refs = set()

    def walk(value):
        if isinstance(value, dict):
            refs.add(value.get("$ref"))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(made)
    assert {ref.rsplit("/", 1)[1] for ref in refs - {None} if isinstance(ref, str)} <= set(
        made["definitions"]
    )


def test_files_are_read_from_disk(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(PARENT, encoding="utf-8")
    loaded = load_paths([tmp_path / "a.yaml", tmp_path / "gone.yaml"])
    assert "file-unreadable" in {problem.rule for problem in loaded.problems}
    assert "unknown-workflow" in {problem.rule for problem in loaded.problems}


def test_the_same_texts_elsewhere_are_the_same_definitions_under_their_own_names(tmp_path: Path):
    places = [tmp_path / "one", tmp_path / "two"]
    loaded = []
    for place in places:
        place.mkdir()
        for name, text in {"a.yaml": FULL, **FILES}.items():
            (place / Path(name).name).write_text(text, encoding="utf-8")
        loaded.append(load_paths(sorted(place.iterdir())))
    assert loaded[0].sound
    assert loaded[0].workflows == loaded[1].workflows
    for place, one in zip(places, loaded, strict=True):
        assert set(one.library.places.values()) <= set(one.sources)
        assert {Path(file).parent for (kind, _), file in one.library.places.items() if kind != "site"} == {
            place
        }
        assert one.library.texts_of("demo")[str(place / "a.yaml")] == FULL


def test_problems_of_the_same_texts_elsewhere_name_the_file_that_was_asked_for(tmp_path: Path):
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text("workflow: demo\n", encoding="utf-8")
        assert {problem.file for problem in load_paths([tmp_path / name]).problems} == {str(tmp_path / name)}
