#!/usr/bin/env python3
"""核验一次 ssj-draw/2 抽取：python3 verify.py [文件夹] [--party 公钥]… [--official 文件] [--slip 文件]

只用 Python 3.9 以上自带的库，不联网，不写文件。按 PROTOCOL.md 重算名额、随机号、抽取对象、检查人员，核对名册的树根、
日志和外部签名。全部相符退出码为 0；有任何不符为 1，并写明哪里不符；文件读不了为 2。审计包与公开包都能核验。
--party 写自己从签名方得到的公钥，只认这些；--official 每行写“种类 期号或轮次 日期 号码”；--slip 是一户的凭单。
"""

# Meant to be read in one sitting and run on any Python from 3.9: no type hints, and no formatter that doubles its length.
# mypy: ignore-errors
# ruff: noqa: B905, E731, F401
# fmt: off

import hashlib
import hmac
import json
import re
import sys
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

OPEN = {"objects": ["lot", "stratum"], "people": ["lot"]}
BEFORE = ["lot", "stratum", "eligible"]  # 2026-12 以前的对象名册
SEALED = {"objects": ["object_id", "name", "credit_class", "class_date", "district", "section", "items", "exclude_reason"],
          "people": ["person_id", "pools", "section", "labels", "districts", "certificate", "cert_valid_to", "eligible", "exclude_reason", "recusals", "load", "previous"]}
LISTS = ["items", "pools", "labels", "districts", "recusals", "previous"]
WEEKDAYS = {"ssq": (2, 4, 7), "dlt": (1, 3, 6), **dict.fromkeys(("fc3d", "pl3", "pl5"), range(1, 8))}
RESULTS = {"ssq": 17721088, "dlt": 21425712, "fc3d": 1000, "pl3": 1000, "pl5": 100000, "drand": 2**256, "dice": 1}
HAS = {**dict.fromkeys(WEEKDAYS, "issue"), "drand": "round", "dice": "digits"}
TITLES = {"ssq": "双色球", "dlt": "大乐透", "fc3d": "福彩3D", "pl3": "排列3", "pl5": "排列5", "drand": "drand quicknet", "dice": "骰子"}
UTC8 = timezone(timedelta(hours=8))
NO_ANCHOR = "无外部凭据"
bad, said = [], []  # 每处不符一句话；无法核验和应当知道的

def expect(right, text):
    bad.extend([] if right else [text])
