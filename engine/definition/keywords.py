"""The words of the language in English and Chinese; both load to the same definition.

The words of verbs and of ``overdue:`` come from the tables of `engine.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language import Message, say
from engine.lifecycle.model.overdue import OVERDUE_KEYS
from engine.lifecycle.verbs.table import DECLARED

_KEYS: Mapping[str, tuple[str, ...]] = {
    "workflow": ("流程",),
    "form": ("表单",),
    "bureau": ("单位",),
    "title": ("名称",),
    "about": ("对象",),
    "help": ("说明",),
    "basis": ("依据",),
    "initial": ("起始",),
    "start": ("启动",),
    "parties": ("参与人",),
    "fields": ("字段",),
    "states": ("环节",),
    "clocks": ("时钟",),
    "transitions": ("办理",),
    "steps": ("步骤",),
    "verbs": ("操作",),
    "for": ("由谁办",),
    "deadline": ("时限",),
    "no deadline": ("不设时限",),
    "remind": ("提醒",),
    "clock": ("所守时限",),
    "overdue": ("逾期",),
    "after": ("之后",),
    "notify": ("通知",),
    "every": ("每隔",),
    "urgent": ("紧急",),
    "final": ("终点",),
    "roll": ("遇休",),
    "during": ("期间",),
    "since": ("起算",),
    "do": ("动作",),
    "from": ("从",),
    "to": ("到",),
    "by": ("谁可办",),
    "item_forms": ("事项表单",),
    "reason": ("说明理由",),
    "require": ("须满足",),
    "that": ("条件",),
    "else": ("否则",),
    "warn": ("提示",),
    "when": ("当",),
    "then": ("然后",),
    "automatic": ("自动",),
    "on": ("日期",),
    "effective": ("施行",),
    "on_expiry": ("到期时",),
    "join": ("汇合",),
    "reached": ("到达",),
    "field": ("项",),
    "value": ("值",),
    "where": ("其中",),
    "count": ("计数",),
    "type": ("类型",),
    "optional": ("选填",),
    "recommended": ("建议填写",),
    "exclusive": ("排他选项",),
    "offered": ("可选条件",),
    "page": ("页",),
    "hidden": ("隐藏",),
    "read_only": ("只读",),
    "column_groups": ("列组",),
    "policies": ("逾期办法",),
    "policy": ("照办法",),
    "untouched": ("无人过问",),
    "public": ("公开",),
    "personal": ("个人信息",),
    "unit": ("单位量",),
    "choices": ("选项",),
    "columns": ("列",),
    "computed": ("计算",),
    "constraint": ("约束",),
    "example": ("示例",),
    "constraints": ("整表约束",),
    "rows": ("检查事项",),
    "id": ("编号",),
    "points": ("要点",),
    "method": ("方法",),
    "section": ("小节", "所属股室"),
    "set": ("记录",),
    "assign": ("指定",),
    "message": ("内容",),
    "copy_to": ("抄送",),
    "call": ("调用",),
    "send": ("发送",),
    "on_answer": ("答复时",),
    "same_approver": ("同一审批人",),
    "each": ("每个",),
    "with": ("带入",),
    "end": ("终止",),
    "branches": ("并行",),
    "lock": ("独占",),
    "open_children": ("未结子件",),
    "to_children": ("子件可见",),
    "publish": ("公示",),
    "withdraw": ("撤回公示",),
    "freeze": ("冻结",),
    "commit": ("承诺",),
    "enter": ("录入",),
    "draw": ("抽取",),
    "replace": ("更换",),
    "remove": ("剔除",),
    "void": ("作废",),
    "render": ("文书",),
    "paper": ("文书办理",),
    "becomes": ("进到",),
    "as": ("作为",),
    "note": ("备注",),
    "papers": ("文书编号",),
    "agency": ("机关代字",),
    "office": ("机关信息",),
    "series": ("序列",),
    "pattern": ("样式",),
    "archive": ("归档",),
    "contents": ("卷内材料",),
    "retention": ("保管期限",),
    "children": ("子件",),
    "signed": ("签名栏",),
    "copy": ("企业留存",),
    "keep": ("保管",),
    "main_case": ("随主件",),
    "notice": ("到期前告知",),
    "pool": ("抽取范围",),
    "ratios": ("比例",),
    "total": ("总数",),
    "scheme": ("分级办法",),
    "labels": ("标签",),
    "items": ("事项",),
    "inspectors": ("每组人数",),
    "sections": ("股室",),
    "role": ("按角色",),
    "entropy_rule": ("随机源规则",),
    "entropy": ("随机源",),
    "entropy_sources": ("随机源来源",),
    "sources": ("开奖来源",),
    "sources_reason": ("单一来源理由",),
    "no_anchor": ("无外部凭据理由",),
    "second": ("复核人",),
    "asked_by": ("申请人",),
    "evidence": ("证据",),
    "cap_exempt": ("上限除外",),
    "min_each": ("每层至少",),
    "exclude": ("排除名单",),
    "register_counts": ("来源户数",),
    "experts": ("每组专家数",),
    "obtained": ("取得于",),
    "profile": ("公开方式",),
    "custodians": ("代码保管人",),
    "custodian_codes": ("保管人代码",),
    "reveal": ("揭示",),
    "valid_on": ("证件有效日",),
    "rotation": ("轮换",),
    "match": ("专业匹配",),
    "cap": ("人均上限",),
    "of": ("出自流程",),
    "above": ("上级件的",),
    "added": ("另加",),
    "certified": ("须持有效执法证件",),
    "because": ("缘由",),
    "person": ("人员",),
    "party": ("参与人组",),
    "among": ("限于",),
    "approve": ("须经批准",),
    "sign": ("签署",),
    "named_in": ("签署人栏",),
    "mode": ("签署方式",),
    "late_reason": ("逾期须说明",),
    "count_first_day": ("当日计入",),
    "not_later_than": ("且不晚于",),
    "starts_on": ("起计于",),
    "stops_on": ("止计于",),
    "pauses_in": ("停计环节",),
    "office_hours": ("办公时间",),
    "hours": ("时段",),
    "seasons": ("季节",),
    "timezone": ("时区",),
    "notify_at": ("提醒时刻",),
    "roles": ("角色",),
    "rules": ("检查规则",),
    "severity": ("程度",),
    "incompatible_roles": ("不得兼任",),
    "incompatible_on_a_case": ("同件不得兼办",),
    "first": ("先办", "开头"),
    "scope": ("范围",),
    "targets": ("目标",),
    "measures": ("指标",),
    "part": ("分子",),
    "whole": ("分母",),
    "cases": ("件数",),
    "register": ("名录",),
    "publications": ("公示数",),
    "forms": ("有表单",),
    "distinct": ("不重复",),
    "on_time": ("按期",),
    "sum": ("合计",),
    "min": ("最少", "最小"),
    "max": ("最多", "最大"),
    "supervision": ("督导报告",),
    "statistics": ("统计表",),
    "groups": ("分组",),
    "by_month": ("按月",),
    "names": ("名称取自",),
    "draws": ("抽取数",),
    "refusals": ("被拒数",),
    "only": ("仅限",),
    "alike": ("雷同",),
    "every_name": ("全部列出",),
    "of_item": ("限该事项",),
    "milestones": ("节点日期",),
    "lead_days": ("提前天数",),
    "lapse_days": ("失效天数",),
    "closed_days": ("休市日",),
    "key": ("公钥",),
    "sample": ("虚构",),
    "ratings": ("分级",),
    "classes": ("等级",),
    "codes": ("代码表",),
    "site": ("公示网站",),
    "articles": ("条文表", "条文"),
    "laws": ("法规",),
    "short": ("简称",),
    "edition": ("版本",),
    "mark": ("效力",),
    "words": ("原文",),
    "pages": ("栏目",),
    "english": ("英文",),
    "title_en": ("英文名称",),
    "help_en": ("英文说明",),
    "path": ("网址",),
    "list": ("列出",),
    "csv": ("数据列",),
    "details": ("正文列",),
    "every_list": ("各页列出",),
    "every_csv": ("各页数据列",),
    "last": ("末尾",),
    "link": ("链接列",),
    "sort": ("排序",),
    "descending": ("降序",),
    "all_draws": ("全部抽取",),
    "private": ("不公开",),
    "contact": ("联系",),
    "format": ("格式",),
}


def _with_tables() -> dict[str, tuple[str, ...]]:
    """Return the keys with those of the verbs and of ``overdue:``, which stand in tables of their own."""
    more = [(word, str(spec.title)) for word, spec in DECLARED.items()]
    tables = (
        *(spec.keys or {} for spec in DECLARED.values()),
        {n: key for n, (_, key) in OVERDUE_KEYS.items()},
    )
    more += [(name, key.chinese) for table in tables for name, key in table.items() if key.chinese]
    keys = dict(_KEYS)
    for name, chinese in more:
        known = keys.get(name, ())
        keys[name] = known if chinese in known else (*known, chinese)
    return keys


#: English key -> its Chinese spellings, the one to be shown first.
KEYS: Mapping[str, tuple[str, ...]] = _with_tables()

#: Chinese key -> English key.
ENGLISH: Mapping[str, str] = {word: key for key, words in KEYS.items() for word in words}

#: A reminder on the last day.
ON_THE_DAY = ("on the day", "当日", "当天")
#: What a date may be bounded by: ``max: today``.
TODAY = ("today", "今天")
#: The first entry of ``overdue:``.
AT_ONCE: Mapping[str, str] = {"at once": "当即"}

TYPES: Mapping[str, str] = {
    "text": "文字",
    "long text": "长文字",
    "integer": "整数",
    "decimal": "小数",
    "boolean": "是否",
    "date": "日期",
    "datetime": "时刻",
    "choice": "单选",
    "choices": "多选",
    "person": "人员",
    "persons": "多名人员",
    "object": "检查对象",
    "file": "附件",
    "files": "多个附件",
    "ratio": "比例",
    "list": "列表",
    "money": "金额",
    "time": "时间",
    "yes-no-na": "是否或不适用",
    "place": "地点",
    "photo": "照片",
    "photos": "多张照片",
    "signature": "签名",
    "note": "说明文字",
}

#: Words that stand alone and say a type and more, or one whose own word is a key: ``count`` is a whole number from 0 on,
#: ``choices: LIST, several`` a list of choices.
TYPES_MEANT: Mapping[str, tuple[str, str]] = {"several": ("可多选", "choices"), "count": ("计数", "integer")}
#: Words for a number of things.
COUNTED = ("count", TYPES_MEANT["count"][0])

ABOUT: Mapping[str, str] = {
    "object": "检查对象",
    "batch": "抽查任务",
    "plan": "年度计划",
    "case": "检查件",
    "register": "名录库",
    "none": "无",
}

#: How a value is shown on a public page.
FORMATS: Mapping[str, str] = {
    "text": "文字",
    "date": "日期",
    "number": "数字",
    "ratio": "比例",
    "yes or no": "是否",
    "count": "项数",
}
#: What a page may be about, so that other pages can name its fields.
PAGES_ABOUT: Mapping[str, str] = {"plan": "年度计划", "batch": "抽查任务"}
#: What a row of the supervision report asks of what it counts.
STATUSES: Mapping[str, str] = {
    "overdue": "现已逾期",
    "extended": "已延期",
    "suspended": "挂起中",
    "late": "逾期公示",
    "withdrawn": "已撤回",
    "void": "已作废",
}
SIGN_MODES: Mapping[str, str] = {"all": "会签", "any": "或签", "in_order": "依次审批"}
#: What becomes of a step whoever brought the case to it could take as well.
SAME_APPROVER: Mapping[str, str] = {"skip": "跳过"}
ROLLS: Mapping[str, str] = {"none": "不调整", "backward": "提前", "forward": "顺延"}
#: What a paper must have come to before it is filed.
PAPER_FACTS: Mapping[str, str] = {"signed": "签署", "served": "送达"}
#: How often the calendar starts a case.
CYCLES: Mapping[str, str] = {"year": "年", "quarter": "季", "month": "月"}
#: What a period rests on, written behind it.
MARKS: Mapping[str, str] = {"suggested": "建议值", "local": "本地规定"}
LAW_MARKS: Mapping[str, str] = {
    "law": "法律",
    "local": "本地规定",
    "suggested": "建议值",
    "to check": "待核对",
}
SCOPES: Mapping[str, str] = {"section": "本股室", "bureau": "全单位"}
#: Before the role a matter is put before, and before how often that is said again: ``escalate deputy_head every 5 working days``.
ESCALATE: Mapping[str, str] = {"escalate": "升级"}
EVERY: Mapping[str, str] = {"every": "每隔"}
#: How much what a rule finds matters to a bureau.
SEVERITIES: Mapping[str, str] = {"ignore": "不查", "advice": "建议", "warning": "警告", "error": "错误"}
#: What becomes of open child cases when their parent ends.
OPEN_CHILDREN: Mapping[str, str] = {"refuse": "须先办结", "leave": "继续办理"}
ANY_STATE: Mapping[str, str] = {"any": "任一"}
DRAWN_OBJECTS: Mapping[str, str] = {"drawn objects": "抽中的对象"}

#: Words that stand as arguments of effects.
WORDS: Mapping[str, str] = {
    "plan": "计划",
    "batch_plan": "任务方案",
    "draw": "抽取",
    "results": "开奖结果",
    "result": "结果",
    "follow_up": "后续处置",
    "circular": "通报",
    "objects": "检查对象",
    "inspectors": "检查人员",
    "inspector": "检查人员",
    "items": "抽查事项",
    "experts": "专家",
    "cases": "检查件",
    "case": "本件",
    "draft": "草稿",
    "approved": "已批准",
    "signed": "已签署",
    "served": "已送达",
}


def canonical(key: str) -> str:
    """Return the English key for a key in either language (any other text as it is)."""
    return ENGLISH.get(key, key)


def word(text: str, words: Mapping[str, str]) -> str | None:
    """Return the English word of `words` that `text` is, in either language; None when it is none of them."""
    if text in words:
        return text
    return next((english for english, chinese in words.items() if chinese == text), None)


def both(words: Mapping[str, str]) -> list[Message]:
    """Return the words as shown to people: ``date（日期）``."""
    return [
        say("{english}（{chinese}）", english=english, chinese=chinese) for english, chinese in words.items()
    ]
