"""Made-up material for the tests of documents: a case of the standard inspection, as far as a visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.app.ports.records import RegisterEntry
from engine.definition.library import load_paths
from engine.lifecycle.case import Case
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.workflow import Workflow

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "forms" / "templates"
AT = datetime(2024, 9, 14, 2, 5, tzinfo=UTC)
TODAY = date(2024, 9, 14)
HOSTILE = "<script>alert(1)</script>甲"

PEOPLE = (
    RegisterEntry(
        "inspectors",
        "P01",
        "检查员甲",
        "labour_inspection",
        {"cert_no": "冀A-0101", "cert_valid_to": "2026-12-31"},
    ),
    RegisterEntry(
        "inspectors",
        "P02",
        "检查员乙",
        "labour_inspection",
        {"cert_no": "冀A-0102", "cert_valid_to": "2026-12-31"},
    ),
)
ITEMS = (
    RegisterEntry(
        "items",
        "L01",
        "用人单位遵守劳动用工和社会保险情况",
        None,
        {"form": "employment_check", "basis": "劳动保障监察条例 第十一条"},
    ),
    RegisterEntry(
        "items",
        "L02",
        "经营性人力资源服务机构检查",
        None,
        {"form": "hr_agency_check", "basis": "人力资源市场暂行条例"},
    ),
)
DRAW: dict[str, Any] = {
    "number": 1,
    "status": "committed",
    "commitment_sha256": "5f" * 32,
    "commitment_sm3": "a3" * 32,
    "entropy_rule": "承诺公布满24小时后开奖的第一期双色球，加现场三人各掷八次十面骰",
    "pool_size": 1203,
    "strata": [
        {"name": "A", "size": 481, "ratio": "3%", "drawn": 15},
        {"name": "B", "size": 390, "ratio": "5%", "drawn": 20},
    ],
}
DRAWS: dict[str, dict[str, Any]] = {
    "commitment": DRAW,
    "draw_minutes": {
        **DRAW,
        "batch": "batch-1",
        "purpose": "劳动用工抽查",
        "committed_at": "2024-09-10 10:00",
        "committed_by": "drawer",
        "entropy": "dice:407135620918374652013948/batch:batch-1",
        "drawn_at": "2024-09-12 10:00",
        "typed_by": "drawer",
        "witness": "witness",
        "embargoed": False,
        "strata": [{"name": "A", "listed": 9, "eligible": 9, "ratio": "3%", "quota": 1, "cutoff": "1b" * 32}],
        "total": 1,
        "first": {"id": "91990102MA3W55JQ6H", "ticket": "1b" * 32},
        "last": {"id": "91990102MA3W55JQ6H", "ticket": "1b" * 32},
        "result_sha256": "c4" * 32,
        "roster_sha256": "d7" * 32,
        "people_sha256": "e9" * 32,
        "log_head": "f0" * 32,
        "log_lines": 3,
        "refused": 0,
    },
}
FORMS: dict[str, dict[str, Any]] = {
    "inspection_approval": {
        "purpose": "核查劳动用工和社会保险情况",
        "methods": ["onsite"],
        "planned_on": "2024-09-14",
        "place": "示例区清河路8号",
        "materials": ["职工名册", "劳动合同", "近三个月工资支付台账"],
        "visited_this_year": 0,
        "opinion": "同意按方案开展检查。",
    },
    "notice": {
        "rights_told": True,
        "sent_on": "2024-09-10",
        "sent_by": "direct",
    },
    "onsite_check": {
        "visited_on": "2024-09-14",
        "arrived_at": "2024-09-14T01:30:00+00:00",
        "left_at": "2024-09-14T03:10:00+00:00",
        "finished_on": "2024-09-14",
        "business_address": "示例区清河路8号",
        "staff": 42,
        "certificates_shown": True,
        "rights_told": True,
        "recusal_asked": False,
        "methods": ["onsite"],
        "record": "检查人员到达后出示证件，说明来意。\n抽查2024年6至8月工资表三份，抽访劳动者五人。",
        "materials": ["职工名册", "工资表"],
        "evidence": ["照片1-3"],
        "object_opinion": "情况属实，无异议。",
        "object_signed": True,
        "signed_by": ["P01", "P02"],
        "items": {
            "employment_check": {
                "rows": {
                    "rules": {"answer": "pass"},
                    "contract_signing": {
                        "answer": "fail",
                        "note": "两名新职工未订立书面合同",
                        "evidence": "照片2",
                    },
                }
            }
        },
    },
}


@cache
def definitions() -> tuple[dict[str, Workflow], Bureau]:
    """Return the standard workflows and bureau."""
    loaded = load_paths([*(ROOT / "workflows").glob("*.yaml"), *(ROOT / "forms").glob("*.yaml")])
    assert loaded.bureau is not None
    return {
        i: replace(w, forms={**loaded.forms, **w.forms}) for i, w in loaded.workflows.items()
    }, loaded.bureau


def inspection(name: str = "清河电子科技有限公司") -> Case:
    """Return an inspection case after its visit."""
    return Case(
        id="inspection-17",
        workflow="inspection",
        version=1,
        state="to_enter",
        rev=6,
        head="0" * 64,
        title=f"{name}检查",
        section="labour_inspection",
        opened_at=AT,
        entered_at=AT,
        subject={"id": "91130102MA07X3K21Q", "name": name, "address": "示例区清河路8号"},
        fields={"batch_title": "2024年第三季度用人单位劳动用工抽查", "items": ["L01", "L02"]},
        forms=FORMS,
        parties={"inspectors": ("P01", "P02")},
    )
