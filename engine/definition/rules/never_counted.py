"""A measure, a row of the supervision report or a column of statistics that can never count anything."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

_BUREAU = """\
bureau: demo_bureau
title: 示例区人力资源和社会保障局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {team: 劳动监察大队}
roles: {clerk: {title: 录入员, scope: section}}
codes:
  result_codes: {no_problem: 未发现问题, problem: 发现问题}
measures:
  handled:
    title: 后续处置完结率
    part: {where: case.state == 'closed'}
"""

RULE = Rule(
    id="never-counted",
    severity=Severity.WARNING,
    text=say("指标、督导和统计数的内容要有数得到的时候；比率的分母不能总是 0。"),
    wrong=f"{_BUREAU}    whole: {{cases: follow_up, where: filled(case.risk_class)}}\n",
    right=f"{_BUREAU}    whole: {{cases: follow_up}}\n",
    blocks_graph=False,
)
