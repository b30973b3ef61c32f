#!/usr/bin/env python3
"""核验一次「双随机」抽取：python3 verify.py [文件夹] [--anchor 日志头]…

只用 Python 3.9 以上自带的库，不联网，不写文件。按 PROTOCOL.md 从承诺书、名册和公布的随机串重算名额、随机号、
抽取对象、检查人员，与 result.json 逐字节比较。全部相符退出码为 0；有任何不符为 1，并写明哪里不符；文件读不了为 2。
"""

# Meant to be read in one sitting and run on any Python from 3.9: no type hints, and no formatter that doubles its length.
# mypy: ignore-errors
# ruff: noqa: B905, E731
# fmt: off

import hashlib
import hmac
import json
import re
import sys
from collections import Counter
from fractions import Fraction
from math import ceil
from pathlib import Path

NEEDED = ["PROTOCOL.md", "verify.html", "verify.py", "commitment.json", "roster.tsv", "inspectors.tsv", "reveal.json"]
NEEDED += ["result.json", "log.jsonl"]
OBJECT = ["object_id", "name", "credit_class", "class_date", "district", "items", "eligible", "exclude_reason"]
PERSON = ["inspector_id", "section", "labels", "cert_no_digest", "cert_valid_to", "eligible", "exclude_reason"]
PERSON += ["recusals", "load", "previous"]
TO_12, TO_16 = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|1[0-6])"
TO_33, TO_35 = "(?:0[1-9]|[12][0-9]|3[0-3])", "(?:0[1-9]|[12][0-9]|3[0-5])"
LOTTERIES = {"ssq": f"(?:{TO_33}\\.){{5}}{TO_33}\\+{TO_16}", "dlt": f"(?:{TO_35}\\.){{4}}{TO_35}\\+{TO_12}\\.{TO_12}"}
bad = []  # 每处不符一句话

def expect(right, text):
    bad.extend([] if right else [text])
def sha256(data):
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
    if isinstance(x, dict):
        keys = sorted(x, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + canonical(x[k]) for k in keys) + "}"
    return "[" + ",".join(map(canonical, x)) + "]" if isinstance(x, list) else json.dumps(x, ensure_ascii=False)
def read_json(name, files):
    value = json.loads(files[name].decode("utf-8"))
    expect(canonical(value).encode("utf-8") == files[name], f"{name} 不是规范写法：文件被改动过")
    return value
def read_table(name, files, columns, digest):
    data = files[name]
    expect((sha256(data), sm3(data)) == (digest["sha256"], digest["sm3"]), f"{name} 的 SHA-256 或 SM3 与承诺书不符")
    head, *lines = data.decode("utf-8").split("\n")
    right = head.split("\t") == columns and lines and not lines.pop()
    expect(right and all(x.count("\t") == len(columns) - 1 for x in lines), f"{name} 的表头、列数或结尾不合规定")
    rows = [dict(zip(columns, line.split("\t"))) for line in lines]
    ids = [row[columns[0]] for row in rows]
    expect(ids == sorted(set(ids)), f"{name} 的编号重复或次序不对")
    for row in rows:
        row.update({k: row[k].split(";") for k in ("items", "labels", "recusals", "previous") if row.get(k)})
        row["ok"] = row["eligible"] == "1"
    out = dict(Counter(row["exclude_reason"] for row in rows if not row["ok"]))
    told = (digest["rows"], digest["eligible"], digest["excluded"])
    expect((len(rows), sum(row["ok"] for row in rows), out) == told, f"{name} 的行数或排除合计与承诺书不符")
    return rows
def count(rows, of):
    listed, eligible = Counter(map(of, rows)), Counter(of(row) for row in rows if row["ok"])
    return {k: {"listed": listed[k], "eligible": eligible[k]} for k in listed}

