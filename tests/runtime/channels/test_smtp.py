"""Mail against a real server on loopback: what it took is never sent again, what it refused is told apart."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outbox_store import NOW, OutboxStore, item
from smtp_server import Manners, smtp_server

from engine.app.delivery.deliver import Retry, deliver
from engine.runtime.channels.smtp import MailChannel, message_id
from engine.runtime.channels.wording import title_of

PEOPLE = {f"p{n}": f"p{n}@example.cn" for n in range(10)}
RETRY = Retry(minutes=(1, 5), lease=10)


def channel(port: int, **more) -> MailChannel:
    values = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "ssj@example.cn",
        "addresses": PEOPLE.get,
        "timeout_seconds": 5,
        "batch_seconds": 30,
        "batch": 20,
    }
    return MailChannel(**{**values, **more})


def mails(count: int):
    return [item(n, "mail", f"p{n}") for n in range(count)]


def test_a_mail_arrives_with_its_words_and_an_id_of_its_own():
    manners = Manners()
    with smtp_server(manners) as port:
        outcomes = channel(port).send([item(1, "mail", "p1")])
    assert [(o.item, o.error) for o in outcomes] == [("inspection-1:1:1", None)]
    (mail,) = manners.mails
    assert (mail.sender, mail.recipients) == ("ssj@example.cn", ["p1@example.cn"])
    assert mail.message["Subject"] == "抽查 1"
    assert mail.message["Message-ID"] == message_id("inspection-1:1:1", "ssj@example.cn")
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message.get_content().strip() == "请于今日办结第 1 件"
    assert mail.message["Date"].datetime == item(1).created_at


def test_a_repeat_has_the_same_bytes():
    first, again = (channel(1).mail(item(1, "mail"), "p1@example.cn").as_bytes() for _ in range(2))
    assert first == again
    other = channel(1).mail(item(2, "mail"), "p1@example.cn")
    assert other["Message-ID"] not in first.decode()


def test_one_connection_serves_a_batch_with_one_mail_for_each_person():
    manners = Manners()
    with smtp_server(manners) as port:
        channel(port).send(mails(5))
    assert manners.clients == 1
    assert [m.recipients for m in manners.mails] == [[f"p{n}@example.cn"] for n in range(5)]


def test_who_is_refused_does_not_harm_the_others():
    manners = Manners(
        rcpt=lambda a: {"p1@example.cn": "550 no such user", "p2@example.cn": "450 later"}.get(a, "250 ok")
    )
    with smtp_server(manners) as port:
        outcomes = channel(port).send(mails(4))
    assert [o.error is None for o in outcomes] == [True, False, False, True]
    assert [o.final for o in outcomes] == [False, True, False, False]
    assert "550 no such user" in str(outcomes[1].error)
    assert len(manners.mails) == 2


@pytest.mark.parametrize(("answer", "final"), [("554 not wanted", True), ("451 try later", False)])
def test_content_that_is_refused(answer, final):
    manners = Manners(data=lambda a: answer if a == "p0@example.cn" else "250 ok")
    with smtp_server(manners) as port:
        first, second = channel(port).send(mails(2))
    assert first.final is final
    assert second.error is None


def test_a_server_that_takes_half_gets_the_other_half_alone_next_time():
    manners = Manners(data=lambda a: "250 kept" if a in ("p0@example.cn", "p1@example.cn") else "hang")
    store = OutboxStore(*mails(4))
    with smtp_server(manners) as port:
        half = deliver(store, {"mail": channel(port, timeout_seconds=0.3)}, NOW, retry=RETRY)
    assert (half.sent, half.failed) == (2, 2)
    manners = Manners()
    with smtp_server(manners) as port:
        rest = deliver(store, {"mail": channel(port)}, NOW.replace(minute=2), retry=RETRY)
    assert (rest.sent, rest.failed) == (2, 0)
    assert [m.recipients[0] for m in manners.mails] == ["p2@example.cn", "p3@example.cn"]


def test_a_line_that_goes_dead_after_the_message_is_tried_again_with_the_same_id():
    manners = Manners(data=lambda a: None if a == "p1@example.cn" else "250 kept")
    store = OutboxStore(*mails(3))
    with smtp_server(manners) as port:
        first = deliver(store, {"mail": channel(port)}, NOW, retry=RETRY)
        assert (first.sent, first.failed) == (2, 1)
        manners.data = lambda a: "250 kept"
        deliver(store, {"mail": channel(port)}, NOW.replace(minute=2), retry=RETRY)
    ids = [m.message["Message-ID"] for m in manners.mails if m.recipients == ["p1@example.cn"]]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert len(manners.mails) == 4


def test_a_server_that_never_greets_costs_one_time_out_for_the_whole_batch():
    ticks = iter(range(1000))
    manners = Manners(greeting="hang")
    with smtp_server(manners) as port:
        outcomes = channel(port, timeout_seconds=0.3, monotonic=lambda: next(ticks) / 1000).send(mails(10))
    assert len(outcomes) == 10
    assert not any(o.final or o.error is None for o in outcomes)
    assert manners.clients == 1


def test_one_mail_the_server_hangs_at_does_not_block_the_others():
    manners = Manners(data=lambda a: "hang" if a == "p0@example.cn" else "250 kept")
    with smtp_server(manners) as port:
        outcomes = channel(port, timeout_seconds=0.3).send(mails(4))
    assert [o.error is None for o in outcomes] == [False, True, True, True]
    assert manners.clients == 2


def test_mails_that_break_the_line_are_counted_only_when_they_follow_each_other():
    manners = Manners(data=lambda a: None if a[1] in "024" else "250 kept")
    with smtp_server(manners) as port:
        outcomes = channel(port).send(mails(6))
    assert [o.error is None for o in outcomes] == [False, True, False, True, False, True]


def test_a_server_that_hangs_at_every_mail_is_given_up_after_two():
    manners = Manners(data=lambda a: "hang")
    with smtp_server(manners) as port:
        outcomes = channel(port, timeout_seconds=0.3).send(mails(9))
    assert all(o.error for o in outcomes)
    assert manners.clients == 2


def test_no_server_at_all():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcomes = channel(taken.getsockname()[1]).send(mails(3))
    assert all("127.0.0.1" in str(o.error) and not o.final for o in outcomes)


def test_a_421_closes_the_line_and_the_next_mail_opens_another():
    answers = iter(["421 too many", "250 ok", "250 ok"])
    manners = Manners(rcpt=lambda a: next(answers))
    with smtp_server(manners) as port:
        outcomes = channel(port).send(mails(3))
    assert [(o.error is None, o.final) for o in outcomes] == [(False, False), (True, False), (True, False)]
    assert manners.clients == 2


def test_a_sender_that_is_refused_names_the_setting_and_is_not_the_fault_of_the_items():
    with smtp_server(Manners(sender="553 who are you")) as port:
        outcomes = channel(port).send(mails(3))
    assert all("from" in str(o.error) and not o.final for o in outcomes)


def test_a_server_rude_at_the_end_changes_nothing():
    manners = Manners(data=lambda a: "250 kept\r\n421 closing")
    with smtp_server(manners) as port:
        (outcome,) = channel(port).send(mails(1))
    assert outcome.error is None


def test_login_and_a_wrong_password():
    word = "opensesame"
    with smtp_server(Manners(login=["ssj", word])) as port:
        (good,) = channel(port, user="ssj", password=word).send(mails(1))
        bad = channel(port, user="ssj", password=word[::-1]).send(mails(2))
    assert good.error is None
    assert all("口令" in str(o.error) and not o.final for o in bad)
    assert word not in repr(channel(1, password=word))


def test_a_password_the_protocol_cannot_carry_is_a_failure_for_now():
    with smtp_server(Manners(login=["ssj", "x"])) as port:
        outcomes = channel(port, user="ssj", password="口令").send(mails(2))  # noqa: S106 - not a real one
    assert len(outcomes) == 2
    assert all(o.error is not None and not o.final for o in outcomes)


def test_the_name_of_this_computer_is_not_asked_for(monkeypatch: pytest.MonkeyPatch):
    def slow(*_: object) -> str:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getfqdn", slow)
    manners = Manners()
    with smtp_server(manners) as port:
        (outcome,) = channel(port).send(mails(1))
    assert outcome.error is None
    assert manners.said[0] == "ehlo example.cn"


@pytest.mark.parametrize(
    ("recipient", "word"), [(None, "收件人"), ("p99", "名录"), ("odd", "不正确"), ("twice", "不正确")]
)
def test_nobody_to_write_to_is_a_final_failure_of_that_item_alone(recipient, word):
    people = {**PEOPLE, "odd": "not an address", "twice": "a@b.cn\r\nBcc: c@d.cn"}
    manners = Manners()
    with smtp_server(manners) as port:
        bad, good = channel(port, addresses=people.get).send(
            [item(1, "mail", recipient), item(2, "mail", "p2")]
        )
    assert bad.final
    assert word in str(bad.error)
    assert good.error is None
    assert len(manners.mails) == 1


def test_a_title_cannot_write_headers():
    manners = Manners()
    sly = item(1, "mail", "p1", payload={"title": "您好\r\nBcc: other@example.cn", "text": "一\r\n.\r\n二"})
    with smtp_server(manners) as port:
        channel(port).send([sly])
    (mail,) = manners.mails
    assert mail.recipients == ["p1@example.cn"]
    assert mail.message["Bcc"] is None
    assert mail.message.get_content().split() == ["一", ".", "二"]


def test_a_batch_ends_when_its_time_is_up_and_leaves_the_rest_unanswered():
    seconds = iter([0, 1, 2, 99, 99, 99])
    manners = Manners()
    with smtp_server(manners) as port:
        outcomes = channel(port, monotonic=lambda: next(seconds)).send(mails(5))
    assert len(outcomes) == len(manners.mails) == 2


def test_starttls_that_is_not_offered_never_falls_back_to_plain():
    manners = Manners()
    with smtp_server(manners) as port:
        (outcome,) = channel(port, starttls=True).send(mails(1))
    assert outcome.error is not None
    assert not manners.mails


def test_a_lookup_that_fails_is_a_failure_for_now():
    def broken(person: str) -> str:
        raise RuntimeError("database is locked")

    (outcome,) = channel(1, addresses=broken).send(mails(1))
    assert not outcome.final
    assert "database is locked" in str(outcome.error)


def test_a_password_file_is_read(tmp_path: Path):
    from engine.runtime.channels import open_channels

    (tmp_path / "secret").write_text("word\n", encoding="utf-8")
    (tmp_path / "secret").chmod(0o600)
    made: Any = open_channels(
        {"mail": {"host": "localhost", "from": "a@b.cn", "user": "u", "password_file": "secret"}}, tmp_path
    )["mail"]
    assert made.password == "word"  # noqa: S105 - not a real one


INJECTED = [
    "=?utf-8?q?a=0D=0ABcc:_stranger=40example.cn?=",
    "=?utf-8?q?a=0A?= =?utf-8?q?_Bcc:_stranger=40example.cn?=",
    "x\r\nBcc: stranger@example.cn",
    "x\n\nbody",
    "=?gbk?b?xOO6ww==?=",
    "示例" * 100,
    "a" * 300,
    "一\u3000二 " * 60,
    "甲\x1b[31m\u2028\u202e\ud800",
]


def read_again(subject: str):
    written = (
        channel(1).mail(item(1, "mail", payload={"title": subject, "text": "x"}), "p1@example.cn").as_bytes()
    )
    return written, message_from_bytes(written, policy=default)


@pytest.mark.parametrize("subject", INJECTED)
def test_no_subject_is_more_than_a_subject(subject: str):
    written, mail = read_again(subject)
    assert mail.keys() == read_again("抽查")[1].keys()
    assert mail["Subject"] == title_of(item(1, payload={"title": subject}))
    assert max(map(len, written.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@given(st.text(st.one_of(st.characters(), st.sampled_from("=?q_\r\n\t 示例")), min_size=1, max_size=80))
def test_every_subject_is_read_as_it_was_written(subject: str):
    _, mail = read_again(subject)
    assert mail["Bcc"] is None
    assert mail["Subject"] == title_of(item(1, payload={"title": subject}))


def test_a_subject_does_not_add_a_recipient():
    manners = Manners()
    with smtp_server(manners) as port:
        channel(port).send([item(1, "mail", "p1", payload={"title": INJECTED[0], "text": "x"})])
    assert [mail.recipients for mail in manners.mails] == [["p1@example.cn"]]
