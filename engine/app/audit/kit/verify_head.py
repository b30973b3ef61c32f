#!/usr/bin/env python3
"""核对日志头。

  python3 verify_head.py 早的日志头.json 晚的日志头.json 证明.json
  python3 verify_head.py heads.json [以前保存的日志头.json 或 heads.json …] [--key 公钥]

只用 Python 3.9 以上自带的库，不联网，不写文件，不需要数据库。按 RFC 9162 第 2.1.4.2 节核对：晚的日志头是否由早的续写而成，
中间没有改写、删除、另起一份；按 RFC 8032 核对签名（Ed25519）；heads.json 还核对每一把密钥是否由前一把签名启用。
--key 是本单位当面或书面告知的公钥；没有它，签名只说明各日志头出自同一把密钥。
与 heads.json 放在一起的时间戳（编号.tsr）只核对盖的是不是那个日志头、几时盖的；机构的签名要用 openssl 核对，结果里会写明。
相符退出码为 0；不符为 1；文件读不了或写法不对为 2。
"""

# Meant to run on any Python from 3.9, away from the product: hardly any type hints.
# mypy: ignore-errors
# ruff: noqa: FURB162, PTH123, UP017

import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timezone
from pathlib import Path

HEAD, PROOF, LIST = "shuangsuiji-head/1", "shuangsuiji-consistency/1", "shuangsuiji-heads/1"
HASH, SIGNATURE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")
#: A file larger than this is none of ours; a list grows by some two thousand bytes a day.
MAX_BYTES, MAX_LIST_BYTES = 100_000, 50_000_000


USAGE = (
    "用法：python3 verify_head.py 早的日志头.json 晚的日志头.json 证明.json；"
    "或 python3 verify_head.py heads.json [以前保存的文件 …] [--key 公钥]"
)


class UnreadableError(Exception):
    """A file is not what it should be."""


def load(path, most):
    """Return the JSON in a file. Raises UnreadableError."""
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise UnreadableError(f"“{path}”过大，不是日志头或证明")
        return json.loads(data.decode("utf-8-sig"))
    except OSError as problem:
        raise UnreadableError(f"“{path}”读不了：{problem.strerror}") from None
    except (ValueError, RecursionError):
        raise UnreadableError(f"“{path}”不是 JSON") from None


def read(path, kind):
    """Return what a file holds, every value checked. Raises UnreadableError."""
    found = load(path, MAX_BYTES)
    if not isinstance(found, dict) or found.get("format") != kind:
        raise UnreadableError(f"“{path}”不是“{kind}”")
    if kind == HEAD:
        return checked_head(found, path)
    listed = found.get("hashes")
    digests = [found.get("bureau"), *(listed if isinstance(listed, list) else [None])]
    require(all(map(is_hash, digests)), path, "哈希")
    require(all(map(is_size, (found.get("first"), found.get("second")))), path, "条数")
    return found


def checked_head(found, path):
    """Return a head with its instant. Raises UnreadableError."""
    require(is_hash(found.get("bureau")) and is_hash(found.get("root")), path, "哈希")
    require(is_size(found.get("size")), path, "条数")
    signed = found.get("signature")
    if signed is not None:
        require(isinstance(signed, str) and SIGNATURE.fullmatch(signed), path, "签名")
        require(is_hash(found.get("key")), path, "公钥")
    return {**found, "signature": signed, "at": instant(found.get("time"), path)}


def read_list(path):
    """Return the keys and heads of a list, every value checked. Raises UnreadableError."""
    found = load(path, MAX_LIST_BYTES)
    if not isinstance(found, dict) or found.get("format") != LIST:
        raise UnreadableError(f"“{path}”不是“{LIST}”")
    keys, heads = found.get("keys"), found.get("heads")
    require(is_hash(found.get("bureau")), path, "单位标识")
    require(isinstance(keys, list) and all(isinstance(one, dict) for one in keys), path, "密钥")
    require(isinstance(heads, list) and all(isinstance(one, dict) for one in heads), path, "日志头")
    for key in keys:
        require(is_hash(key.get("key")) and key.get("why") in ("first", "changed", "lost"), path, "密钥")
        require(key["why"] == "first" or is_hash(key.get("previous")), path, "密钥")
        signed = key.get("signature")
        require(
            signed is None or (isinstance(signed, str) and SIGNATURE.fullmatch(signed)), path, "密钥的签名"
        )
    for head in heads:
        proof = head.get("proof")
        require(isinstance(proof, list) and all(map(is_hash, proof)), path, "证明")
        require(is_size(head.get("number")), path, "编号")
    return {**found, "heads": [checked_head({"bureau": found["bureau"], **one}, path) for one in heads]}


