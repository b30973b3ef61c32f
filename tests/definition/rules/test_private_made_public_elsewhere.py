"""What is not public comes into no text the public sees: the log of draws, notes on papers, titles handed on, fields of other cases."""

from __future__ import annotations

import pytest
from definition_examples import ARTICLES, FILE, FILES, FOLLOW_UP, PARENT

from engine.definition.library import load_files
from engine.definition.rules.private_made_public import RULE

STEPS = """\
workflow: demo
title: 示例流程
about: object
initial: open
start: {by: clerk%s}
parties: {inspectors: 检查人员}
fields:
  - secret: {title: 记, to_children: true}
  - told: {title: 说的}
  - open_text: {title: 公开的, public: true}
  - few: {title: 几种}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  later: {title: 再办, for: clerk, no deadline: 试}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - do: first
    title: 一
    from: open
    to: later
    form: onsite_check
    then: [{set: {secret: = form.method, told: "= first_filled(form.method, case.title)", few: 公告, open_text: 无}}]
  - do: finish
    title: 办结
    from: later
    to: done
    form: onsite_check
    then:
      - {render: notice}
      - {%s}
"""
LINE = STEPS[: STEPS.index("      - {%s}")].count("\n") + 1
CHILD = """\
workflow: kid
title: 子
about: object
initial: open
fields:
  - open_kid: {title: 公, public: true}
  - hid_kid: {title: 私}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: close, title: 办, from: open, to: done, form: onsite_check, then: [%s]}
"""
LISTED = """\
form: listed
title: 单
fields:
  - gone:
      title: 剔除
      columns:
        - object: {title: 对象}
        - reason: {title: 原因%s}
        - evidence: {title: 证据}
"""
COMMIT = "commit: draw, pool: objects, ratios: 10%, inspectors: 2"
PUBLISHED = FOLLOW_UP.replace("to: closed}", "to: closed, then: [{publish: result}]}")
START = ", form: onsite_check, then: [{set: {%s: = form.witness}}]"

#: What the step does, what the child it may start does, and the line found in each of both; 0: none.
EFFECTS: dict[str, tuple[str, str, int, int]] = {
    "why_nobody_outside_signs": (f"{COMMIT}, no_anchor: = form.result", "", LINE, 0),
    "why_nobody_outside_signs_of_the_case": (f"{COMMIT}, no_anchor: = case.secret", "", LINE, 0),
    "why_one_source": (f"{COMMIT}, sources_reason: = case.secret", "", LINE, 0),
    "why_one_source_or_another": (f"{COMMIT}, sources_reason: \"= first_filled(case.secret, 'x')\"", "", LINE, 0),
    "why_one_source_written": (f"{COMMIT}, sources_reason: 只有一个", "", 0, 0),
    "why_one_source_public": (f"{COMMIT}, sources_reason: = case.open_text", "", 0, 0),
    "who_it_was": (f"{COMMIT}, sources_reason: = actor.name", "", LINE, 0),
    "why_a_draw_is_void": ("void: draw, because: = case.secret, asked_by: = case.secret", "", LINE, 0),
    "why_a_draw_is_void_public": ("void: draw, because: = case.open_text, asked_by: = case.secret", "", 0, 0),
    "note": ("served: notice, note: = case.told", "", LINE, 0),
    "note_of_a_form": ("served: notice, note: = forms.onsite_check.witness", "", LINE, 0),
    "note_on_approval": ("paper: notice, becomes: approved, note: = case.told", "", LINE, 0),
    "note_that_is_a_code": ("served: notice, note: = form.method", "", 0, 0),
    "note_that_is_a_code_kept": ("served: notice, note: = case.secret", "", 0, 0),
    "note_of_a_few_words": ("served: notice, note: = case.few", "", 0, 0),
    "title_of_what_is_published_below": ('start: kid, title: "{{ case.secret }}"', "{publish: result}", LINE, 0),
    "title_handed_on": ('start: kid, title: "{{ case.secret }}"', '{start: follow_up, title: "{{ case.title }}"}', LINE, 0),
    "title_not_handed_on": ('start: kid, title: "{{ case.secret }}"', "{start: follow_up, title: 另}", 0, 0),
    "title_shown_nowhere": ('start: kid, title: "{{ case.secret }}"', "", 0, 0),
    "title_in_the_log_of_draws": ('start: kid, title: "{{ case.secret }}"', f"{{{COMMIT}}}", LINE, 0),
    "title_of_the_case_above_is_published": ('start: kid, title: "{{ case.secret }}"', "{publish: result, above: true}", 0, 0),
    "of_the_case_above_in_a_title": ("start: kid", '{publish: result, title: "{{ parent.secret }}"}', 0, 12),
    "of_the_case_above_in_a_field": ("start: kid", "{set: {open_kid: = parent.secret}}", 0, 12),
    "of_cases_below": ('publish: result, title: "{{ collect(children.kid, it.hid_kid) }}"', "{set: {hid_kid: = form.witness}}", LINE, 0),
    "of_cases_below_public": ('publish: result, title: "{{ collect(children.kid, it.open_kid) }}"', "{set: {open_kid: 无}}", 0, 0),
    "of_a_row_in_a_title": ('start: kid, each: form.found, title: "{{ it.what }}"', "{publish: result}", LINE, 0),
    "of_a_row_in_a_field": ("start: kid, each: form.found, with: {open_kid: = it.what}", "{publish: result}", LINE, 0),
    "of_a_row_shown_nowhere": ('start: kid, each: form.found, title: "{{ it.what }}"', "", 0, 0),
    "of_the_firm": ('publish: result, title: "{{ subject.name }}"', "", 0, 0),
}  # fmt: skip


