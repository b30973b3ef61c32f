"""Made-up material for the tests of ssj-draw/2: rosters, rules, parties, and whole draws made from a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from engine.draw.refused import DrawRefused
from engine.draw.v2 import acts
from engine.draw.v2.anchors import add_anchor
from engine.draw.v2.commitment import make_commitment
from engine.draw.v2.log import PublicLog
from engine.draw.v2.quotas import quotas
from engine.draw.v2.randomness import custodians
from engine.draw.v2.randomness.calendars import CALENDAR_SPEC, make_year
from engine.draw.v2.randomness.sources import day_of_round
from engine.draw.v2.rosters import (
    OBJECT_OPEN_BEFORE,
    RosterObject,
    RosterPerson,
    count_strata,
    digest_of_table,
    parse_objects,
    public_form,
    render_objects,
    render_people,
    stratum_of,
)
from engine.kernel import ed25519
from engine.kernel.instants import from_text, to_text

START = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
BUREAU = "示例区人社局"
SECRET = bytes(range(32))
NOTARY: dict[str, Any] = {"name": "示例市公证处", "key": ed25519.public_key(SECRET).hex(), "sample": True}
SIGNED: dict[str, Any] = {"mode": "signed", "parties": [NOTARY], "reason": ""}
NONE: dict[str, Any] = {"mode": "none", "parties": [], "reason": "本区没有可以签名的单位"}
EVIDENCE = b"a scanned page"
SPRING = frozenset({"2026-02-15", "2026-02-17", "2026-02-19", "2026-02-16", "2026-02-18", "2026-02-21"})
CALENDAR: dict[str, Any] = {
    "spec": CALENDAR_SPEC,
    "issues": {
        kind: {"2026": [day for day in make_year(kind, 2026, SPRING) if day < "2026-05"]}
        for kind in ("ssq", "dlt", "fc3d", "pl5")
    },
}


def issue_on(kind: str, day: str, calendar: Mapping[str, Any] = CALENDAR) -> str:
    return f"2026{calendar['issues'][kind]['2026'].index(day) + 1:03}"


def lottery(kind: str, day: str) -> dict[str, Any]:
    return {"kind": kind, "issue": issue_on(kind, day), "round": None, "digits": None, "day": day}


def drand(round_number: int) -> dict[str, Any]:
    day = day_of_round(round_number)
    return {"kind": "drand", "issue": None, "round": round_number, "digits": None, "day": day}


def dice(digits: int, day: str) -> dict[str, Any]:
    return {"kind": "dice", "issue": None, "round": None, "digits": digits, "day": day}


#: A round of 2026-03-17.
ROUND = 1 + (1773705600 - 1692803367) // 3
SOURCES = [lottery("ssq", "2026-03-17"), lottery("dlt", "2026-03-16")]


def value_of(source: Mapping[str, Any], chance: random.Random) -> str:
    def balls(count: int, most: int) -> str:
        return ".".join(f"{ball:02}" for ball in sorted(chance.sample(range(1, most + 1), count)))

    match source["kind"]:
        case "ssq":
            return f"{balls(6, 33)}+{balls(1, 16)}"
        case "dlt":
            return f"{balls(5, 35)}+{balls(2, 12)}"
        case "drand":
            return chance.randbytes(48).hex()
        case "dice":
            return "".join(chance.choices("0123456789", k=source["digits"]))
        case kind:
            return "".join(chance.choices("0123456789", k=5 if kind == "pl5" else 3))


def band(up_to: int | None = None, count: int | None = None, ratio: str | None = None) -> dict[str, Any]:
    return {"up_to": up_to, "count": count, "ratio": ratio}


def rule(stratum: str, *bands: dict[str, Any], least: int = 0, most: int | None = None) -> dict[str, Any]:
    return {"stratum": stratum, "bands": list(bands), "min": least, "max": most}


def group(
    title: str, kind: str, *strata: str, count: int | None = None, ratio: str | None = None
) -> dict[str, Any]:
    return {"title": title, "kind": kind, "strata": list(strata), "count": count, "ratio": ratio}


def place(pool: str = "people", **more: Any) -> dict[str, Any]:
    plain = {
        "title": "", "pool": pool, "sections": [], "own_section": False, "labels": [], "items": "none",
        "district": False, "certificate": False,
    }  # fmt: skip
    return plain | more


def object_rules(*strata: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {
        "stratum_from": ["credit_class"],
        "strata": list(strata),
        "groups": [],
        "on_removal": "fill",
        "removal_reasons": ["closed", "moved"],
    }
    return plain | more


def people_rules(*places: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {
        "team_per": "object",
        "places": list(places),
        "valid_on": "2026-06-30",
        "rotation": False,
        "replacement_reasons": ["illness", "away"],
    }
    return plain | more


def object_rows(count: int = 40) -> list[RosterObject]:
    return [
        RosterObject(
            object_id=f"E{i:04}",
            name=f"甲乙丙第{i}公司",
            stratum="ABCD"[i % 4],
            credit_class="ABCD"[i % 4],
            district=f"第{i % 3}片区",
            section=("inspection", "wages")[i % 2],
            items=("contract", "wages") if i % 2 else ("wages",),
            eligible=i % 9 != 0,
            exclude_reason="" if i % 9 else "已注销",
        )
        for i in range(count)
    ]


def people_rows(count: int = 12) -> list[RosterPerson]:
    return [
        RosterPerson(
            person_id=f"P{i:02}",
            pools=(("people",), ("experts", "people"), ("experts",))[i % 3 if i > 7 else 0],
            section=("inspection", "wages")[i % 2],
            labels=("contract", "leader", "wages") if i % 3 == 0 else ("wages",),
            districts=(f"第{i % 3}片区",) if i > 9 else (),
            certificate=f"13010{i:03}",
            cert_valid_to="2027-12-31",
            recusals=(f"E{i:04}",),
            load=i % 2,
            previous=(f"E{i + 20:04}",),
        )
        for i in range(count)
    ]


RULES = object_rules(
    rule("A", band(ratio="5%")),
    rule("B", band(5, count=1), band(ratio="0.1"), least=1),
    rule("C", band(count=3)),
    rule("D", band(ratio="1/3"), most=4),
    groups=[group("总体", "floor", ratio="20%"), group("上限", "cap", count=12)],
)
PLACES = people_rules(
    place(title="组长", labels=["leader"], certificate=True),
    place(title="组员", certificate=True),
    place("experts", title="专家", district=True),
)


@dataclass(frozen=True)
class Made:
    """A draw, the log it stands in, and the chance it was made with."""

    draw: acts.Draw
    log: PublicLog
    values: tuple[str, ...]


def committed(
    *,
    log: PublicLog | None = None,
    objects: bytes | None = None,
    people: bytes | None = b"",
    key: bytes = b"k" * 32,
    now: datetime = START,
    former: str = "",
    **more: Any,
) -> tuple[acts.Draw, PublicLog]:
    """Commit to a draw of the plain material; `more` changes parts of the commitment.

    `former` (eligible or listed) makes it as programs before 2026-12 did, with ratios of that number.
    """
    log = log or PublicLog(BUREAU)
    objects = objects or render_objects(object_rows(), key)
    people = render_people(people_rows(), key) if people == b"" else people
    plain: dict[str, Any] = {
        "batch_id": "B2026-01",
        "draw_no": 1,
        "purpose": "用人单位守法情况抽查",
        "items": ["contract", "wages"],
        "registered": 40,
        "object_rules": RULES,
        "people_rules": PLACES if people is not None else None,
        "sources": SOURCES,
        "sources_reason": "",
        "calendar": CALENDAR,
        "draw_by": "2026-03-31",
        "custodians": None,
        "anchor": SIGNED,
        # No digests of programs: a draw of the tests must not change with every word of a verifier.
        "software": {},
    } | more
    made = make_commitment(log=log, objects=objects, people=people, **plain)
    if former:
        objects = formerly(objects)
        made = former_commitment(made, objects, former)
    draw = acts.Draw(made, plain["calendar"], objects, people)
    second = "chief" if plain["anchor"]["mode"] == "none" else ""
    return acts.commit(draw, log, now=now, by="office", second=second)


def formerly(objects: bytes) -> bytes:
    """The roster as it was before 2026-12: with an open column that says who takes part."""
    head, *lines = objects.decode().splitlines()
    rows = ["\t".join((*OBJECT_OPEN_BEFORE, *head.split("\t")[2:]))]
    for line in lines:
        lot, stratum, *rest = line.split("\t")
        rows.append("\t".join((lot, stratum, "0" if rest[-2] else "1", *rest)))
    return "".join(f"{row}\n" for row in rows).encode()


def former_commitment(made: Mapping[str, Any], objects: bytes, base: str) -> dict[str, Any]:
    """The commitment as it was before 2026-12: numbers of those who take part, by stratum and by reason."""
    rows = parse_objects(objects)
    strata, rules = count_strata(rows, before=True), {**made["object_rules"], "base": base}
    reasons = Counter(row.exclude_reason for row in rows if not row.eligible)
    table = digest_of_table(public_form(objects))
    return {name: value for name, value in made.items() if name != "registered"} | {
        "objects": table | {"eligible": sum(row.eligible for row in rows), "excluded": dict(reasons)},
        "strata": strata,
        "register_counts": {name: count["listed"] for name, count in strata.items()},
        "object_rules": rules,
        "quotas": quotas(rules, strata),
    }


def anchored(log: PublicLog, now: datetime = START + timedelta(hours=1), secret: bytes = SECRET) -> PublicLog:
    size = len(log.lines)
    text = log.head_text(NOTARY["name"], size, to_text(now))
    signature = ed25519.sign(secret, text.encode()).hex()
    key = ed25519.public_key(secret).hex()
    return add_anchor(log, size, NOTARY["name"], key, now, signature, now=now, by="office")


def drawn(
    draw: acts.Draw, log: PublicLog, chance: random.Random, shares: tuple[Mapping[str, Any], ...] = ()
) -> Made:
    """Type twice and draw the objects, on the day after all is known."""
    values = tuple(value_of(source, chance) for source in draw.commitment["sources"])
    now = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
    draw, log = acts.type_first(draw, log, values, now=now, by="drawer")
    draw, log = acts.type_second(draw, log, values, shares=shares, now=now, by="witness")
    return Made(draw, log, values)


def whole(seed: int = 1, **more: Any) -> Made:
    """A draw with a removal, teams, experts and a replacement."""
    chance = random.Random(seed)  # noqa: S311 - made-up material, not a draw
    draw, log = committed(**more)
    if draw.commitment["anchor"]["mode"] == "signed":
        log = anchored(log)
    made = drawn(draw, log, chance)
    later = datetime(2026, 3, 19, 1, 0, tzinfo=UTC)
    draw, log = acts.remove(
        made.draw,
        made.log,
        made.draw.visits[1]["lot"],
        "moved",
        EVIDENCE,
        now=later,
        by="office",
        second="chief",
    )
    if draw.people is not None:
        draw, log = acts.assign(draw, log, now=later, by="drawer")
        while not draw.replacements:
            draw, log = substituted(draw, log, chance)
    return replace(made, draw=draw, log=log)


def as_before(made: Made) -> Made:
    """The same draw in a log whose line of the teams has a digest without a key, as logs before 2026-11-30 have it."""
    log = PublicLog(made.log.bureau)
    for line in made.log.lines:
        body = line.body
        if line.kind == "people":
            body = {"commitment": made.draw.name, **acts.digest_of_units(made.draw, keyed=False)}
        if line.kind == "anchor":
            log = anchored(log, from_text(line.body["at"]))
        else:
            log = log.append(line.kind, body, from_text(line.at), line.by)
    return replace(made, log=log)


def substituted(draw: acts.Draw, log: PublicLog, chance: random.Random) -> tuple[acts.Draw, PublicLog]:
    """Replace one person of one team, where anybody is left for it."""
    unit = chance.choice(draw.units)
    if unit["members"]:
        leaving = chance.choice(unit["members"])["lot"]
        try:
            return acts.substitute(
                draw, log, unit["unit"], leaving, "illness", EVIDENCE, chance.randbytes(16).hex(),
                now=START, by="office", second="chief",
            )  # fmt: skip
        except DrawRefused:
            return draw, log
    return draw, log


@cache
def random_draw(seed: int) -> Made:
    """A draw whose rosters, rules, sources and acts all follow from `seed`."""
    chance = random.Random(seed)  # noqa: S311 - made-up material, not a draw
    key = chance.randbytes(32)
    columns = chance.choice([[], ["credit_class"], ["district"], ["section", "credit_class"]])
    districts = [f"{name}区" for name in "东西南𠮷北"[: chance.randint(1, 5)]]
    sections = ["甲科", "乙科", "丙科"][: chance.randint(1, 3)]
    items = ["contract", "wages", "hours", "safety"]
    former = chance.choice(["", "", "eligible", "listed"])
    objects = [
        _object(chance, number, districts, sections, items, columns, scoped=bool(former))
        for number in range(chance.randint(3, 60))
    ]
    people = [
        _person(chance, number, districts, sections, items, objects)
        for number in range(chance.randint(4, 20))
    ]
    strata = sorted({row.stratum for row in objects if row.stratum})
    rules = object_rules(
        *(_stratum(chance, name) for name in strata),
        stratum_from=columns,
        groups=_groups(chance, strata),
        on_removal=chance.choice(["fill", "shrink"]),
    )
    places = [_place(chance, sections, items) for _ in range(chance.randint(1, 4))]
    team = people_rules(
        *places,
        team_per=chance.choice(["object", "object", "section", "district"]),
        rotation=chance.random() < 0.5,
    )
    with_people = chance.random() < 0.85
    keepers, shares = _keepers(chance) if chance.random() < 0.3 else (None, ())
    log = PublicLog(BUREAU)
    if chance.random() < 0.3:
        _, log = committed(log=log, people=None, batch_id="OTHER", sources=SOURCES, objects=None)
    draw, log = committed(
        log=log,
        objects=render_objects(objects, key),
        people=render_people(people, key) if with_people else None,
        object_rules=rules,
        people_rules=team if with_people else None,
        registered=len(objects),
        former=former,
        sources=_sources(chance),
        sources_reason="只用一种",
        custodians=keepers,
        anchor=SIGNED if chance.random() < 0.8 else NONE,
    )
    if draw.commitment["anchor"]["mode"] == "signed":
        log = anchored(log)
    made = drawn(draw, log, chance, shares)
    draw, log = made.draw, made.log
    for _ in range(chance.randint(0, 3)):
        left = [visit["lot"] for visit in draw.visits]
        if left:
            draw, log = acts.remove(
                draw, log, chance.choice(left), chance.choice(["closed", "moved"]), EVIDENCE,
                now=START, by="office", second="chief",
            )  # fmt: skip
    if with_people and draw.visits:
        draw, log = acts.assign(draw, log, now=START, by="drawer")
        for _ in range(chance.randint(0, 4)):
            draw, log = substituted(draw, log, chance)
    return Made(draw, log, made.values)


def _object(
    chance: random.Random,
    number: int,
    districts: list[str],
    sections: list[str],
    items: list[str],
    columns: list[str],
    *,
    scoped: bool,
) -> RosterObject:
    row = RosterObject(
        object_id=f"E{number:04}",
        name=f"某{number}公司",
        credit_class=chance.choice("ABCD"),
        district=chance.choice(districts),
        section=chance.choice(sections),
        items=tuple(sorted(chance.sample(items, chance.randint(0, 3)))),
    )
    out = chance.random() < 0.2 and number > 1
    beyond = out and not scoped and chance.random() < 0.3
    return replace(
        row,
        stratum="" if beyond else stratum_of(row, columns),
        eligible=not out,
        exclude_reason=chance.choice(["已注销", "已检查"]) if out else "",
    )


def _person(
    chance: random.Random,
    number: int,
    districts: list[str],
    sections: list[str],
    items: list[str],
    objects: list[RosterObject],
) -> RosterPerson:
    names = [row.object_id for row in objects]
    out = chance.random() < 0.1
    return RosterPerson(
        person_id=f"P{number:02}",
        pools=chance.choice([("people",), ("people",), ("experts",), ("experts", "people")]),
        section=chance.choice(sections),
        labels=tuple(
            sorted({*chance.sample(items, chance.randint(1, 4)), *(["leader"] if number % 3 == 0 else [])})
        ),
        districts=tuple(sorted(chance.sample(districts, 1))) if chance.random() < 0.3 else (),
        certificate=f"13{number:06}",
        cert_valid_to=chance.choice(["", "2026-05-01", "2027-12-31", "2027-12-31", "2028-01-01"]),
        eligible=not out,
        exclude_reason="请假" if out else "",
        recusals=tuple(sorted(chance.sample(names, min(len(names), chance.randint(0, 3))))),
        load=chance.randint(0, 4),
        previous=tuple(sorted(chance.sample(names, min(len(names), chance.randint(0, 3))))),
    )


def _place(chance: random.Random, sections: list[str], items: list[str]) -> dict[str, Any]:
    return place(
        chance.choice(["people", "people", "people", "experts"]),
        sections=sorted(chance.sample(sections, 1)) if chance.random() < 0.2 else [],
        own_section=chance.random() < 0.2,
        labels=[chance.choice(["leader", *items])] if chance.random() < 0.3 else [],
        items=chance.choice(["none", "none", "any", "all"]),
        district=chance.random() < 0.3,
        certificate=chance.random() < 0.5,
    )


def _stratum(chance: random.Random, name: str) -> dict[str, Any]:
    last = band(ratio=chance.choice(["5%", "0.1", "1/3", "50%"])) if chance.random() < 0.7 else band(count=2)
    bands = (
        [band(chance.randint(1, 10), count=chance.randint(1, 3)), last] if chance.random() < 0.4 else [last]
    )
    least = chance.randint(0, 1) if chance.random() < 0.9 else 2
    return rule(
        name, *bands, least=max(1, least), most=chance.randint(3, 9) if chance.random() < 0.3 else None
    )


def _groups(chance: random.Random, strata: list[str]) -> list[dict[str, Any]]:
    some = sorted(chance.sample(strata, chance.randint(1, len(strata))))
    found = []
    if chance.random() < 0.3:
        found.append(group("总数", "total", *some, count=chance.randint(1, 12)))
    if chance.random() < 0.5:
        found.append(
            group("下限", "floor", *chance.choice([some, []]), ratio=chance.choice(["20%", "1/2", "90%"]))
        )
    if chance.random() < 0.3:
        found.append(group("上限", "cap", *chance.choice([some, []]), count=chance.randint(3, 10)))
    return found


def _sources(chance: random.Random) -> list[dict[str, Any]]:
    pool = [
        lottery("ssq", "2026-03-17"),
        lottery("dlt", "2026-03-16"),
        drand(ROUND),
        lottery("pl5", "2026-03-15"),
        lottery("fc3d", "2026-03-17"),
    ]
    found = [chance.choice(pool[:3])]
    found += chance.sample([source for source in pool if source not in found], chance.randint(0, 2))
    return [*found, dice(6, "2026-03-17")] if chance.random() < 0.3 else found


def _keepers(chance: random.Random) -> tuple[dict[str, Any], tuple[Mapping[str, Any], ...]]:
    names, threshold = ["本局", "公证处", "监督单位"][: chance.randint(2, 3)], 2
    key = chance.randbytes(32)
    shares = custodians.split(key, threshold, len(names), chance.randbytes((threshold - 1) * 32))
    given = [
        {"name": name, "index": index, "share": share.hex()}
        for index, (name, share) in enumerate(zip(names, shares, strict=True), 1)
    ]
    return custodians.commit_to(key, names, shares, threshold), tuple(chance.sample(given, threshold))
