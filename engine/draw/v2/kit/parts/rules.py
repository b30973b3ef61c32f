"""Rosters, quotas, sources, objects and people, as a stranger computes them again. One of the parts of `verify.py`: see the `__init__` of this folder."""

# mypy: ignore-errors
# ruff: noqa: B905, E731, F403, F405
# fmt: off

from engine.draw.v2.kit.parts.values import *

# ==== what follows goes into verify.py ====

# ---- 名册 ----
def read_table(kind, data, digest):  # 返回各行；公开式的行没有密封列
    lines = data.decode("utf-8").split("\n")
    expect(lines.pop() == "", f"{kind}.tsv 结尾不完整")
    columns, shown = lines[0].split("\t"), OPEN[kind]
    if kind == "objects" and columns[:3] == BEFORE:
        shown = BEFORE
    full, hides = shown + SEALED[kind] + ["salt"], kind == "objects" and shown != BEFORE
    shown = shown + ["part"] * hides + ["seal"]
    rows = [line.split("\t") for line in lines[1:]]
    right = columns in (full, shown) and all(len(row) == len(columns) for row in rows)
    expect(right, f"{kind}.tsv 的表头或列数不合规定")
    if not right:
        raise ValueError(f"{kind}.tsv")
    rows = [dict(zip(columns, row)) for row in rows]
    whole = columns == full
    if whole:
        for row in rows:
            row["seal"] = sha(bytes.fromhex(row["salt"]) + "\t".join(row[c] for c in SEALED[kind]).encode("utf-8"))
            if hides:
                row["part"] = part(hmac.new(bytes.fromhex(row["salt"]), b"part", "sha256").digest()[:16], row["exclude_reason"] == "")
    public = ["\t".join(row[c] for c in shown) for row in rows]
    expect(head(public) == digest["root"] and len(rows) == digest["rows"], f"{kind}.tsv 的行数或树根与承诺书不符")
    file = "".join(line + "\n" for line in ["\t".join(shown), *public])
    expect(sm3(file.encode("utf-8")) == digest["sm3"], f"{kind}.tsv 公开式的 SM3 与承诺书不符")
    lots = [row["lot"] for row in rows]
    expect(all(map(LOT, lots)) and lots == sorted(set(lots)), f"{kind}.tsv 的 lot 重复、次序不对或写法不对")
    expect(all(SHA(row["seal"]) and SHA(row.get("part", row["seal"])) and LOT(row.get("salt", lots[0])) for row in rows),
           f"{kind}.tsv 的 part、seal 或 salt 写法不对")
    if whole:
        check_cells(kind, rows)
    for row in rows:
        row["ok"] = row["stratum"] != "" if hides else row.get("eligible") == "1"
    return rows, whole
def part(opening, takes):  # 参加与否的摘要
    return sha(opening + (b"1" if takes else b"0"))
def check_opened(opened, rows):  # 打开为不参加的，被越过
    by_lot, lots = {row["lot"]: row for row in rows}, [one["lot"] for one in opened]
    expect(lots == sorted(set(lots)), "result.json 的 opened 次序不对或有重复")
    for one in opened:
        row = by_lot[one["lot"]]
        expect(part(bytes.fromhex(one["salt"]), one["takes_part"]) == row["part"], f"{one['lot']} 参加与否与名册的 part 不符")
        row["ok"] = row["ok"] and one["takes_part"]
    over = sum(not one["takes_part"] for one in opened)
    said.extend([f"抽取时越过 {over} 户：承诺之前已封定不参加；为什么，要用凭单或审计包核验"] if over else [])
