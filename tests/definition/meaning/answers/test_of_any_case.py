"""Answers read through another case, or through tasks side by side, are followed as those of the case itself are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from definition_examples import ARTICLES, BUREAU
from meaning_example import subject_of

from engine.definition.library import Loaded, load_files
from engine.definition.meaning.answers.of_any_case import above, meant, personal_facts, spelled
from engine.lifecycle.model.workflow import Transition

SHEET = """\
form: sheet
title: 笔录
fields:
  - told_by: {title: 陈述人, personal: true, optional: true}
  - words: {title: 陈述, optional: true}
  - shown: {title: 结论, public: true, optional: true}
  - sum: {title: 数额, type: decimal, optional: true}
  - lines:
      title: 明细
      optional: true
      columns:
        - what: {title: 摘要, optional: true}
        - shown: {title: 公开摘要, public: true, optional: true}
"""
OWN = """\
form: own
title: 小结
fields:
  - said: {title: 小结, optional: true}
  - text: {title: 公开小结, public: true%s}
"""
OVER = """\
workflow: over
title: 上级
about: none
initial: open
start: {by: clerk}
fields:
  - private: {title: 内部说明, to_children: true}
  - public: {title: 公开说明, public: true, to_children: true}
  - list: {title: 公开清单, list, public: true}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  side:
    title: 并行
    no deadline: 试
    branches:
      left: {title: 左, for: clerk, form: sheet}
      right: {title: 右, for: clerk, form: sheet}
  wait: {title: 待汇总, for: clerk, no deadline: 试}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: go, title: 开, from: open, to: side, then: [{start: under, title: 下级, with: {hidden: = case.private}}]}
  - {do: gather, title: 齐, from: side, to: wait, automatic: true, when: branches.open == 0}
  - do: finish
    title: 办结
    from: wait
    to: done
    form: own
    then:
      - {render: notice}
      - {%s}
"""
LINE = OVER[: OVER.index("      - {%s}")].count("\n") + 1
UNDER = """\
workflow: under
title: 下级
about: none
initial: open
fields:
  - hidden: {title: 内情}
  - copied: {title: 抄录}
states:
  open: {title: 待填, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - do: fill
    title: 填
    from: open
    to: done
    form: sheet
    then:
      - {set: {copied: = form.told_by}}
      - {%s}
"""
UNDER_LINE = UNDER[: UNDER.index("      - {%s}")].count("\n") + 1
#: Begun by hand below a case of whatever workflow.
BESIDE = """\
workflow: beside
title: 另件
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待填, for: clerk, no deadline: 试}
  done: {title: 办结, final: true}
transitions:
  - {do: fill, title: 填, from: open, to: done, form: sheet, then: [{%s}]}
