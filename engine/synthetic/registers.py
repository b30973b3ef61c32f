"""Made-up registers to try the product on: the same seed always makes the same rows.

Nothing in them exists: enterprises carry 示例 in their names, their codes a region nobody has (the check digits are
right), people are named by what they do. Two seeds make registers whose ids are mostly different.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from engine.language.filling import fill
from engine.register.check import check_rows
from engine.register.profile import built_in
from engine.register.profile_text import read_profile_text
from engine.register.sheet.checked_entries import CheckedEntry
from engine.register.sheet.grid import Grid
from engine.register.sheet.header import Header
from engine.register.sheet.writing import write_csv
from engine.register.uscc import ALPHABET, check_digit, organisation_check_digit
from engine.synthetic.hash_choice import by_weight, hash_mod, pick
from engine.synthetic.ratings import with_made_up_ratings

#: Shares of a hundred for the made-up credit classes; examples, no rule.
_MADE_UP_SHARES = {"A": 40, "B": 40, "C": 15, "D": 5}


#: Who reads in a sample where a command names nobody; one of the made-up people.
SAMPLE_READER = "leading"


def sample_objects(n: int, seed: int | str, *, year: int = 2024) -> tuple[CheckedEntry, ...]:
    """Return `n` made-up enterprises as they might stand in the register at the beginning of `year`."""
    text = _sample("words")
    weights = [int(weight) for weight in text["trade_weights"]]
    return tuple(
        _object(number, seed, year, text, by_weight(text["trades"], weights, seed, "trade", number))
        for number in range(n)
    )


def sample_inspectors(
    n: int, seed: int | str, *, year: int = 2024, objects: Sequence[CheckedEntry] = ()
) -> tuple[CheckedEntry, ...]:
    """Return `n` made-up inspectors whose certificates are valid through `year` and beyond.

    With `objects`, about one in four has one of them on the list of recusals 回避.
    """
    text = _sample("words")
    fields: Mapping[str, Sequence[str]] = text["fields"]
    sections = list(fields)
    out = []
    for number in range(1, n + 1):
        # Inspection teams are the bigger part of those who hold a certificate.
        section = sections[0] if number % 3 == 1 else sections[1 + number % (len(sections) - 1)]
        known = fields[section]
        data: dict[str, Any] = {
            "title": "四级主任科员" if number % 4 else "二级主任科员",
            "cert_no": f"示例{hash_mod(10**8, seed, 'cert', number):08d}{number:03d}",
            "cert_valid_to": f"{year + 1 + number % 4}-12-31",
            "labels": [known[0], *(label for label in known[1:] if hash_mod(2, seed, label, number))],
            "status": "active",
            "trained_on": _day(date(year, 1, 4), 60, seed, "trained", number),
            "phone": _phone(seed, "inspector", number),
            "leader": number % 3 == 1,
        }
        if objects and hash_mod(4, seed, "recusal", number) == 0:
            data["recusals"] = [pick(objects, seed, "recused", number).id]
        out.append(CheckedEntry("inspectors", f"insp-{number:02d}", f"检查人员{number:02d}", section, data))
    return tuple(out)


def sample_experts(n: int, seed: int | str) -> tuple[CheckedEntry, ...]:
    """Return `n` made-up experts."""
    text = _sample("words")
    sections = list(text["fields"])
    return tuple(
        CheckedEntry(
            "experts",
            f"expert-{number:02d}",
            f"专家{number:02d}",
            pick(sections, seed, "section", number),
            {
                "organisation": f"示例{text['experts'][number % len(text['experts'])]}事务所",
                "labels": [text["experts"][number % len(text["experts"])]],
                "status": "active",
                "phone": _phone(seed, "expert", number),
            },
        )
        for number in range(1, n + 1)
    )


def sample_people() -> tuple[CheckedEntry, ...]:
    """Return made-up staff: the offices of the bureau, and a head, a reviewer and a clerk for each section."""
    text = _sample("people")
    rows = list(text["people"])
    for section, title in sample_sections().items():
        rows += [
            {
                **row,
                "id": fill(row["id"], {"id": section.replace("_section", "")}),
                "name": fill(row["name"], {"title": title}),
                "section": section,
            }
            for row in text["each_section"]
        ]
    return _checked("people", rows)


def sample_items() -> tuple[CheckedEntry, ...]:
    """Return the sample items, each with its statutory basis and the form that goes with it."""
    return _checked("items", _sample("items")["items"])


def sample_sections() -> Mapping[str, str]:
    """Return the sections the samples speak of: code -> title."""
    sections: Mapping[str, str] = _sample("words")["sections"]
    return sections


def sample_registers(
    seed: int | str, *, objects: int = 200, inspectors: int = 24, experts: int = 5, year: int = 2024
) -> dict[str, tuple[CheckedEntry, ...]]:
    """Return every register by kind; the objects have made-up credit classes, marked as made up."""
    made = with_made_up_ratings(
        sample_objects(objects, seed, year=year),
        "credit",
        list(_MADE_UP_SHARES),
        list(_MADE_UP_SHARES.values()),
        seed,
        given_on=date(year, 1, 1),
    )
    return {
        "objects": made,
        "inspectors": sample_inspectors(inspectors, seed, year=year, objects=made),
        "items": sample_items(),
        "experts": sample_experts(experts, seed),
        "people": sample_people(),
    }


def with_made_up_kinds(entries: Iterable[CheckedEntry], seed: int | str) -> tuple[CheckedEntry, ...]:
    """Return enterprises of a register that says of none what kind it is, each with a kind, in the shares of the samples.

    The kind depends on the seed and the id alone. Whatever an enterprise is besides, it employs people.
    """
    text = _sample("words")
    trades, weights = text["trades"], [int(weight) for weight in text["trade_weights"]]

    def kinds(entry: CheckedEntry) -> list[str]:
        return list(dict.fromkeys(["employer", by_weight(trades, weights, seed, "kind", entry.id)["pool"]]))

    return tuple(replace(entry, data={**entry.data, "pools": kinds(entry)}) for entry in entries)


def write_sample(directory: Path, registers: Mapping[str, Sequence[CheckedEntry]]) -> tuple[Path, ...]:
    """Write each register as ``KIND.csv`` into `directory`, which is made if need be; return the files."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, entries in registers.items():
        path = directory / f"{kind}.csv"
        write_csv(kind, entries, path, codes={"sections": sample_sections()})
        paths.append(path)
    return tuple(paths)