def ratio(text):
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
def share(total, weights):  # 按比例分：先取整数部分，余数大的先得，余数相同按名称
    whole = sum(weights.values(), Fraction(0))
    if not whole or total <= 0:
        return dict.fromkeys(weights, 0)
    exact = {k: total * w / whole for k, w in weights.items()}
    found = {k: int(x) for k, x in exact.items()}
    for k in sorted(weights, key=lambda k: (found[k] - exact[k], k))[: total - sum(found.values())]:
        found[k] += 1
    return found
def quotas(rules, strata):
    names, least = sorted(strata), rules["total_floor"]
    able = {k: strata[k]["eligible"] for k in names}
    base = {k: strata[k][rules["base"]] for k in names}
    weight = {k: ratio(rules["ratios"][k]) for k in names}
    floor = {k: ceil(base[k] * weight[k]) for k in names}
    if rules["fixed_total"] is not None:
        floor = share(rules["fixed_total"], {k: base[k] * weight[k] for k in names})
    room = {k: max(0, able[k] - floor[k]) for k in names}
    missing = ceil(sum(base.values()) * ratio(least)) - sum(min(floor[k], able[k]) for k in names) if least else 0
    spread = share(min(missing, sum(room.values())), room)
    found = []
    for k in names:
        wanted = floor[k] + spread[k]
        up = max(0, rules["min_per_stratum"] - wanted) if able[k] else 0
        cut = max(0, wanted + up - able[k])
        item = {"stratum": k, **strata[k], "base": base[k], "ratio": rules["ratios"][k], "floor": floor[k]}
        found.append({**item, "spread": spread[k], "raised": up, "cut": cut, "quota": wanted + up - cut})
    return found
def check_entropy(commitment, text):
    batch, form = commitment["batch_id"], []
    for source in commitment["entropy_sources"]:
        word, _, given = source.partition(":")
        rest = f"[0-9]{{{given}}}" if word == "dice" else f"{given or '[0-9]{7}'}:{LOTTERIES[word]}"
        form.append(f"{word}:{rest}")
    right = re.fullmatch(("TEST-" if batch.startswith("TEST-") else "") + "/".join([*form, "batch:" + batch]), text)
    groups = [group.split(".") for group in re.split("[:/+]", text)]
    right = right and all(group == sorted(set(group)) for group in groups)
    expect(right, f"随机串不合承诺的来源或写法：{text}")
def key_of(commitment, codes):  # 即时公开的为 32 个零字节，保密的为各保管人代码相连
    heads = commitment["custodians"]
    expect(len(heads) == len(codes), f"应有 {len(heads)} 个代码，实有 {len(codes)} 个")
    for keeper, code in zip(heads, codes):
        expect(sha256(bytes.fromhex(code)) == keeper["head"], f"{keeper['name']} 的代码与其公布的哈希头不符")
    return b"".join(map(bytes.fromhex, codes)) if heads else bytes(32)

def select(commitment, rows, stratum, ticket, struck):  # 各层抽取结果，和剔除、递补后的名单
    strata, visits, struck = [], [], set(struck)
    for quota in commitment["quotas"]:
        name, number = quota["stratum"], quota["quota"]
        ids = [row["object_id"] for row in rows if row["ok"] and stratum(row) == name]
        order = sorted((ticket(i), i) for i in ids)
        lots = [{"object_id": i, "stratum": name, "position": n, "ticket": t} for n, (t, i) in enumerate(order, 1)]
        item = {"stratum": name, "listed": quota["listed"], "eligible": quota["eligible"], "quota": number}
        cutoff = lots[number - 1]["ticket"] if number else ""
        strata.append({**item, "cutoff": cutoff, "drawn": lots[:number]})
        pool = lots if commitment["rules"]["on_removal"] == "fill" else lots[:number]
        kept = [lot for lot in pool if lot["object_id"] not in struck][:number]
        reach = max([number, *(lot["position"] for lot in kept)]) if len(kept) == number else len(pool)
        struck -= {lot["object_id"] for lot in lots[:reach]}
        visits += kept
    expect(not struck, "剔除了不在名单里的对象：" + "、".join(sorted(struck)))
    return strata, sorted(visits, key=lambda lot: (lot["ticket"], lot["object_id"]))
