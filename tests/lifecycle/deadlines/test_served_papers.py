"""What counts from the service of a paper is read off a process: days, clocks, states, steps, and what other cases are handed."""

from __future__ import annotations

from walk_factories import process_of

from engine.lifecycle.deadlines.served_papers import counted_from_service, read_by_child

FORMS = (
    """
    form: letter
    title: 函
    fields:
      - by: {title: 期限, type: date}
    """,
    """
    form: sent
    title: 送达
    fields:
      - on: {title: 送达日期, type: date}
    """,
)
#: A letter is written, sent and waited for; what is fetched meanwhile is handed the day.
PROCESS = """
    workflow: letters
    title: 发函
    about: none
    initial: writing
    start: {by: clerk}
    fields:
      - sent_on: {title: 送达日期, type: date}
      - half_on: {title: 一半, type: date}
      - other: {title: 另一日期, type: date}
    states:
      writing: {title: 待拟函, for: clerk}
      sending: {title: 待送达, for: clerk}
      waiting: {title: 待答复, for: clerk}
      fetching: {title: 催取中}
      answered: {title: 已答复, for: clerk}
      closed: {title: 已办结, final: true}
    clocks:
      send_due: {title: 送达时限, during: [sending], deadline: 3 days, since: forms.letter.by}
      answer_due: {title: 答复期限, during: [waiting], deadline: 10 days, since: case.sent_on}
      named_due: {title: 所写的期限, during: [waiting, fetching], deadline: on forms.letter.by}
      half_due: {title: 半程, during: [waiting], deadline: 1 day, since: case.half_on}
      later_due: {title: 其后, during: [waiting], deadline: 2 days after answer_due}
      other_due: {title: 无关, during: [waiting, answered], deadline: 2 days, since: case.other}
      whole_due: {title: 全程, during: [writing, sending, waiting], deadline: 90 days}
    transitions:
      - {do: write, title: 拟函, from: writing, to: sending, form: letter, then: [{render: letter_paper}]}
      - do: send
        title: 送达
        from: sending
        to: waiting
        form: sent
        then:
          - set: {sent_on: = form.on}
          - {paper: letter_paper, becomes: served, on: = form.on}
      - {do: note_half, title: 记半程, from: waiting, then: [{set: {half_on: "= add(case.sent_on, '5 days')", other: = today}}]}
      - {do: lapse, title: 期满, from: waiting, to: answered, on_expiry: answer_due}
      - do: fetch
        title: 催取
        from: waiting
        to: fetching
        then: [{start: fetched, title: 催取, with: {since: = clocks.answer_due.due_on, note: = case.title}}]
      - {do: fetched, title: 取回, from: fetching, to: answered, join: {workflow: fetched, reached: [done]}}
      - {do: give_up, title: 放弃, from: [waiting, answered], to: closed, when: filled(case.sent_on)}
      - {do: judge, title: 认定, from: answered, to: closed, require: [{that: case.half_on <= today, else: 未到半程, basis: 某法 第一条}]}
      - {do: write_again, title: 重拟, from: answered, to: sending, form: letter, then: [{render: letter_paper}]}
"""
FETCHED = """
    workflow: fetched
    title: 催取
    about: none
    initial: open
    start: {by: clerk}
    fields:
      - since: {title: 自, type: date}
      - note: {title: 说明}
    states: {open: {title: 待取, for: clerk}, done: {title: 已取, final: true}}
    clocks:
      fetch_due: {title: 取回时限, during: [open], deadline: 5 days, since: case.since}
      own_due: {title: 自己的, during: [open], deadline: 5 days}
    transitions:
      - {do: bring, title: 取回, from: open, to: done}
"""


def test_days_clocks_states_and_steps_of_a_service() -> None:
    workflow = process_of(PROCESS, FETCHED, *FORMS).workflow
    (served,) = counted_from_service(workflow).values()
    assert served.days == {("case", "sent_on"), ("forms", "sent", "on"), ("case", "half_on")}
    # What runs only where the service has its effect stops with the others; what began before it and goes on does not.
    assert served.clocks == {"answer_due", "named_due", "half_due", "later_due", "other_due"}
    assert served.states == {"waiting", "fetching", "answered"}
    assert served.after == {"waiting", "fetching", "answered", "closed"}
    assert served.reading == {"judge"}
    assert {"lapse", "fetch", "fetched", "give_up"} <= served.moving
    assert (served.served_from, served.announced) == (("sending",), frozenset())
    assert (served.children, served.ends) == ({"fetched": {"since"}}, {})


def test_a_child_is_held_to_the_fields_it_was_handed() -> None:
    child = process_of(FETCHED).workflow
    assert read_by_child(child, frozenset({"since"})) == {"fetch_due"}
    assert read_by_child(child, frozenset({"note"})) == frozenset()


def test_a_paper_whose_day_of_service_nothing_says_counts_for_nothing() -> None:
    without = PROCESS.replace(", on: = form.on}", "}")
    assert counted_from_service(process_of(without, FETCHED, *FORMS).workflow) == {}