def _object(
    number: int, seed: int | str, year: int, text: Mapping[str, Any], trade: Mapping[str, str]
) -> CheckedEntry:
    employees = 5 + hash_mod(400, seed, "employees", number) // (1 + hash_mod(8, seed, "size", number))
    address = (
        f"示例市示例区{pick(text['roads'], seed, 'road', number)}{1 + hash_mod(400, seed, 'house', number)}号"
    )
    data: dict[str, Any] = {
        "kind": "school" if trade["form"] == "学校" else "enterprise",
        "legal_rep": f"法定代表人{number + 1:05d}",
        "contact": f"联络员{number + 1:05d}",
        "phone": _phone(seed, "object", number),
        "address": address,
        "industry": trade["industry"],
        "registered_on": _day(date(year - 20, 1, 1), 7000, seed, "registered", number),
        "status": "active",
        "district": pick(text["districts"], seed, "district", number),
        "pools": list(dict.fromkeys(["employer", trade["pool"]])),
        "employees": employees,
        "insured": employees - hash_mod(1 + employees // 10, seed, "insured", number),
        "key_object": hash_mod(12, seed, "key", number) == 0,
    }
    if hash_mod(3, seed, "labelled", number) == 0:
        data["labels"] = [pick(text["labels"], seed, "label", number)]
    if "licence" in trade:
        data["licences"] = [
            {
                "name": trade["licence"],
                "number": f"示例证字第{hash_mod(10**6, seed, 'licence', number):06d}号",
                "authority": "示例市示例区人力资源和社会保障局",
                "valid_to": _day(date(year, 7, 1), 1000, seed, "licence", number),
            }
        ]
    name = f"示例{_fancy(number, seed, text['syllables'])}{trade['word']}{trade['form']}"
    return CheckedEntry(
        "objects", _code(number, seed, text["region_code"], trade), name, next(iter(sample_sections())), data
    )


def _code(number: int, seed: int | str, region: str, trade: Mapping[str, str]) -> str:
    # Counting from a place that depends on the seed keeps the codes of one register apart.
    place = (hash_mod(31**6, seed, "code") + number * 7919) % 31**6
    body = ""
    for _ in range(6):
        place, digit = divmod(place, 31)
        body = ALPHABET[digit] + body
    organisation = f"MA{body}"
    front = "52" if trade["form"] == "学校" else "91"
    whole = f"{front}{region}{organisation}{organisation_check_digit(organisation)}"
    return whole + check_digit(whole)


def _fancy(number: int, seed: int | str, syllables: Sequence[str]) -> str:
    """Return a word of two or more syllables that no other number of the same register has."""
    count = len(syllables)
    length = 2
    while number >= count**length:
        number -= count**length
        length += 1
    place = (number + hash_mod(count**length, seed, "name")) % count**length
    word = ""
    for _ in range(length):
        place, digit = divmod(place, count)
        word += syllables[digit]
    return word


def _phone(*parts: object) -> str:
    # No area has the code 000.
    return f"000-{20_000_000 + hash_mod(60_000_000, *parts, 'phone')}"


def _day(first: date, days: int, *parts: object) -> str:
    return (first + timedelta(days=hash_mod(days, *parts, "day"))).isoformat()


def _checked(kind: str, rows: Sequence[Mapping[str, str]]) -> tuple[CheckedEntry, ...]:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    table = Grid(
        Header(1, columns, columns),
        [(number, [row.get(column, "") for column in columns]) for number, row in enumerate(rows, 2)],
    )
    checked = check_rows(table, built_in(kind))
    if checked.problems:
        raise AssertionError([str(problem) for problem in checked.problems])
    return tuple(checked.entries)


@cache
def _sample(name: str) -> Mapping[str, Any]:
    data = files("engine.synthetic").joinpath("samples", f"{name}.yaml").read_bytes()
    text, problems = read_profile_text(data, f"{name}.yaml")
    if problems:
        raise AssertionError([str(problem) for problem in problems])
    return text
