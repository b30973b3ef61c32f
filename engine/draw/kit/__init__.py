"""The verification kit: everything anybody needs to run a draw again, offline and years later.

Besides the files of the draw it holds two independent verifiers that share no code with the engine: `verify.py`
(Python's own library only) and `verify.html` (one file, no network), and the protocol in words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from engine.draw.drawing import revealed
from engine.draw.record import DrawRecord, read_result, result_text
from engine.draw.refused import DrawRefused
from engine.kernel.canonical_json import canonical_json, read_canonical
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

MANIFEST = "manifest.sha256"
PROGRAMS = ("PROTOCOL.md", "verify.html", "verify.py")
_DRAW: tuple[str, ...] = (
    "commitment.json",
    "inspectors.tsv",
    "log.jsonl",
    "result.json",
    "reveal.json",
    "roster.tsv",
)
#: Every file of a kit that is read.
KIT_NAMES = (*_DRAW, *PROGRAMS, "experts.tsv", MANIFEST)


@cache
def program(name: str) -> bytes:
    """Return the bytes of one of `PROGRAMS`."""
    return files(__name__).joinpath(name).read_bytes()


def software() -> dict[str, str]:
    """Return the SHA-256 of the programs, for the commitment."""
    return {name: hashlib.sha256(program(name)).hexdigest() for name in PROGRAMS}


def kit_files(record: DrawRecord) -> Mapping[str, bytes]:
    """Return the files of the kit, name -> bytes; writing them into one folder is the caller's.

    Raises `DrawRefused` before the draw, and for an embargoed draw whose codes are not yet public: with them anybody
    could compute who is about to be visited.
    """
    if record.selection is None:
        raise DrawRefused(
            [RefusalReason("kit", say("还没有抽取，没有可核验的结果"), hint=say("承诺书和名册可先公布"))]
        )
    if not revealed(record):
        raise DrawRefused(
            [
                RefusalReason(
                    "kit",
                    say("保密抽取的代码尚未公开，现在给出核验包等于通知了被抽中的单位"),
                    hint=say("检查期满后先公开代码（reveal），再生成核验包"),
                )
            ]
        )
    made = {name: program(name) for name in PROGRAMS}
    made |= {
        "commitment.json": record.commitment.encode(),
        "roster.tsv": record.objects,
        "inspectors.tsv": record.people,
        "reveal.json": canonical_json({"entropy": record.entropy, "codes": record.codes}).encode(),
        "result.json": result_text(record).encode(),
        "log.jsonl": "".join(f"{line}\n" for line in record.log).encode(),
    }
    if record.experts is not None:
        made["experts.tsv"] = record.experts
    return dict(sorted(made.items())) | {MANIFEST: manifest(made)}


def manifest(made: Mapping[str, bytes]) -> bytes:
    """Return the list of digests, in the form ``sha256sum -c`` reads."""
    names = sorted(name for name in made if name != MANIFEST)
    return "".join(f"{hashlib.sha256(made[name]).hexdigest()}  {name}\n" for name in names).encode()


def read_kit(made: Mapping[str, bytes]) -> tuple[DrawRecord, tuple[RefusalReason, ...]]:
    """Return the record in the files of a kit, and what is wrong with the files themselves.

    Raises `DrawRefused` when a file is missing or cannot be read at all.
    """
    missing = [name for name in (*_DRAW, MANIFEST) if name not in made]
    if missing:
        raise DrawRefused([_damage(say("核验包缺少文件：{missing}", missing=missing))])
    known = {name: data for name, data in made.items() if name in (*_DRAW, *PROGRAMS, "experts.tsv")}
    damage = []
    if made[MANIFEST] != manifest(known):
        listed = {line[66:]: line[:64] for line in made[MANIFEST].decode(errors="replace").splitlines()}
        changed = [
            name for name, data in known.items() if listed.get(name) != hashlib.sha256(data).hexdigest()
        ]
        damage.append(_damage(say("与清单不符的文件：{changed}", changed=sorted(changed) or [MANIFEST])))
    try:
        reveal = _reveal(made["reveal.json"])
        log = made["log.jsonl"].decode()
        record = DrawRecord(
            commitment=made["commitment.json"].decode(),
            objects=made["roster.tsv"],
            people=made["inspectors.tsv"],
            experts=made.get("experts.tsv"),
            entropy=reveal[0],
            codes=reveal[1],
            log=tuple(log.removesuffix("\n").split("\n")),
            **read_result(made["result.json"].decode()),
        )
        if result_text(record).encode() != made["result.json"]:
            damage.append(_damage(say("result.json 不是规范写法，或有多余的项")))
        if not log.endswith("\n"):
            damage.append(_damage(say("log.jsonl 最后一行不完整")))
    except (UnicodeDecodeError, ValueError) as error:
        raise DrawRefused([_damage(say("核验包的文件读不出：{why}", why=str(error)))]) from None
    return record, tuple(damage)


def _reveal(data: bytes) -> tuple[str, tuple[str, ...]]:
    value = read_canonical(data.decode())
    if not isinstance(value, dict) or set(value) != {"codes", "entropy"}:
        raise ValueError("reveal.json: expected codes and entropy")
    codes, entropy = value["codes"], value["entropy"]
    if (
        not isinstance(entropy, str)
        or not isinstance(codes, list)
        or not all(isinstance(c, str) for c in codes)
    ):
        raise ValueError("reveal.json: expected texts")
    return entropy, tuple(codes)


def _damage(message: Message) -> RefusalReason:
    return RefusalReason("kit", message, hint=say("请从公布的网址重新取得核验包"))
