"""Minutes of a draw (抽取笔录), to be signed on paper: made of the record of the draw alone, so the same record gives the same text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.draws.document_request import request_for
from engine.app.draws.records import record_of
from engine.app.draws.refusals import attempts
from engine.app.draws.v2.minutes import facts as public_facts
from engine.app.ports.records import Document, DrawRow
from engine.draw.commitment import DrawProfile
from engine.draw.drawing import revealed
from engine.draw.entropy import watermark
from engine.draw.log import head, read_log
from engine.draw.record import DrawRecord
from engine.kernel.instants import from_text, local_minute
from engine.language import say
from engine.lifecycle.case import Case, EventKind

if TYPE_CHECKING:
    from engine.app.ports.documents import DocumentRequest
    from engine.app.session.unit_of_work import UnitOfWork

TEMPLATE = "draw_minutes"


def facts(record: DrawRecord, zone: Any, typed_by: str = "") -> dict[str, Any]:
    """Return what the minutes state. Tickets stay out while an embargoed draw is not revealed."""
    commitment = record.parsed
    digests = commitment.digests()
    entries, _ = read_log(record.log)
    mine = [entry for entry in entries if entry.body.get("draw_no") == commitment.draw_no]

    def entered(kind: str) -> tuple[str, str]:
        entry = next((entry for entry in mine if entry.kind == kind), None)
        return (local_minute(from_text(entry.at), zone), entry.actor) if entry else ("", "")

    committed_at, committed_by = entered("commit")
    drawn_at, witness = entered("entropy")
    public = revealed(record)
    results = {r.stratum: r for r in record.selection.strata} if record.selection and public else {}
    drawn = record.selection.drawn if record.selection and public else ()
    return {
        "watermark": watermark(commitment.batch_id),
        "batch": commitment.batch_id,
        "number": commitment.draw_no,
        "purpose": commitment.purpose,
        "embargoed": commitment.profile is DrawProfile.EMBARGO and not public,
        "commitment_sha256": digests.sha256,
        "commitment_sm3": digests.sm3,
        "roster_sha256": commitment.objects.sha256,
        "people_sha256": commitment.people.sha256,
        "committed_at": committed_at,
        "committed_by": committed_by,
        "entropy_rule": commitment.entropy_rule,
        "entropy": record.entropy,
        "drawn_at": drawn_at,
        "typed_by": typed_by,
        "witness": witness,
        "strata": [
            {
                "name": quota.stratum,
                "listed": quota.listed,
                "eligible": quota.eligible,
                "ratio": quota.ratio,
                "quota": quota.quota,
                "cutoff": results[quota.stratum].cutoff if quota.stratum in results else "",
            }
            for quota in commitment.quotas
        ],
        "total": sum(quota.quota for quota in commitment.quotas),
        "first": {"id": drawn[0].object_id, "ticket": drawn[0].ticket} if drawn else None,
        "last": {"id": drawn[-1].object_id, "ticket": drawn[-1].ticket} if drawn else None,
        "result_sha256": next(
            (str(entry.body["sha256"]) for entry in mine if entry.body.get("stage") == "objects"), ""
        ),
        "log_head": head(record.log),
        "log_lines": len(record.log),
        "refused": len(attempts(record)),
    }


def text_of(stated: dict[str, Any]) -> str:
    """Return the minutes as plain text for a printer of any kind."""
    lines = [
        say("抽取笔录"),
        stated["watermark"],
        say("任务：{purpose}（{batch} 第 {number} 次抽取）", **_some(stated, "purpose", "batch", "number")),
        say("承诺公布：{committed_at}，{committed_by}", **_some(stated, "committed_at", "committed_by")),
        *([say("外部凭据：{proof}", proof=stated["proof"])] if stated.get("proof") else []),
        say("承诺 SHA-256："),
        *_groups(stated["commitment_sha256"]),
        say("承诺 SM3："),
        *_groups(stated["commitment_sm3"]),
        say("检查对象名册 SHA-256：{digest}", digest=stated["roster_sha256"]),
        say("检查人员名册 SHA-256：{digest}", digest=stated["people_sha256"]),
        say("随机源规则：{rule}", rule=stated["entropy_rule"]),
        say("公开随机源：{entropy}", entropy=stated["entropy"]),
        say(
            "抽取时间：{drawn_at}；录入 {typed_by}，复录 {witness}",
            **_some(stated, "drawn_at", "typed_by", "witness"),
        ),
        *(
            say(
                "“{name}”层：在册 {listed}，可抽 {eligible}，比例 {ratio}，名额 {quota}，最大中签号 {cutoff}",
                **{**stratum, "cutoff": stratum["cutoff"] or "-"},
            )
            for stratum in stated["strata"]
        ),
        say("共抽 {total} 户", total=stated["total"]),
    ]
    if stated["first"]:
        lines += [
            say("首个随机号：{ticket}（{id}）", **stated["first"]),
            say("末个随机号：{ticket}（{id}）", **stated["last"]),
        ]
    if stated["embargoed"]:
        lines.append(say("保密抽取：名单和随机号在代码公开以前不写入笔录"))
    lines += [
        say("抽取结果 SHA-256（日志所记）：{digest}", digest=stated["result_sha256"]),
        say("日志 {log_lines} 行，日志头 {log_head}", **_some(stated, "log_lines", "log_head")),
        say("被拒绝的操作 {count} 次", count=stated["refused"]),
        say("抽取操作员：____________    监督见证人：____________"),
        say("见证人：____________        见证人：____________"),
        say("地点：____________          日期：____________"),
    ]
    return "".join(f"{line}\n" for line in lines if str(line))


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes as filed: their text, and the documents (id, name) that hold them."""

    text: str
    documents: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `from_json` reads them."""
        return {"text": self.text, "documents": [list(one) for one in self.documents]}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Minutes:
        """Return the minutes `as_json` wrote."""
        return cls(body["text"], tuple((one[0], one[1]) for one in body["documents"]))


def stated_of(uow: UnitOfWork, case: Case, row: DrawRow) -> dict[str, Any]:
    """Return what the minutes of a draw of a case state, by the protocol it was made by."""
    zone = uow.services.definitions.time.zone
    if row.public:
        return public_facts(uow.transaction, row, zone)
    return facts(record_of(row), zone, str(case.fields.get("entropy_by") or ""))


def with_stated(request: DocumentRequest, stated: Mapping[str, Any]) -> DocumentRequest:
    """Return the request the template of minutes is rendered from."""
    return replace(request, draw={**(request.draw or {}), **stated})


def file_minutes(uow: UnitOfWork, case: Case, row: DrawRow, by: str) -> Minutes:
    """File the minutes with the case, as a page to print and as text, and enter that in the history of the case.

    A document of the same content is not filed again. Raises `DocumentError` where the template cannot be used.
    """
    stated = stated_of(uow, case, row)
    text = text_of(stated)
    made = [("txt", text.encode())]
    if uow.services.renderer is not None:
        content = uow.services.renderer.render(with_stated(request_for(uow, case, TEMPLATE), stated))
        made.insert(0, ("html", content))
    filed = uow.transaction.records.documents(case.id)
    known = {document.sha256: document for document in filed if document.kind == TEMPLATE}
    documents: list[tuple[str, str]] = []
    added: list[Document] = []
    for ending, content in made:
        digest = hashlib.sha256(content).hexdigest()
        document = known.get(digest)
        if document is None:
            number = len(filed) + len(added) + 1
            name = f"{number:02d}-{TEMPLATE}.{ending}"
            document = Document(f"{case.id}/{number}", case.id, TEMPLATE, name, digest, content, uow.now)
            uow.transaction.records.put_document(document)
            added.append(document)
        documents.append((document.id, document.name))
    if added:
        entry = {"title": say("抽取笔录归入案件").text, "documents": {one.id: one.sha256 for one in added}}
        uow.record(case, EventKind.RECORDED.value, by, entry)
    return Minutes(text, tuple(documents))


def _some(stated: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: stated[name] for name in names}


def _groups(digest: str) -> list[str]:
    """Return a digest as two lines of four groups of eight, as witnesses compare them."""
    eights = [digest[place : place + 8] for place in range(0, len(digest), 8)]
    return ["  " + " ".join(eights[place : place + 4]) for place in range(0, len(eights), 4)]
