"""The control-flow patterns that could always be said, each played: one round of work with its parts, questions and ends."""

from __future__ import annotations

from pathlib import Path

from bureau_factories import Bureau

from engine.kernel.refusal import Refusal

PATTERNS = Path(__file__).parent / "patterns"


def opened() -> tuple[Bureau, str]:
    """Return a bureau and a round of work nobody has handed out yet."""
    names = ("works_order", "job", "works", "campaign_result", "campaign")
    bureau = Bureau(*((PATTERNS / f"{name}.yaml").read_text("utf-8") for name in names))
    return bureau, bureau.start("campaign", section="north")


def given_out(wanted: int, *parts: str) -> tuple[Bureau, str, dict[str, str]]:
    """Return a bureau, a round of work whose parts are handed out, and the job of each part."""
    bureau, case = opened()
    bureau.take(case, "begin", "anna", {"wanted": wanted, "parts": [{"part": part} for part in parts]})
    return bureau, case, {str(job.fields["part"]): job.id for job in bureau.cases("job")}


def reviewing(wanted: int) -> tuple[Bureau, str]:
    """Return a bureau and a round of work of which as many parts are done as are wanted, and none is open."""
    parts = "abc"[:wanted]
    bureau, case, jobs = given_out(wanted, *parts)
    for part in parts:
        bureau.take(jobs[part], "finish")
    assert bureau.state(case) == "reviewing"
    return bureau, case


def tasks(bureau: Bureau, case: str) -> list[str]:
    """Return who of the office has a task of the case."""
    return [person for person in ("anna", "carl", "dora") if case in bureau.work_items(person)]


def test_pattern_1_sequence() -> None:
    bureau, _, jobs = given_out(1, "a")
    bureau.take(jobs["a"], "check")
    assert bureau.state(jobs["a"]) == "checking"
    bureau.take(jobs["a"], "finish")
    assert bureau.state(jobs["a"]) == "done"


def test_pattern_2_parallel_split() -> None:
    bureau, case = reviewing(3)
    bureau.take(case, "ask_all")
    # The tasks of all are there at once.
    assert tasks(bureau, case) == ["anna", "carl", "dora"]


def test_pattern_3_synchronisation() -> None:
    bureau, case = reviewing(3)
    bureau.take(case, "ask_all")
    for branch, person in (("plan", "dora"), ("law", "anna")):
        bureau.take(case, branch, person)
        assert bureau.state(case) == "asking_all"
    bureau.take(case, "money", "carl")
    assert bureau.state(case) == "reviewing"


def test_pattern_4_exclusive_choice() -> None:
    for result, state in (("again", "planning"), ("closed", "closed"), ("left", "left")):
        bureau, case = reviewing(1)
        bureau.take(case, "weigh", "anna", {"result": result})
        assert bureau.state(case) == state


def test_pattern_5_simple_merge() -> None:
    bureau, case, jobs = given_out(1, "a")
    bureau.take(jobs["a"], "finish")
    other, same, _ = given_out(1, "a")
    other.take(same, "report_arrived", "dora")
    assert (bureau.state(case), other.state(same)) == ("reviewing", "reviewing")


def test_pattern_6_multi_choice() -> None:
    asked = []
    for wanted in (1, 2, 3):
        bureau, case = reviewing(wanted)
        bureau.take(case, "ask_all")
        asked.append(tasks(bureau, case))
    assert asked == [["anna"], ["anna", "carl"], ["anna", "carl", "dora"]]


def test_pattern_7_structured_synchronising_merge() -> None:
    bureau, case = reviewing(1)
    bureau.take(case, "ask_all")
    bureau.take(case, "law")
    # The two that are not asked are not waited for.
    assert bureau.state(case) == "reviewing"


def test_pattern_9_structured_discriminator() -> None:
    bureau, case = reviewing(1)
    bureau.take(case, "ask_any")
    bureau.take(case, "health", "dora")
    assert bureau.state(case) == "reviewing"
    assert tasks(bureau, case) == ["anna"]
    # The others come too late, and nothing is done a second time.
    assert bureau.no(case, "labour") != []


