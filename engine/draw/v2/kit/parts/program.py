"""The public log, anchors, slips, and the program itself. One of the parts of `verify.py`: see the `__init__` of this folder."""

# mypy: ignore-errors
# ruff: noqa: B905, E731, F403, F405
# fmt: off

from engine.draw.v2.kit.parts.rules import *

# ==== what follows goes into verify.py ====

# ---- 公开日志 ----
def day_of(at):
    return datetime.fromisoformat(at[:-1]).replace(tzinfo=timezone.utc).astimezone(UTC8).date().isoformat()
def state(one, today):
    seen = one["seen"]
    if seen["void"] or seen["objects"]:
        return "void" if seen["void"] else "drawn"
    return "lapsed" if seen["lapse"] or today > one["body"]["draw_by"] else "open"
def check_log(texts, bureau, lines):
    known, last = {}, None
    for n, (written, line) in enumerate(zip(texts, lines), 1):
        body, kind, today = line["body"], line["kind"], day_of(line["at"])
        right = canonical(line) == written and line["seq"] == n and (last is None or line["at"] >= last["at"])
        right = right and body.get("second") != line["by"]
        this, last = known.get(body.get("commitment")), line
        if kind == "anchor":
            right = right and 1 <= body["size"] < n and head(texts[: body["size"]]) == body["root"]
            message = f"ssj-draw-head/2\n{bureau}\n{body['party']}\n{body['size']}\n{body['root']}\n{body['at']}\n"
            right = right and signed(bytes.fromhex(body["key"]), message.encode("utf-8"), bytes.fromhex(body["signature"]))
        elif kind == "commit":
            before = [one for one in known.values() if one["body"]["batch_id"] == body["batch_id"]]
            right = right and this is None and body["draw_no"] == len(before) + 1
            right = right and (not before or state(before[-1], today) in ("void", "lapsed"))
            right = right and sum(state(one, today) == "open" for one in known.values()) < 12
            right = right and today < body["known_from"] <= body["known_on"] <= body["draw_by"]
            right = right and (date.fromisoformat(body["draw_by"]) - date.fromisoformat(today)).days <= 90
            right = right and (body["anchor"] == "none") == (body["second"] != "")
            known.setdefault(body["commitment"], {"body": body, "seen": Counter(commit=1), "seq": n, "typed": None})
        elif this is None:
            right = False
        else:
            right = right and act_right(line, this, today)
            this["typed"] = this["typed"] or (line if kind == "typed" else None)
            this["seen"][kind] += 1
        expect(right, f"日志第 {n} 行（{kind}）被改动，或不合规程的次序")
    return known
def act_right(line, this, today):
    kind, seen, limits = line["kind"], this["seen"], this["body"]
    first = {"typed": "commit", "shares": "typed", "entropy": "typed", "objects": "entropy", "remove": "objects",
             "people": "objects", "replace": "people", "void": "commit", "lapse": "commit", "note": "commit"}
    barred = {"shares": ["entropy"], "remove": ["people"], "lapse": ["objects"]}.get(kind, [])
    barred = barred + [kind] * (kind in ("entropy", "shares", "objects", "people", "void", "lapse"))
    barred = barred + ["void"] * (kind != "note") + ["lapse"] * (kind in ("typed", "shares", "entropy", "objects"))
    right = seen[first[kind]] and not any(seen[k] for k in barred)
    if kind in ("typed", "shares", "entropy", "objects"):
        right = right and today <= limits["draw_by"]
    if kind in ("shares", "entropy", "objects"):
        right = right and seen["typed"] == 1
    if kind in ("typed", "entropy"):
        right = right and today >= limits["known_on"]
    if kind == "entropy":
        right = right and line["by"] != this["typed"]["by"]
    return right and (kind != "lapse" or today > limits["draw_by"])
