from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bureau_factories import Bureau
from visit_bureau import audited_bureau, rewrite, rows_of

from engine.app.audit.seals import STREAM, seal
from engine.app.audit.verify_seals import (
    APPENDED_FORMAT,
    FORMAT,
    Outside,
    SealFileError,
    export,
    published,
    read_outside,
    verify_outside,
    verify_seals,
)
from engine.app.ports.records import DrawRow, Publication, Seal


def sealed_bureau() -> tuple[Bureau, Seal]:
    """Return a sealed bureau with a publication and a draw."""
    bureau = audited_bureau()
    now = bureau.clock.now()
    with bureau.store.write() as transaction:
        transaction.records.put_publication(
            Publication(id="p", kind="k", case="visit-1", title="甲", body={"a": 1}, published_at=now)
        )
        row = DrawRow("visit-1", 1, "committed", {"record": {"log": ["1", "2"]}}, now)
        transaction.records.put_draw(row)
    made = seal(bureau.application)
    assert made is not None
    return bureau, made


def held(bureau: Bureau, made: Seal) -> Outside:
    with bureau.look() as transaction:
        return read_outside(json.dumps(export(transaction, made)).encode())


def wrong(bureau: Bureau, outside: Outside | None = None) -> list[tuple[str, int, str]]:
    with bureau.look() as transaction:
        found = verify_outside(transaction, outside) if outside else verify_seals(transaction)
        return [(one.stream, one.seq, str(one.message).partition("：")[0]) for one in found]


def test_what_was_sealed_is_as_it_was() -> None:
    bureau, made = sealed_bureau()
    assert wrong(bureau) == wrong(bureau, held(bureau, made)) == []


def test_a_history_made_anew_does_not_fit() -> None:
    bureau, made = sealed_bureau()
    outside = held(bureau, made)
    rewrite(bureau, "visit-1", 2)
    assert wrong(bureau) == wrong(bureau, outside) == [("visit-1", 2, "与 2024-09-04 的封存不符")]


def test_an_end_or_a_whole_history_that_is_gone() -> None:
    bureau, _ = sealed_bureau()
    rows_of(bureau, "visit-1").pop()
    rows_of(bureau, "visit-2").clear()
    assert wrong(bureau) == [
        ("visit-1", 3, "2024-09-04 封存时有 3 条，现在只有 2 条"),
        ("visit-2", 1, "2024-09-04 封存时有 1 条，现在一条也没有"),
    ]


def test_publications_and_draws_that_were_changed() -> None:
    bureau, _ = sealed_bureau()
    with bureau.store.write() as transaction:
        (publication,) = transaction.records.publications()
        (row,) = transaction.records.draws()
        transaction.records.put_publication(replace(publication, title="乙"))
        transaction.records.put_draw(replace(row, record={"record": {"log": ["1", "3"]}}))
    assert wrong(bureau) == [
        ("publication:p", 1, "公示内容与 2024-09-04 的封存不符"),
        ("draw:visit-1/1", 2, "抽取日志与 2024-09-04 的封存不符"),
    ]


def test_a_seal_that_was_changed_or_is_gone() -> None:
    bureau, made = sealed_bureau()
    other = Outside((replace(made, root="0" * 64),))
    assert wrong(bureau, other) == [
        (STREAM, made.entry, f"第 1 号封存的根与公布的不符（公布 {'0' * 64}，库中 {made.root}）")
    ]
    assert wrong(bureau, Outside((replace(made, number=2),))) == [
        (STREAM, made.entry, "第 2 号封存已不在库中")
    ]
    rows = rows_of(bureau, STREAM)
    rows[-1] = replace(rows[-1], body={**rows[-1].body, "root": "0" * 64})
    assert wrong(bureau) == [(STREAM, made.entry, "封存的根与所列的各条不符")]
    rows[0] = replace(rows[0], body={"heads": [["x"]]})
    assert wrong(bureau) == [(STREAM, 1, "封存记录读不出来")]


def test_files_of_seals() -> None:
    bureau, made = sealed_bureau()
    with bureau.look() as transaction:
        body = export(transaction, made)
    assert (body["format"], body["seals"]) == (APPENDED_FORMAT, [made.as_json()])
    assert published([made.as_json()]) == {"format": FORMAT, "seals": [made.as_json()]}
    assert read_outside(json.dumps(published([made.as_json()])).encode()) == Outside((made,))
    for content in (b"", b"[]", b'{"format": "other", "seals": []}'):
        with pytest.raises(SealFileError) as refused:
            read_outside(content)
        assert str(refused.value.message) == "不是封存文件"
    body["heads"][0][2] = "0" * 64
    with pytest.raises(SealFileError) as refused:
        read_outside(json.dumps(body).encode())
    assert str(refused.value.message).startswith("文件里所列的各条算不出文件里的根")
