"""The kinds of publications: where each stands on the site, what it is called, and the columns of its list.

The columns follow what inspection platforms publish of plans, tasks and results; the due day, the day of
publication, lateness and the verification code are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language import Message, say


@dataclass(frozen=True, slots=True)
class PageColumn:
    """One column of a list: its id in JSON, its title, and whether the page shows it or only the files do."""

    id: str
    title: Message
    on_page: bool = True


@dataclass(frozen=True, slots=True)
class PageKind:
    """One kind of publication. `folder` is its place on the site."""

    id: str
    folder: str
    title: Message
    about: Message
    columns: tuple[PageColumn, ...]

    @property
    def link(self) -> str:
        """The column of the list that leads to the page."""
        shown = [column.id for column in self.columns]
        return next(name for name in ("object_name", "name", "title", "batch_title") if name in shown)


_NAME = PageColumn("title", say("标题"))
_ORDER = PageColumn("position", say("序号"))
_PLAN = (
    PageColumn("plan_number", say("抽查计划编号"), on_page=False),
    PageColumn("plan_title", say("抽查计划名称"), on_page=False),
)
_BATCH = (PageColumn("batch_number", say("抽查任务编号")), PageColumn("batch_title", say("抽查任务名称")))
_OBJECT = (
    PageColumn("object_name", say("抽查市场主体名称")),
    PageColumn("object_code", say("统一社会信用代码")),
)
_END = (
    PageColumn("due_on", say("应公示日"), on_page=False),
    PageColumn("published_on", say("实际公示日")),
    PageColumn("late", say("是否逾期"), on_page=False),
    PageColumn("withdrawn", say("撤回记录"), on_page=False),
    PageColumn("code", say("查验码"), on_page=False),
    PageColumn("page", say("网页"), on_page=False),
)
_AGENCY = PageColumn("agency", say("检查机关"), on_page=False)
_TYPE = PageColumn("draw_type", say("抽查类型"))
_FROM = (PageColumn("inspect_from", say("检查日期自")), PageColumn("inspect_to", say("检查日期至")))

KINDS: Mapping[str, PageKind] = {
    kind.id: kind
    for kind in (
        PageKind(
            "plan",
            "plans",
            say("抽查计划"),
            say("年度抽查工作计划。计划调整的，调整后的计划另行公示，原计划保留。"),
            (
                _ORDER,
                PageColumn("number", say("抽查计划编号")),
                PageColumn("name", say("抽查计划名称")),
                PageColumn("year", say("年度")),
                *_END,
            ),
        ),
        PageKind(
            "batch_plan",
            "batches",
            say("抽查任务"),
            say("每一期抽查任务的实施方案：抽什么事项、什么范围、什么比例、何时检查。"),
            (
                _ORDER,
                *_PLAN,
                PageColumn("number", say("抽查任务编号")),
                PageColumn("name", say("抽查任务名称")),
                _TYPE,
                PageColumn("items", say("抽查事项"), on_page=False),
                PageColumn("object_scope", say("抽查对象范围")),
                *_FROM,
                _AGENCY,
                *_END,
            ),
        ),
        PageKind(
            "draw",
            "draws",
            say("抽取记录"),
            say("名录、比例和规则先承诺公布，公开随机源后产生，任何人都可以重新计算。作废的抽取永久保留。"),
            (
                _ORDER,
                *_BATCH,
                PageColumn("draw_number", say("抽取次序")),
                PageColumn("draw_status", say("抽取状态")),
                PageColumn("pool_size", say("名录户数")),
                PageColumn("drawn", say("抽中户数")),
                PageColumn("commitment", say("承诺的 SHA-256"), on_page=False),
                _AGENCY,
                *_END,
            ),
        ),
        PageKind(
            "result",
            "results",
            say("检查结果"),
            say("一户一页。检查结束后按时限录入并公示，逾期公示的照实标明。"),
            (
                _ORDER,
                *_PLAN,
                PageColumn("batch_number", say("抽查任务编号"), on_page=False),
                *_OBJECT,
                PageColumn("batch_title", say("抽查任务名称")),
                PageColumn("draw_type", say("抽查类型"), on_page=False),
                _AGENCY,
                PageColumn("finished_on", say("检查完成日期")),
                PageColumn("result", say("检查结果")),
                PageColumn("remark", say("备注"), on_page=False),
                *_END,
            ),
        ),
        PageKind(
            "follow_up",
            "follow-ups",
            say("后续处置"),
            say("检查发现问题后的处置方式和完结情况。"),
            (
                _ORDER,
                *_OBJECT,
                *_BATCH,
                PageColumn("result", say("检查结果"), on_page=False),
                PageColumn("route", say("处置方式")),
                PageColumn("done", say("是否完结"), on_page=False),
                PageColumn("done_on", say("完结日期")),
                _AGENCY,
                *_END,
            ),
        ),
        PageKind(
            "circular",
            "circulars",
            say("情况通报"),
            say("督导回访后的情况通报。"),
            (_ORDER, _NAME, PageColumn("batch_title", say("抽查任务名称")), _AGENCY, *_END),
        ),
    )
}

#: The words for where a draw stands.
DRAW_STATUS: Mapping[str, Message] = {
    "committed": say("已公布承诺，待随机源"),
    "objects_drawn": say("已抽取对象"),
    "complete": say("已完成"),
    "void": say("已作废"),
}
