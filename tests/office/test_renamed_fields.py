"""A question or a fact that was renamed (`id`) loses nothing, whoever names it: its own file, another process, a rule of the bureau."""

from __future__ import annotations

import pytest
from bureau_factories import BUREAU, Bureau, done

KID = """
workflow: kid
title: 子
about: none
initial: s
fields: [NAMES: {title: 上限, type: integerID}]
states:
  s: {title: 始, for: clerk, no deadline: 无}
  z: {title: 完, final: true}
transitions:
  - {do: go, title: 去, from: s, to: z, form: f, require: [{that: case.NAMES == 1, else: 上限不是 1}]}
"""
FORM = "form: f\ntitle: 表\nfields:\n  - ASKED: {title: 数, type: integerID}\n"
PARENT = """
workflow: par
title: 父
about: none
initial: a
start: {by: clerk}
fields: [n: {title: n, type: integer}, m: {title: m, type: integer}]
states:
  a: {title: 始, for: clerk, no deadline: 无}
  z: {title: 完, final: true, open_children: leave}
transitions:
  - {do: go, title: 开, from: a, then: [{start: kid, title: 子, with: {NAMES: 1}}]}
  - {do: sum, title: 计, from: a, then: [{set: {n: "= sum(children.kid, it.NAMES)", m: "= sum(children.kid, it.forms.f.ASKED)"}}]}
  - {do: fin, title: 完, from: a, to: z}
"""


def texts(fact: str, question: str) -> tuple[str, str, str]:
    """Return the three files with a fact and a question of these names, kept as `most` and `number`."""
    of_fact = "" if fact == "most" else ", id: most"
    of_question = "" if question == "number" else ", id: number"
    return (
        FORM.replace("ASKED", question).replace("ID", of_question),
        KID.replace("NAMES", fact).replace("ID", of_fact),
        PARENT.replace("NAMES", fact).replace("ASKED", question),
    )


def test_what_is_handed_to_a_child_arrives_under_the_name_it_is_kept_under() -> None:
    bureau = Bureau(*texts("most", "number"))
    old = bureau.start("par", section="north")
    bureau.take(old, "go")
    bureau.take("kid-1", "go", answers={"number": 5})
    bureau.publish(*texts("ceiling", "count"))
    # A case of before opens a child of after, and the other way round for those that read them.
    bureau.take(old, "go")
    bureau.take("kid-2", "go", answers={"count": 7})
    bureau.take(old, "sum")
    assert bureau.case(old).fields == {"n": 2, "m": 12}
    new = bureau.start("par", section="north")
    bureau.take(new, "go")
    assert bureau.case("kid-3").fields == {"most": 1}
    bureau.take("kid-3", "go", answers={"count": 9})
    bureau.take(new, "sum")
    assert bureau.case(new).fields == {"n": 1, "m": 9}
    assert bureau.findings() == []


FILED = """
workflow: w
title: 件
about: none
initial: s
start: {by: clerk, then: [{set: {risky: true}}]}
parties: {who: 签字人}
fields: [risky: {title: 险, type: booleanID}]
states:
  s: {title: 始, for: clerk, no deadline: 无}
  t: {title: 中, for: clerk, no deadline: 无}
  z: {title: 完, final: true}
transitions:
  - {do: fill, title: 填, from: s, to: t, form: filed, sign: signers, then: [{assign: {who: = form.signers}}]}
  - {do: go, title: 去, from: t, to: z, when: kpi.r > 0.5}
archive:
  contents: [{form: filed, title: 表, field: given, signed: signers, party: who}]
"""
GIVEN = "form: filed\ntitle: 表\nfields:\n  - given: {title: 数, type: integerID}\n  - signers: {title: 签, type: personsPEOPLE}\n"
MEASURE = "measures:\n  r: {title: 险, part: {cases: w, field: risky}, whole: {cases: w}}\n"


@pytest.mark.parametrize("kept", ["", ", id: another"])
@pytest.mark.parametrize("people", ["", ", id: signed_by"])
def test_filing_and_measures_find_what_they_name(kept: str, people: str) -> None:
    form = GIVEN.replace("ID", kept.replace("another", "handed")).replace("PEOPLE", people)
    bureau = Bureau(form, FILED.replace("ID", kept), BUREAU + MEASURE)
    case = bureau.start("w", section="north")
    bureau.take(case, "fill", answers={"given": 3, "signers": ["anna"]})
    done(bureau.application.advance(case, "go", "anna"))
    assert bureau.state(case) == "z"


UPPER = """
workflow: par
title: 父
about: none
initial: a
start: {by: clerk}
fields: [NAME: {title: 上, type: integer, to_children: trueID}]
states:
  a: {title: 始, for: clerk, no deadline: 无}
  z: {title: 完, final: true, open_children: leave}
transitions:
  - {do: open, title: 开, from: a, then: [{set: {NAME: 7}}, {start: kid, title: 子}]}
  - {do: fin, title: 完, from: a, to: z, when: case.NAME > 0}
"""
LOWER = """
workflow: kid
title: 子
about: none
initial: s
fields: [got: {title: 得, type: integer}]
states:
  s: {title: 始, for: clerk, no deadline: 无}
  z: {title: 完, final: true}
transitions:
  - {do: go, title: 去, from: s, to: z, form: f, then: [{set: {got: = parent.NAME}}, {set: {NAME: = form.number}, above: true}]}
"""


def test_a_fact_of_the_case_above_is_read_and_set_whatever_its_version_calls_it() -> None:
    def publish(name: str, bureau: Bureau | None = None) -> Bureau:
        texts = (
            FORM.replace("ASKED", "number").replace("ID", ""),
            UPPER.replace("ID", "" if name == "top" else ", id: top").replace("NAME", name),
            LOWER.replace("NAME", name),
        )
        if bureau is None:
            return Bureau(*texts)
        bureau.publish(*texts)
        return bureau

    bureau = publish("top")
    old = bureau.start("par", section="north")
    bureau.take(old, "open")
    publish("head", bureau)
    bureau.take(old, "open")
    newer = bureau.start("par", section="north")
    bureau.take(newer, "open")
    publish("limit", bureau)
    bureau.take(newer, "open")
    # Children of each version below a case of each before.
    for number, (kid, above) in enumerate(
        (("kid-1", old), ("kid-2", old), ("kid-3", newer), ("kid-4", newer))
    ):
        seen = bureau.case(above).fields["top"]
        bureau.take(kid, "go", answers={"number": number})
        assert bureau.case(kid).fields == {"got": seen}
        assert bureau.case(above).fields == {"top": number}
    assert bureau.findings() == []


def test_a_child_is_given_and_tells_by_names_of_a_version_between() -> None:
    bureau = Bureau(*texts("most", "number"))
    bureau.publish(*texts("ceiling", "count"))
    between = bureau.start("par", section="north")
    bureau.publish(*texts("limit", "total"))
    bureau.take(between, "go")
    assert bureau.case("kid-1").fields == {"most": 1}
    bureau.take("kid-1", "go", answers={"number": 5})
    bureau.take(between, "sum")
    assert bureau.case(between).fields == {"n": 1, "m": 5}
    assert bureau.findings() == []
