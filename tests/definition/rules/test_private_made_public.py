"""What is not public is in no title and no public field."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU, FORM, lines_of

from engine.definition.library import load_files
from engine.definition.rules.private_made_public import RULE

#: What is written, and the line that is named; none where it is right.
CASES: dict[str, tuple[str, list[int]]] = {
    "in_a_title": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {publish: result, title: "检查结果（{{ form.staff }}）"}
""",
        [11],
    ),
    "copied": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {set: {open_way: = form.method}}
""",
        [11],
    ),
    "a_number": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {set: {open_count: = form.staff}}
""",
        [],
    ),
    "the_title_of_the_case": (
        """\
fields:
  - open_count: {title: 职工人数, type: integer, public: true}
  - open_way: {title: 检查方式, choices: {onsite: 现场, written: 书面}, public: true}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {publish: result, title: "{{ case.title }}"}
""",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_line_is_named(name: str) -> None:
    text, lines = CASES[name]
    assert lines_of(RULE.id, text) == lines


#: What a public text of the case is set to, or a title: a private answer is shown by what is made of it, or only counted or compared.
MADE = {
    "{set: {open_text: '= first_filled(form.witness, form.witness)'}}": True,
    "{set: {open_text: '= max(form.found, it.what)'}}": True,
    "{set: {open_texts: '= collect(form.found, it.what)'}}": True,
    "{set: {open_texts: '= unique(form.cards)'}}": True,
    "{set: {open_text: = reason}}": True,
    "{publish: result, title: '{{ reason }}'}": True,
    "{set: {open_count: '= length(form.cards)'}}": False,
    "{set: {open_count: '= count(form.found, filled(it.what))'}}": False,
    "{set: {open_flag: = form.witness == form.witness}}": False,
    "{set: {open_text: '= first_filled(case.open_text, case.open_text)'}}": False,
}


@pytest.mark.parametrize("effect", MADE)
def test_what_is_made_of_an_answer_may_show_it(effect: str) -> None:
    text = f"""\
fields:
  - open_text: {{title: 说明, public: true}}
  - open_texts: {{title: 各项说明, type: list, public: true}}
  - open_count: {{title: 项数, type: integer, public: true}}
  - open_flag: {{title: 有无, type: boolean, public: true}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    reason: true
    then: [{effect}]
"""
    assert lines_of(RULE.id, text) == ([13] if MADE[effect] else [])


@pytest.mark.parametrize(
    ("computed", "named"),
    [
        ("form.contact", True),
        ("form.again", True),
        ("first_filled(form.contact, form.contact)", True),
        ("collect(form.lines, it.who)", True),
        ("form.open", False),
        ("collect(form.lines, it.amount)", False),
    ],
)
def test_a_public_question_of_a_form_is_not_worked_out_from_a_private_answer(
    computed: str, named: bool
) -> None:
    text = f"""\
form: sample
title: 示例
fields:
  - contact: {{title: 联络员}}
  - open: {{title: 公开的, public: true}}
  - lines:
      title: 各行
      columns:
        - who: {{title: 姓名}}
        - amount: {{title: 金额, type: decimal}}
  - again: {{title: 再写, computed: form.contact}}
  - shown: {{title: 公示, {"type: list, " if "collect" in computed else ""}public: true, computed: "{computed}"}}
"""
    assert lines_of(RULE.id, text) == ([12] if named else [])


@pytest.mark.parametrize(
    ("computed", "named"),
    [
        ("forms.onsite_check.witness", True),
        ("first_filled(forms.onsite_check.witness, case.kept)", True),
        ("case.kept", True),
        ("collect(forms.onsite_check.found, it.what)", True),
        ("case.open", False),
        ("'有' in forms.onsite_check.witness", False),
    ],
)
def test_nor_from_one_of_another_form_or_of_the_case(computed: str, named: bool) -> None:
    second = f"""\
form: second
title: 二
fields:
  - shown: {{title: 公示, {"type: list, " if "collect" in computed else "boolean, " if " in " in computed else ""}public: true, computed: "{computed}"}}
  - ok: {{title: 是否, boolean}}
"""
    made = """\
workflow: made
title: 试
about: none
initial: open
start: {by: [clerk]}
fields:
  - kept: {title: 记}
  - open: {title: 公开的, public: true}
states:
  open: {title: 甲, for: clerk, no deadline: 试}
  next: {title: 乙, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - {do: one, title: 一, from: open, to: next, form: onsite_check, then: [{set: {kept: = form.witness, open: 无}}]}
  - {do: two, title: 二, from: next, to: done, form: second, then: [{publish: result}]}
"""
    loaded = load_files(
        {"bureau.yaml": BUREAU, "onsite_check.yaml": FORM, "second.yaml": second, "made.yaml": made}
    )
    found = [(one.file, one.line) for one in loaded.problems if one.rule == RULE.id]
    assert found == ([("made.yaml", 15)] if named else []), [str(one) for one in loaded.problems]
