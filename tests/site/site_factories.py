"""Made-up publications for the tests of the public site."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.app.ports.records import DrawRow, Publication
from engine.deployment.page_types import standard_page_types
from engine.lifecycle.model.bureau import Bureau

BUREAU = Bureau(
    id="shili",
    title="示例区人力资源和社会保障局",
    timezone="Asia/Shanghai",
    notify_at="09:00",
    sections={},
    roles={},
)
PAGE_TYPES = standard_page_types()
AT = datetime(2024, 10, 8, 2, tzinfo=UTC)
BUILT = datetime(2024, 12, 1, 1, tzinfo=UTC)
USCC = "91130102MA07X3K21Q"
COMMITMENT = '{"batch_id":"batch-1","spec":"ssj-draw/1"}'
ENTROPY = "ssq:2024094:01.05.09.17.22.30+07/dice:13812345678/batch:batch-1"


def fact(name: str, title: str, text: str, value: Any = None) -> dict[str, Any]:
    """Return one public fact."""
    return {
        "form": "result_entry",
        "name": name,
        "title": title,
        "value": text if value is None else value,
        "text": text,
    }


def body(case: str, **parts: Any) -> dict[str, Any]:
    """Return the body of a publication."""
    return {
        "workflow": "inspection",
        "workflow_title": "抽查检查",
        "case": case,
        "batch": {"id": "batch-1", "title": "第三季度劳动用工抽查"},
        "plan": {"id": "annual_plan-1", "title": "2024年度抽查工作计划"},
        "subject": None,
        "facts": [],
        "items": [],
        "due_on": None,
        "late": False,
        **parts,
    }


def result(number: int = 1, name: str = "清河电子科技有限公司", **parts: Any) -> Publication:
    """Return the publication of a result; `parts` go into its body."""
    case = f"inspection-{number}"
    late = bool(parts.get("late"))
    return Publication(
        id=f"{case}/result/1",
        kind="result",
        case=case,
        title=f"{name}检查结果",
        body=body(
            case,
            **{
                "subject": {"id": USCC, "name": name, "district": "东城片区"},
                "facts": [
                    fact("finished_on", "检查完成日期", "2024-09-14"),
                    fact("result_codes", "检查结果", "未发现问题", ["no_problem"]),
                    fact("remark", "备注", "按期办结"),
                ],
                "items": [{"code": "L01", "title": "劳动合同", "result": "符合"}],
                "due_on": "2024-10-18",
                **parts,
            },
        ),
        published_at=AT + timedelta(minutes=number),
        due_on=date(2024, 10, 18),
        late=late,
    )


def plan() -> Publication:
    """Return the publication of the annual plan."""
    facts = [
        fact("number", "抽查计划编号", "示人社抽〔2024〕1号"),
        fact("title", "抽查计划名称", "2024年度抽查工作计划"),
    ]
    return _of("annual_plan-1", "plan", "2024年度抽查工作计划", facts=facts, batch=None)


def batch_plan() -> Publication:
    """Return the publication of the plan of a batch."""
    facts = [fact("number", "抽查任务编号", "2024-03"), fact("draw_type", "抽查类型", "定向抽查", "targeted")]
    return _of("batch-1", "batch_plan", "第三季度劳动用工抽查实施方案", facts=facts)


def draw(number: int = 1, status: str = "complete", **parts: Any) -> Publication:
    """Return the publication of a draw; `parts` go into its ``draw``."""
    digest = hashlib.sha256(COMMITMENT.encode()).hexdigest()
    shape: Mapping[str, Any] = {
        "number": number,
        "status": status,
        "commitment_sha256": digest,
        "entropy": ENTROPY,
        "randomness": None,
        "pool_size": 1203,
        "strata": [
            {"name": "A", "size": 481, "eligible": 480, "ratio": "3%", "drawn": 15, "cutoff": "0f" * 32}
        ],
        "selected": [
            {"position": 1, "id": USCC, "name": "清河电子科技有限公司", "class": "A", "ticket": "00" * 32}
        ],
        "void_reason": None,
        **parts,
    }
    return _of("batch-1", "draw", f"第三季度劳动用工抽查·第{number}次抽取", draw=shape, number=number)


def follow_up() -> Publication:
    """Return the publication of a follow-up."""
    facts = [fact("route", "处置方式", "责令限期改正"), fact("done_on", "完结日期", "2024-11-20")]
    return _of("follow_up-1", "follow_up", "清河电子科技有限公司后续处置", facts=facts)


def circular() -> Publication:
    """Return the publication of a circular."""
    return _of(
        "supervision-1", "circular", "督导情况通报", facts=[fact("body", "正文", "第一段。\n第二段。")]
    )


def _of(case: str, kind: str, title: str, number: int = 1, **parts: Any) -> Publication:
    return Publication(
        id=f"{case}/{kind}/{number}",
        kind=kind,
        case=case,
        title=title,
        body=body(case, **parts),
        published_at=AT,
    )


def year() -> list[Publication]:
    """Return one publication of every kind, and a few results."""
    return [plan(), batch_plan(), draw(), follow_up(), circular(), *(result(n) for n in range(1, 4))]


def past_draws() -> list[DrawRow]:
    """Return a void draw and the one that counts."""
    return [
        DrawRow("batch-1", 1, "void", {"record": {"commitment": COMMITMENT}}, AT),
        DrawRow("batch-1", 2, "complete", {"record": {"commitment": COMMITMENT}}, AT),
    ]