def able(rules, person, thing):
    mine, needed = set(person["labels"]), set(thing["items"])
    right = person["ok"] and (not rules["sections"] or person["section"] in rules["sections"])
    right = right and person["cert_valid_to"] >= rules["valid_on"] and thing["object_id"] not in person["recusals"]
    right = right and not (rules["rotation"] and thing["object_id"] in person["previous"])
    right = right and (rules["match"] != "any" or not needed or bool(needed & mine))
    return right and (rules["match"] != "all" or needed <= mine)
def fillable(slots, used):
    return not slots or any(fillable(slots[1:], used | {p}) for p in slots[0] if p not in used)
def team(slots, rules, thing, pool, load, ticket, barred):
    free = [p for p in pool if p["inspector_id"] not in barred and able(rules, p, thing)]
    options = [[p["inspector_id"] for p in free if not label or label in p["labels"]] for label in slots]
    order = sorted(range(len(slots)), key=lambda n: (len(options[n]), n))
    pair = {p["inspector_id"]: ticket(thing["object_id"] + "|" + p["inspector_id"]) for p in free}
    taken = {}
    for at, n in enumerate(order):
        rest, used = [options[m] for m in order[at + 1 :]], set(taken.values())
        ranked = sorted(set(options[n]) - used, key=lambda p: (load[p], pair[p], p))
        taken[n] = next((p for p in ranked if fillable(rest, used | {p})), "")
        if not taken[n]:
            raise ValueError(f"{thing['object_id']} 按规则凑不齐检查人员")
    now = sorted(taken.items())
    members = [{"slot": n, "label": slots[n], "inspector_id": p, "load": load[p], "ticket": pair[p]} for n, p in now]
    load.update({p: load[p] + 1 for p in taken.values()})
    return members
def assign(rules, visits, people, experts, ticket):
    load = {p["inspector_id"]: int(p["load"]) for p in [*experts, *people]}
    found = [{"object_id": v["object_id"], "members": team(rules["slots"], rules, v, people, load, ticket, ())} for v in visits]
    for thing, item in zip(visits, found):
        members = {member["inspector_id"] for member in item["members"]}
        item["experts"] = team([""] * rules["experts"], rules, thing, experts, load, ticket, members)
    return found
def check_replacements(rules, steps, assignments, things, pools, ticket):
    teams, gone = {}, {}
    for a in assignments:
        now = teams[a["object_id"]] = {("people", m["slot"]): m["inspector_id"] for m in a["members"]}
        now.update({("experts", m["slot"]): m["inspector_id"] for m in a["experts"]})
    for step in steps:
        name, place = step["object_id"], (step["pool"], step["slot"])
        now, left = teams[name], gone.setdefault(name, set())
        label = rules["slots"][step["slot"]] if step["pool"] == "people" else ""
        free = [p for p in pools[step["pool"]] if able(rules, p, things[name]) and (not label or label in p["labels"])]
        ids = [p["inspector_id"] for p in free if p["inspector_id"] not in {*now.values(), *left}]
        order = sorted((ticket(name + "|" + p), p) for p in ids)
        right = now.get(place) == step["leaving"] and order[:1] == [(step["ticket"], step["joining"])]
        right = right and step["reason"] in (rules["replacement_reasons"] or [step["reason"] or None])
        expect(right, f"{name} 更换 {step['leaving']} 的理由不合规定，或接替的不是次序中的下一人 {[p for _, p in order[:1]]}")
        now[place] = step["joining"]
        left.add(step["leaving"])

