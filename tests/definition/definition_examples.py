"""Small definitions the tests of this room share."""

from __future__ import annotations

import re

from engine.definition.library import Loaded, load_files

BUREAU = """\
bureau: demo_bureau
title: 示例区人力资源和社会保障局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {team: 劳动监察大队, relations: 劳动关系股}
roles:
  clerk: {title: 录入员, scope: section}
  section_chief: {title: 股室负责人, scope: section}
  leading_office: {title: 领导小组办公室, scope: bureau}
targets: {coverage: 5%}
ratings: {credit: {title: 信用风险分级, classes: [A, B, C, D]}}
codes:
  result_codes: {no_problem: 未发现问题, problem: 发现问题}
"""

FORM = """\
form: onsite_check
title: 现场检查记录
fields:
  - visited_on: {title: 检查日期, type: date}
  - finished_on: {title: 结束日期, type: date, optional: true}
  - method: {title: 检查方式, choices: {onsite: 现场, written: 书面}, optional: true}
  - signed_by: {title: 签字人员, type: persons, min: 2, optional: true}
  - wages: {title: 欠薪金额, type: decimal, optional: true}
  - share: {title: 比例, type: ratio, optional: true}
  - refused: {title: 拒绝签字, type: boolean, optional: true}
  - staff: {title: 职工人数, type: integer, optional: true}
  - result: {title: 结果, choices: result_codes, optional: true}
  - witness: {title: 见证人, personal: true, optional: true}
  - cards: {title: 证件号, type: list, personal: true, optional: true}
  - found:
      title: 发现
      optional: true
      columns:
        - what: {title: 问题, optional: true}
        - due: {title: 期限, type: date, optional: true}
        - amount: {title: 金额, type: decimal, optional: true}
rows:
  - {id: contract, title: 劳动合同, points: 一个月内订立书面劳动合同, basis: 劳动合同法 第十条}
"""

FOLLOW_UP = """\
workflow: follow_up
title: 后续处置
about: object
initial: doing
fields:
  - risk_class: {title: 风险等级}
parties: {handlers: 承办人}
states:
  doing: {title: 处置中, for: handlers, no deadline: 示例流程，不设时限}
  closed: {title: 已办结, final: true}
transitions:
  - {do: close, title: 办结, from: doing, to: closed}
"""

BLOCKS = {
    "workflow": "workflow: demo\n",
    "title": "title: 示例流程\n",
    "about": "about: object\n",
    "initial": "initial: open\n",
    "start": "start: {by: clerk}\n",
    "parties": "parties: {inspectors: 检查人员}\n",
    "states": "states:\n  open: {title: 待办, for: clerk, no deadline: 示例流程，不设时限}\n  done: {title: 办结, final: true}\n",
    "transitions": "transitions:\n  - {do: finish, title: 办结, from: open, to: done}\n",
}

FILES = {"bureau.yaml": BUREAU, "forms/onsite_check.yaml": FORM, "workflows/follow_up.yaml": FOLLOW_UP}
FILE = "workflows/demo.yaml"


def workflow_text(blocks: str = "") -> str:
    """Return a whole workflow: the given blocks first, then those of a sound one that are missing."""
    written = set(re.findall(r"^([^\s:：#]+)[:：]", blocks, re.MULTILINE))
    if blocks and not blocks.endswith("\n"):
        blocks += "\n"
    return (
        BLOCKS["workflow"]
        + blocks
        + "".join(text for key, text in BLOCKS.items() if key not in written and key != "workflow")
    )


def load_example(text: str) -> Loaded:
    """Load an example among the other files: a whole file, or blocks of a workflow."""
    first = re.match(r"([^\s:：#]+)[:：]", text)
    if first is not None and first.group(1) in ("form", "bureau", "workflow", "标题", "流程", "表单"):
        # An example of a bureau is instead of the one there is.
        files = {FILE: text, **FILES}
        if first.group(1) == "bureau":
            del files["bureau.yaml"]
    else:
        files = {FILE: workflow_text(text), **FILES}
    return load_files(files, context={"workflows/parent.yaml": PARENT, "workflows/articles.yaml": ARTICLES})


#: What a basis of an example may cite.
ARTICLES = """\
articles: standard
laws:
  regulation:
    title: 条例
    articles:
      1: {title: 目的}
      2: {title: 适用范围}
      3: {title: 职责}
  contract:
    title: 劳动合同法
    articles:
      10: {title: 订立合同}
  inspection:
    title: 劳动保障监察条例
    articles:
      16: {title: 检查人员、证件和回避}
"""

#: Starts `follow_up`, so that it is not reported as never started.
PARENT = workflow_text(
    "states:\n  open: {title: 待办, for: clerk}\n  done: {title: 办结, final: true, open_children: leave}\n"
    "transitions:\n  - {do: finish, title: 办结, from: open, to: done, then: [{start: follow_up}]}\n"
).replace("workflow: demo", "workflow: parent")


def lines_of(rule: str, text: str) -> list[int]:
    """Return the lines of `text` in which `rule` finds something, in order."""
    # Blocks of a workflow come behind its first line.
    first = 0 if text.startswith(("form:", "workflow:", "bureau:")) else 1
    return sorted(
        problem.line - first
        for problem in load_example(text).problems
        if problem.rule == rule and problem.file == FILE
    )


def told(text: str) -> list[str]:
    """Return ``line:column rule`` of every error and warning of the example."""
    return [
        f"{problem.line}:{problem.column} {problem.rule}"
        for problem in load_example(text).problems
        if problem.file == FILE and problem.severity != "advice"
    ]