def check_cells(kind, rows):
    ids = [row[SEALED[kind][0]] for row in rows]
    expect(len(set(ids)) == len(ids) and all(map(ID, ids)), f"{kind}.tsv 的编号重复或写法不对")
    for row in rows:
        right = (row["exclude_reason"] == "") == (row["eligible"] == "1") if "eligible" in row else row["exclude_reason"] or row["stratum"]
        right = right and all(v == "" or day(v) for v in (row.get("class_date", ""), row.get("cert_valid_to", "")))
        right = right and re.fullmatch("0|[1-9][0-9]{0,8}", row.get("load", "0"))
        for column in LISTS:
            if column in row:
                row[column] = row[column].split(";") if row[column] else []
                right = right and row[column] == sorted(set(row[column])) and "" not in row[column]
        expect(right, f"{kind}.tsv 中 {row['lot']} 一行的值不合规定")
def check_objects(commitment, rows, whole):
    given_in, former = commitment["objects"], "excluded" in commitment["objects"]
    if any(("eligible" in row) != former for row in rows):
        raise ValueError("objects.tsv 的形式与承诺书的不同")
    listed, able = Counter(r["stratum"] for r in rows if r["stratum"]), Counter(r["stratum"] for r in rows if r["ok"])
    strata = {k: {"listed": listed[k], **({"eligible": able[k]} if former else {})} for k in listed}
    expect(strata == commitment["strata"], "各层户数与承诺书不符")
    if former:
        out = [row for row in rows if not row["ok"]]
        expect(all(row["eligible"] in ("0", "1") and row["stratum"] for row in rows), "objects.tsv 的 eligible 或 stratum 不合规定")
        right = given_in["eligible"] == len(rows) - len(out) and sum(given_in["excluded"].values()) == len(out)
        right = right and (not whole or Counter(row["exclude_reason"] for row in out) == given_in["excluded"])
        expect(right, "排除的户数或原因与承诺书不符")
    if whole:
        columns = commitment["object_rules"]["stratum_from"]
        wrong = [r["object_id"] for r in rows if r["stratum"] not in ("/".join(r[c] for c in columns) if columns else "全部", "" if not former else None)]
        expect(not wrong, "这些对象的层与规则所说的列不符：" + "、".join(wrong[:20]))
    if not former:
        same = commitment["registered"] == len(rows)
        said.extend([] if same else [f"来源登记 {commitment['registered']} 户，名册 {len(rows)} 户"])
        return
    for name in sorted({*strata, *commitment["register_counts"]}):
        seen, source = listed[name], commitment["register_counts"].get(name, 0)
        said.extend([] if seen == source else [f"{name}：来源登记 {source} 户，名册 {seen} 户"])

# ---- 名额 ----
def ratio(written):
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?%?", written):
        value = Fraction(written.rstrip("%")) / (100 if written.endswith("%") else 1)
    elif re.fullmatch("[0-9]{1,9}/[0-9]{1,9}", written):
        value = Fraction(written)
    else:
        raise ValueError(f"比例 {written}")
    if not 0 < value <= 1:
        raise ValueError(f"比例 {written}")
    return value
def one(band, base):
    if (band["count"] is None) == (band["ratio"] is None):
        raise ValueError("户数与比例须写其一")
    return band["count"] if band["ratio"] is None else base * ratio(band["ratio"])
