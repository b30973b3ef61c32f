"""Public entropy as one fixed text, and the one-time codes of custodians.

The text names its sources in the order the commitment fixed and ends with the batch, so that two batches that
share a lottery issue are independent: ``ssq:2026001:01.05.09.17.22.30+07/dice:830…/batch:B2026-03``. Digits are text:
leading zeros are significant and nothing is ever read as a number (a committee of the IETF was once drawn wrongly for one
lost zero). A trial draw has the prefix ``TEST-`` in its batch and in its entropy, and in everything made of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.roster import ID
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

TRIAL = "TEST-"
#: The one-time code of a draw everybody can compute as soon as the entropy is public.
OPEN_CODE = bytes(32)


@dataclass(frozen=True, slots=True)
class Lottery:
    """The shape of a public lottery's result: how many numbers of how many, then how many of the second kind."""

    title: Message
    main: int
    main_of: int
    extra: int
    extra_of: int


LOTTERIES: Mapping[str, Lottery] = {
    "ssq": Lottery(say("双色球"), 6, 33, 1, 16),
    "dlt": Lottery(say("大乐透"), 5, 35, 2, 12),
}

_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+", re.ASCII)
_ISSUE = re.compile(r"[0-9]{7}", re.ASCII)
_DICE_SOURCE = re.compile(r"dice:([1-9][0-9]{0,2})", re.ASCII)


def compose_entropy(sources: Sequence[str], values: Mapping[str, str], batch_id: str) -> str:
    """Return the canonical text for `values`, a mapping source word -> what was drawn, in the order of `sources`.

    `sources` are words of the commitment: ``ssq``, ``ssq:2026001`` (that issue), ``dlt`` or ``dice:24`` (so many
    digits). A value of a lottery is
    ``2026001:01.05.09.17.22.30+07``, of dice its digits. Raises `DrawRefused` with everything that is wrong.
    """
    words = [source.split(":")[0] for source in sources]
    refuse_if(
        RefusalReason("entropy", say("没有填写 {source} 的结果", source=_title(word)))
        for word in words
        if not values.get(word)
    )
    parts = [f"{word}:{values[word]}" for word in words]
    text = (TRIAL if is_trial(batch_id) else "") + "/".join([*parts, f"batch:{batch_id}"])
    refuse_if(entropy_problems(text, sources, batch_id))
    return text


def entropy_problems(text: str, sources: Sequence[str], batch_id: str) -> list[RefusalReason]:
    """Return everything in which `text` is not the canonical entropy of `batch_id` under `sources`."""
    if not text.isascii() or any(char <= " " or char == "\x7f" for char in text):
        return [
            _wrong(say("随机串里有空格、全角或看不见的字符"), say("只用半角的数字、字母和 . + : / - 书写"))
        ]
    trial, rest = text.startswith(TRIAL), text.removeprefix(TRIAL)
    problems = list(_trial_problems(trial, batch_id))
    *parts, last = rest.split("/")
    if last != f"batch:{batch_id}":
        problems.append(
            _wrong(
                say("随机串应以 /batch:{batch} 结尾，实为“{seen}”", batch=batch_id, seen=last),
                say("请核对是否用了别的批次的随机串"),
            )
        )
    if len(parts) != len(sources):
        problems.append(
            _wrong(
                say(
                    "承诺的随机来源有 {expected} 个，随机串里有 {seen} 个",
                    expected=len(sources),
                    seen=len(parts),
                ),
                say("来源和次序按承诺书：{sources}", sources=list(sources)),
            )
        )
    for source, part in zip(sources, parts, strict=False):
        problems += _part_problems(source, part)
    return problems


def source_problems(sources: Sequence[str]) -> list[RefusalReason]:
    """Return what is wrong with the source words of a commitment."""
    if not sources:
        return [_wrong(say("承诺书没有写随机来源"), say("如 ssq 与 dice:24，宜至少两个来源"))]
    problems = [
        _wrong(
            say("不认识的随机来源“{source}”", source=source),
            say("可用：ssq、dlt、dice:位数；彩票后可写明期号，如 ssq:2026001"),
        )
        for source in sources
        if source not in LOTTERIES and not _DICE_SOURCE.fullmatch(source) and not _lottery_issue(source)
    ]
    if len({source.split(":")[0] for source in sources}) != len(sources):
        problems.append(
            _wrong(say("随机来源重复：{sources}", sources=list(sources)), say("每种来源只写一次"))
        )
    return problems