def check_acts(commitment, name, known, lines, result, teams, whole):
    this = known.get(name)
    if this is None:
        raise ValueError("日志里没有这份承诺")
    days = [s["day"] for s in commitment["sources"]]
    due = {"commitment": name, "known_from": min(days), "known_on": max(days), "anchor": commitment["anchor"]["mode"],
            **{k: commitment[k] for k in ("batch_id", "draw_no", "draw_by")}}
    expect({**due, "second": this["body"]["second"]} == this["body"], "日志的承诺一行与承诺书不符")
    expect(commitment["log"]["size"] < this["seq"], "承诺书所记的日志头晚于承诺一行")
    mine = [x for x in lines if x["body"].get("commitment") == name]
    seen = {k: [{f: v for f, v in x["body"].items() if f not in ("commitment", "second")} for x in mine if x["kind"] == k] for k in BODY}
    expect(seen["typed"] == [{"sha256": sha("\n".join(result["values"]))}], "日志里先录入的结果与公布的不同，或录入过两种结果")
    expect(seen["entropy"] == [{"values": result["values"]}], "日志的随机结果与 result.json 不符")
    expect(seen["shares"] == ([{"shares": result["shares"]}] if result["shares"] else []), "日志的份额与 result.json 不符")
    expect(seen["objects"] == [{"sha256": sha(canonical(result["strata"]))}], "日志的抽取对象摘要与 result.json 不符")
    expect(seen["remove"] == result["removals"], "日志的剔除与 result.json 不符")
    if teams is not None:
        units = canonical(teams["units"]).encode("utf-8")
        due = {"hmac_sha256": hmac.new(bytes.fromhex(teams["key"]), units, "sha256").hexdigest()} if "key" in teams else {"sha256": sha(units)}
        expect(seen["people"] == [due], "日志的抽取人员摘要与 teams.json 不符")
        steps = [(x["body"]["sha256"], x["body"]["second"]) for x in mine if x["kind"] == "replace"]
        right = steps == [(sha(canonical(r)), r["second"]) for r in teams["replacements"]]
        hidden = not whole and not teams["replacements"]
        expect(right or hidden, "日志的更换摘要与 teams.json 不符")
        said.extend([f"公开包：{len(steps)} 次更换的内容不公开，要用审计包核验"] if hidden and steps else [])
    for x in mine:
        if x["kind"] == "void":
            said.append(f"本次抽取已作废：{x['body']['reason']}")
    return this["seq"], min(x["seq"] for x in mine if x["kind"] in ("typed", "entropy", "objects"))
def check_anchor(commitment, lines, commit, typed, pinned):
    anchor, first = commitment["anchor"], min(s["day"] for s in commitment["sources"])
    parties = {p["key"]: p for p in anchor["parties"]}
    right = len({p["name"] for p in parties.values()}) == len(anchor["parties"])
    is_signed = anchor["mode"] == "signed"
    expect(right and is_signed == bool(parties) and is_signed != bool(anchor["reason"].strip()), "承诺书的外部凭据不合规定")
    listed = [x for x in lines if x["kind"] == "anchor" and parties.get(x["body"]["key"], {}).get("name") == x["body"]["party"]]
    listed = [x for x in listed if not pinned or x["body"]["key"] in pinned]
    until = max([x["body"]["size"] for x in listed], default=0)
    said.append(f"日志 {len(lines)} 行，有外部签名的 {until} 行；其余只能证明前后一致，不能证明没有被整体重写")
    if commitment["batch_id"].startswith("TEST-"):
        return NO_ANCHOR
    if not is_signed:
        said.append(f"{NO_ANCHOR}：{anchor['reason']}")
        expect(not pinned, "承诺没有外部凭据，与所给的公钥不符")
        return NO_ANCHOR
    good = [x for x in listed if commit <= x["body"]["size"] and x["seq"] < typed]
    good = [x for x in good if max(day_of(x["body"]["at"]), day_of(x["at"])) < first]
    expect(good, f"在开奖日 {first} 之前，没有所列签名方对承诺的签名")
    for x in good[:1]:
        body = x["body"]
        made_up = "（示例用，不是真的外部凭据）" if parties[body["key"]]["sample"] else ""
        said.append(f"外部凭据：{body['party']}{made_up}，签于 {body['at']}，公钥 {body['key']}，请向签名方核对公钥")
        return "示例凭据" if made_up else ""
    return NO_ANCHOR
def rates(known, lines, today):
    states = Counter(state(one, today) for one in known.values())
    acts = Counter(x["kind"] for x in lines)
    none = sum(one["body"]["anchor"] == "none" for one in known.values())
    text = "、".join(f"{title} {states[k]}" for k, title in
                    (("drawn", "已抽取"), ("void", "作废"), ("lapsed", "逾期失效"), ("open", "未抽取")))
    said.append(f"日志共有承诺 {len(known)} 份：{text}；{NO_ANCHOR}的 {none} 份；剔除 {acts['remove']} 户，更换 {acts['replace']} 人")