def read_log(text, anchors):
    entries, proven, seen, lines = [], 0, set(), text.split("\n")
    expect(not lines.pop(), "log.jsonl 最后一行不完整")
    for number, entry in enumerate(map(json.loads, lines), 1):
        line, last, body = lines[number - 1], (entries or [entry])[-1], entry["body"]
        digest = sha256(canonical({k: v for k, v in entry.items() if k != "hash"}))
        right = canonical(entry) == line and digest == entry["hash"] and entry["seq"] == number
        right = right and (not entries or entry["previous"] == last["hash"]) and entry["at"] >= last["at"]
        expect(right, f"日志第 {number} 行与哈希链不符：该行或前一行被改、被删、被插入")
        proven = number if entry["hash"] in anchors else proven
        key, stage = (body["batch_id"], body["draw_no"]), entry["kind"] + body.get("stage", "")
        again = stage in ("commit", "entropy", "drawobjects", "drawpeople", "void") and (key, stage) in seen
        again = again or (stage == "commit" and key[1] > 1 and ((key[0], key[1] - 1), "void") not in seen)
        expect(not again, f"日志第 {number} 行：{stage} 做了两次，或没有作废就重抽")
        seen.add((key, stage))
        entries.append(entry)
    print(f"· 日志 {len(lines)} 行，有外部凭据的 {proven} 行；其余只能证明前后一致，不能证明没有被整体重写")
    absent = sorted(set(anchors) - {entry["hash"] for entry in entries})
    expect(not absent, f"所给的日志头不在日志里：{'、'.join(absent)}，日志可能被整体换过")
    return entries
def check_acts(commitment, entries, result, reveal, digests):
    key, acts, struck = {"batch_id": commitment["batch_id"], "draw_no": commitment["draw_no"]}, [], []
    for entry in entries:
        kind, body = entry["kind"], dict(entry["body"])
        if {k: body.pop(k) for k in key} != key:
            continue
        expect(kind != "commit" or entry["previous"] == commitment["previous_log_head"], "承诺书所记的前一日志头与日志不符")
        acts += [(kind, body)] if kind in ("commit", "entropy", "draw", "replace") else []
        struck += body["removals"] if kind == "remove" else []
        expect(kind != "reveal" or body["codes"] == reveal["codes"], "日志所记的代码与 reveal.json 不符")
        if kind == "void":
            print("· 本次抽取已作废：" + body["reason"])
    parts = {"objects": "selection", "people": "assignments"}
    due = [("commit", digests), ("entropy", {"entropy": reveal["entropy"]})]
    due += [("draw", {"stage": k, "sha256": sha256(canonical(result[v]))}) for k, v in parts.items() if result[v]]
    due += [("replace", {"step": step}) for step in result["replacements"]]
    expect(acts == due and struck == result["removals"], "日志所记的承诺、随机串、抽取、剔除或更换与文件不符")
def load_files(folder):
    names = sorted(NEEDED + (["experts.tsv"] if (folder / "experts.tsv").exists() else []))
    files = {name: (folder / name).read_bytes() for name in names}
    manifest = (folder / "manifest.sha256").read_bytes()
    lines = [f"{sha256(files[name])}  {name}\n".encode() for name in names]
    changed = [name for name, line in zip(names, lines) if line not in manifest]
    expect(b"".join(lines) == manifest, "与清单 manifest.sha256 的摘要不符：" + "、".join(changed or ["清单本身"]))
    others = sorted({path.name for path in folder.iterdir()} - {*names, "manifest.sha256"})
    print("· 不在清单内、未核验的文件：" + ("、".join(others) or "无"))
    return files