def same_typing(first: str, second: str) -> list[RefusalReason]:
    """Return where two people's typing of the same result differs; nothing when it is the same."""
    if first == second:
        return []
    place = next(
        (i for i, (one, two) in enumerate(zip(first, second, strict=False)) if one != two),
        min(len(first), len(second)),
    )
    return [
        RefusalReason(
            "typed-twice",
            say(
                "两人录入不一致：第 {place} 个字符，第一人为“{first}”，第二人为“{second}”",
                place=place + 1,
                first=first[place : place + 8],
                second=second[place : place + 8],
            ),
            hint=say("请两人各自对照签字的记录纸重新录入"),
        )
    ]


def is_trial(batch_id: str) -> bool:
    """Whether this is a trial draw, which never counts."""
    return batch_id.startswith(TRIAL)


def watermark(batch_id: str) -> str:
    """Return the mark on everything a trial draw makes; empty for a real one. Part of the record: always Chinese."""
    return say("试抽，不作为抽查依据").text if is_trial(batch_id) else ""


def parse_code(text: str) -> bytes:
    """Return the bytes of a one-time code in hex. Raises `DrawRefused` when it is not hex."""
    if not _HEX.fullmatch(text):
        raise DrawRefused(
            [
                RefusalReason(
                    "code",
                    say(
                        "一次性代码应为偶数个十六进制数字（0-9、a-f），实有 {length} 个字符", length=len(text)
                    ),
                    hint=say("即时公开的抽取用 64 个 0"),
                )
            ]
        )
    return bytes.fromhex(text)


def hash_times(value: bytes, times: int) -> bytes:
    """Return SHA-256 applied `times` times to `value`."""
    for _ in range(times):
        value = hashlib.sha256(value).digest()
    return value


def make_chain(secret: bytes, length: int) -> tuple[bytes, ...]:
    """Return H(secret) … H^length(secret). The last is the head to publish; codes are revealed backwards from it.

    The secret itself is never a code (draft-thomson-elegy-vrs, "One-Time Codes"), so `length` is at least 2.
    Raises ValueError otherwise.
    """
    if length < 2:
        raise ValueError("a chain needs at least two links: its head and one code")
    links = [hash_times(secret, 1)]
    while len(links) < length:
        links.append(hash_times(links[-1], 1))
    return tuple(links)


def reveal_problems(
    heads: Sequence[tuple[str, str]], codes: Sequence[str], step: int = 1
) -> list[RefusalReason]:
    """Return which custodian's code does not lead to the head he published: H^step(code) = head.

    `heads` are (custodian, head in hex) in the order of the commitment, `codes` hex in the same order.
    """
    if len(codes) != len(heads):
        return [
            RefusalReason(
                "reveal",
                say("应有 {expected} 位保管人的代码，实有 {seen} 个", expected=len(heads), seen=len(codes)),
                hint=say("缺一不可；保管人不交代码的，本次抽取作废并公开，换保管人另择日期"),
            )
        ]
    problems: list[RefusalReason] = []
    for (name, head), code in zip(heads, codes, strict=True):
        try:
            right = hash_times(parse_code(code), step).hex() == head and code == code.lower()
        except DrawRefused as refused:
            problems += refused.reasons
            continue
        if not right:
            problems.append(
                RefusalReason(
                    "reveal",
                    say("{name}交出的代码与其事先公布的哈希头不符", name=name),
                    hint=say(
                        "对代码取 {step} 次 SHA-256 应得到 {head}（小写十六进制）", step=step, head=head
                    ),
                )
            )
    return problems


def _wrong(message: Message, hint: Message) -> RefusalReason:
    return RefusalReason("entropy", message, hint=hint)


def _title(word: str) -> str | Message:
    if word in LOTTERIES:
        return LOTTERIES[word].title
    return say("骰子") if word == "dice" else word


