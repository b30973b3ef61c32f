"""Typed answers are read alike by the page, the command line and the offline form: a list of odd values through each."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.documents import offline
from engine.kernel.clean_text import clean_code, without_invisible
from engine.kernel.plain_text import find_forbidden
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.forms.fields import DEFAULT_MOST
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.web.forms.answers import answers_of
from engine.web.forms.typed import Typed

PROGRAM = Path(offline.__file__).with_name("reading.js")
NODE = shutil.which("node")
ZONE = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.skipif(NODE is None, reason="no JavaScript outside of a browser here")

#: Odd ways to type a number or a text.
ODD = (
    *("", " ", "\t", "\n", "\u3000", "\u200b", "\u3164", "\ufeff", "\x1f", "\x85", "\u2028"),
    *(
        "5",
        "05",
        "-5",
        "+5",
        "--5",
        "-0",
        " 5",
        "5 ",
        "5\t",
        "\t5",
        "5\u3000",
        "\u30005",
        "5\xa0",
        "5\u200b",
        "\ufeff5",
    ),
    *(
        "１２",
        "１００",
        "１.５",
        "１．５",
        "－５",
        "−5",
        "１２３４５６７８９０",
        "5％",
        "5%",
        "５％",
        "5 %",
        "%",
        "1/20",
        "１／２０",
        "1/0",
        "0/5",
    ),
    *(
        "1.5",
        "1,5",
        "1，5",
        "1.",
        ".5",
        "1.50",
        "1.505",
        "1.1234567890",
        "1e5",
        "1_0",
        "0x10",
        "NaN",
        "Infinity",
        "½",
        "²",
        "①",
    ),
    *("٣", "٣.٥", "१२", "1٣", "-٣", "𝟙𝟚", "三", "5元", "1 000", "1\n2", "1\r\n2", "1\r2", "1\x1c", "1\x002"),
    *("9" * 16, "9" * 17, "9" * 18, "9" * 19, "1" * 9 + "%", "1" * 10 + "%", "١" * 18),
    *(
        "甲乙",
        " 甲 乙 ",
        "甲\t乙",
        "甲\n乙",
        "甲\u202e乙",
        "甲\u200b乙",
        "甲\u2028乙",
        "甲\x7f",
        "\u202e",
        "\u2066甲",
        "\ue000",
    ),
    *(
        "ＡＢ-１",
        "ab 1",
        "e\u0301",
        "\ufb01",
        "\U0001f600",
        "\ufffe",
        "\U0001fffe",
        "\U000e0041",
        "\ud800",
        "\xad甲",
        "甲\ufff9",
        "✔\ufe0f",
        "\ufe0f",
        "甲\ufe0f\ufe0f 1\ufe0f",
        "\U000e0101甲\U000e0101",
    ),
    *(
        "字" * 1000,
        "字" * 1001,
        " " + "字" * 1000,
        "字" * 200,
        "字" * 201,
        "\u200b" * 1001 + "字",
        "\U0001f600" * 1000,
    ),
)
TYPES = (
    *(FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.RATIO),
    *(
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.PERSON,
        FieldType.OBJECT,
        FieldType.LIST,
        FieldType.PERSONS,
    ),
)
_LISTS = (FieldType.LIST, FieldType.PERSONS)

_RUN = """
const R = require(process.argv[1]), E = require(process.argv[1].replace("reading.js", "expressions.js"));
const same = (v) => v === null || typeof v !== "object" ? v : Array.isArray(v) ? v.map(same)
  : E.isNumber(v) ? {"#": String(v.n)} : Object.fromEntries([...v].map(([k, one]) => [k, same(one)]));
