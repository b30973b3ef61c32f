"""When messages go out: digests, quiet hours, days off, what is urgent, and one message after a stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta

import pytest
from bureau_factories import CALENDAR, ZONE, Bureau, shanghai
from hypothesis import given
from hypothesis import strategies as st

from engine.app.delivery.deliver import Outcome, Pacing, Retry, deliver
from engine.app.delivery.quiet_hours import DeliveryPolicy, OfficeHours, batches, opens_at
from engine.app.ports.records import OutboxItem
from engine.language import say

HOURS = OfficeHours(CALENDAR, ZONE, time(9))
RETRY = Retry(minutes=(1, 5), lease=10)
NIGHT = (time(18), time(8, 30))
FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: [clerk]}
states:
  open:
    title: 待检查
    for: clerk
    deadline: 5 working days
    remind: [2 working days before]
    overdue:
      at once: clerk
      1 working day: {escalate: [chief, deputy], every: 1 working day, urgent: true}
  closed: {title: 已办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed}
"""


class Post:
    """A channel that keeps what it got."""

    def __init__(self, batch: int = 3) -> None:
        self.batch = batch
        self.got: list[OutboxItem] = []
        self.broken = False

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        self.got += items
        return [Outcome(item.id, say("线路不通") if self.broken else None) for item in items]

    def texts(self, person: str) -> list[str]:
        return [str(item.payload["text"]) for item in self.got if item.recipient == person]


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    return bureau_at(FLOW).without_arrivals("anna", "anton", "carl", "dora")


def send(bureau: Bureau, post: Post, **pace: object) -> None:
    paced = Pacing({"log": DeliveryPolicy(**pace)}, HOURS)  # type: ignore[arg-type] # passed on
    deliver(bureau.store, {"log": post}, bureau.clock.now(), retry=RETRY, paced=paced)


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        ("2024-09-12 10:00", None),
        ("2024-09-12 17:59", None),
        ("2024-09-12 18:00", "2024-09-13 08:30"),
        ("2024-09-13 08:29", "2024-09-13 08:30"),
        ("2024-09-13 08:30", None),
        # The Friday before 中秋: 14 September is a working Saturday, 15 to 17 are days off.
        ("2024-09-13 20:00", "2024-09-14 08:30"),
        ("2024-09-14 20:00", "2024-09-18 08:30"),
        ("2024-09-16 12:00", "2024-09-18 08:30"),
    ],
)
def test_quiet_hours_end_on_an_office_morning(now: str, opened: str | None) -> None:
    at = shanghai(now)
    assert opens_at(DeliveryPolicy(quiet=NIGHT, office_days=True), HOURS, at) == (
        shanghai(opened) if opened else at
    )


@given(st.integers(0, 366 * 24 * 60))
def test_a_channel_that_has_opened_is_open(minutes: int) -> None:
    pace = DeliveryPolicy(quiet=NIGHT, office_days=True)
    at = shanghai("2024-01-01 00:00") + timedelta(minutes=minutes)
    opened = opens_at(pace, HOURS, at)
    assert opened >= at
    assert opens_at(pace, HOURS, opened) == opened
    assert CALENDAR.is_working(opened.astimezone(ZONE).date())


def test_a_digest_is_one_message_a_morning_for_each_person(bureau: Bureau) -> None:
    for _ in range(20):
        bureau.start("visit", section="north")
    bureau.until("2024-09-05 09:00")
    post = Post()
    send(bureau, post, digest=time(9, 30))
    assert post.got == []
    bureau.at("2024-09-05 09:30")
    send(bureau, post, digest=time(9, 30))
    assert sorted(str(item.recipient) for item in post.got) == ["anna", "anton"]
    (text,) = post.texts("anna")
    assert text.startswith("以下共 20 条：\n1. 提醒：“示例件”")
    assert text.splitlines()[-1].startswith("20. 提醒：")
    assert {item.status for item in bureau.outbox()} == {"sent"}
    send(bureau, post, digest=time(9, 30))
    assert len(post.got) == 2


def test_what_was_not_listed_is_counted(bureau: Bureau) -> None:
    for _ in range(5):
        bureau.start("visit", section="north")
    bureau.until("2024-09-05 09:30")
    post = Post()
    send(bureau, post, digest=time(9, 30), most_lines=2)
    assert "以下共 5 条，另有 3 条未列出" in post.texts("anna")[0]
    assert len(post.texts("anna")[0].splitlines()) == 3


def test_what_is_urgent_waits_for_nothing(bureau: Bureau) -> None:
    bureau.start("visit", section="north")
    bureau.until("2024-09-10 09:00")
    post = Post()
    pace = {"digest": time(11), "quiet": (time(8), time(20)), "office_days": True}
    send(bureau, post, **pace)
    assert [(item.recipient, item.payload["urgent"]) for item in post.got] == [("carl", True)]
    assert "升级督办" in post.texts("carl")[0]


