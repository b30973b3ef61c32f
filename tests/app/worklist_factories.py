"""A workflow with forms, signers, verbs and deadlines, for views of its cases."""

from __future__ import annotations

from bureau_factories import Bureau, done
from visit_bureau import visit_bureau

PAPER = """
workflow: paper
title: 会签件
about: none
initial: drafting
start: {by: clerk}
parties: {team: 会签人}
verbs:
  urge: {by: [chief, deputy], receipt: true}
  void: {by: [clerk, chief], to: void, approve: deputy}
  suspend: {by: chief, pauses: drafting}
  resume: {by: chief}
states:
  drafting: {title: 草拟, for: clerk, help: 写清缘由。, deadline: 5 working days}
  signing: {title: 会签, for: team, deadline: 48 hours}
  done: {title: 完, final: true}
  void: {title: 作废, final: true}
transitions:
  - do: propose
    title: 送签
    from: drafting
    to: signing
    by: clerk
    form: proposal
    reason: true
    help: 先填表。
  - do: drop
    title: 放弃
    from: drafting
    to: void
    require: [{that: actor.id != "anton", else: 放弃的人须另有其人, basis: 示例办法 第三条}]
  - {do: sign, title: 签署, from: signing, to: done, sign: {mode: all, by: team}}
"""
PROPOSAL = """
form: proposal
title: 送签单
fields:
  - why: {title: 缘由}
  - kind: {title: 类别, choices: {a: 甲类, b: 乙类}, optional: true}
  - length: {title: 字数, type: integer, computed: "1"}
  - parts: {title: 附件, columns: [title: {title: 名称}], optional: true}
rows:
  - {id: r1, title: 内容完整, points: 要素齐全, basis: 示例办法 第一条}
  - {id: r2, title: 依据准确, points: 条款有效, basis: 示例办法 第二条}
"""
ROWS = {"rows": {one: {"answer": "符合"} for one in ("r1", "r2")}}


def paper_bureau() -> tuple[Bureau, str]:
    """Return a bureau, and a case of `PAPER` that is being drafted."""
    bureau = visit_bureau(PAPER, PROPOSAL)
    return bureau, bureau.start("paper", parties={"team": ("carl", "bela")})


def signed_once(bureau: Bureau, case: str) -> None:
    """Let the case be proposed and signed by the first of two."""
    done(bureau.application.advance(case, "propose", "anna", {"why": "示例", **ROWS}, reason="到期"))
    done(bureau.application.advance(case, "sign", "carl"))