"""
QUIET = 'notify: clerk, message: "已办"'
OF_FORMS = "collect(children.under, it.forms.sheet.%s)"
PUBLIC, PERSONAL = "private-made-public", "personal-in-a-text"


def loaded(
    here: str = QUIET, below: str = QUIET, beside: str = "", worked_out: str = ", optional: true"
) -> Loaded:
    """Load the definitions with what the last step of the case above, of the one below and of the one begun by hand does."""
    files = {
        "bureau.yaml": BUREAU,
        "forms/sheet.yaml": SHEET,
        "forms/own.yaml": OWN % worked_out,
        "workflows/over.yaml": OVER % here,
        "workflows/under.yaml": UNDER % below,
    }
    if beside:
        files["workflows/beside.yaml"] = BESIDE % beside
    return load_files(files, context={"workflows/articles.yaml": ARTICLES})


def found(given: Loaded) -> list[tuple[str, str, int]]:
    """Return rule, file and line of the two rules."""
    return [
        (one.rule, one.file.rsplit("/")[-1], one.line)
        for one in given.problems
        if one.rule in (PUBLIC, PERSONAL)
    ]


#: What the case above does at its end, and the rules that name it.
SHOWN: dict[str, tuple[str, list[str]]] = {
    "words_in_a_title": (f'publish: result, title: "{{{{ {OF_FORMS % "words"} }}}}"', [PUBLIC]),
    "a_person_in_a_title": (f'publish: result, title: "{{{{ {OF_FORMS % "told_by"} }}}}"', [PERSONAL, PUBLIC]),
    "the_most_in_a_title": ('publish: result, title: "{{ max(children.under, it.forms.sheet.sum) }}"', [PUBLIC]),
    "what_is_public": (f'publish: result, title: "{{{{ {OF_FORMS % "shown"} }}}}"', []),
    "how_many": ("publish: result, title: \"{{ count(children.under, it.forms.sheet.words == 'x') }}\"", []),
    "words_in_a_field": (f'set: {{list: "= {OF_FORMS % "words"}"}}', [PUBLIC]),
    "the_least_in_a_field": ('set: {public: "= min(children.under, it.forms.sheet.words)"}', [PUBLIC]),
    "public_words_in_a_field": (f'set: {{list: "= {OF_FORMS % "shown"}"}}', []),
    "words_in_a_private_field": ('set: {private: "= max(children.under, it.forms.sheet.words)"}', []),
    "words_in_a_note": (f'served: notice, note: "= {OF_FORMS % "words"}"', [PUBLIC]),
    "public_words_in_a_note": (f'served: notice, note: "= {OF_FORMS % "shown"}"', []),
    "a_person_in_a_message": (f'notify: clerk, message: "{{{{ {OF_FORMS % "told_by"} }}}}"', [PERSONAL]),
    "words_in_a_message": (f'notify: clerk, message: "{{{{ {OF_FORMS % "words"} }}}}"', []),
    "a_copy_in_a_message": ('notify: clerk, message: "{{ collect(children.under, it.copied) }}"', [PERSONAL]),
    "rows_of_rows": (
        'publish: result, title: "{{ collect(children.under, collect(it.forms.sheet.lines, it.what)) }}"',
        [PUBLIC],
    ),
    "words_of_one_task": ('publish: result, title: "{{ branches.left.answers.words }}"', [PUBLIC]),
    "words_of_every_task": ('publish: result, title: "{{ collect(branches, it.answers.words) }}"', [PUBLIC]),
    "public_words_of_a_task": ('publish: result, title: "{{ branches.left.answers.shown }}"', []),
    "words_of_a_task_in_a_field": ("set: {public: = branches.right.answers.words}", [PUBLIC]),
    "a_person_of_a_task": ('notify: clerk, message: "{{ branches.left.answers.told_by }}"', [PERSONAL]),
    "whether_a_task_is_done": ('publish: result, title: "{{ branches.left.title }}"', []),
    "how_many_tasks": ('publish: result, title: "{{ branches.total }}"', []),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_what_the_case_above_shows(name: str) -> None:
    effect, rules = SHOWN[name]
    assert found(loaded(effect)) == [(rule, "over.yaml", LINE) for rule in rules]


@pytest.mark.parametrize(
    ("effect", "named"),
    [
        ('publish: result, title: "{{ parent.private }}"', [PUBLIC]),
        ('publish: result, title: "{{ parent.public }}"', []),
        ("set: {public: = form.words}, above: true", [PUBLIC]),
        ("set: {private: = form.words}, above: true", []),
        ("set: {public: = form.shown}, above: true", []),
    ],
)
def test_what_the_case_below_takes_and_gives(effect: str, named: list[str]) -> None:
    assert found(loaded(below=effect)) == [(rule, "under.yaml", UNDER_LINE) for rule in named]


def test_a_title_made_of_private_words_that_the_case_above_publishes() -> None:
    begins = 'start: under, title: "{{ form.said }}"'
    shows = 'publish: result, title: "{{ collect(children.under, it.title) }}"'
    assert found(loaded(begins)) == []
    both = loaded(begins + "}\n      - {" + shows)
    assert found(both) == [(PUBLIC, "over.yaml", LINE)]


def test_a_personal_answer_that_is_handed_up_and_down() -> None:
    handed_up = "set: {private: = form.told_by}, above: true"
    message = 'notify: clerk, message: "{{ case.private }}"'
    assert found(loaded(message)) == []
    assert found(loaded(message, handed_up)) == [(PERSONAL, "over.yaml", LINE)]
    # The case above hands it on to the next case it starts.
    below = handed_up + '}\n      - {notify: clerk, message: "{{ case.hidden }}"'
    assert found(loaded(below=below)) == [(PERSONAL, "under.yaml", UNDER_LINE + 1)]


def test_a_case_begun_by_hand_stands_below_any() -> None:
    given = loaded(beside="set: {public: = form.words}, above: true")
    assert found(given) == [(PUBLIC, "beside.yaml", 10)]
    workflows = loaded(beside="set: {public: = form.shown}, above: true").library.workflows
    assert {one.id for one in above(workflows["beside"], workflows)} == {"over", "under"}
    assert [one.id for one in above(workflows["under"], workflows)] == ["over"]


def test_a_public_question_worked_out_of_cases_below() -> None:
    out = ', computed: "max(children.under, it.forms.sheet.%s)"'
    assert [rule for rule, *_ in found(loaded(worked_out=out % "words"))] == [PUBLIC]
    assert found(loaded(worked_out=out % "shown")) == []


def test_a_whole_case_is_all_it_holds() -> None:
    given = loaded()
    workflows = given.library.workflows
    step = Transition(id="x", title="", sources=(), target=None)

    def titles(*path: str) -> set[str]:
        return {one.asked.title for one in meant(workflows["over"], workflows, step, path)}

    answers = {"陈述人", "陈述", "结论", "数额", "明细"}
    assert titles("children", "under", "each") == answers | {"内情", "抄录"}
    assert titles("children", "under", "each", "forms", "sheet") == answers
    assert titles("children", "under", "each", "title") == set()
    assert titles("children", "under", "in", "done") == set()
    assert titles("branches", "each") == titles("branches", "left", "answers") == answers
    assert titles("branches", "each", "by") == titles("children") == set()
    assert meant(workflows["under"], workflows, step, ("parent", "private"))[0].fact == ("over", "private")


def test_which_facts_hold_a_personal_answer() -> None:
    workflows = loaded(below="set: {private: = form.told_by}, above: true").library.workflows
    subject = replace(subject_of(), others=workflows)
    held = {("over", "private"), ("under", "copied"), ("under", "hidden")}
    assert personal_facts(subject) == subject.known.personal_facts == held


def test_names_are_told_without_the_word_for_each() -> None:
    assert (
        spelled(("children", "under", "each", "forms", "sheet", "words"))
        == "children.under.forms.sheet.words"
    )
