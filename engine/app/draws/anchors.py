"""Anchors of a draw: proofs from outside the bureau that the log of the draw has not been rewritten.

`anchor_text` names the head of the log; whoever signs or time-stamps it vouches for every line up to that head. The
proof is filed with the case, and noted in the log of the draw and in the history of the case with what it covers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.app.draws import records as draws
from engine.app.ports.records import Document, DrawRow
from engine.draw.drawing import note
from engine.draw.log import LogEntry, read_log
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused
from engine.kernel.file_names import safe_file_name
from engine.kernel.instants import to_text
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.session.unit_of_work import UnitOfWork

KIND = "draw_anchor"
SPEC = "ssj-draw-anchor/1"
#: The largest proof accepted: a time stamp with all its certificates has about ten thousand bytes.
MAX_BYTES = 200_000

_HEAD = re.compile(r"\b[0-9a-f]{64}\b", re.ASCII)
_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A proof from outside. `lines` of the log, up to `head`, are covered; `sha256` is of the file, or the
    public key under which a signature of ssj-draw/2 holds (64 hex digits too)."""

    lines: int
    head: str
    #: ``rfc3161``, ``text`` or ``ed25519``.
    form: str
    by: str
    #: When it came about, as the token says (UTC text); empty for a text.
    at: str
    #: Whether the signature of a token was checked against given certificates.
    checked: bool
    name: str
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `from_json` reads them."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Anchor:
        """Return the anchor `as_json` wrote. Raises TypeError for another shape."""
        return cls(**body)


def anchor_text(record: DrawRecord, lines: int | None = None) -> str:
    """Return the text to be signed or time-stamped outside the bureau for the first `lines` of the log (all without it)."""
    entries, _ = read_log(record.log)
    last = entries[(lines or len(entries)) - 1]
    commitment = record.parsed
    digests = commitment.digests()
    return (
        f"{SPEC}\nbatch: {commitment.batch_id}\ndraw: {commitment.draw_no}\nlines: {last.seq}\nat: {last.at}\n"
        f"head: {last.hash}\ncommitment-sha256: {digests.sha256}\ncommitment-sm3: {digests.sm3}\n"
    )


def add_anchor(
    uow: UnitOfWork,
    row: DrawRow,
    data: bytes,
    *,
    name: str,
    by: str,
    actor: str,
    certificates: bytes | None = None,
) -> Anchor:
    """File the proof in `data` with the case of `row`; note it in the log of the draw and in the history of the case.

    A time stamp (RFC 3161, ``.tsr``) must be of `anchor_text` for some head of this log, a text must contain a head.
    `certificates` are the PEM roots a time stamp's signature is checked against. Raises `DrawRefused`.
    """
    record = draws.record_of(row)
    entries, broken = read_log(record.log)
    if broken:
        raise DrawRefused(broken)
    if len(data) > MAX_BYTES:
        raise DrawRefused([_no(say("凭据文件有 {count} 字节，太大了", count=len(data)))])
    digest = hashlib.sha256(data).hexdigest()
    if any(anchor.sha256 == digest for anchor in anchors_of(uow.transaction, record, row.case)):
        raise DrawRefused([_no(say("这份凭据已经导入过"))])
    if data[:1] == b"\x30":
        found, at = _stamped(record, entries, data, certificates)
        form = "rfc3161"
    else:
        found, at, form = _named(entries, data), "", "text"
    anchor = Anchor(
        found.seq, found.hash, form, by, at, form == "rfc3161" and certificates is not None, name, digest
    )
    number = uow.transaction.records.count_documents(row.case) + 1
    uow.transaction.records.put_document(
        Document(
            f"{row.case}/{number}",
            row.case,
            KIND,
            safe_file_name(f"{number:02d}-{name}"),
            digest,
            data,
            uow.now,
        )
    )
    body: Mapping[str, Any] = {"anchor": anchor.as_json()}
    record = note(record, "publish", body, at=uow.now, actor=actor)
    draws.save_record(uow, row.case, row.number, row.status, record, row.made_at)
    case = uow.case(row.case)
    if case is not None:
        title = say("导入抽取日志的外部凭据").text
        uow.record(case, EventKind.RECORDED.value, actor, {"title": title, "draw": row.number, **body})
    return anchor


def anchors_of(transaction: Transaction, record: DrawRecord, case_id: str) -> list[Anchor]:
    """Return the anchors the log of a draw names, oldest first, as far as their files are still there unchanged."""
    filed = {
        hashlib.sha256(document.content).hexdigest()
        for document in transaction.records.documents(case_id)
        if document.kind == KIND
    }
    return [anchor for anchor in _noted(record) if anchor.sha256 in filed]