def test_pattern_10_arbitrary_cycles() -> None:
    bureau, _, jobs = given_out(1, "a")
    for step, state in (("check", "checking"), ("rework", "doing"), ("use", "using"), ("release", "doing")):
        bureau.take(jobs["a"], step)
        assert bureau.state(jobs["a"]) == state


def test_pattern_12_multiple_instances_without_synchronisation() -> None:
    bureau, case, jobs = given_out(1, "a", "b", "c")
    bureau.take(jobs["b"], "finish")
    bureau.take(case, "weigh", "anna", {"result": "left"})
    assert not bureau.case(case).open
    assert [bureau.state(job) for job in jobs.values()] == ["doing", "done", "doing"]
    bureau.take(jobs["a"], "finish")
    assert bureau.findings() == []


def test_pattern_13_multiple_instances_known_at_design_time() -> None:
    bureau, case = reviewing(2)
    bureau.take(case, "ask_any")
    assert tasks(bureau, case) == ["anna", "carl", "dora"]


def test_pattern_14_multiple_instances_known_at_run_time() -> None:
    for parts in ("a", "ab", "abcde"):
        _, _, jobs = given_out(1, *parts)
        assert "".join(sorted(jobs)) == parts


def test_pattern_15_multiple_instances_not_known_before() -> None:
    bureau, case, _ = given_out(9, "a")
    for number, part in enumerate("bcd", 2):
        bureau.take(case, "want_more", "anna", {"wanted": 9, "parts": [{"part": part}]})
        assert (bureau.state(case), len(bureau.cases("job"))) == ("running", number)


def test_pattern_16_deferred_choice() -> None:
    bureau, case, jobs = given_out(1, "a")
    bureau.take(case, "report_arrived", "dora")
    bureau.take(jobs["a"], "finish")
    # What came second moves nothing any more.
    assert [event.body["step"] for event in bureau.events(case) if event.kind == "advanced"] == [
        "begin",
        "report_arrived",
    ]


def test_pattern_17_interleaved_parallel_routing() -> None:
    bureau, _, jobs = given_out(2, "a", "b")
    for first, second in (("a", "b"), ("b", "a")):
        bureau.take(jobs[first], "use")
        assert "同时只办一件" in bureau.no(jobs[second], "use")[0]
        bureau.take(jobs[first], "release")


def test_pattern_19_cancel_task() -> None:
    bureau, case, _ = given_out(1, "a")
    bureau.take(case, "report_arrived", "dora")
    bureau.take(case, "ask_any")
    assert tasks(bureau, case) == ["anna", "carl", "dora"]
    assert not isinstance(bureau.application.do("withdraw", case, "anna"), Refusal)
    assert (bureau.state(case), tasks(bureau, case)) == ("reviewing", ["anna"])


def test_pattern_20_cancel_case() -> None:
    bureau, case = opened()
    outcome = bureau.application.void(case, "carl", reason="重复部署")
    assert not isinstance(outcome, Refusal), str(outcome)
    assert (bureau.state(case), tasks(bureau, case)) == ("dropped", [])


def test_pattern_21_structured_loop() -> None:
    bureau, case = reviewing(1)
    for number in (2, 3):
        bureau.take(case, "weigh", "anna", {"result": "again"})
        bureau.take(case, "begin", "anna", {"wanted": number, "parts": [{"part": "z"}]})
        assert bureau.state(case) == "running"
        newest = next(job.id for job in bureau.cases("job", open=True))
        bureau.take(newest, "finish")
    bureau.take(case, "weigh", "anna", {"result": "closed"})
    assert bureau.state(case) == "closed"


def test_pattern_22_recursion() -> None:
    bureau, case = opened()
    bureau.take(case, "go_deeper")
    (second,) = bureau.cases("campaign", parent=case)
    bureau.take(second.id, "go_deeper")
    (third,) = bureau.cases("campaign", parent=second.id)
    bureau.take(third.id, "go_deeper")
    assert [one.fields.get("level") for one in (second, third)] == [1, 2]
    # The condition ends it.
    assert bureau.cases("campaign", parent=third.id) == []


