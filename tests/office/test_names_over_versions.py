"""Fields renamed from version to version, their names given to others: each rule of the bureau and each other process reads what it means."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

from bureau_factories import BUREAU, Bureau

from engine.app.exchange.rows import FormatRows, RowsWanted
from engine.app.queries.exchange.exchange import exchange_rows
from engine.app.queries.reports import report_measures, report_statistics, report_supervision
from engine.exchange.format_file import read_format
from engine.exchange.formats import ExchangeFormat
from engine.kernel.refusal import Refusal
from tests.examples import examples

#: Facts, questions and columns of rows by what they are kept under.
PLACES = {"case": ("ka", "kb"), "form": ("qa", "qb"), "rows": ("ra", "rb")}
#: What they are called besides; one of each is what another is kept under.
MORE = ("n1", "n2", "n3")


def drawn_names(random: Random) -> dict[str, str]:
    """Return what each field is called by one version."""
    found: dict[str, str] = {}
    for kept in PLACES.values():
        found |= dict(zip(kept, random.sample((*kept, *MORE), len(kept)), strict=True))
    return found


def declared(kept: str, called: str, more: str) -> str:
    return f"  - {called}: {{title: 题{kept}, {more}{'' if called == kept else f', id: {kept}'}}}\n"


def files(names: dict[str, str]) -> tuple[str, str, str]:
    """Return the bureau, the form and the process that call their fields so; all rules of the bureau are about the first of two."""
    ka, kb, qa, qb, ra, _ = (names[one] for of in PLACES.values() for one in of)
    rows = "\n".join(
        "      " + declared(kept, names[kept], "type: integer").strip() for kept in PLACES["rows"]
    )
    form = (
        "form: f\ntitle: 表\nfields:\n"
        + declared("qa", qa, "type: integer")
        + declared("qb", qb, "type: integer")
        + f"  - list:\n      title: 清单\n      type: list\n      columns:\n{rows}\n".replace(
            "\n      - ", "\n        - "
        )
    )
    flow = (
        "workflow: w\ntitle: 件\nabout: none\ninitial: s\n"
        f"start: {{by: clerk, form: f, then: [{{set: {{{ka}: = form.{qa}, {kb}: form.{qb} > 5}}}}]}}\n"
        "fields:\n"
        + declared("ka", ka, "type: integer")
        + declared("kb", kb, "type: boolean")
        + "states:\n  s: {title: 始, for: clerk, no deadline: 无}\n  z: {title: 完, final: true}\n"
        "transitions: [{do: fin, title: 完, from: s, to: z}]\n"
    ).replace(f"{kb}: form.{qb} > 5", f'{kb}: "= form.{qb} > 5"')
    bureau = BUREAU + (
        "measures:\n"
        f"  fact: {{title: 一, part: {{cases: w, sum: case.{ka}}}}}\n"
        f"  answer: {{title: 二, part: {{cases: w, sum: forms.f.{qa}}}}}\n"
        f"  rows: {{title: 三, part: {{cases: w, where: 'sum(forms.f.list, it.{ra}) > 9'}}}}\n"
        f"  flag: {{title: 四, part: {{cases: w, field: {kb}}}}}\n"
        f"  where: {{title: 五, part: {{cases: w, where: forms.f.{qa} > 5}}}}\n"
        "statistics:\n  t:\n    title: 表\n    cases: w\n"
        f"    groups: {{g: {{title: 组, value: case.{ka}}}}}\n"
        f"    columns: {{n: {{title: 数, where: forms.f.{qb} > 5}}}}\n"
        f"supervision:\n  big: {{title: 大, cases: w, where: case.{ka} > 5, columns: [{{title: 值, value: forms.f.{qb}}}]}}\n"
    )
    return bureau, form, flow


def exchanged(names: dict[str, str]) -> ExchangeFormat:
    text = (
        "exchange: x\ntitle: 表\nsource: 示例\nrows: {cases: w}\nkey: [case]\ncolumns:\n"
        "  - case: {title: 编号, value: case.id}\n"
        f"  - fact: {{title: 一, type: integer, value: case.{names['ka']}}}\n"
        f"  - answer: {{title: 二, type: integer, value: forms.f.{names['qb']}}}\n"
        f"  - rows: {{title: 三, type: integer, value: 'sum(forms.f.list, it.{names['rb']})'}}\n"
    )
    found = read_format("x.yaml", text.encode())
    assert found.format is not None, found.problems
    return found.format


def expected_measures(given: list[dict[str, int]]) -> dict[str, Fraction | int]:
    return {
        "fact": sum(one["qa"] for one in given),
        "answer": sum(one["qa"] for one in given),
        "rows": sum(one["ra"] * 2 > 9 for one in given),
        "flag": sum(one["qb"] > 5 for one in given),
        "where": sum(one["qa"] > 5 for one in given),
    }


def test_rules_of_the_bureau_and_formats_read_cases_of_every_version() -> None:
    renamed = 0
    for seed in range(examples(12, 300)):
        random = Random(seed)  # noqa: S311 - examples, no secrets
        names = {one: one for of in PLACES.values() for one in of}
        bureau = Bureau(*files(names))
        given: list[dict[str, int]] = []
        for version in range(4):
            if version:
                new = drawn_names(random)
                renamed += sum(names[one] != new[one] for one in names)
                names = new
                bureau.publish(*files(names))
            for _ in range(random.randint(1, 2)):
                one = {kept: random.randint(0, 9) for kept in ("qa", "qb", "ra", "rb")}
                given.append(one)
                rows = [{kept: one[kept] for kept in PLACES["rows"]}] * 2
                answers: dict[str, Any] = {"qa": one["qa"], "qb": one["qb"], "list": rows}
                bureau.start("w", section="north", answers=answers)
            _compare(bureau, names, given, seed)
    assert renamed > 100


def _compare(bureau: Bureau, names: dict[str, str], given: list[dict[str, int]], seed: int) -> None:
    application = bureau.application
    found = report_measures(application, "anna")
    assert not isinstance(found, Refusal)
    assert {row.id: row.measure.part for row in found.rows} == expected_measures(given), (seed, names)
    table = report_statistics(application, "anna", "t", "g")
    assert not isinstance(table, Refusal)
    groups = {line.group: line.cells["n"][0] for line in table.rows if line.group != "*"}
    counted = Counter(str(one["qa"]) for one in given if one["qb"] > 5)
    assert groups == counted, (seed, names)
    report = report_supervision(application, "anna")
    assert not isinstance(report, Refusal)
    item = next(one for one in report.rows if one.id == "big")
    assert sorted(cells[0] for cells in item.rows.values()) == sorted(
        str(one["qb"]) for one in given if one["qa"] > 5
    ), (seed, names)
    rows = exchange_rows(application, "anna", exchanged(names), RowsWanted())
    assert isinstance(rows, FormatRows)
    cells = [(row.cells["fact"], row.cells["answer"], row.cells["rows"]) for row in rows.rows.rows]
    wanted = [(str(one["qa"]), str(one["qb"]), str(one["rb"] * 2)) for one in given]
    assert sorted(cells) == sorted(wanted), (seed, names)
