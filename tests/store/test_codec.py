"""Every kind of row: the exact columns, the value again, and the order of instants kept as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.ports.records import (
    Credential,
    Delegation,
    Document,
    DrawRow,
    FailedAttempt,
    Heartbeat,
    IdempotencyRecord,
    InboxEntry,
    OutboxItem,
    Publication,
    RegisterEntry,
    Snapshot,
    Task,
    Timer,
    Token,
    Version,
)
from engine.store import codec, people_codec

AT = datetime(2027, 3, 1, 1, 2, 3, 4, tzinfo=UTC)
LATER = datetime(2027, 3, 2, 1, 2, 3, tzinfo=UTC)
TEXT = "2027-03-01T01:02:03.000004Z"
TEXT_LATER = "2027-03-02T01:02:03.000000Z"
NAIVE = datetime(2027, 3, 1, 9)  # noqa: DTZ001 - what must be refused
JSON = '{"a":[1,null,"甲"],"b":{"c":true}}'
VALUES = {"b": {"c": True}, "a": [1, None, "甲"]}
DAY = date(2027, 3, 11)

OUTBOX = OutboxItem(
    id="o1", kind="message", channel="log", recipient="p", case="c", payload=VALUES, created_at=AT
)
SENT = OutboxItem(
    id="o2",
    kind="site",
    channel="site",
    recipient=None,
    case=None,
    payload={},
    created_at=AT,
    status="incident",
    attempts=3,
    next_at=LATER,
    sent_at=LATER,
    error="拒收",
    leases=2,
)
PUBLICATION = Publication(id="q1", kind="result", case="c", title="甲", body=VALUES, published_at=AT)
WITHDRAWN = Publication(
    id="q2",
    kind="result",
    case="c",
    title="甲",
    body={},
    published_at=AT,
    due_on=DAY,
    late=True,
    withdrawn_at=LATER,
    withdrawn_because="有误",
)
INBOX = InboxEntry(
    id="i1", recipient="p", case="c", about="remind", title="甲", text="乙", urgent=True, created_at=AT
)
READ = InboxEntry(
    id="i2",
    recipient="p",
    case=None,
    about="notify",
    title="",
    text="",
    urgent=False,
    created_at=AT,
    acked_at=LATER,
)
DELEGATION = Delegation(
    id="d1",
    principal="p",
    delegate="q",
    first=date(2027, 3, 1),
    last=DAY,
    begins=AT,
    ends=LATER,
    reason="休假",
    by="p",
    ended=True,
)

#: value, its columns, what makes them, what reads them
ROWS: list[tuple[Any, tuple[Any, ...], Callable[..., Any], Callable[[Sequence[Any]], Any]]] = [
    (
        Task("c", "p:p", "w", "s", "现场检查", "甲", "north", "p", DAY, LATER, True, AT),
        ("c", "p:p", "w", "s", "现场检查", "甲", "north", "p", "2027-03-11", TEXT_LATER, True, TEXT),
        codec.task_row,
        codec.task_of,
    ),
    (
        Task("c", "nobody", "w", "s", "", "", None, None, None, None, False, AT),
        ("c", "nobody", "w", "s", "", "", None, None, None, None, False, TEXT),
        codec.task_row,
        codec.task_of,
    ),
    (Timer("c", "state", AT, True), ("c", "state", TEXT, True), codec.timer_row, codec.timer_of),
    (
        OUTBOX,
        ("o1", "message", "log", "p", "c", JSON, TEXT, "waiting", 0, None, None, None, 0),
        codec.outbox_row,
        codec.outbox_of,
    ),
    (
        SENT,
        (
            *("o2", "site", "site", None, None, "{}", TEXT),
            *("incident", 3, TEXT_LATER, TEXT_LATER, "拒收", 2),
        ),
        codec.outbox_row,
        codec.outbox_of,
    ),
    (
        INBOX,
        ("i1", "p", "c", "remind", "甲", "乙", True, TEXT, None),
        codec.inbox_row,
        codec.inbox_of,
    ),
    (
        READ,
        ("i2", "p", None, "notify", "", "", False, TEXT, TEXT_LATER),
        codec.inbox_row,
        codec.inbox_of,
    ),
    (
        RegisterEntry("people", "p", "经办人01", "north", VALUES),
        ("people", "p", "经办人01", "north", JSON, TEXT),
        lambda entry: codec.entry_row(entry, TEXT),
        codec.entry_of,
    ),
    (
        Snapshot("s1", "people", AT, 2, "ab", "cd", b"\x00\xff", "p"),
        ("s1", "people", TEXT, 2, "ab", "cd", b"\x00\xff", "p"),
        codec.snapshot_row,
        codec.snapshot_of,
    ),
    (
        DrawRow("c", 2, "void", VALUES, AT),
        ("c", 2, "void", JSON, TEXT),
        codec.draw_row,
        codec.draw_of,
    ),
    (
        PUBLICATION,
        ("q1", "result", "c", "甲", JSON, TEXT, None, False, None, None),
        codec.publication_row,
        codec.publication_of,
    ),
    (
        WITHDRAWN,
        ("q2", "result", "c", "甲", "{}", TEXT, "2027-03-11", True, TEXT_LATER, "有误"),
        codec.publication_row,
        codec.publication_of,
    ),
    (
        Document("d1", "c", "notice", "通知.html", "ab", b"<p>", AT),
        ("d1", "c", "notice", "通知.html", "ab", b"<p>", TEXT),
        codec.document_row,
        codec.document_of,
    ),
    (
        Version("w", 3, "ab", {"b.yaml": "2", "a.yaml": "1"}, AT, "system", "修订"),
        ("w", 3, "ab", '{"a.yaml":"1","b.yaml":"2"}', TEXT, "system", "修订"),
        codec.version_row,
        codec.version_of,
    ),
    (
        IdempotencyRecord("r1", "ab", VALUES, AT),
        ("r1", "ab", JSON, TEXT),
        codec.idempotency_row,
        codec.idempotency_of,
    ),
    (
        DELEGATION,
        ("d1", "p", "q", "2027-03-01", "2027-03-11", TEXT, TEXT_LATER, "休假", "p", True),
        people_codec.delegation_row,
        people_codec.delegation_of,
    ),
    (
        Credential("p", "$argon2id$", AT),
        ("p", "$argon2id$", TEXT),
        people_codec.credential_row,
        people_codec.credential_of,
    ),
    (
        Token("t1", "p", "脚本", AT, LATER, None, "ab"),
        ("t1", "p", "脚本", TEXT, TEXT_LATER, None, "ab", "all"),
        people_codec.token_row,
        people_codec.token_of,
    ),
    (
        Token("t2", "p", "", AT, LATER, LATER, "ab"),
        ("t2", "p", "", TEXT, TEXT_LATER, TEXT_LATER, "ab", "all"),
        people_codec.token_row,
        people_codec.token_of,
    ),
    (
        FailedAttempt("person:p", 1, AT),
        ("person:p", 1, TEXT, None),
        people_codec.attempt_row,
        people_codec.attempt_of,
    ),
    (
        FailedAttempt("person:p", 5, AT, LATER),
        ("person:p", 5, TEXT, TEXT_LATER),
        people_codec.attempt_row,
        people_codec.attempt_of,
    ),
    (
        Heartbeat("a", AT, "1.0"),
        ("a", TEXT, "1.0", False, None, False),
        codec.heartbeat_row,
        codec.heartbeat_of,
    ),
    (
        Heartbeat("a", AT, "1.0", True, timedelta(seconds=-1, milliseconds=-5), True),
        ("a", TEXT, "1.0", True, -1005, True),
        codec.heartbeat_row,
        codec.heartbeat_of,
    ),
]


@pytest.mark.parametrize(("value", "columns", "row", "of"), ROWS)
def test_columns_and_the_value_again(
    value: Any, columns: tuple[Any, ...], row: Callable[..., Any], of: Callable[[Sequence[Any]], Any]
) -> None:
    made = row(value)
    assert made == columns
    assert [type(cell) for cell in made] == [type(cell) for cell in columns]
    assert of(made) == value


def test_databases_without_truth_values_give_numbers_and_views() -> None:
    assert codec.timer_of(("c", "state", TEXT, 1)).provisional is True
    assert codec.inbox_of(("i", "p", None, "n", "", "", 0, TEXT, None)).urgent is False
    assert codec.heartbeat_of(("a", TEXT, "1", 1, None, 0)) == Heartbeat("a", AT, "1", True)
    assert codec.snapshot_of(("s", "k", TEXT, 0, "", "", memoryview(b"ab"), "p")).content == b"ab"
    assert codec.document_of(("d", "c", "k", "n", "", memoryview(b"ab"), TEXT)).content == b"ab"


def test_a_payload_never_has_the_text_of_the_one_before() -> None:
    first = {"text": "一"}
    items = [
        OutboxItem(id=f"{n}", kind="m", channel="log", recipient=None, case=None, payload=p, created_at=AT)
        for n, p in enumerate([first, first, {"text": "二"}, {}, first])
    ]
    assert [codec.outbox_row(item)[5] for item in items] == [
        '{"text":"一"}',
        '{"text":"一"}',
        '{"text":"二"}',
        "{}",
        '{"text":"一"}',
    ]


@pytest.mark.parametrize(
    "row",
    [
        lambda: codec.timer_row(Timer("c", "state", NAIVE)),
        lambda: codec.instant(NAIVE),
        lambda: people_codec.credential_row(Credential("p", "h", NAIVE)),
        lambda: people_codec.attempt_row(FailedAttempt("k", 1, AT, NAIVE)),
        lambda: codec.draw_row(DrawRow("c", 1, "void", {}, NAIVE)),
    ],
)
def test_naive_instants_are_refused(row: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        row()


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.integers(-(10**15), 10**17).map(lambda micros: AT + timedelta(microseconds=micros))


@given(st.lists(INSTANTS, min_size=2, max_size=8), ZONES)
def test_instants_sort_as_their_texts_and_come_back(instants: list[datetime], zone: timezone) -> None:
    elsewhere = [one.astimezone(zone) for one in instants]
    assert [codec.instant_of(codec.instant(one)) for one in elsewhere] == instants
    texts = [codec.instant(one) or "" for one in sorted(elsewhere)]
    assert all(before <= after for before, after in pairwise(texts))
    assert codec.instant(None) is None
    assert codec.instant_of(None) is None


PLAIN = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "甲", '"\n', "𠮷"])
NAMES = st.sampled_from(["a", "乙", "z"])


@given(
    st.dictionaries(NAMES, PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(NAMES, PLAIN, max_size=2))
)
def test_settled_values_are_equal_and_copies(value: dict[str, Any]) -> None:
    found = codec.settled(value)
    assert found == value
    assert found is not value
    assert codec.settled(found) == found


def test_settled_values_are_as_json_has_them() -> None:
    given_: dict[str, Any] = {"people": ("p", "q"), "inner": {"list": [1]}}
    found = codec.settled(given_)
    assert found == {"people": ["p", "q"], "inner": {"list": [1]}}
    assert found["inner"]["list"] is not given_["inner"]["list"]
    with pytest.raises(TypeError):
        codec.settled({"set": {1, 2}})
    with pytest.raises(ValueError, match="JSON"):
        codec.settled({"n": float("nan")})
