"""An id that is not a plain name, or that the system uses itself."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="bad-name",
    severity=Severity.ERROR,
    text=say("编号只用字母、汉字、数字和下划线；流程和表单的编号只用小写字母、数字和下划线。"),
    wrong="""\
parties: {检查 人员: 检查人员}
""",
    right="""\
parties: {inspectors: 检查人员}
""",
)