def run(folder, anchors):
    files = load_files(folder)
    commitment, result, reveal = (read_json(n, files) for n in ("commitment.json", "result.json", "reveal.json"))
    rules, entropy, batch = commitment["rules"], reveal["entropy"], commitment["batch_id"]
    digests = {"sha256": sha256(files["commitment.json"]), "sm3": sm3(files["commitment.json"])}
    print(f"批次 {batch} 第 {commitment['draw_no']} 次抽取：{commitment['purpose']}\n· 请与事先公布的承诺摘要核对：")
    print(f"  SHA-256 {digests['sha256']}\n  SM3     {digests['sm3']}")
    print("· 规程 ssj-draw/1 不能证明：承诺时各期彩票尚未开奖；单位以外有人事先持有承诺；没有先录入过别的结果；没有别的承诺被搁下不抽")
    changed = [name for name, digest in commitment["software"].items() if sha256(files.get(name, b"")) != digest]
    print("· 不是承诺时版本的程序（后来升级或被替换，可另用按 PROTOCOL.md 写的程序核验）：" + ("、".join(changed) or "无"))
    rows = read_table("roster.tsv", files, OBJECT, commitment["objects"])
    expect((commitment["experts"] is None) == ("experts.tsv" not in files), "experts.tsv（专家名册）与承诺书一边有、一边没有")
    pairs = [(k, v) for k, v in (("people", "inspectors.tsv"), ("experts", "experts.tsv")) if commitment[k]]
    pools = {"experts": [], **{k: read_table(v, files, PERSON, commitment[k]) for k, v in pairs}}
    stratum = lambda row: row.get(rules["strata"], "全部")
    strata, districts = count(rows, stratum), count(rows, lambda row: row["district"])
    expect((commitment["strata"], commitment["districts"]) == (strata, districts), "各层或各片区的户数与承诺书不符")
    expect(commitment["quotas"] == quotas(rules, strata), "承诺书的名额与按比例重算的不符")
    check_entropy(commitment, entropy)
    prk = hmac.new(key_of(commitment, reveal["codes"]), entropy.encode("utf-8"), "sha256").digest()
    ticket = lambda label: hmac.new(prk, label.encode("utf-8") + b"\x01", "sha256").hexdigest()
    struck, reasons = [r["object_id"] for r in result["removals"]], [r["reason"] for r in result["removals"]]
    known = all(reason in (rules["removal_reasons"] or [reason or None]) for reason in reasons)
    expect(known and len(set(struck)) == len(struck), "剔除有重复，或理由不在承诺的范围")
    lots, visits = select(commitment, rows, stratum, ticket, struck)
    things, assignments = {row["object_id"]: row for row in rows}, []
    if result["assignments"]:
        assignments = assign(rules, [things[lot["object_id"]] for lot in visits], pools["people"], pools["experts"], ticket)
    check_replacements(rules, result["replacements"], assignments, things, pools, ticket)
    right = {"spec": "ssj-draw/1", "watermark": "试抽，不作为抽查依据" if batch.startswith("TEST-") else ""}
    right["selection"] = {"batch_id": batch, "draw_no": commitment["draw_no"], "strata": lots}
    right.update(visits=visits, assignments=assignments)
    for part, value in right.items():
        expect(canonical(value) == canonical(result.get(part)), f"result.json 的 {part} 与重算的不符")
    expect({*right, "removals", "replacements"} == set(result), "result.json 有多余或缺少的项")
    check_acts(commitment, read_log(files["log.jsonl"].decode("utf-8"), anchors), result, reveal, digests)
    print(*(f"· {x['stratum']}：可抽 {x['eligible']}，抽 {x['quota']}，最大中签号 {x['cutoff'] or '无'}" for x in lots), sep="\n")

def main(arguments):
    marks = [i for i, word in enumerate(arguments) if word == "--anchor"]
    places = [word for i, word in enumerate(arguments) if i not in marks and i - 1 not in marks]
    try:
        run(Path((places or [Path(__file__).resolve().parent])[0]), {arguments[i + 1] for i in marks})
    except OSError as error:
        print(f"× 文件读不了：{error.filename}")
        return 2
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        bad.append(f"内容残缺或被改动，核验中断：{type(error).__name__} {error}")
    print(*(f"× {text}" for text in bad), f"核验未通过：有 {len(bad)} 处不符" if bad else "核验通过：全部重算相符", sep="\n")
    return 1 if bad else 0

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
