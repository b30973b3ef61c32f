"""What the offline form says, in the language it is made in."""

from __future__ import annotations

from engine.kernel.file_types import ENDINGS
from engine.language import Message, say


def words() -> dict[str, str]:
    """Return key -> sentence; places stand as ``{name}``."""
    return {key: message.render() for key, message in _WORDS.items()}


def _wrong(expected: Message) -> Message:
    """Return the sentence of the form itself about what an answer should be."""
    return say("“{title}”应为{expected}，实为“{seen}”", title="{title}", expected=expected, seen="{seen}")


_WORDS = {
    "busy": say("正在处理照片，还没有保存。请稍等。"),
    "nothing": say("还没有填写。填完请点“保存文件”，保存的文件才是记录。"),
    "cushion": say("尚未保存成文件。浏览器里暂存了一份，清理浏览器就会丢失，请点“保存文件”。"),
    "no_pictures": say(
        "尚未保存成文件！浏览器存不下，有 {count} 个照片、签名或附件没有暂存（{names}），其余的都暂存了。请马上点“保存文件”。",
        count="{count}",
        names="{names}",
    ),
    "not_kept": say("没有暂存"),
    "no_cushion": say("尚未保存！浏览器不能暂存，关闭本页就会丢失，请马上点“保存文件”。"),
    "other_window": say(
        "另一个窗口打开了同一份表，内容暂存在那里，这里后来填的没有暂存！请马上点“保存文件”，只在一个窗口填。"
    ),
    "saved": say("已导出文件 {name}。请确认它在“下载”里，再带回导入。", name="{name}"),
    "incomplete": say("还有 {left} 项没有填好。", left="{left}"),
    "without": say(
        "文件里没有这 {count} 个未能暂存、已不在的照片、签名或附件：{names}。",
        count="{count}",
        names="{names}",
    ),
    "broken": say("本页出错了，后面填的可能没有保存。请保存文件后重新打开。"),
    "other_step": say("“{steps}”填的还没有保存成文件，请换到那一步再点“保存文件”。", steps="{steps}"),
    "no_answer": say("还不能判断是否符合“{rule}”：它所看的内容没有填写，或者算不出来", rule="{rule}"),
    "copy": say("这里不能保存文件。请全选下面的文字，复制到备忘录或消息里带回。"),
    "restored": say("已取回上次没有保存成文件的内容。"),
    "discard": say("丢弃暂存的内容"),
    "save": say("保存文件"),
    "next": say("下一项（剩 {left}）", left="{left}"),
    "complete": say("全部填好"),
    "step": say("办理步骤"),
    "must": say("必填"),
    "should": say("建议填写"),
    "why": say("不填“{title}”的理由（可不写）", title="{title}"),
    "yes": say("是"),
    "no": say("否"),
    "search": say("查找选项"),
    "remove": say("删去"),
    "clear": say("重签"),
    "pad": say("签名图片不是可靠电子签名；须有当事人在场签署。"),
    "latitude": say("纬度"),
    "longitude": say("经度"),
    "address": say("地址"),
    "add_row": say("添加一行"),
    "remove_row": say("删去这一行"),
    "one_a_line": say("每行写一项"),
    "lost_picture": say(
        "“{name}”没有暂存，重新打开后已不在，请重拍、重签或重选；不再需要的请删去", name="{name}"
    ),
    "no_picture": say("“{name}”打不开，没有加入", name="{name}"),
    "basis": say("依据：{basis}", basis="{basis}"),
    "row_note_missing": say("检查事项“{row}”不符合，须写明问题（note）", row="{row}"),
    "row_required": say("检查事项“{row}”未作答（符合、不符合或不适用）", row="{row}"),
    "required": say("“{title}”必须填写", title="{title}"),
    "wrong_integer": _wrong(say("整数")),
    "wrong_decimal": _wrong(say("数字（如 1234.50）")),
    "wrong_money": _wrong(say("金额（最多两位小数，如 1234.50）")),
    "wrong_ratio": _wrong(say("比例（如 5%、0.05 或 1/20）")),
    "wrong_place": _wrong(say("纬度和经度（如 39.904200, 116.407400）")),
    "wrong_date": _wrong(say("日期（如 2024-04-20）")),
    "wrong_datetime": _wrong(say("日期和时间（如 2024-04-20 09:30）")),
    "file_large": say(
        "“{name}”有 {seen} MB，没有加入；一个文件最多 {most} MB", name="{name}", seen="{seen}", most="{most}"
    ),
    "file_kind": say("“{name}”这种文件不能存入；可以存：{types}", name="{name}", types=list(ENDINGS)),
    "file_name": say("“{name}”的内容是 {type}，与文件名不符", name="{name}", type="{kind}"),
    "record_large": say(
        "“{name}”没有加入：照片和附件合计最多 {most} MB，请先保存文件，其余的另行带回",
        name="{name}",
        most="{most}",
    ),
    "wrong_value": say("“{title}”填写有误", title="{title}"),
    "least": say("“{title}”不得少于 {least}，实为 {seen}", title="{title}", least="{least}", seen="{seen}"),
    "most": say("“{title}”不得多于 {most}，实为 {seen}", title="{title}", most="{most}", seen="{seen}"),
    "few": say("“{title}”至少 {least} 项，实为 {seen} 项", title="{title}", least="{least}", seen="{seen}"),
    "many": say("“{title}”至多 {most} 项，实为 {seen} 项", title="{title}", most="{most}", seen="{seen}"),
    "alone": say("“{title}”选了“{alone}”，就不能再选别的", title="{title}", alone="{alone}"),
    "long": say("“{title}”最多 {most} 字，实为 {seen} 字", title="{title}", most="{most}", seen="{seen}"),
    "one_line": say("“{title}”应写在一行里；第 {place} 个字是换行或制表符", title="{title}", place="{place}"),
    "control": say(
        "“{title}”第 {place} 个字是不能使用的控制字符（U+{code}），请删去",
        title="{title}",
        place="{place}",
        code="{code}",
    ),
    "row_missing": say("“{title}”第 {row} 行须填“{column}”", title="{title}", row="{row}", column="{column}"),
    "in_row": say("“{title}”第 {row} 行：{problem}", title="{title}", row="{row}", problem="{problem}"),
    "other_ids": say("没有列出的，写编号，每行一个"),
    "not_offered": say("“{title}”在此情形下不能选“{choice}”", title="{title}", choice="{choice}"),
}