def test_messages_wait_for_the_office_morning_uncounted(bureau: Bureau) -> None:
    bureau.start("visit", section="north")
    bureau.until("2024-09-05 19:00")
    post = Post()
    send(bureau, post, quiet=NIGHT)
    assert post.got == []
    assert {(i.status, i.attempts, i.next_at) for i in bureau.outbox()} == {
        ("waiting", 0, shanghai("2024-09-06 08:30"))
    }
    bureau.at("2024-09-06 08:30")
    send(bureau, post, quiet=NIGHT)
    assert len(post.got) == 2


def test_a_stop_of_a_week_ends_in_one_message_that_says_what_was_missed(bureau: Bureau) -> None:
    for _ in range(30):
        bureau.start("visit", section="north")
    bureau.at("2024-09-12 10:00").sweep()
    post = Post()
    send(bureau, post, gather_above=5)
    assert len(post.texts("anna")) == 1
    assert "应于 2024-09-05 09:00 发出，系统停运后补发" in post.texts("anna")[0]
    # What is urgent is never gathered: each late matter goes up by itself.
    assert len(post.texts("carl")) == 30
    send(bureau, post, gather_above=5)
    assert len(post.texts("anna")) == 1


def test_few_messages_stay_single(bureau: Bureau) -> None:
    for _ in range(5):
        bureau.start("visit", section="north")
    bureau.until("2024-09-05 09:00")
    post = Post()
    send(bureau, post, gather_above=5)
    assert len(post.texts("anna")) == 5
    assert "补发" not in post.texts("anna")[0]


def test_a_repeat_of_a_digest_has_the_same_id_whatever_came_meanwhile(bureau: Bureau) -> None:
    bureau.start("visit", section="north")
    bureau.start("visit", section="north")
    bureau.until("2024-09-05 09:30")
    post = Post()
    post.broken = True
    send(bureau, post, digest=time(9, 30))
    first = {item.recipient: item.id for item in post.got}
    with bureau.store.write() as transaction:
        late = OutboxItem(
            id="visit-9:1:1",
            kind="message",
            channel="log",
            recipient="anna",
            case=None,
            payload={"text": "新的一条"},
            created_at=shanghai("2024-09-05 09:29"),
        )
        transaction.outbox.put([late])
    bureau.later(minutes=1)
    again = Post()
    send(bureau, again, digest=time(9, 30))
    ids = {item.id for item in again.got}
    assert set(first.values()) <= ids
    assert len(ids) == 3
    assert {(i.status, i.attempts) for i in bureau.outbox() if i.id != late.id} == {("sent", 1)}


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(0, 6), st.booleans())
def test_gathering_loses_and_doubles_nothing(people: list[str], above: int, digest: bool) -> None:
    items = [
        OutboxItem(
            id=str(number),
            kind="message",
            channel="log",
            recipient=person,
            case=None,
            payload={"text": "x", "urgent": number % 7 == 0},
            created_at=shanghai("2024-09-02"),
        )
        for number, person in enumerate(people)
    ]
    groups = batches(DeliveryPolicy(gather_above=above, digest=time(9) if digest else None), items)
    assert sorted((item.id for group in groups for item in group), key=int) == [i.id for i in items]
    assert all(len({item.recipient for item in group}) == 1 for group in groups)
    assert all(not item.payload["urgent"] for group in groups if len(group) > 1 for item in group)


def test_the_chain_goes_up_with_each_repetition_and_passes_a_vacant_post(
    bureau_at: Callable[..., Bureau],
) -> None:
    bureau = bureau_at(FLOW)
    held, vacant = bureau.start("visit", section="north"), bureau.start("visit", section="north")
    assert held != vacant
    bureau.until("2024-09-12 10:00")
    told = [(i.created_at.astimezone(ZONE).date(), i.recipient) for i in bureau.outbox() if i.case == held]
    assert [one for one in told if one[1] in ("carl", "dora")] == [
        (date(2024, 9, 10), "carl"),
        (date(2024, 9, 11), "dora"),
        (date(2024, 9, 12), "dora"),
    ]
    assert held in bureau.work_items("carl")
    assert held in bureau.work_items("dora")
    bureau.leaves("carl")
    other = bureau.start("visit", "anna", section="north")
    bureau.until("2024-09-23 10:00")
    first = next(i for i in bureau.outbox() if i.case == other and "升级督办" in str(i.payload["text"]))
    assert first.recipient == "dora"


