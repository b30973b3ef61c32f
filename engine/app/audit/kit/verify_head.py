#!/usr/bin/env python3
"""核对日志头：python3 verify_head.py 早的日志头.json 晚的日志头.json 证明.json

只用 Python 3.9 以上自带的库，不联网，不写文件，不需要数据库。按 RFC 9162 第 2.1.4.2 节核对：晚的日志头是否由早的续写而成，
中间没有改写、删除、另起一份。相符退出码为 0；不符为 1；文件读不了或写法不对为 2。
"""

# Meant to run on any Python from 3.9, away from the product: hardly any type hints.
# mypy: ignore-errors
# ruff: noqa: FURB162, PTH123

import hashlib
import json
import re
import sys
from datetime import datetime

HEAD, PROOF = "shuangsuiji-head/1", "shuangsuiji-consistency/1"
HASH = re.compile("[0-9a-f]{64}")
#: A file larger than this is none of ours.
MOST = 100_000


class Unreadable(Exception):
    """A file is not what it should be."""


def read(path, kind):
    """Return what a file holds, every value checked. Raises Unreadable."""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST + 1)
        if len(data) > MOST:
            raise Unreadable(f"“{path}”过大，不是日志头或证明")
        found = json.loads(data.decode("utf-8-sig"))
    except OSError as problem:
        raise Unreadable(f"“{path}”读不了：{problem.strerror}") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"“{path}”不是 JSON") from None
    if not isinstance(found, dict) or found.get("format") != kind:
        raise Unreadable(f"“{path}”不是“{kind}”")
    digests, sizes = [found.get("bureau")], []
    if kind == HEAD:
        digests.append(found.get("root"))
        sizes.append(found.get("size"))
    else:
        listed = found.get("hashes")
        digests += listed if isinstance(listed, list) else [None]
        sizes += [found.get("first"), found.get("second")]
    if not all(isinstance(one, str) and HASH.fullmatch(one) for one in digests):
        raise Unreadable(f"“{path}”里的哈希写法不对")
    if not all(type(one) is int and 0 <= one < 2**63 for one in sizes):
        raise Unreadable(f"“{path}”里的条数写法不对")
    if kind == HEAD:
        found["at"] = instant(found.get("time"), path)
    return found


def instant(text, path):
    """Return the time of a head. Raises Unreadable."""
    try:
        made = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        raise Unreadable(f"“{path}”里的时间写法不对") from None
    if made.tzinfo is None:
        raise Unreadable(f"“{path}”里的时间没有时区")
    return made


def node(left, right):
    """Return the hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(first, second, first_root, second_root, hashes):
    """Return whether the hashes lead from the first root to the second."""
    if first == second:
        return not hashes and first_root == second_root
    steps = [first_root, *hashes] if first & (first - 1) == 0 else hashes
    if not steps:
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


def main(arguments: list[str]) -> int:
    """Check three files; print one sentence and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if len(arguments) != 3:
        print("用法：python3 verify_head.py 早的日志头.json 晚的日志头.json 证明.json", file=sys.stderr)
        return 2
    try:
        old, new = read(arguments[0], HEAD), read(arguments[1], HEAD)
        found = problem(old, new, read(arguments[2], PROOF))
    except Unreadable as wrong:
        print(wrong, file=sys.stderr)
        return 2
    if found:
        print(found, file=sys.stderr)
        return 1
    print(f"核对通过：{new['size']} 条的日志头由 {old['size']} 条的续写而成，此前的记录没有改动。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
