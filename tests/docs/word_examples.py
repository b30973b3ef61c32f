"""Words of the language by example: each with what is right and what is wrong, and what the check says of the wrong one.

The page ``docs/reference/words.md`` is made from this table, and `test_word_examples.py` loads every example.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordExample:
    """One word: the blocks of a workflow, or a form, in which it is right and wrong."""

    word: str
    #: Said of it, in English and in Chinese.
    said: tuple[str, str]
    right: str
    wrong: str
    #: The rule the wrong one breaks.
    rule: str


def _step(more: str) -> str:
    return f"transitions:\n  - do: finish\n    title: 办结\n    from: open\n    to: done\n    form: onsite_check\n{more}"


def _require(that: str) -> str:
    return _step(f'    require:\n      - {{that: "{that}", else: 不符合要求, basis: 条例 第一条}}\n')


def _form(fields: str) -> str:
    return f"form: sample\ntitle: 示例\nfields:\n{fields}"


def _open(more: str) -> str:
    return f"states:\n  open: {{title: 待办, for: clerk, {more}}}\n  done: {{title: 办结, final: true}}\n"


def _children(when: str) -> str:
    return (
        "states:\n  open: {title: 待办, for: clerk}\n  waiting: {title: 等待}\n"
        "  done: {title: 办结, final: true, open_children: leave}\n"
        "transitions:\n  - {do: begin, title: 开始, from: open, to: waiting, then: [{start: follow_up}]}\n"
        f'  - {{do: finish, title: 办结, from: waiting, to: done, automatic: true, when: "{when}"}}\n'
    )


def _child_left(final: str, then: str) -> str:
    return (
        f"states:\n  open: {{title: 待办, for: clerk}}\n  done: {{title: 办结, final: true{final}}}\n"
        "transitions:\n  - {do: begin, title: 开始, from: open, then: [{start: follow_up}]}\n"
        f"  - {{do: finish, title: 办结, from: open, to: done{', then: ' + then if then else ''}}}\n"
    )


def _locked(first: str, second: str) -> str:
    return (
        f"states:\n  open: {{title: 待办, for: clerk{first}}}\n  hearing: {{title: 听证, for: clerk{second}}}\n"
        "  done: {title: 办结, final: true}\n"
        "transitions:\n  - {do: convene, title: 开始听证, from: open, to: hearing}\n"
        "  - {do: finish, title: 办结, from: hearing, to: done}\n"
    )


def _side_by_side(when: str) -> str:
    return (
        "initial: asking\nstates:\n  asking:\n    title: 征求意见\n    branches:\n"
        "      first: {title: 甲, for: clerk, form: onsite_check}\n"
        "      second: {title: 乙, for: section_chief, when: filled(case.title)}\n"
        "  done: {title: 办结, final: true}\n"
        "transitions:\n"
        f'  - {{do: finish, title: 办结, from: asking, to: done, automatic: true, when: "{when}"}}\n'
    )


def _led(who: str) -> str:
    return (
        "parties: {applicant: 申请人}\nstart: {by: clerk, then: [{assign: {applicant: = actor.id}}]}\n"
        f"states:\n  open: {{title: 待批, for: {who}}}\n  done: {{title: 办结, final: true}}\n"
    )


def _twice(more: str) -> str:
    return (
        "states:\n  open: {title: 待办, for: clerk}\n  review: {title: 待审, for: clerk}\n"
        "  done: {title: 办结, final: true}\n"
        "transitions:\n  - {do: submit, title: 提交, from: open, to: review}\n"
        f"  - {{do: finish, title: 办结, from: review, to: done, {more}}}\n"
    )


def _asked_system(name: str) -> str:
    return (
        "fields:\n  - staff: {title: 人数, type: integer}\n"
        "states:\n  open: {title: 待办, for: clerk}\n  waiting: {title: 待答复}\n"
        "  done: {title: 办结, final: true}\n"
        "transitions:\n"
        "  - {do: ask, title: 询问, from: open, to: waiting, then: [{call: attendance, send: {staff: = case.staff}}]}\n"
        f"  - {{do: answered, title: 已答复, from: waiting, to: done, on_answer: {name}}}\n"
    )


EXAMPLES: tuple[WordExample, ...] = (
    WordExample(
        "that",
        ("A condition is one expression.", "条件是一个表达式。"),
        _require("form.staff > 0 and filled(form.method)"),
        _step("    require:\n      - {that: {all: [form.refused]}, else: 不符合要求, basis: 条例 第一条}\n"),
        "wrong-shape",
    ),
    WordExample(
        "count",
        ("In how many rows a condition holds.", "条件在几行里成立。"),
        _require("count(form.found, it.due >= today) >= 1"),
        _require("count(form.found) >= 1"),
        "unknown-function",
    ),
    WordExample(
        "every",
        ("A condition holds in every row.", "条件在每一行都成立。"),
        _require("every(form.found, filled(it.what))"),
        _require("every(form.found, it.what)"),
        "guard-not-boolean",
    ),
    WordExample(
        "some",
        ("A condition holds in a row.", "条件在某一行成立。"),
        _require("some(form.found, it.due < today)"),
        _require("some(form.found, it.wat == 'x')"),
        "unknown-name",
    ),
    WordExample(
        "sum",
        ("A number of every row, added up.", "每一行的数相加。"),
        _require("sum(form.found, it.amount) <= form.wages"),
        _require("sum(form.found, it.what) <= form.wages"),
        "type-mismatch",
    ),
    WordExample(
        "sum where",
        (
            "The same of the rows in which a condition holds; so `min`, `max` and `collect`.",
            "只算条件成立的行；`min`、`max`、`collect` 也可以。",
        ),
        _require("sum(form.found, it.amount, it.due < today) <= form.wages"),
        _require("sum(form.found, it.amount, it.due) <= form.wages"),
        "guard-not-boolean",
    ),
    WordExample(
        "max",
        ("The greatest value of the rows; `min` the least.", "各行里最大的值；最小的是 `min`。"),
        _require("max(form.found, it.due) >= form.visited_on"),
        _require("max(form.staff, it.due) >= form.visited_on"),
        "type-mismatch",
    ),
    WordExample(
        "collect",
        ("A value of every row, as a list.", "每一行的一个值，收成列表。"),
        _require("'x' in collect(form.found, it.what)"),
        _require("'x' in collect(form.found, 'what')"),
        "type-mismatch",
    ),
    WordExample(
        "asked",
        ("Whether a question was put.", "这一栏问过没有。"),
        _require("not asked(form.share) or form.share <= '50%'"),
        _require("asked(case.title)"),
        "type-mismatch",
    ),
    WordExample(
        "*",
        ("Products and quotients are exact; units must fit.", "乘除是精确的；单位要相合。"),
        _require("form.staff * 2 >= 10"),
        _require("form.share + form.staff > 1"),
        "unit-mismatch",
    ),
    WordExample(
        "round",
        ("What is kept says how it is rounded.", "记下来的数写明怎样取整。"),
        "fields:\n  - each: {title: 人均, type: decimal}\n"
        + _step('    then:\n      - set: {each: "= round(form.wages / form.staff, 2)"}\n'),
        "fields:\n  - each: {title: 人均, type: decimal}\n"
        + _step("    then:\n      - set: {each: = form.wages / form.staff}\n"),
        "unit-mismatch",
    ),
    WordExample(
        "set",
        ("A text is kept as it stands; `= …` is worked out.", "文字照原样记；`= …` 才计算。"),
        "fields:\n  - kept: {title: 结果}\n  - staff: {title: 人数, type: integer}\n"
        + _step("    then:\n      - set: {kept: visited, staff: = form.staff}\n"),
        "fields:\n  - staff: {title: 人数, type: integer}\n"
        + _step("    then:\n      - set: {staff: form.staff}\n"),
        "value-not-expression",
    ),
    WordExample(
        "when",
        ("Asked, or done, only where it holds.", "成立时才问、才办。"),
        _form("  - a: {title: 甲, type: boolean}\n  - b: {title: 乙, when: form.a}\n"),
        _form("  - a: {title: 甲, type: boolean}\n  - b: {title: 乙, relevant: form.a}\n"),
        "unknown-key",
    ),
    WordExample(
        "optional",
        ("Everything else must be answered.", "没有写的都必须填。"),
        _form("  - a: {title: 甲, optional: true}\n"),
        _form("  - a: {title: 甲, required: true}\n"),
        "unknown-key",
    ),
    WordExample(
        "fields",
        ("The name of a field comes first.", "字段的名字写在最前。"),
        _form("  - a: {title: 甲, type: integer, min: 0, max: 9}\n"),
        _form("  - {name: a, title: 甲}\n"),
        "wrong-shape",
    ),
    WordExample(
        "id",
        ("What the answers of a renamed field are kept under.", "改了名字的字段，答案仍记在原来的标识下。"),
        _form("  - workers: {title: 职工人数, type: integer, id: staff}\n"),
        _form("  - workers: {title: 职工人数, id: staff}\n  - staff: {title: 又一栏}\n"),
        "duplicate-name",
    ),
    WordExample(
        "columns",
        ("Columns, or the name of a group of the bureau.", "各列，或单位列组的名字。"),
        _form("  - a: {title: 甲, columns: [b: {title: 乙}]}\n"),
        _form("  - a: {title: 甲, columns: rows}\n"),
        "unknown-name",
    ),
    WordExample(
        "overdue",
        ("How long after the deadline, and what follows.", "逾期多久以后做什么。"),
        _open("deadline: 5 days, overdue: {at once: clerk, 2 days: {escalate: section_chief}}"),
        _open("deadline: 5 days, overdue: [{after: 0 days, notify: clerk}]"),
        "wrong-shape",
    ),
    WordExample(
        "remind",
        ("Reminders, or the name of a policy of the bureau.", "提醒，或单位逾期办法的名字。"),
        _open("deadline: 5 days, remind: [2 days before, on the day]"),
        _open("deadline: 5 days, remind: usual"),
        "unknown-name",
    ),
    WordExample(
        "verbs",
        ("A word, or a word with what it says.", "一个词，或一个词和它的内容。"),
        _open("verbs: [claim, reassign: {by: section_chief}]"),
        _open("verbs: [claim, reasign]"),
        "unknown-word",
    ),
    WordExample(
        "start",
        ("`then` sets and assigns as a case is started.", "`then` 在启动时记录、指定。"),
        "fields:\n  - who: {title: 启动人, type: person}\nstart: {by: clerk, then: [{set: {who: = actor.id}}]}\n",
        "start: {by: clerk, then: [{publish: result}]}\n",
        "unknown-effect",
    ),
    WordExample(
        "children",
        (
            "Child cases, counted by state, and one by one where rows are asked for.",
            "子案件：按环节计数；在要行的地方是各件子案件。",
        ),
        _children("children.follow_up.in.doing == 0 and every(children.follow_up, it.risk_class == 'A')"),
        _children("children.follow_up.in.gone == 0"),
        "unknown-name",
    ),
    WordExample(
        "open_children",
        (
            "What becomes of child cases that are open when a case ends: `refuse` or `leave`.",
            "案件办结时未办结的子案件怎么办：`refuse`（须先办结）或 `leave`（继续办理）。",
        ),
        _child_left(", open_children: leave", ""),
        _child_left("", ""),
        "open-children",
    ),
    WordExample(
        "end",
        (
            "Ends open child cases, those `where` chooses, in a final state of theirs, with the reason.",
            "终止未办结的子案件（`where` 选出的），转到它们的一个终点，写明理由。",
        ),
        _child_left("", "[{end: follow_up, to: closed, because: 不再需要}]"),
        _child_left(", open_children: leave", "[{end: follow_up, to: doing, because: 不再需要}]"),
        "open-children",
    ),
    WordExample(
        "lock",
        (
            "Of all cases of the bureau at most one is in a state with this name.",
            "全局各件里同时最多一件在写着这个名字的环节。",
        ),
        _locked("", ", lock: 听证室"),
        _locked(", lock: 听证室", ""),
        "lock-out-of-place",
    ),
    WordExample(
        "personal",
        (
            "The answers are of a person: kept beside the history of the case, and destroyed at their term.",
            "答的是个人信息：放在案件历史之外，期满销毁。",
        ),
        _form("  - phone: {title: 联系电话, personal: true}\n"),
        _form("  - count: {title: 人数, type: integer, personal: true}\n"),
        "wrong-shape",
    ),
    WordExample(
        "to_children",
        (
            "Child cases may read this field of the case above, as `parent.NAME`.",
            "子案件可以读上级件的这个字段，写作 `parent.NAME`。",
        ),
        "fields:\n  - ceiling: {title: 经费上限, type: integer, to_children: true}\n",
        "fields:\n  - ceiling: {title: 经费上限, type: integer, to_children: 5}\n",
        "wrong-shape",
    ),
    WordExample(
        "branches",
        (
            "Tasks side by side in one state; an automatic step leaves it when enough are done.",
            "一个环节里几项并排的待办；办够了，由自动步骤离开。",
        ),
        _side_by_side("branches.done >= 1 and not branches.second.done"),
        _side_by_side("branches.third.done"),
        "unknown-name",
    ),
    WordExample(
        "in_order",
        ("Signed by one after the other (依次审批).", "一个接一个签署（依次审批）。"),
        "transitions:\n"
        "  - {do: finish, title: 办结, from: open, to: done, sign: {mode: in_order, by: [clerk, section_chief]}}\n",
        "transitions:\n"
        "  - {do: finish, title: 办结, from: open, to: done, sign: {mode: in_turn, by: [clerk, section_chief]}}\n",
        "unknown-word",
    ),
    WordExample(
        "superior of",
        (
            "The superior of a party; `superior 2 of`, `superiors of … up to 3`.",
            "参与人的上级；`…的第2级上级`、`…的各级上级至第3级`。",
        ),
        _led("superior of applicant"),
        _led("superior of nobody"),
        "undeclared-party",
    ),
    WordExample(
        "entrust",
        ("Somebody works on a task and hands it back.", "委派：请一人先办，办后交回。"),
        _open("verbs: [entrust: {among: section_chief}]"),
        _open("verbs: [entrust: {to: section_chief}]"),
        "unknown-key",
    ),
    WordExample(
        "correct",
        ("One answer typed wrong is put right, without going back.", "更正：填错的一项改正，不退回。"),
        _open("verbs: [correct: {approve: section_chief}]"),
        _open("verbs: [correct: {fields: [note]}]"),
        "unknown-key",
    ),
    WordExample(
        "circulate",
        ("Somebody reads the case and says that they have.", "传阅：请人阅知，阅后回执。"),
        _open("verbs: [circulate]"),
        _open("verbs: [circulate: {among: nobody}]"),
        "unknown-role",
    ),
    WordExample(
        "copy_to",
        ("Copies to roles and parties, to be read.", "抄送：给角色和参与人各一份，请其阅知。"),
        _step("    then:\n      - {copy_to: [section_chief, leading_office], message: 请阅知}\n"),
        _step("    then:\n      - {copy_to: section_chief, urgent: true}\n"),
        "unknown-argument",
    ),
    WordExample(
        "same_approver",
        (
            "A step whoever brought the case here could take too is skipped.",
            "刚办上一步的人也可以办的一步，自动跳过。",
        ),
        _twice("same_approver: skip"),
        _twice("same_approver: skip, reason: true"),
        "engine-step",
    ),
    WordExample(
        "call",
        (
            "Another system is asked; `on_answer` is the step its answer takes.",
            "调用其他系统；`on_answer` 是其答复时办的一步。",
        ),
        _asked_system("attendance"),
        _asked_system("payroll"),
        "answer-not-asked",
    ),
)