def anchor_files(transaction: Transaction, record: DrawRecord, case_id: str) -> dict[str, bytes]:
    """Return the files of all anchors with the texts they vouch for, name -> bytes, for a kit."""
    contents = {
        document.sha256: document.content
        for document in transaction.records.documents(case_id)
        if document.kind == KIND
    }
    files = {}
    for number, anchor in enumerate(anchors_of(transaction, record, case_id), 1):
        ending = "tsr" if anchor.form == "rfc3161" else "txt"
        files[f"anchor-{number}.proof.{ending}"] = contents[anchor.sha256]
        files[f"anchor-{number}.text"] = anchor_text(record, anchor.lines).encode()
    return files


def _noted(record: DrawRecord) -> Iterator[Anchor]:
    entries, _ = read_log(record.log)
    for entry in entries:
        written = entry.body.get("anchor")
        if entry.kind == "publish" and isinstance(written, dict):
            try:
                anchor = Anchor.from_json(written)
            except TypeError:
                continue
            if 0 < anchor.lines <= len(entries) and entries[anchor.lines - 1].hash == anchor.head:
                yield anchor


def _named(entries: Sequence[LogEntry], data: bytes) -> LogEntry:
    """Return the last entry whose hash the text in `data` contains."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DrawRefused(
            [
                _no(
                    say("凭据既不是 RFC 3161 时间戳，也不是 UTF-8 文字"),
                    say("时间戳用 .tsr 文件（DER）；回函、公证书用文字"),
                )
            ]
        ) from None
    named = set(_HEAD.findall(text.lower()))
    found = [entry for entry in entries if entry.hash in named]
    if not found:
        raise DrawRefused(
            [
                _no(
                    say("凭据里没有本次抽取日志的任何一个日志头"),
                    say("请核对是不是本批次的凭据"),
                    NextAction("export_anchor"),
                )
            ]
        )
    return found[-1]


def _stamped(
    record: DrawRecord, entries: Sequence[LogEntry], data: bytes, certificates: bytes | None
) -> tuple[LogEntry, str]:
    """Return the entry a time stamp is of, and its time."""
    try:
        import rfc3161_client as tsp
    except ImportError:
        raise DrawRefused(
            [
                _no(
                    say("导入时间戳凭据需要附加组件 timestamps，现在没有安装"),
                    say(
                        "安装：pip install 'shuangsuiji[timestamps]'；也可请见证单位把日志头写进回函，导入文字"
                    ),
                )
            ]
        ) from None
    try:
        response = tsp.decode_timestamp_response(data)
        granted = tsp.PKIStatus(response.status) in (tsp.PKIStatus.GRANTED, tsp.PKIStatus.GRANTED_WITH_MODS)
        info = response.tst_info if granted else None
    except timestamp_errors() as error:
        raise DrawRefused(
            [_no(say("时间戳读不出：{why}", why=str(error)), say("应为 RFC 3161 的响应文件（.tsr，DER）"))]
        ) from None
    if info is None:
        raise DrawRefused(
            [_no(say("时间戳机构没有签发：状态 {status}", status=response.status), say("请重新申请"))]
        )
    imprint = info.message_imprint
    algorithm = _HASHES.get(imprint.hash_algorithm.dotted_string)
    if algorithm is None:
        raise DrawRefused(
            [
                _no(
                    say("时间戳所用的摘要算法 {seen} 不认识", seen=imprint.hash_algorithm.dotted_string),
                    say("申请时用 -sha256"),
                )
            ]
        )
    for entry in reversed(entries):
        text = anchor_text(record, entry.seq).encode()
        if hashlib.new(algorithm, text).digest() == imprint.message:
            break
    else:
        raise DrawRefused(
            [
                _no(
                    say(
                        "时间戳不是本次抽取的：它盖的摘要 {seen} 不是任何一个日志头的导出文件",
                        seen=imprint.message.hex(),
                    ),
                    say("请对写出的日志头文件原样申请时间戳，不要改动"),
                    NextAction("export_anchor"),
                )
            ]
        )
    if certificates is not None:
        _check_signature(response, text, certificates)
    return entry, to_text(info.gen_time)


def timestamp_errors() -> tuple[type[Exception], ...]:
    """Return what the readers of time stamps and certificates raise for bytes that are none, or are not signed right."""
    import rfc3161_client as tsp
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.x509 import InvalidVersion

    own = (tsp.VerificationError, InvalidVersion, UnsupportedAlgorithm, InvalidSignature)
    return (*own, ValueError, TypeError, OverflowError, AttributeError)


def _check_signature(response: Any, text: bytes, certificates: bytes) -> None:
    import rfc3161_client as tsp
    from cryptography import x509

    try:
        builder = tsp.VerifierBuilder()
        for certificate in x509.load_pem_x509_certificates(certificates):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(response, text)
    except timestamp_errors() as error:
        raise DrawRefused(
            [
                _no(
                    say("时间戳的签名核验不过：{why}", why=str(error)),
                    say("请核对所给的根证书是否该机构的"),
                )
            ]
        ) from None


def _no(
    message: Message, hint: Message | None = None, next_action: NextAction | None = None
) -> RefusalReason:
    return RefusalReason("anchor", message, hint=hint, next=next_action)