def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()
def sm3(data):  # GB/T 32905-2016
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data).hexdigest()
    mask = 0xFFFFFFFF
    rot = lambda x, n: (x << n % 32 | x >> (32 - n % 32)) & mask
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data += b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[i : i + 4], "big") for i in range(at, at + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rot(w[j - 3], 15)
            w.append(x ^ rot(x, 15) ^ rot(x, 23) ^ rot(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            s = rot((rot(a, 12) + e + rot(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & mask, 7)
            t = (a ^ b ^ c if j < 16 else a & b | a & c | b & c) + d + (s ^ rot(a, 12)) + (w[j] ^ w[j + 4])
            u = ((e ^ f ^ g if j < 16 else e & f | ~e & g & mask) + h + s + w[j]) & mask
            a, b, c, d, e, f, g, h = t & mask, a, rot(b, 9), c, u ^ rot(u, 9) ^ rot(u, 17), e, rot(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return "".join(f"{x:08x}" for x in v)
def canonical(x):  # RFC 8785，不含小数
    if isinstance(x, float):
        raise ValueError("有小数")
    if isinstance(x, dict):
        keys = sorted(x, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + canonical(x[k]) for k in keys) + "}"
    return "[" + ",".join(map(canonical, x)) + "]" if isinstance(x, list) else json.dumps(x, ensure_ascii=False)
def read_json(name, data):
    value = json.loads(data.decode("utf-8"))
    expect(canonical(value).encode("utf-8") == data, f"{name} 不是规范写法")
    return value

# ---- 形状：键不多不少，值合规定 ----
def fits(value, shape):
    if isinstance(shape, dict):
        return isinstance(value, dict) and set(value) == set(shape) and all(fits(value[k], s) for k, s in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    return shape(value)
def form(pattern):
    return lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None
def words(*known):
    return lambda v: isinstance(v, str) and v in known
def either(*shapes):
    return lambda v: any(fits(v, s) for s in shapes)
def maybe(shape):
    return lambda v: v is None or fits(v, shape)
def table(shape):
    return lambda v: isinstance(v, dict) and all(text(k) and fits(x, shape) for k, x in v.items())
def text(v):
    return isinstance(v, str) and len(v) <= 2000 and not any(c < " " for c in v)
def day(v):
    try:
        return isinstance(v, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", v) is not None and bool(date.fromisoformat(v))
    except ValueError:
        return False
filled = lambda v: text(v) and v.strip() != ""
number = lambda v: type(v) is int and 0 <= v <= 10**9
flag = lambda v: isinstance(v, bool)
ID, LOT, SHA = form("[A-Za-z0-9_-]{1,64}"), form("[0-9a-f]{32}"), form("[0-9a-f]{64}")
at_form = form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")
instant = lambda v: at_form(v) and day(v[:10])
SHARE = {"name": filled, "index": number, "share": SHA}
DRAWN = {"lot": LOT, "position": number, "ticket": SHA}
COMMITMENT = {
    "spec": words("ssj-draw/2"), "ticket_function": words("draft-thomson-elegy-vrs: HMAC-SHA256"), "bureau": filled,
    "purpose": filled, "batch_id": ID, "draw_no": number, "items": [filled],
    "objects": {"rows": number, "root": SHA, "sm3": SHA}, "strata": table({"listed": number}), "registered": number,
    "people": maybe({"rows": number, "root": SHA, "sm3": SHA}),
    "object_rules": {
        "stratum_from": [words("credit_class", "district", "section")],
        "strata": [{"stratum": filled, "min": number, "max": maybe(number),
                    "bands": [{"up_to": maybe(number), "count": maybe(number), "ratio": maybe(text)}]}],
        "groups": [{"title": filled, "kind": words("total", "floor", "cap"), "strata": [filled], "count": maybe(number),
                    "ratio": maybe(text)}],
        "on_removal": words("fill", "shrink"), "removal_reasons": [filled]},
    "quotas": [{"stratum": filled, **dict.fromkeys(["listed", "first", "shared", "bounded", "floored", "quota"], number)}],
    "people_rules": maybe({
        "team_per": words("object", "section", "district"), "valid_on": lambda v: v == "" or day(v), "rotation": flag,
        "replacement_reasons": [filled],
        "places": [{"title": text, "pool": words("people", "experts"), "sections": [filled], "own_section": flag,
                    "labels": [filled], "items": words("none", "any", "all"), "district": flag, "certificate": flag}]}),
    "sources": [{"kind": words(*HAS), "issue": maybe(form("20[0-9]{5}")), "round": maybe(number), "digits": maybe(number), "day": day}],
    "sources_reason": text, "calendar_sha256": SHA, "draw_by": day,
    "custodians": maybe({"threshold": number, "key_sha256": SHA, "shares": [{"name": filled, "index": number, "sha256": SHA}]}),
    "anchor": {"mode": words("signed", "none"), "parties": [{"name": filled, "key": SHA, "sample": flag}], "reason": text},
    "software": table(SHA), "log": {"size": number, "root": SHA}}
FORMER = {**{k: v for k, v in COMMITMENT.items() if k != "registered"}, "register_counts": table(number),
          "objects": {**COMMITMENT["objects"], "eligible": number, "excluded": table(number)},
          "strata": table({"listed": number, "eligible": number}), "quotas": [{**COMMITMENT["quotas"][0], "eligible": number, "base": number}],
          "object_rules": {**COMMITMENT["object_rules"], "base": words("eligible", "listed")}}
COMMITMENT = either(COMMITMENT, FORMER)
RESULT = {
    "spec": words("ssj-draw/2"), "commitment": SHA, "watermark": text, "values": [filled], "shares": [SHARE],
    "strata": [{"stratum": filled, "quota": number, "cutoff": lambda v: v == "" or SHA(v), "drawn": [DRAWN]}],
    "removals": [{"lot": LOT, "reason": filled, "evidence": SHA}], "visits": [{**DRAWN, "stratum": filled}]}
RESULT = either({**RESULT, "opened": [{"lot": LOT, "takes_part": flag, "salt": LOT}]}, RESULT)
TEAMS = {
    "spec": words("ssj-draw/2 teams"),
    "units": [{"unit": LOT, "objects": [LOT], "members": [{"place": number, "lot": LOT, "ticket": SHA}]}],
    "replacements": [{"unit": LOT, "place": number, "leaving": LOT, "joining": LOT, "ticket": SHA, "why": SHA, "second": filled}],
    "whys": [{"reason": filled, "evidence": SHA, "salt": LOT}]}
TEAMS = either({**TEAMS, "key": SHA}, TEAMS)
BODY = {
    "commit": {"batch_id": ID, "draw_no": number, "known_from": day, "known_on": day, "draw_by": day,
               "anchor": words("signed", "none"), "second": text},
    "typed": {"sha256": SHA}, "entropy": {"values": [filled]}, "shares": {"shares": [SHARE]}, "objects": {"sha256": SHA},
    "remove": {"lot": LOT, "reason": filled, "evidence": SHA, "second": filled}, "people": {"sha256": SHA},
    "replace": {"sha256": SHA, "second": filled}, "void": {"reason": filled, "evidence": SHA, "second": filled},
    "lapse": {}, "note": {"subject": filled, "sha256": SHA}}
BODY = {kind: {"commitment": SHA, **shape} for kind, shape in BODY.items()}
BODY["people"] = either({"commitment": SHA, "hmac_sha256": SHA}, BODY["people"])
BODY["anchor"] = {"size": number, "root": SHA, "party": filled, "key": SHA, "at": instant, "signature": form("[0-9a-f]{128}")}
LINE = {"seq": number, "at": instant, "behind": number, "by": filled, "kind": words(*BODY), "body": lambda v: isinstance(v, dict)}

# ---- 树（RFC 9162）、签名（RFC 8032） ----
def leaf(line):
    return hashlib.sha256(b"\x00" + line.encode("utf-8")).digest()
def head(lines):
    level = [leaf(line) for line in lines]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        level = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in pairs] + (level[-1:] if len(level) % 2 else [])
    return level[0].hex() if level else sha(b"")
def climb(line, place, size, path):
    found, last = leaf(line), size - 1
    for step in path:
        while place == last and not place % 2 and last:
            place, last = place // 2, last // 2
        pair = bytes.fromhex(step) + found if place % 2 or place == last else found + bytes.fromhex(step)
        found, place, last = hashlib.sha256(b"\x01" + pair).digest(), place // 2, last // 2
    return found.hex() if last == 0 else ""
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, P - 2, P) % P
def plus(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * CURVE, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
def multiple(n, point):
    found = (0, 1, 1, 0)
    for bit in f"{n:b}":
        found = plus(found, found)
        found = plus(found, point) if bit == "1" else found
    return found
def point_of(data):
    y, sign = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(CURVE * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("不是曲线上的点")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P
def signed(key, message, signature):
    try:
        public, nonce = point_of(key), point_of(signature[:32])
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    base = point_of(bytes.fromhex("58" + "66" * 31))
    one, other = multiple(s, base), plus(nonce, multiple(h, public))
    return s < ORDER and not any((one[i] * other[2] - other[i] * one[2]) % P for i in (0, 1))
