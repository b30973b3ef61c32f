"""Tickets: the random number of every label, as draft-thomson-elegy-vrs makes it.

The draft's process ("Entropy Extraction" and "Pseudorandom Function"): PRK = HKDF-Extract(salt = one-time code,
IKM = randomness), ticket = HKDF-Expand(PRK, info = label, L = 32). Both are one HMAC-SHA256: the key of the first is
the code, its message the UTF-8 of the randomness as published, character for character (the draft lets the
organiser fix the encoding beforehand and hashes it unchanged); the message of the second is the UTF-8 of the label
followed by the byte 0x01. The lowest tickets are taken; equal tickets are ordered by the bytes of the label.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from math import isqrt

from engine.draw.refused import SHOWN, refuse_if
from engine.kernel.clean_text import has_invisible, is_invisible, not_as_it_seems, unseen_at, without_forms
from engine.kernel.plain_text import find_forbidden
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

#: A ticket and its label. Tuples of them sort as the draw does: by ticket, then by the bytes of the label
#: (code points and UTF-8 bytes order texts alike).
Ticket = tuple[bytes, str]

_BLOCK = 64  # of SHA-256, in bytes


def extract(code: bytes, randomness: str) -> bytes:
    """Return the pseudorandom key (32 bytes) of a one-time code and the published randomness."""
    return hmac.digest(code, randomness.encode(), "sha256")


def why_unfit_randomness(text: str) -> Message | None:
    """Return why a text that was typed cannot be the published randomness; None where it can.

    It is hashed character for character (``PROTOCOL``), so one full-width digit gives other tickets, without a word.
    """
    if not text:
        return say("随机串是空的")
    if (found := find_forbidden(text)) is not None:
        place, char = found
        code = f"{ord(char):04X}"
        return say("随机串第 {place} 个字是不能使用的控制字符（U+{code}），请删去", place=place, code=code)
    if (wrong := not_as_it_seems(text)) is not None:
        return say("随机串{wrong}", wrong=wrong)
    if text != text.strip():
        return say("随机串前后有空格，请删去")
    for place, char in enumerate(text, 1):
        if is_invisible(char):
            return say("随机串{wrong}", wrong=unseen_at(place, char))
        plain = unicodedata.normalize("NFKC", char)
        if plain != char:
            return say(
                "随机串第 {place} 个字“{char}”是“{plain}”的另一种写法，会得到别的号，请改为“{plain}”",
                place=place,
                char=char,
                plain=plain,
            )
    return None if unicodedata.is_normalized("NFC", text) else say("随机串里有拆开写的字母，请用键盘重打")


def pads_of(key: bytes) -> tuple[bytes, bytes]:
    """Return the two blocks HMAC-SHA256 starts with under a key, the inner and the outer."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


class TicketMachine:
    """Gives every label its ticket under one pseudorandom key.

    HMAC starts with two blocks that depend on the key alone; both are hashed once here and copied for every label,
    which saves half the work of a fresh HMAC per row.
    """

    __slots__ = ("_inner", "_outer", "pads")

    def __init__(self, prk: bytes) -> None:
        #: The inner and the outer padded key: a ticket is SHA-256(outer ‖ SHA-256(inner ‖ label ‖ 0x01)).
        self.pads = pads_of(prk)
        self._inner, self._outer = map(hashlib.sha256, self.pads)

    def ticket(self, label: str) -> bytes:
        """Return the ticket of `label`: 32 bytes."""
        inner = self._inner.copy()
        inner.update(label.encode() + b"\1")
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def pairs(self, unit: str, names: Iterable[str]) -> Iterator[bytes]:
        """Yield the tickets of ``unit|name``, in the order of the names."""
        of_unit = self._inner.copy()
        of_unit.update(f"{unit}|".encode())
        start_inner, start_outer = of_unit.copy, self._outer.copy
        for name in names:
            inner = start_inner()
            inner.update(name.encode() + b"\1")
            outer = start_outer()
            outer.update(inner.digest())
            yield outer.digest()

    def order(self, labels: Iterable[str]) -> list[Ticket]:
        """Return all labels with their tickets, lowest first."""
        ticket = self.ticket
        return sorted((ticket(label), label) for label in labels)

    def lowest(self, labels: Sequence[str], count: int) -> list[Ticket]:
        """Return the `count` lowest tickets of `labels`, lowest first; all of them if there are fewer.

        Tickets are spread evenly, so nearly all winners lie under a bound known beforehand; the rest is dropped as
        it is made. Should the bound ever be too low, everything is ordered, so the answer never depends on it.
        """
        if count <= 0:
            return []
        if (bound := bound_of(count, len(labels))) is None:
            return self.order(labels)[:count]
        kept: list[Ticket] = []
        keep = kept.append
        start_inner, start_outer = self._inner.copy, self._outer.copy
        for label in labels:
            inner = start_inner()
            inner.update(label.encode() + b"\1")
            outer = start_outer()
            outer.update(inner.digest())
            ticket = outer.digest()
            if ticket < bound:
                keep((ticket, label))
        if len(kept) < count:
            return self.order(labels)[:count]
        kept.sort()
        return kept[:count]

    def reserve(self, labels: Sequence[str], after: int) -> Iterator[Ticket]:
        """Yield the tickets that follow the `after` lowest, in order, working out further ones only when asked."""
        given = after
        while given < len(labels):
            wave = self.lowest(labels, given + max(16, given))
            yield from wave[given:]
            given = len(wave)


