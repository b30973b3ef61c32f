"""The processes of the simulation: clocks of hours, steps the engine takes, messages, pages, children and a parent that waits for them."""

BATCH = """
workflow: batch
title: 批次
about: none
initial: drafting
start: {by: clerk}
states:
  drafting:
    title: 草拟
    for: clerk
    deadline: 8 hours
    remind: [4 hours before]
    overdue:
      at once: [chief]
      3 hours: {escalate: deputy}
  running: {title: 办理中, for: chief}
  complete: {title: 待总结, for: clerk}
  closed: {title: 已办结, final: true, open_children: leave}
transitions:
  - do: dispatch
    title: 派发
    from: drafting
    to: running
    reason: true
    form: list
    then:
      - start: errand
        each: form.errands
        title: = it.name
        section: = it.section
  - do: all_done
    title: 全部完成
    from: running
    to: complete
    join: {workflow: errand, reached: [entered]}
    then:
      - notify: clerk
        message: 全部完成
  - {do: close, title: 办结, from: complete, to: closed, reason: true}
"""
LIST = """
form: list
title: 名单
fields:
  - errands:
      title: 各件
      columns:
        - name: {title: 名称}
        - section: {title: 股室}
"""
ERRAND = """
workflow: errand
title: 差事
about: none
initial: open
start: {{by: clerk}}
states:
  open:
    title: 待办
    for: clerk
    deadline: {hours} hours
    remind: [3 hours before, 1 hours before]
    overdue:
      1 hours: [chief]
      2 hours: {{escalate: deputy}}
    verbs:
      claim: {{}}
      suspend: {{by: chief, pauses: [open]}}
      resume: {{by: chief}}
      urge: {{by: chief}}
  checking:
    title: 待核
    for: chief
    deadline: 10 hours
    remind: [2 hours before]
    verbs:
      return: {{by: chief, to: [open]}}
  entered: {{title: 待归档, for: clerk}}
  closed: {{title: 办结, final: true}}
transitions:
  - do: send
    title: 送核
    from: open
    to: checking
    reason: true
  - do: enter
    title: 核定
    from: checking
    to: entered
    reason: true
    then:
      - publish: result
      - notify: deputy
        message: "{{{{ case.title }}}}已核定"
  - {{do: file, title: 归档, from: entered, to: closed, reason: true}}
  - {{do: lapse, title: 逾期自动归档, from: entered, to: closed, after: 20 hours}}
"""
#: Hours of the first deadline in one version and in the next.
HOURS = (6, 7)
#: step -> the role that takes it.
STEPS = {
    "drafting": ("dispatch", "clerk"),
    "complete": ("close", "clerk"),
    "open": ("send", "clerk"),
    "checking": ("enter", "chief"),
    "entered": ("file", "clerk"),
}
#: section -> role -> who holds it.
HOLDERS = {"north": {"clerk": "anna", "chief": "carl"}, "south": {"clerk": "bela", "chief": "cora"}}