def is_hash(one):
    """Return whether a value is 64 hexadecimal digits."""
    return isinstance(one, str) and HASH.fullmatch(one) is not None


def is_size(one):
    """Return whether a value is a number of statements."""
    return type(one) is int and 0 <= one < 2**63


def require(fits, path, what):
    """Raise UnreadableError unless a value fits."""
    if not fits:
        raise UnreadableError(f"“{path}”里的{what}写法不对")


def instant(text, path):
    """Return the time of a head. Raises UnreadableError."""
    try:
        made = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        raise UnreadableError(f"“{path}”里的时间写法不对") from None
    if made.tzinfo is None:
        raise UnreadableError(f"“{path}”里的时间没有时区")
    return made


def node(left, right):
    """Return the hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(first, second, first_root, second_root, hashes):
    """Return whether the hashes lead from the first root to the second."""
    if first == second:
        return not hashes and first_root == second_root
    steps = [first_root, *hashes] if first & (first - 1) == 0 else hashes
    if not steps or first == 0:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(step, old), node(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def problem(old, new, proof):
    """Return what is wrong with two heads and the proof between them; None where all fits."""
    if not old["bureau"] == new["bureau"] == proof["bureau"]:
        return "两个日志头和证明不是同一个单位的"
    if new["size"] < old["size"]:
        return f"晚的日志头只有 {new['size']} 条，早的已有 {old['size']} 条：末尾被删，或两个文件的次序放反"
    if new["at"] < old["at"]:
        return "晚的日志头的时间早于早的：两个文件的次序放反，或时间被改"
    if old["size"] == 0:
        return "早的日志头是空的，不能证明什么"
    if (proof["first"], proof["second"]) != (old["size"], new["size"]):
        return f"证明是从 {proof['first']} 条到 {proof['second']} 条的，不是这两个日志头的"
    hashes = [bytes.fromhex(one) for one in proof["hashes"]]
    roots = bytes.fromhex(old["root"]), bytes.fromhex(new["root"])
    if not consistent(old["size"], new["size"], *roots, hashes):
        return "证明不成立：早的日志头以前的记录被改写、删除，或另起了一份"
    return None


def signed_text(head):
    """Return what the signature of a head is over: a checkpoint of C2SP tlog-checkpoint with the time in its fourth line."""
    root = base64.b64encode(bytes.fromhex(head["root"])).decode()
    return f"shuangsuiji/{head['bureau']}\n{head['size']}\n{root}\n{head['time']}\n".encode()


def signed_note(head):
    """Return the checkpoint with its signature (C2SP signed-note): what a time stamp is of."""
    if head["signature"] is None:
        return signed_text(head)
    name = f"shuangsuiji/{head['bureau']}"
    known = hashlib.sha256(name.encode() + b"\n\x01" + bytes.fromhex(head["key"])).digest()[:4]
    signed = base64.b64encode(known + bytes.fromhex(head["signature"])).decode()
    return signed_text(head) + f"\n\u2014 {name} {signed}\n".encode()


def signature_holds(key, text, signature):
    """Return whether a signature (hexadecimal) of a text is by the secret of a public key."""
    return ed25519_holds(bytes.fromhex(key), text, bytes.fromhex(signature))


def wrong_signature(head):
    """Return what is wrong with the signature of a head; None where it holds or there is none."""
    if head["signature"] is None or signature_holds(head["key"], signed_text(head), head["signature"]):
        return None
    return f"{head['size']} 条的日志头签名不对：日志头被改动，或不是这把密钥签的"


def said_of_signatures(heads):
    """Return what the signatures of heads say, and what they do not."""
    if any(head["signature"] is None for head in heads):
        return "有日志头没有签名：只证明前后一致，不证明出自何方。"
    keys = sorted({head["key"] for head in heads})
    if len(keys) > 1:
        return "签名成立，但用了不同的密钥：更换经过须用 heads.json 核对。"
    return f"签名成立，公钥 {keys[0]}；这把公钥是谁的，须与当面或书面告知的比对。"


def wrong_keys(found):
    """Return what is wrong with the chain of keys of a list; None where each is announced by the one before, or marked as lost."""
    before = None
    for number, key in enumerate(found["keys"], 1):
        if (key["why"] == "first") != (before is None) or (before and key["previous"] != before["key"]):
            return f"第 {number} 把密钥接不上前一把"
        if key["why"] == "changed":
            text = f"shuangsuiji-head-key/1\n{found['bureau']}\n{before['key']}\n{key['key']}\n".encode()
            if key.get("signature") is None or not signature_holds(before["key"], text, key["signature"]):
                return f"第 {number} 把密钥没有前一把的签名"
        before = key
    return None


def wrong_list(found):
    """Return what is wrong with a list: its keys, signatures, order and proofs."""
    problem = wrong_keys(found)
    if problem:
        return problem
    known, place, old = [key["key"] for key in found["keys"]], 0, None
    for head in found["heads"]:
        name = f"日志头 {head['number']}"
        if head["bureau"] != found["bureau"]:
            return f"{name} 不是这个单位的"
        if head["signature"] is not None:
            # A key once replaced signs nothing any more.
            if head["key"] not in known[place:]:
                return f"{name} 不是当时的密钥签的"
            place = known.index(head["key"], place)
        problem = wrong_signature(head)
        if problem:
            return f"{name}：{problem}"
        if head["number"] != (old["number"] + 1 if old else 1):
            return f"{name} 前有缺失，或次序被改"
        if old is not None:
            if head["size"] < old["size"] or head["at"] < old["at"]:
                return f"{name} 的条数或时间早于前一个：末尾被删，或次序被改"
            hashes = [bytes.fromhex(one) for one in head["proof"]]
            roots = bytes.fromhex(old["root"]), bytes.fromhex(head["root"])
            if not consistent(old["size"], head["size"], *roots, hashes):
                return f"{name} 不是由前一个续写而成：此前的记录被改写、删除，或另起了一份"
        old = head
    return None


def missing(found, held, path):
    """Return what shows that a head somebody kept is not in the list as it was; None where it is."""
    if held["bureau"] != found["bureau"]:
        return f"“{path}”与 heads.json 不是同一个单位的"
    if wrong_signature(held):
        return f"“{path}”：{wrong_signature(held)}"
    for head in found["heads"]:
        if head["size"] == held["size"]:
            if head["root"] == held["root"]:
                return None
            return f"“{path}”的 {held['size']} 条日志头与现在公布的根不同：记录被改写，或给不同的人看了不同的一份"
    return f"现在公布的没有“{path}”的 {held['size']} 条日志头：它被拿掉，或须另取证明（audit consistency）"


def said_of_list(found, key):
    """Return sentences about what was checked of a list and what cannot be checked here."""
    heads = found["heads"]
    said = [
        f"核对通过：{len(heads)} 个日志头逐个续写而成，最后一个 {heads[-1]['size']} 条（{heads[-1]['time']}）。"
    ]
    unsigned = [str(head["number"]) for head in heads if head["signature"] is None]
    if unsigned:
        said.append(f"没有签名的日志头：{'、'.join(unsigned)}；不证明出自何方。")
    for number, one in enumerate(found["keys"], 1):
        if one["why"] == "lost":
            agreed = "单人" if one.get("single_handed") else "两人"
            said.append(
                f"第 {number} 把密钥是前一把遗失后由本单位{agreed}启用的，没有前一把的签名：只有本单位自己这样说。"
            )
    if key is None:
        said.append("没有用 --key 给出公钥：签名只说明各日志头出自列出的密钥，不说明密钥是谁的。")
    return said


def stamps(found, folder):
    """Return sentences about the time stamps beside a list, and whether one is not of its head."""
    said, wrong = [], None
    for head in found["heads"]:
        path = folder / f"{head['number']}.tsr"
        if not path.exists():
            continue
        try:
            with open(path, "rb") as file:
                algorithm, digest, at = time_stamp(file.read(MAX_BYTES * 2))
        except OSError as problem:
            raise UnreadableError(f"“{path}”读不了：{problem.strerror}") from None
        except (ValueError, IndexError, KeyError, StopIteration):
            wrong = wrong or f"“{path}”不是时间戳"
            continue
        if hashlib.new(algorithm, signed_note(head)).digest() != digest:
            wrong = wrong or f"“{path}”盖的不是日志头 {head['number']}"
        else:
            said.append(f"日志头 {head['number']}：时间戳 {at.isoformat()}")
    if said:
        said.append(
            "时间戳机构的签名没有核对：openssl ts -verify -data 编号.checkpoint -in 编号.tsr -CAfile 机构根证书.pem"
        )
    return said, wrong


HASHES = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}


def elements(data):
    """Return (tag, value) of each element of DER. Raises ValueError, IndexError."""
    found, at = [], 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise ValueError("cut off")
        found.append((tag, data[at : at + length]))
        at += length
    return found


def time_stamp(data):
    """Return algorithm, digest and instant of an RFC 3161 response. Raises ValueError, IndexError, KeyError."""
    status, token = elements(elements(data)[0][1])[:2]
    if int.from_bytes(elements(status[1])[0][1], "big") > 1:
        raise ValueError("not granted")
    signed = elements(elements(elements(token[1])[1][1])[0][1])
    info = elements(elements(elements(elements(signed[2][1])[1][1])[0][1])[0][1])
    imprint = elements(info[2][1])
    text = next(value for tag, value in info[3:] if tag == 0x18).decode("ascii")
    at = datetime.strptime(text.partition(".")[0].rstrip("Z"), "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
    return HASHES[elements(imprint[0][1])[0][1].hex()], imprint[1][1], at


# Ed25519 (RFC 8032) in plain integers: checking needs no secret.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
NEUTRAL = (0, 1, 1, 0)


def add(p, q):
    """Return the sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    """Return a multiple of a point."""
    found = NEUTRAL
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def point_of(data):
    """Return the point of 32 bytes; None where there is none."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(key, message, signature):
    """Return whether 64 bytes are the signature of a message by the secret of a public key."""
    public, nonce = point_of(key), point_of(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or number >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    p, q = times(number, BASE), add(nonce, times(challenge, public))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def check_list(path, others, key):
    """Check a list and what was kept before; return what is wrong, and the sentences about what holds."""
    found = read_list(path)
    if not found["heads"]:
        raise UnreadableError(f"“{path}”里没有日志头")
    wrong = wrong_list(found)
    if wrong is None and key is not None and key not in [one["key"] for one in found["keys"]]:
        wrong = "给出的公钥不在 heads.json 里：密钥被换掉而没有宣布，或不是这个单位的"
    for other in others:
        if wrong is not None:
            break
        body = load(other, MAX_LIST_BYTES)
        if isinstance(body, dict) and body.get("format") == LIST:
            held = read_list(other)
            kept = [one["key"] for one in held["keys"]]
            if kept != [one["key"] for one in found["keys"]][: len(kept)]:
                wrong = f"“{other}”里的密钥与现在公布的不同"
            heads = held["heads"]
        else:
            heads = [read(other, HEAD)]
        for head in heads:
            wrong = wrong or missing(found, head, other)
    said, wrong_stamp = stamps(found, Path(path).resolve().parent)
    kept = [f"以前保存的“{other}”在其中，没有改动。" for other in others]
    return wrong or wrong_stamp, [*said_of_list(found, key), *kept, *said]


def check_pair(arguments):
    """Check two heads and the proof between them; return what is wrong, and the sentence about what holds."""
    old, new = read(arguments[0], HEAD), read(arguments[1], HEAD)
    wrong = problem(old, new, read(arguments[2], PROOF)) or wrong_signature(old) or wrong_signature(new)
    said = f"核对通过：{new['size']} 条的日志头由 {old['size']} 条的续写而成，此前的记录没有改动。"
    return wrong, [said + said_of_signatures([old, new])]


def is_list(path):
    """Return whether a file holds a list of heads. Raises UnreadableError."""
    body = load(path, MAX_LIST_BYTES)
    return isinstance(body, dict) and body.get("format") == LIST


def main(arguments: list[str]) -> int:
    """Check the files; print what is wrong, or what holds and what cannot be checked here; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments, key = list(arguments), None
    if "--key" in arguments[:-1]:
        place = arguments.index("--key")
        key = arguments[place + 1].lower()
        del arguments[place : place + 2]
    if not arguments or (key is not None and not HASH.fullmatch(key)):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        if is_list(arguments[0]):
            found, said = check_list(arguments[0], arguments[1:], key)
        elif len(arguments) == 3:
            found, said = check_pair(arguments)
        else:
            print(USAGE, file=sys.stderr)
            return 2
    except UnreadableError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if found:
        print(found, file=sys.stderr)
        return 1
    print("\n".join(said))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