def _found(
    effect: str, child: str = "", start: str = "", listed: str = "", rule: str = RULE.id
) -> list[tuple[str, int]]:
    files = {FILE: STEPS % (start, effect), **FILES, "workflows/kid.yaml": CHILD % child}
    files["workflows/follow_up.yaml"] = PUBLISHED
    files["forms/listed.yaml"] = LISTED % listed
    context = {"workflows/parent.yaml": PARENT, "workflows/articles.yaml": ARTICLES}
    problems = load_files(files, context=context).problems
    return [(one.file, one.line) for one in problems if one.rule == rule]


@pytest.mark.parametrize("name", EFFECTS)
def test_what_a_step_makes_public(name: str) -> None:
    effect, child, here, below = EFFECTS[name]
    wanted = [*([(FILE, here)] if here else []), *([("workflows/kid.yaml", below)] if below else [])]
    assert _found(effect, child) == wanted


@pytest.mark.parametrize(
    ("listed", "named"), [("", True), (", public: true", False), (", choices: result_codes", False)]
)
def test_why_an_object_is_struck_off_is_in_the_log(listed: str, named: bool) -> None:
    effect = "remove: objects, rows: forms.listed.gone, asked_by: = actor.id"
    found = _found(effect, start=", form: listed", listed=listed)
    assert found == ([(FILE, LINE)] if named else [])


@pytest.mark.parametrize(("field", "named"), [("open_text", True), ("secret", False)])
def test_what_a_case_begins_with(field: str, named: bool) -> None:
    assert _found("publish: result", start=START % field) == ([(FILE, 5)] if named else [])


@pytest.mark.parametrize(
    ("effect", "named"),
    [
        ('set: {open_text: "见证人 {{ form.witness }}"}', True),
        ('set: {told: "见证人 {{ form.witness }}"}', True),
        ('set: {open_text: "见证人 ｛｛ form.witness ｝｝"}', True),
        ("set: {open_text: \"= '见证人 {{ form.witness }}'\"}", True),
        ('start: kid, with: {open_kid: "见证人 {{ form.witness }}"}', True),
        ('void: draw, because: "{{ form.witness }}", asked_by: x', True),
        ('served: notice, note: "{{ form.witness }}"', True),
        ('set: {open_text: "见 {甲} 和 }}"}', False),
        ('publish: result, title: "{{ case.title }}"', False),
    ],
)
def test_braces_where_nothing_is_filled_in(effect: str, named: bool) -> None:
    assert _found(effect, rule="value-not-expression") == ([(FILE, LINE)] if named else [])


def test_braces_in_a_text_that_is_shown_as_it_is() -> None:
    step = 'publish: result}\n    help: "{{ form.witness }} 没有签字"  # {'
    assert _found(step, rule="value-not-expression") == [(FILE, LINE + 1)]