def test_pattern_23_transient_trigger() -> None:
    bureau, case = opened()
    assert bureau.no(case, "report_arrived", "dora") != []
    bureau.take(case, "begin", "anna", {"wanted": 1, "parts": [{"part": "a"}]})
    # What came while nobody waited for it is gone.
    assert bureau.state(case) == "running"
    bureau.take(case, "report_arrived", "dora")
    assert bureau.state(case) == "reviewing"


def test_pattern_24_persistent_trigger() -> None:
    bureau, case = opened()
    bureau.take(case, "note_letter", "dora")
    bureau.take(case, "begin", "anna", {"wanted": 3, "parts": [{"part": "a"}]})
    bureau.take(case, "report_arrived", "dora")
    bureau.take(case, "ask_all")
    # It came before and was kept: nobody waits for the answers.
    assert bureau.state(case) == "reviewing"


def test_pattern_28_blocking_discriminator() -> None:
    bureau, case, jobs = given_out(1, "a", "b")
    bureau.take(jobs["b"], "finish")
    assert bureau.state(case) == "reviewing"
    assert bureau.no(case, "anew") == ["还有在办的件"]
    bureau.take(jobs["a"], "finish")
    bureau.take(case, "anew")
    assert bureau.state(case) == "planning"


def test_pattern_30_structured_partial_join() -> None:
    bureau, case = reviewing(2)
    bureau.take(case, "ask_any")
    bureau.take(case, "safety", "carl")
    assert bureau.state(case) == "asking_any"
    bureau.take(case, "labour", "anna")
    assert bureau.state(case) == "reviewing"


def test_pattern_31_blocking_partial_join() -> None:
    bureau, case, jobs = given_out(2, "a", "b", "c")
    bureau.take(jobs["c"], "finish")
    assert bureau.state(case) == "running"
    bureau.take(jobs["a"], "finish")
    assert (bureau.state(case), bureau.no(case, "anew")) == ("reviewing", ["还有在办的件"])
    bureau.take(jobs["b"], "finish")
    bureau.take(case, "anew")


def test_pattern_34_static_partial_join_for_multiple_instances() -> None:
    bureau, case, jobs = given_out(3, "a", "b", "c", "d")
    for part, state in (("d", "running"), ("b", "running"), ("a", "reviewing")):
        bureau.take(jobs[part], "finish")
        assert bureau.state(case) == state
    # The last goes on by itself.
    assert bureau.state(jobs["c"]) == "doing"


def test_pattern_36_dynamic_partial_join_for_multiple_instances() -> None:
    bureau, case, jobs = given_out(2, "a", "b")
    bureau.take(jobs["a"], "finish")
    bureau.take(case, "want_more", "anna", {"wanted": 3, "parts": [{"part": "c"}]})
    bureau.take(jobs["b"], "finish")
    assert bureau.state(case) == "running"
    (newest,) = bureau.cases("job", open=True)
    bureau.take(newest.id, "finish")
    assert bureau.state(case) == "reviewing"


def test_pattern_37_local_synchronising_merge() -> None:
    bureau, case = reviewing(2)
    bureau.take(case, "ask_all")
    bureau.take(case, "money", "carl")
    # Law was asked and is waited for; the plan was not.
    assert bureau.state(case) == "asking_all"
    bureau.take(case, "law")
    assert bureau.state(case) == "reviewing"


def test_pattern_40_interleaved_routing() -> None:
    for order in ("abc", "cab", "bca"):
        bureau, _, jobs = given_out(3, *"abc")
        for part in order:
            bureau.take(jobs[part], "use")
            bureau.take(jobs[part], "finish")
        assert {bureau.state(job) for job in jobs.values()} == {"done"}


def test_pattern_41_thread_merge() -> None:
    bureau, case, jobs = given_out(2, "a", "b")
    for job in jobs.values():
        bureau.take(job, "finish")
    # Two came, and it went on once.
    assert [event.body["step"] for event in bureau.events(case) if event.kind == "advanced"] == [
        "begin",
        "enough",
    ]


def test_pattern_42_thread_split() -> None:
    bureau, case, jobs = given_out(2, "a", "b")
    assert [bureau.case(job).parent for job in jobs.values()] == [case, case]
    assert [job in bureau.work_items("anna") for job in jobs.values()] == [True, True]