def _trial_problems(trial: bool, batch_id: str) -> Iterator[RefusalReason]:
    if not ID.fullmatch(batch_id):
        yield _wrong(
            say("批次号“{batch}”不合规定", batch=batch_id),
            say("批次号为 1 至 64 个字母、数字、下划线或连字符"),
        )
    if trial and not is_trial(batch_id):
        yield _wrong(
            say("带 TEST- 的随机串只能用于试抽，批次 {batch} 是正式批次", batch=batch_id),
            say("正式抽取请用公开开奖的结果"),
        )
    if not trial and is_trial(batch_id):
        yield _wrong(
            say("{batch} 是试抽批次，随机串须以 TEST- 开头", batch=batch_id), say("试抽不得使用正式的随机串")
        )


def _part_problems(source: str, part: str) -> list[RefusalReason]:
    word, _, value = part.partition(":")
    expected = source.split(":", maxsplit=1)[0]
    if word != expected:
        return [
            _wrong(
                say("此处应为 {expected}，实为“{seen}”", expected=expected, seen=part),
                say("来源次序由承诺书固定"),
            )
        ]
    if word in LOTTERIES:
        issue, drawn = _lottery_issue(source), value.split(":", maxsplit=1)[0]
        if issue and drawn != issue:
            return [
                _wrong(
                    say("承诺书写明用第 {issue} 期，随机串用了第 {seen} 期", issue=issue, seen=drawn),
                    say("期号在开奖前已经固定，不能另选"),
                )
            ]
        return list(_lottery_problems(LOTTERIES[word], value))
    return list(_dice_problems(source, value))


def _lottery_issue(source: str) -> str:
    """Return the issue a source word pins, as in ``ssq:2026001``, or an empty text."""
    word, _, issue = source.partition(":")
    return issue if word in LOTTERIES and _ISSUE.fullmatch(issue) else ""


def _dice_problems(source: str, value: str) -> Iterator[RefusalReason]:
    match = _DICE_SOURCE.fullmatch(source)
    if not value.isdigit():
        yield _wrong(say("骰子点数应全是 0-9 的数字，实为“{seen}”", seen=value), say("逐个照抄，0 也要写"))
    elif match and len(value) != int(match[1]):
        yield _wrong(
            say("骰子应有 {expected} 位，实有 {seen} 位", expected=match[1], seen=len(value)),
            say("前导零要保留，逐位核对记录纸"),
        )


def _lottery_problems(lottery: Lottery, value: str) -> Iterator[RefusalReason]:
    issue, _, balls = value.partition(":")
    if not _ISSUE.fullmatch(issue):
        yield _wrong(
            say("{lottery}期号应为 7 位数字，实为“{seen}”", lottery=lottery.title, seen=issue),
            say("如 2026001：年份四位、期次三位"),
        )
    main, plus, extra = balls.partition("+")
    if not plus:
        yield _wrong(
            say("{lottery}号码里没有 +", lottery=lottery.title),
            say("写成 01.05.09.17.22.30+07：前区、加号、后区"),
        )
        return
    yield from _ball_problems(lottery, main, lottery.main, lottery.main_of)
    yield from _ball_problems(lottery, extra, lottery.extra, lottery.extra_of)


def _ball_problems(lottery: Lottery, text: str, count: int, highest: int) -> Iterator[RefusalReason]:
    balls = text.split(".")
    title = lottery.title
    if len(balls) != count:
        yield _wrong(
            say(
                "{lottery}此区应有 {expected} 个号，实有 {seen} 个：{text}",
                lottery=title,
                expected=count,
                seen=len(balls),
                text=text,
            ),
            say("号与号之间用半角句点分隔"),
        )
    whole = [ball for ball in balls if re.fullmatch(r"[0-9]{2}", ball, re.ASCII)]
    for ball in balls:
        if ball not in whole:
            yield _wrong(say("号码“{ball}”不是两位数字", ball=ball), say("前导零要保留：5 写成 05"))
        elif not 1 <= int(ball) <= highest:
            yield _wrong(
                say("号码 {ball} 超出范围", ball=ball),
                say("{lottery}此区为 01 至 {highest}", lottery=title, highest=f"{highest:02}"),
            )
    if len(set(whole)) != len(whole):
        yield _wrong(say("号码重复：{text}", text=text), say("同一区的号码不会相同，请对照开奖公告"))
    elif whole == balls and balls != sorted(balls):
        yield _wrong(
            say("号码次序不对：{text}", text=text),
            say("同一区的号码从小到大写：{right}", right=".".join(sorted(balls))),
        )