def test_the_inbox_is_written_with_the_step_and_kept_until_read(bureau: Bureau) -> None:
    from engine.app.commands import Caller
    from engine.app.commands.inbox import Acknowledged, acknowledge

    def read(ids: list[str] | None) -> Acknowledged:
        outcome = acknowledge(bureau.application, Caller("anna"), "anna", ids)
        assert isinstance(outcome, Acknowledged)
        return outcome

    bureau.application.channels = ("inbox",)
    case = bureau.start("visit", section="north")
    bureau.until("2024-09-10 12:00")
    assert bureau.outbox() == []
    with bureau.look() as transaction:
        carl, anna = transaction.inbox.of("carl"), transaction.inbox.of("anna")
    assert [(e.case, e.about, e.urgent) for e in carl] == [(case, "escalated", True)]
    assert [e.about for e in anna] == ["reminded", "reminded"]
    outcome = read([anna[0].id, carl[0].id])
    assert outcome.marked == (anna[0].id,)
    assert "“anna”的收件箱里没有消息" in str(outcome.problems[0])
    assert (read(None).marked, read(None).marked) == ((anna[1].id,), ())
    with bureau.look() as transaction:
        assert transaction.inbox.of("anna", unacked=True) == []
        assert len(transaction.inbox.of("carl", unacked=True)) == 1
    assert bureau.kinds("office")[-2:] == ["acknowledged", "acknowledged"]


HANDED = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: [clerk]}
states:
  open:
    title: 待检查
    for: chief
    deadline: 1 working day
    overdue:
      at once: {reassign: clerk, notify: chief}
  closed: {title: 已办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed}
"""


def test_a_late_task_goes_to_the_one_with_the_fewest_tasks(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(HANDED)
    cases = [bureau.start("visit", section="north") for _ in range(3)]
    bureau.until("2024-09-04 10:00")
    assert [bureau.case(case).assignee for case in cases] == ["anna", "anton", "anna"]
    last = bureau.events(cases[0])[-1]
    assert (last.kind, last.actor, last.body["effects"]) == ("reassigned", "engine", {"handed_to": "anna"})
    assert any("现转由您办理" in text for text in bureau.mail("anna"))
    assert any("逾期" in text for text in bureau.mail("carl"))
    # Whoever was handed the task may do it, whomever the state is for.
    bureau.take(cases[0], "close", "anna")


def test_a_late_task_nobody_can_take_over_stays_where_it_is(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(HANDED)
    bureau.leaves("anton")
    case = bureau.start("visit", "anna", section="north")
    bureau.leaves("anna")
    bureau.until("2024-09-04 10:00")
    assert bureau.case(case).assignee is None
    assert bureau.events(case)[-1].body["effects"] == {"handed_to": None}
    assert case in bureau.work_items("carl")


def test_a_digest_never_grows_beyond_what_the_service_takes(bureau: Bureau) -> None:
    for _ in range(40):
        bureau.start("visit", section="north")
    bureau.until("2024-09-05 09:30")
    post = Post()
    send(bureau, post, digest=time(9, 30), most_bytes=2048)
    text = post.texts("anna")[0]
    assert len(text.encode()) < 2048 - 200
    listed = len(text.splitlines()) - 1
    assert f"以下共 40 条，另有 {40 - listed} 条未列出" in text
    assert 5 < listed < 40


URGED = FLOW.replace("    for: clerk\n", "    for: clerk\n    verbs: {urge: {by: chief}}\n")


def test_who_is_urged_hears_it_at_night(bureau_at: Callable[..., Bureau]) -> None:
    bureau = bureau_at(URGED)
    case = bureau.start("visit", section="north")
    bureau.at("2024-09-02 22:00")
    bureau.application.channels = ("log", "inbox")
    urged = bureau.application.urge(case, "carl", reason="请抓紧")
    assert not hasattr(urged, "reasons"), str(urged)
    post = Post()
    send(bureau, post, quiet=NIGHT, office_days=True, digest=time(9, 30))
    assert {item.recipient for item in post.got} == {"anna", "anton"}
    with bureau.look() as transaction:
        assert [entry.urgent for entry in transaction.inbox.of("anna")] == [True]


def test_a_digest_whose_sender_died_comes_again_with_its_id_and_counts_no_attempt(bureau: Bureau) -> None:
    bureau.start("visit", section="north")
    bureau.start("visit", section="north")
    bureau.until("2024-09-05 09:30")

    class Dying(Post):
        def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
            super().send(items)
            raise SystemExit

    dying, again = Dying(), Post()
    with pytest.raises(SystemExit):
        send(bureau, dying, digest=time(9, 30))
    send(bureau, again, digest=time(9, 30))
    assert again.got == []
    bureau.later(minutes=RETRY.lease)
    send(bureau, again, digest=time(9, 30))
    assert {item.id for item in again.got} == {item.id for item in dying.got}
    assert {(item.status, item.attempts, item.leases) for item in bureau.outbox()} == {("sent", 0, 0)}


def test_an_urgent_notice_of_a_step_goes_out_in_quiet_hours(bureau_at: Callable[..., Bureau]) -> None:
    flow = FLOW.replace(
        "to: closed}",
        "to: closed, then: [{notify: chief, message: 已办结, urgent: true}, {notify: deputy, message: 已办结}]}",
    )
    bureau = bureau_at(flow, at="2024-09-02 20:00")
    case = bureau.start("visit")
    bureau.take(case, "close")
    post = Post()
    send(bureau, post, quiet=NIGHT)
    assert (post.texts("carl"), post.texts("dora")) == (["已办结"], [])