def bound_of(count: int, among: int) -> bytes | None:
    """Return a ticket under which about `count` + 6 standard deviations lie, or None if that is everything."""
    wanted = count + 6 * isqrt(count) + 16
    if wanted >= among:
        return None
    return ((wanted << 256) // among).to_bytes(32, "big")


#: Longest label, in characters.
MAX_LABEL = 1_000


def read_labels(data: bytes) -> list[str]:
    """Return the labels of a file: one per line, UTF-8, without the spaces around them, empty lines left out.

    A byte-order mark and any line ending are allowed, so that a list saved by any editor gives the same tickets.
    Raises `DrawRefused` naming the lines of every label that occurs twice, is too long or holds a control character.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        refuse_if([_encoding(say("文件是 UTF-16 编码"))])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse_if([_encoding(say("第 {line} 行有不是 UTF-8 的字节", line=line))])
        raise AssertionError from error
    seen: dict[str, int] = {}
    problems: list[RefusalReason] = []
    # Some programs write a second mark before the one that is there.
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line_text in enumerate(lines, 1):
        label = line_text.strip()
        if not label:
            continue
        if len(label) > MAX_LABEL:
            message = say(
                "第 {line} 行的标签最多 {most} 字，实为 {seen} 字",
                line=number,
                most=MAX_LABEL,
                seen=len(label),
            )
            problems.append(RefusalReason("text", message))
        elif (found := find_forbidden(label)) is not None:
            place, char = found
            code = f"{ord(char):04X}"
            message = say(
                "第 {line} 行的标签第 {place} 个字是不能使用的控制字符（U+{code}），请删去",
                line=number,
                place=place,
                code=code,
            )
            problems.append(RefusalReason("text", message))
        elif (wide := not_as_it_seems(label)) is not None and not has_invisible(label):
            message = say("第 {line} 行的标签：{wrong}", line=number, wrong=wide)
            hint = say("两个看上去一样的标签会得到不同的号；编号按名册写成半角")
            problems.append(RefusalReason("wide", message, hint=hint))
        elif has_invisible(without_forms(label)):
            problems.append(
                RefusalReason(
                    "invisible",
                    say("第 {line} 行的标签里有看不见的字符", line=number),
                    hint=say("两个看上去一样的标签会得到不同的号；请删去后重打这一行"),
                )
            )
        if (first := seen.setdefault(label, number)) != number:
            problems.append(
                RefusalReason(
                    "duplicate",
                    say(
                        "标签 {label} 在第 {first} 行和第 {second} 行重复",
                        label=label,
                        first=first,
                        second=number,
                    ),
                    hint=say("每个对象只能有一个号，请删去重复的一行"),
                )
            )
    if len(problems) > SHOWN:
        rest = len(problems) - SHOWN
        problems = [*problems[:SHOWN], RefusalReason("more", say("另有 {rest} 处同类问题未列出", rest=rest))]
    refuse_if(problems)
    return list(seen)


def _encoding(message: object) -> RefusalReason:
    return RefusalReason(
        "encoding",
        say("标签文件读不出：{why}", why=message),
        hint=say("请用编辑器另存为 UTF-8 编码的文本文件后再试"),
    )
