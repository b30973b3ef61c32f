from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.delivery.quiet_hours import (
    DIGEST,
    DeliveryPolicy,
    OfficeHours,
    batches,
    deferred_until,
    digest,
    opens_at,
    urgent,
)
from engine.app.ports.records import OutboxItem
from engine.calendars.load import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = OfficeHours(load_calendar([]), ZONE, time(9))
NIGHT = DeliveryPolicy(quiet=(time(18), time(8, 30)))
NOON = DeliveryPolicy(quiet=(time(12), time(14)))
OFFICE = DeliveryPolicy(office_days=True)
MORNING = DeliveryPolicy(digest=time(9, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def message(name: str = "a", **more: Any) -> OutboxItem:
    values: dict[str, Any] = {
        "id": name,
        "kind": "message",
        "channel": "log",
        "recipient": "p",
        "case": f"case-{name}",
        "payload": {"text": f"正文{name}"},
        "created_at": at("2024-09-12 10:00"),
    }
    return OutboxItem(**{**values, **more})


@pytest.mark.parametrize(
    ("pace", "plain", "gathers"),
    [
        (DeliveryPolicy(), True, False),
        (NIGHT, False, False),
        (OFFICE, False, False),
        (MORNING, False, True),
        (DeliveryPolicy(gather_above=1), False, True),
    ],
)
def test_channels_that_send_at_once_and_such_as_gather(
    pace: DeliveryPolicy, plain: bool, gathers: bool
) -> None:
    assert (pace.plain, pace.gathers) == (plain, gathers)


def test_what_never_waits() -> None:
    assert not urgent(message())
    assert not urgent(message(payload={"urgent": False}))
    assert urgent(message(payload={"urgent": True}))
    assert urgent(message(kind="site"))
    assert deferred_until(NIGHT, HOURS, message(kind="site"), at("2024-09-12 23:00")) is None


@pytest.mark.parametrize(
    ("pace", "now", "opened"),
    [
        (DeliveryPolicy(), "2024-09-15 03:00", "2024-09-15 03:00"),
        (NIGHT, "2024-09-12 17:59", "2024-09-12 17:59"),
        (NIGHT, "2024-09-12 18:00", "2024-09-13 08:30"),
        (NIGHT, "2024-09-13 00:00", "2024-09-13 08:30"),
        (NIGHT, "2024-09-13 08:29", "2024-09-13 08:30"),
        (NIGHT, "2024-09-13 08:30", "2024-09-13 08:30"),
        (NOON, "2024-09-12 11:59", "2024-09-12 11:59"),
        (NOON, "2024-09-12 12:00", "2024-09-12 14:00"),
        (NOON, "2024-09-12 14:00", "2024-09-12 14:00"),
        # 15 to 17 September 2024 are days off; the 14th, a Saturday, is worked.
        (OFFICE, "2024-09-14 23:00", "2024-09-14 23:00"),
        (OFFICE, "2024-09-15 00:30", "2024-09-18 09:00"),
        (DeliveryPolicy(office_days=True, digest=time(10)), "2024-09-15 12:00", "2024-09-18 10:00"),
        (DeliveryPolicy(office_days=True, quiet=NIGHT.quiet), "2024-09-14 20:00", "2024-09-18 08:30"),
    ],
)
def test_when_a_channel_may_speak(pace: DeliveryPolicy, now: str, opened: str) -> None:
    found = opens_at(pace, HOURS, at(now))
    assert found == at(opened)
    assert found.tzinfo is UTC
    assert opens_at(pace, HOURS, found) == found
    wanted = None if now == opened else at(opened)
    assert deferred_until(pace, HOURS, message(), at(now)) == wanted


@given(st.integers(0, 60 * 24 * 40), st.sampled_from([NIGHT, NOON, OFFICE]))
def test_a_channel_that_has_opened_is_open_and_not_before(minutes: int, pace: DeliveryPolicy) -> None:
    now = at("2024-09-01 00:00") + timedelta(minutes=minutes)
    opened = opens_at(pace, HOURS, now)
    assert opened >= now
    assert opens_at(pace, HOURS, opened) == opened
    if opened > now and pace.quiet:
        assert opens_at(pace, HOURS, opened - timedelta(minutes=1)) == opened


@pytest.mark.parametrize(
    ("written", "now", "until"),
    [
        ("2024-09-12 09:30", "2024-09-12 09:30", None),
        ("2024-09-12 09:31", "2024-09-12 09:31", "2024-09-13 09:30"),
        ("2024-09-12 09:31", "2024-09-13 09:29", "2024-09-13 09:30"),
        ("2024-09-12 09:31", "2024-09-13 09:30", None),
        ("2024-09-10 12:00", "2024-09-12 12:00", None),
    ],
)
def test_a_digest_waits_for_the_morning_after_its_messages(written: str, now: str, until: str | None) -> None:
    item = message(created_at=at(written))
    assert deferred_until(MORNING, HOURS, item, at(now)) == (at(until) if until else None)
    assert deferred_until(MORNING, HOURS, message(payload={"urgent": True}), at(now)) is None


def names(groups: list[list[OutboxItem]]) -> list[str]:
    return ["".join(item.id for item in group) for group in groups]


def test_groups_that_go_out_as_one_message() -> None:
    soon = at("2024-09-12 11:00")
    items = [
        message("a"),
        message("b", recipient="q"),
        message("c"),
        message("d", payload={"urgent": True}),
        message("e", recipient=None),
        message("f", attempts=1, next_at=soon),
        message("g", leases=1, next_at=soon),
        message("h", next_at=soon),
        message("i", kind="site"),
    ]
    assert names(batches(MORNING, items)) == ["ach", "b", "d", "e", "fg", "i"]
    assert names(batches(DeliveryPolicy(gather_above=2), items)) == ["ach", "b", "d", "e", "f", "g", "i"]
    assert names(batches(DeliveryPolicy(gather_above=3), items)) == list("achbdefgi")
    assert names(batches(DeliveryPolicy(), items)) == list("abcdefghi")
    assert batches(MORNING, []) == []


@given(st.lists(st.sampled_from("pqr"), max_size=9), st.integers(0, 4))
def test_gathering_loses_and_doubles_nothing(people: list[str], above: int) -> None:
    items = [message(str(number), recipient=person) for number, person in enumerate(people)]
    groups = batches(DeliveryPolicy(gather_above=above), items)
    assert sorted(item.id for group in groups for item in group) == sorted(item.id for item in items)
    assert all(len({item.recipient for item in group}) == 1 for group in groups)
    assert all(len(group) == 1 or (above and len(group) > above) for group in groups)


def test_a_group_as_one_item() -> None:
    later = at("2024-09-12 12:00")
    group = [message("a", attempts=2, leases=1, next_at=later), message("b", created_at=later), message("c")]
    made = digest(MORNING, group)
    assert made.id.startswith(f"{DIGEST}:")
    assert len(made.id) == len(DIGEST) + 41
    assert (made.kind, made.channel, made.recipient, made.case) == ("message", "log", "p", None)
    assert (made.created_at, made.attempts, made.leases, made.next_at) == (later, 2, 1, later)
    assert made.payload["about"] == DIGEST
    assert made.payload["title"] == "3 条待办消息"
    assert made.payload["text"] == "以下共 3 条：\n1. 正文a\n2. 正文b\n3. 正文c"
    assert made.payload["messages"] == [
        {"id": name, "case": f"case-{name}", "text": f"正文{name}"} for name in "abc"
    ]
    assert digest(MORNING, group[:1]) is group[0]
    assert digest(MORNING, group[::-1]).id == made.id
    assert digest(MORNING, group[:2]).id != made.id


def test_what_does_not_fit_is_counted() -> None:
    group = [message(name) for name in "abcd"]
    two = digest(DeliveryPolicy(digest=time(9), most_lines=2), group)
    rest = "另有 2 条未列出"
    assert two.payload["text"].splitlines()[0].startswith(f"以下共 4 条，{rest}")
    assert two.payload["text"].splitlines()[1:] == ["1. 正文a", "2. 正文b"]
    assert [one["id"] for one in two.payload["messages"]] == ["a", "b"]
    # Each line is ten bytes and a line end; four hundred are left free for what stands around them.
    short = digest(DeliveryPolicy(digest=time(9), most_bytes=400 + 2 * 11 + 10), group)
    assert short.payload["text"].splitlines()[1:] == ["1. 正文a", "2. 正文b"]
    untitled = digest(MORNING, [message("a", payload={}), message("b")])
    assert untitled.payload["text"].splitlines()[1] == "1. a"