def check_slip(slip, name, commitment, rows, result):
    former = "excluded" in commitment["objects"]
    columns = (BEFORE if former else OPEN["objects"]) + SEALED["objects"]
    shape = {"spec": words("ssj-draw/2 slip"), "commitment": SHA, "row": dict.fromkeys(columns, text), "salt": LOT,
             "place": number, "size": number, "path": [SHA]}
    if not fits(slip, shape):
        raise ValueError("凭单的形状不对")
    row, salt = slip["row"], bytes.fromhex(slip["salt"])
    seal = sha(salt + "\t".join(row[c] for c in SEALED["objects"]).encode("utf-8"))
    takes = row["eligible"] == "1" if former else row["exclude_reason"] == ""
    hidden = [] if former else [part(hmac.new(salt, b"part", "sha256").digest()[:16], takes)]
    line = "\t".join([*(row[c] for c in (BEFORE if former else OPEN["objects"])), *hidden, seal])
    right = slip["commitment"] == name and slip["size"] == commitment["objects"]["rows"]
    right = right and climb(line, slip["place"], slip["size"], slip["path"]) == commitment["objects"]["root"]
    right = right and any((r["lot"], r["seal"]) == (row["lot"], seal) for r in rows)
    expect(right, "凭单不是本次名册里的一行")
    struck, visited = {r["lot"]: r["reason"] for r in result["removals"]}, {v["lot"] for v in result["visits"]}
    drawn = {d["lot"] for s in result["strata"] for d in s["drawn"]}
    lot, why = row["lot"], f"不参加抽取：{row['exclude_reason']}"
    if takes:
        why = "递补" if lot in visited - drawn else "抽中" if lot in visited else "没有抽中"
        why = f"抽中后剔除：{struck[lot]}" if lot in struck else why
    said.append(f"凭单：{row['object_id']} {row['name']}，层 {row['stratum'] or '（不在本次抽取的范围）'}，代号 {lot}：{why}")

def load_files(folder):
    lines = (folder / "manifest.sha256").read_text("utf-8").splitlines()
    names = [line[66:] for line in lines]
    needed = {"commitment.json", "calendar.json", "objects.tsv", "log.jsonl", "result.json"}
    right = names == sorted(set(names)) and needed <= set(names) and not any("/" in n or "\\" in n or n == "" for n in names)
    expect(right, "manifest.sha256 缺少文件、次序不对或文件名不合规定")
    if not right:
        raise ValueError("manifest.sha256")
    files = {name: (folder / name).read_bytes() for name in names}
    changed = [n for n, line in zip(names, lines) if line != f"{sha(files[n])}  {n}"]
    expect(not changed, "与清单 manifest.sha256 的摘要不符：" + "、".join(changed))
    others = sorted({path.name for path in folder.iterdir()} - {*names, "manifest.sha256"})
    said.append("不在清单内、未核验的文件：" + ("、".join(others) or "无"))
    return files