const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(all.map(({asked, typed}) => {
  const given = ["list", "persons"].includes(asked.type) ? R.lines(typed) : typed;
  if (R.blank(given)) return ["blank", null, null];
  const found = R.read(asked, given);
  return [found.wrong ? "refused" : "kept", found.wrong ? null : same(found.value), R.handed(asked, given)];
})));
"""


def in_javascript(program: str, given: Any) -> Any:
    """Return what a program says of what it is given, both as JSON."""
    assert NODE is not None
    ran = subprocess.run(
        [NODE, "-e", program, str(PROGRAM)], input=json.dumps(given).encode(), capture_output=True, check=True
    )
    return json.loads(ran.stdout)


def form_of(kind: FieldType) -> Form:
    return Form(id="f", title="表", fields=(Field(name="a", title="甲", type=kind, required=False),), rows=())


def read(kind: FieldType, answers: dict[str, Any]) -> tuple[str, Any]:
    """Return what becomes of the one answer."""
    kept, problems = read_answers(form_of(kind), (), answers, {})
    if problems:
        return "refused", None
    if "a" not in kept:
        return "blank", None
    value = kept["a"]
    return "kept", {"#": str(value)} if isinstance(value, int) else value


def by_the_page(kind: FieldType, typed: str) -> tuple[str, Any]:
    return read(kind, answers_of(form_of(kind), (), Typed({"q.a": [typed]})))


def test_page_command_line_and_offline_form_read_alike() -> None:
    cases = [(kind, typed) for kind in TYPES for typed in ODD]
    asked = [
        {"asked": {"type": kind.value, "limit": DEFAULT_MOST.get(kind)}, "typed": typed}
        for kind, typed in cases
    ]
    wrong: list[Any] = []
    for (kind, typed), (says, value, record) in zip(cases, in_javascript(_RUN, asked), strict=True):
        expected = by_the_page(kind, typed)
        if (says, value) != expected:
            wrong.append((kind.value, typed, (says, value), expected))
        # What the file says is read by the command line.
        elif says != "blank" and read(kind, {"a": record}) != expected:
            wrong.append((kind.value, typed, record, read(kind, {"a": record}), expected))
    assert wrong == []
    said = [by_the_page(FieldType.DECIMAL, typed)[0] for typed in ODD]
    assert min(said.count("kept"), said.count("refused")) > 20


#: What stands beside each other in random texts: letters, marks, digits, signs, selectors, what nobody sees, blanks.
PIECES = (
    *(
        "甲",
        "a",
        "e\u0301",
        "\u0915\u093f",
        "Ⅷ",
        "½",
        "5",
        "٣",
        "_",
        "✔",
        "☎",
        "⚠",
        "\U0001f600",
        "。",
        "\ue000",
    ),
    *("\ufe0f", "\ufe0e", "\ufe00", "\u180b", "\U000e0100", "\U000e01ef"),
    *(
        "\u200b",
        "\u200d",
        "\xad",
        "\u3164",
        "\ufeff",
        "\u2800",
        " ",
        "\u3000",
        "\xa0",
        "\t",
        "\n",
        "\x85",
        "\u2028",
    ),
)


def test_random_texts_are_cleaned_alike() -> None:
    drawn = random.Random(146)  # noqa: S311 - texts to try
    assigned = [chr(at) for at in range(0x110000) if unicodedata.category(chr(at)) not in ("Cn", "Cs")]
    texts = ["".join(drawn.choices(PIECES, k=drawn.randint(1, 8))) for _ in range(20_000)]
    # Every letter and sign there is, before a selector: Python and JavaScript agree on which of them are letters.
    texts += [f"{one}\ufe0f" for one in assigned]
    program = """
    const R = require(process.argv[1]);
    const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
    process.stdout.write(JSON.stringify(all.map((one) => [R.without(one), R.code(one), R.blank(one)])));
    """
    wrong = [
        (text, said)
        for text, said in zip(texts, in_javascript(program, texts), strict=True)
        if said != [without_invisible(text), clean_code(text), is_blank(text.strip())]
    ]
    assert wrong == []
    assert without_invisible("✔\ufe0f甲\ufe0f\ufe0f") == "✔甲\ufe0f"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldType.DECIMAL, "-٣.٥", "-3.5"),
        (FieldType.MONEY, "१२", "12"),
        (FieldType.RATIO, "٥%", "5%"),
        (FieldType.INTEGER, "٣", {"#": "3"}),
    ],
)
def test_digits_of_other_scripts_are_kept_as_those_of_latin(kind: FieldType, typed: str, kept: Any) -> None:
    """So that every condition reads them, here and offline."""
    asked = {"type": kind.value, "limit": DEFAULT_MOST.get(kind)}
    ((says, value, _),) = in_javascript(_RUN, [{"asked": asked, "typed": typed}])
    assert (says, value) == by_the_page(kind, typed) == ("kept", kept)


@pytest.mark.parametrize(
    ("typed", "sound"),
    [
        (("39.9", "116.4"), True),
        (("３９.９", " 116.4"), True),
        (("-90", "180"), True),
        (("90.1", "0"), False),
        (("0", "180.5"), False),
        (("39。9", "1"), False),
        (("", "1"), False),
        (("٣", "1"), True),
    ],
)
def test_a_place_is_read_alike(typed: tuple[str, str], sound: bool) -> None:
    place = {"latitude": typed[0], "longitude": typed[1], "address": "某路１号"}
    ((says, value, record),) = in_javascript(_RUN, [{"asked": {"type": "place"}, "typed": place}])
    expected = read(FieldType.PLACE, {"a": record})
    assert (says, value) == expected
    assert (says == "kept") is sound


def test_every_character_is_of_the_same_kind() -> None:
    every = """
    const R = require(process.argv[1]), out = [];
    for (let at = 0; at < 0x110000; at++) {
      const c = String.fromCodePoint(at);
      out.push((R.forbidden(c, false) ? 1 : 0) + (R.forbidden(c, true) ? 2 : 0) + (R.without("a" + c) === "a" ? 4 : 0)
        + (R.code("a" + c) === "a" ? 8 : 0) + (R.strip(c) === "" ? 16 : 0));
    }
    process.stdout.write(JSON.stringify(out));
    """
    differing = []
    for at, said in enumerate(in_javascript(every, None)):
        char = chr(at)
        here = (
            (find_forbidden(char) is not None)
            + 2 * (find_forbidden(char, lines=True) is not None)
            + 4 * (without_invisible("a" + char) == "a")
            + 8 * (clean_code("a" + char) == "a")
            + 16 * (char.strip() == "")
        )
        if here != said:
            differing.append((hex(at), here, said))
    assert differing == []
