"""Forms for the tests of the offline form, and the page of one made as for a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from document_factories import inspection

from engine.app.queries.papers.offline import OfflineForms, OfflineStep
from engine.app.worklist.form_setting import FormSetting
from engine.definition.library import load_files
from engine.documents.offline.kit import kit_page
from engine.lifecycle.model.form import Form

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
VISIT = """form: visit
title: 现场检查
fields:
  - section: 基本情况
  - staff: {title: 职工人数, type: integer, unit: 人, min: 0, max: 9999}
  - owed: {title: 欠薪, type: money, when: form.staff > 0}
  - each: {title: 人均, type: decimal, unit: 元/人, computed: "round(form.owed / form.staff, 2)"}
  - found: {title: 发现问题, type: boolean}
  - kind:
      title: 问题种类
      type: choices
      choices: {a: 未签合同, b: 欠薪, none: 没有}
      exclusive: [none]
      when: form.found
  - on: {title: 检查日期, type: date, constraint: [{that: form.on <= today, else: 检查日期不能晚于今天}]}
  - at: {title: 开始时刻, type: datetime}
  - seen: {title: 已出示证件, type: yes-no-na}
  - way: {title: 方式, choices: {onsite: 现场, written: 书面}}
  - note: {title: 说明, type: long text, optional: true}
  - people: {title: 名单, type: list, optional: true}
  - list:
      title: 问题清单
      type: list
      optional: true
      columns:
        - what: {title: 问题}
        - sum: {title: 金额, type: money, optional: true}
        - why: {title: 原因, when: "it.sum > 100"}
  - photos: {title: 照片, type: photos, optional: true}
  - pad: {title: 签名, type: signature, optional: true}
  - signed_by: {title: 签字人, type: persons}
constraints:
  - {that: form.staff >= 1 or not form.found, else: 没有职工，不会有问题}
"""
ITEM = """form: contract
title: 劳动合同
rows:
  - {id: r1, title: 签订合同, points: 查合同, basis: 劳动合同法 第十条}
  - {id: r2, title: 工资支付, points: 查台账, basis: 劳动法 第五十条}
"""


def forms() -> tuple[Form, Form]:
    """Return the form of the step and the one of its item."""
    loaded = load_files({"visit.yaml": VISIT, "contract.yaml": ITEM})
    assert "visit" in loaded.forms, [str(one) for one in loaded.problems]
    return loaded.forms["visit"], loaded.forms["contract"]


def page(title: str = "示例公司检查", **more: Any) -> bytes:
    """Return the page for a case."""
    form, item = forms()
    setting = FormSetting(more.get("scope", {}), more.get("held", {}), more.get("hidden", frozenset()))
    form = more.get("form", form)
    steps = [OfflineStep("finish", "完成检查", form, more.get("items", [item]), setting)]
    if "second" in more:
        steps.append(OfflineStep("second", more["second"], form, [], setting))
    case = replace(inspection(), title=title)
    people = {"P01": "检查员甲", "P02": "检查员乙"}
    return kit_page(OfflineForms(case, steps, people, "P01", NOON, "+08:00", more.get("registers", {})))


__all__ = ["NOON", "SimpleNamespace", "forms", "page"]