def run(folder, pinned, official, slip):
    files = load_files(folder)
    commitment = read_json("commitment.json", files["commitment.json"])
    if isinstance(commitment, dict) and commitment.get("spec") == "ssj-draw/1":
        said.append("这是 ssj-draw/1 的核验包，请用包内自带的 verify.py 核验。它不能证明：承诺时各期彩票尚未开奖；单位以外"
                    "有人事先持有承诺；没有先录入过别的结果；没有别的承诺被搁下不抽")
        raise ValueError("规程为 ssj-draw/1")
    result = read_json("result.json", files["result.json"])
    for title, value, shape in (("承诺书", commitment, COMMITMENT), ("result.json", result, RESULT)):
        if not fits(value, shape):
            raise ValueError(f"{title}的形状不对")
    calendar, name = read_json("calendar.json", files["calendar.json"]), sha(files["commitment.json"])
    print(f"批次 {commitment['batch_id']} 第 {commitment['draw_no']} 次抽取：{commitment['purpose']}")
    print(f"· 承诺书 SHA-256 {name}\n         SM3     {sm3(files['commitment.json'])}")
    changed = [n for n, digest in commitment["software"].items() if sha(files.get(n, b"")) != digest]
    said.append("不是承诺时版本的程序：" + ("、".join(changed) or "无"))
    expect(sha(files["calendar.json"]) == commitment["calendar_sha256"], "calendar.json 与承诺书所记的摘要不符")
    expect(commitment["draw_no"] >= 1, "次号从 1 起")
    check_sources(commitment, calendar)
    rows, whole = read_table("objects", files["objects.tsv"], commitment["objects"])
    check_objects(commitment, rows, whole)
    said.extend([] if whole else ["公开包：各行是哪一户、有无重复、层是否按评级划分，要用凭单或审计包核验"])
    expect(commitment["quotas"] == quotas(commitment["object_rules"], commitment["strata"]), "名额与重算的不符")
    expect(sum(q["quota"] for q in commitment["quotas"]), "名额为 0")
    entropy = entropy_of(commitment, name, result["values"], official)
    prk = hmac.new(code_of(commitment["custodians"], result["shares"]), entropy.encode("utf-8"), "sha256").digest()
    ticket = lambda label: hmac.new(prk, label.encode("utf-8") + b"\x01", "sha256").hexdigest()
    struck = [r["lot"] for r in result["removals"]]
    right = len(set(struck)) == len(struck) and all(r["reason"] in commitment["object_rules"]["removal_reasons"] for r in result["removals"])
    expect(right, "剔除有重复，或理由不在承诺的范围")
    opened = result.get("opened")
    if (opened is None) != ("excluded" in commitment["objects"]):
        raise ValueError("result.json 的形式与承诺书的不同")
    check_opened(opened or [], rows)
    strata, visits = select(commitment, rows, ticket, struck)
    if opened is not None:
        due = {*struck, *(x["lot"] for x in visits), *(x["lot"] for s in strata for x in s["drawn"])}
        expect({x["lot"] for x in opened if x["takes_part"]} == due, "result.json 的 opened 不是抽中、剔除和检查的各户")
    mark = "试抽，不作为抽查依据" if commitment["batch_id"].startswith("TEST-") else ""
    for part, value in (("strata", strata), ("visits", visits), ("commitment", name), ("watermark", mark)):
        expect(result[part] == value, f"result.json 的 {part} 与重算的不符")
    teams = check_people(commitment, result, files, {row["lot"]: row for row in rows}, whole, ticket)
    written = files["log.jsonl"].decode("utf-8").split("\n")
    expect(written.pop() == "", "log.jsonl 最后一行不完整")
    lines = [json.loads(line) for line in written]
    wrong = [i for i, x in enumerate(lines, 1) if not fits(x, LINE) or not fits(x["body"], BODY[x["kind"]])]
    if wrong:
        raise ValueError(f"日志第 {wrong[0]} 行的形状不对")
    known = check_log(written, commitment["bureau"], lines)
    expect(head(written[: commitment["log"]["size"]]) == commitment["log"]["root"], "承诺书所记的日志头与日志不符")
    commit, typed = check_acts(commitment, name, known, lines, result, teams, whole)
    if teams is None and whole:
        expect(not any(x["kind"] == "people" and x["body"]["commitment"] == name for x in lines), "已抽取人员，审计包却没有 teams.json")
    ending = check_anchor(commitment, lines, commit, typed, pinned)
    rates(known, lines, day_of(lines[-1]["at"]))
    if slip is not None:
        check_slip(slip, name, commitment, rows, result)
    for s in strata:
        print(f"· {s['stratum']}：{commitment['strata'][s['stratum']]['listed']} 户，抽 {len(s['drawn'])}，最大中签号 {s['cutoff'] or '无'}")
    return "；".join(x for x in (ending, mark) if x)

def main(arguments):
    options, places, ending = {"--party": [], "--official": [], "--slip": []}, [], ""
    words_left = iter(arguments)
    for word in words_left:
        if word in options:
            options[word].append(next(words_left, ""))
        else:
            places.append(word)
    bad.clear()
    said.clear()
    try:
        files = [Path(name).read_text("utf-8") for name in options["--official"]]
        official = {tuple(line.split()) for text in files for line in text.splitlines()} if files else None
        slip = json.loads(Path(options["--slip"][0]).read_text("utf-8")) if options["--slip"] else None
        ending = run(Path((places or [Path(__file__).resolve().parent])[0]), set(options["--party"]), official, slip)
    except OSError as error:
        print(f"× 文件读不了：{error.filename}")
        return 2
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError, StopIteration) as error:
        bad.append(f"内容残缺或被改动，核验中断：{type(error).__name__} {error}")
    print(*(f"· {text}" for text in said), *(f"× {text}" for text in bad), sep="\n")
    print(f"核验未通过：有 {len(bad)} 处不符" if bad else "核验通过：全部重算相符" + (f"（{ending}）" if ending else ""))
    return 1 if bad else 0

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