def ceil(x):
    return -(-x // 1)
def share(total, weights):
    whole = sum(weights.values())
    if total <= 0 or not whole:
        return dict.fromkeys(weights, 0)
    exact = {k: Fraction(total) * w / whole for k, w in weights.items()}
    found = {k: x // 1 for k, x in exact.items()}
    for k in sorted(weights, key=lambda k: (found[k] - exact[k], k))[: total - sum(found.values())]:
        found[k] += 1
    return found
def quotas(rules, strata):
    by_name, names = {r["stratum"]: r for r in rules["strata"]}, sorted(strata)
    if sorted(r["stratum"] for r in rules["strata"]) != names:
        raise ValueError("规则的层与名册不符")
    for rule in rules["strata"]:
        ends = [band["up_to"] for band in rule["bands"]]
        sizes = [end for end in ends if end is not None]
        right = ends[-1:] == [None] and sizes == ends[:-1] and sizes == sorted(set(sizes))
        expect(right and (rule["max"] is None or rule["max"] >= rule["min"]), f"{rule['stratum']} 的分档或上下限不合规定")
        for band in rule["bands"]:
            one(band, 1)
    for group in rules["groups"]:
        one(group, 1)
        right = set(group["strata"]) <= set(names) and len(set(group["strata"])) == len(group["strata"])
        expect(right and (group["kind"] != "total" or group["ratio"] is None), f"{group['title']} 不合规定")
    groups = [{**g, "strata": g["strata"] or names} for g in rules["groups"]]
    of = lambda kind: [g for g in groups if g["kind"] == kind]
    able = {k: strata[k].get("eligible", strata[k]["listed"]) for k in names}
    base = {k: strata[k][rules.get("base", "listed")] for k in names}
    x = {k: one(next(b for b in by_name[k]["bands"] if b["up_to"] is None or base[k] <= b["up_to"]), base[k]) for k in names}
    first = {k: ceil(x[k]) for k in names}
    shared = dict(first)
    for g in of("total"):
        shared.update(share(g["count"], {k: x[k] for k in g["strata"]}))
    m = {k: by_name[k]["min"] if able[k] else 0 for k in names}
    room = {k: able[k] if by_name[k]["max"] is None else min(able[k], by_name[k]["max"]) for k in names}
    bounded = {k: min(room[k], max(shared[k], m[k])) for k in names}
    floored = dict(bounded)
    for g in of("floor"):
        mine, need = g["strata"], ceil(one(g, sum(base[k] for k in g["strata"])))
        free = {k: room[k] - floored[k] for k in mine}
        for k, more in share(min(need - sum(floored[k] for k in mine), sum(free.values())), free).items():
            floored[k] += more
    quota = dict(floored)
    for g in of("cap"):
        mine, most = g["strata"], one(g, sum(base[k] for k in g["strata"])) // 1
        spare = {k: max(0, quota[k] - m[k]) for k in mine}
        for k, less in share(min(sum(quota[k] for k in mine) - most, sum(spare.values())), spare).items():
            quota[k] -= less
    steps = {"first": first, "shared": shared, "bounded": bounded, "floored": floored, "quota": quota}
    return [{"stratum": k, **strata[k], **({"base": base[k]} if "base" in rules else {}), **{s: int(v[k]) for s, v in steps.items()}} for k in names]

# ---- 随机来源 ----
def days_right(kind, year, days):
    left, at = 0, date(int(year), 1, 1)
    for written in days:
        given = date.fromisoformat(written)
        if given < at or given.isoweekday() not in WEEKDAYS[kind] or given.year != int(year):
            return False
        while at < given:
            if at.isoweekday() in WEEKDAYS[kind]:
                left += 1
                if not ("01-15" <= at.isoformat()[5:] <= "03-05" or "10-01" <= at.isoformat()[5:] <= "10-08"):
                    return False
            at += timedelta(days=1)
        at = given + timedelta(days=1)
    return left <= (20 if len(WEEKDAYS[kind]) == 7 else 8)
def check_sources(commitment, calendar):
    sources, results = commitment["sources"], 1
    expect(fits(calendar, {"spec": words("ssj-draw-calendar/2"), "issues": table(table([day]))}), "calendar.json 的形状不对")
    names = {(s["kind"], s["issue"], s["round"]) for s in sources}
    right = 1 <= len(sources) <= 4 and len(names) == len(sources) and sum(s["kind"] == "dice" for s in sources) < 2
    expect(right and (len(sources) > 1 or commitment["sources_reason"].strip()), "随机来源的个数、重复或理由不合规定")
    for source in sources:
        kind, results = source["kind"], results * RESULTS[source["kind"]]
        only = [k for k in ("issue", "round", "digits") if source[k] is not None] == [HAS[kind]]
        expect(only, f"{TITLES[kind]} 没有写明且只写明 {HAS[kind]}")
        if not only:
            continue
        if kind == "dice":
            expect(1 <= source["digits"] <= 200, "骰子的位数不合规定")
        elif kind == "drand":
            at = datetime.fromtimestamp(1692803367 + 3 * (source["round"] - 1), UTC8).date().isoformat()
            expect(source["round"] >= 1 and at == source["day"], f"drand 第 {source['round']} 轮在 {at}，承诺书写的是 {source['day']}")
        else:
            year, n = source["issue"][:4], int(source["issue"][4:])
            days = calendar["issues"].get(kind, {}).get(year, [])
            expect(days_right(kind, year, days), f"{TITLES[kind]} {year} 年的开奖日历不合开奖的规律")
            right = 1 <= n <= len(days) and days[n - 1] == source["day"]
            expect(right, f"{TITLES[kind]}第 {source['issue']} 期按日历不在 {source['day']} 开奖")
    expect(results >= 10**6, "随机来源的结果太少，能被试出来")
def zone(count, most):
    return lambda v: (len(v) == count and v == sorted(set(v))
                      and all(re.fullmatch("[0-9]{2}", b) and 1 <= int(b) <= most for b in v))
def value_right(source, value):
    kind = source["kind"]
    if kind in ("ssq", "dlt"):
        parts, zones = value.split("+"), (zone(6, 33), zone(1, 16)) if kind == "ssq" else (zone(5, 35), zone(2, 12))
        return len(parts) == 2 and all(z(p.split(".")) for z, p in zip(zones, parts))
    size = {"fc3d": 3, "pl3": 3, "pl5": 5}.get(kind, source["digits"])
    return re.fullmatch("[0-9a-f]{96}" if kind == "drand" else f"[0-9]{{{size}}}", value) is not None
def entropy_of(commitment, name, values, official):
    sources, parts = commitment["sources"], []
    expect(len(values) == len(sources), "随机来源与结果的个数不符")
    for source, value in zip(sources, values):
        kind, label = source["kind"], source["issue"] or source["round"] or ""
        expect(value_right(source, value), f"{TITLES[kind]}的结果写法不对：{value}")
        parts.append(f"{kind}:{label}:{value}" if label else f"{kind}:{value}")
        what = f"{TITLES[kind]}第 {label} {'轮' if kind == 'drand' else '期'}" if label else "骰子"
        said.append(f"请对照公布的结果：{what}，{source['day']}，{value}")
        if official is not None and kind != "dice":
            expect((kind, str(label), source["day"], value) in official, f"{what}的日期或结果与所给的公布结果不符")
    return ("TEST-" if commitment["batch_id"].startswith("TEST-") else "") + "/".join([*parts, f"commitment:{name}"])
def product(a, b):  # GF(2⁸)
    found = 0
    for i in range(8):
        found ^= a << i if b >> i & 1 else 0
    for i in range(14, 7, -1):
        found ^= 0x11B << i - 8 if found >> i & 1 else 0
    return found
def code_of(custodians, shares):
    if custodians is None:
        expect(not shares, "没有保管人，却有份额")
        return bytes(32)
    known = custodians["shares"]
    names = [k["name"] for k in known]
    right = 2 <= custodians["threshold"] <= len(known) <= 20 and len(set(names)) == len(names)
    expect(right and [k["index"] for k in known] == list(range(1, len(known) + 1)), "承诺书的保管人不合规定")
    given = {s["index"]: bytes.fromhex(s["share"]) for s in shares}
    given_in = [{"name": s["name"], "index": s["index"], "sha256": sha(given[s["index"]])} for s in shares]
    right = all(t in known for t in given_in) and len(given) == len(shares) >= custodians["threshold"]
    expect(right, "保管人的份额不足、重复或与承诺不符")
    key = bytearray(32)
    for x, data in given.items():
        weight = 1
        for z in given:
            if z != x:
                inverse = next(i for i in range(256) if product(i, z ^ x) == 1)
                weight = product(weight, product(z, inverse))
        for i in range(32):
            key[i] ^= product(data[i], weight)
    expect(sha(bytes(key)) == custodians["key_sha256"], "份额合成的密钥与承诺不符")
    return bytes(key)

# ---- 抽取对象、抽取人员 ----
def select(commitment, rows, ticket, struck):
    strata, visits, struck = [], [], set(struck)
    for quota in commitment["quotas"]:
        name, n = quota["stratum"], quota["quota"]
        order = sorted((ticket(r["lot"]), r["lot"]) for r in rows if r["ok"] and r["stratum"] == name)
        lots = [{"lot": lot, "position": i, "ticket": t} for i, (t, lot) in enumerate(order, 1)]
        strata.append({"stratum": name, "quota": n, "cutoff": lots[:n][-1]["ticket"] if lots[:n] else "", "drawn": lots[:n]})
        fill = commitment["object_rules"]["on_removal"] == "fill"
        kept = [x for x in (lots if fill else lots[:n]) if x["lot"] not in struck][:n]
        reach = max([n, *(x["position"] for x in kept)]) if not fill or len(kept) == n else len(lots)
        struck -= {x["lot"] for x in lots[:reach]}
        visits += [{**x, "stratum": name} for x in kept]
    expect(not struck, "剔除了不在名单里的对象：" + "、".join(sorted(struck)))
    return strata, sorted(visits, key=lambda x: (x["ticket"], x["lot"]))
def may(rules, place, person, things):
    mine = set(person["labels"])
    right = person["ok"] and place["pool"] in person["pools"] and set(place["labels"]) <= mine
    right = right and (not place["sections"] or person["section"] in place["sections"])
    right = right and (not place["certificate"] or person["cert_valid_to"] >= rules["valid_on"])
    for thing in things:
        name, items = thing["object_id"], set(thing["items"])
        right = right and name not in person["recusals"] and not (rules["rotation"] and name in person["previous"])
        right = right and (not place["own_section"] or thing["section"] == person["section"])
        right = right and (not place["district"] or not person["districts"] or thing["district"] in person["districts"])
        right = right and (place["items"] != "any" or not items or bool(items & mine))
        right = right and (place["items"] != "all" or items <= mine)
    return right
def fillable(options, used):  # 各位置能否都有不同的人：增广路
    holder = {}
    def seat(i, tried):
        for p in options[i]:
            if p not in used and p not in tried:
                tried.add(p)
                if p not in holder or seat(holder[p], tried):
                    holder[p] = i
                    return True
        return False
    return all(seat(i, set()) for i in range(len(options)))
def groups_of(rules, visits, things):
    found = {}
    for lot in visits:
        found.setdefault(lot if rules["team_per"] == "object" else things[lot][rules["team_per"]], []).append(lot)
    return list(found.values())
def assign(rules, visits, things, people, ticket):
    load, units = {p["lot"]: int(p["load"]) for p in people}, []
    for lots in groups_of(rules, visits, things):
        here = [things[lot] for lot in lots]
        options = [[p["lot"] for p in people if may(rules, place, p, here)] for place in rules["places"]]
        pair = {p: ticket(lots[0] + "|" + p) for names in options for p in names}
        taken, order = {}, sorted(range(len(options)), key=lambda i: (len(options[i]), i))
        if fillable(options, set()):
            for at, i in enumerate(order):
                rest, used = [options[j] for j in order[at + 1 :]], set(taken.values())
                ranked = sorted((p for p in options[i] if p not in used), key=lambda p: (load[p], pair[p], p))
                taken[i] = next(p for p in ranked if fillable(rest, used | {p}))
        for p in taken.values():
            load[p] += len(lots)
        members = [{"place": i, "lot": p, "ticket": pair[p]} for i, p in sorted(taken.items())]
        units.append({"unit": lots[0], "objects": lots, "members": members})
    return units
def check_replacements(rules, teams, things, people, ticket, whole):
    now = {u["unit"]: {m["place"]: m["lot"] for m in u["members"]} for u in teams["units"]}
    objects, gone = {u["unit"]: u["objects"] for u in teams["units"]}, {name: set() for name in now}
    expect(len(teams["whys"]) == (len(teams["replacements"]) if whole else 0), "teams.json 的 whys 多余或缺少")
    for i, step in enumerate(teams["replacements"]):
        unit, place = step["unit"], step["place"]
        right = now[unit].get(place) == step["leaving"] and step["ticket"] == ticket(unit + "|" + step["joining"])
        right = right and step["joining"] not in {*now[unit].values(), *gone[unit]}
        if whole:
            here, why = [things[lot] for lot in objects[unit]], teams["whys"][i]
            free = [p["lot"] for p in people if may(rules, rules["places"][place], p, here)]
            order = sorted((ticket(unit + "|" + p), p) for p in free if p not in {*now[unit].values(), *gone[unit]})
            right = right and order[:1] == [(step["ticket"], step["joining"])] and why["reason"] in rules["replacement_reasons"]
            digest = sha(bytes.fromhex(why["salt"]) + f"{why['reason']}\t{why['evidence']}".encode())
            right = right and digest == step["why"]
        expect(right, f"{unit} 更换 {step['leaving']} 的理由不合规定，或接替的不是次序中的下一人")
        gone[unit].add(now[unit].get(place))
        now[unit][place] = step["joining"]
def check_people(commitment, result, files, things, whole, ticket):
    rules = commitment["people_rules"]
    expect((rules is None) == (commitment["people"] is None) == ("people.tsv" not in files), "people.tsv 与承诺书一边有、一边没有")
    if rules is None:
        expect("teams.json" not in files, "不抽人员，却有 teams.json")
        return None
    right = 1 <= len(rules["places"]) <= 12 and (rules["valid_on"] or not any(p["certificate"] for p in rules["places"]))
    expect(right, "人员规则不合规定")
    people, full = read_table("people", files["people.tsv"], commitment["people"])
    expect(full == whole, "一个名册是公开式，另一个不是")
    if full:
        expect(all(p["pools"] and set(p["pools"]) <= {"people", "experts"} for p in people), "人员的 pools 不合规定")
    if "teams.json" not in files:
        said.append("没有 teams.json：谁去哪一户没有公开，或还没有抽取；日志里只有其带密钥的摘要，此处不能核验")
        return None
    teams = read_json("teams.json", files["teams.json"])
    if not fits(teams, TEAMS):
        raise ValueError("teams.json 的形状不对")
    visits, lots = [v["lot"] for v in result["visits"]], {p["lot"] for p in people}
    if full:
        expect(teams["units"] == assign(rules, visits, things, people, ticket), "检查人员与重算的不符")
    else:
        said.append("公开包：人员只核对了随机号和各组不重复；谁能去、件数、更换的理由要用审计包核验")
        expect(sorted(lot for u in teams["units"] for lot in u["objects"]) == sorted(visits), "teams.json 的对象与名单不符")
        for u in teams["units"]:
            team = [m["lot"] for m in u["members"]]
            right = u["objects"][:1] == [u["unit"]] and set(team) <= lots and len(set(team)) == len(team)
            right = right and [m["place"] for m in u["members"]] in ([], list(range(len(rules["places"]))))
            right = right and all(m["ticket"] == ticket(u["unit"] + "|" + m["lot"]) for m in u["members"])
            expect(right and u["objects"] == [v for v in visits if v in u["objects"]], f"{u['unit']} 一组不合规定")
        expect([u["unit"] for u in teams["units"]] == [v for v in visits if v in {u["unit"] for u in teams["units"]}],
               "teams.json 各组的次序不对")
    if full and "key" in teams:
        salts = b"".join(bytes.fromhex(p["salt"]) for p in people)
        expect(teams["key"] == hashlib.sha256(salts).hexdigest(), "teams.json 的 key 不是由人员名册各行的 salt 得出的")
    check_replacements(rules, teams, things, people, ticket, full)
    empty = sum(not u["members"] for u in teams["units"])
    said.extend([f"有 {empty} 组按规则凑不齐人员"] if empty else [])
    return teams
