"""The lines of the table: what is measured, beside which peer or limit, and what is promised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; figures are found by their path in what `measure` returns."""

    benchmark: str
    what: str
    #: The same in Chinese.
    zh: str
    ours: str
    peer: str
    ratio: str
    #: ``>= 2`` or ``<= 1.3``; None where nothing is promised.
    target: str | None = None

    @property
    def name(self) -> str:
        """Return what the line is asked for by: its benchmark and the part of it, such as ``advance.sqlite``."""
        return f"{self.benchmark}.{self.ratio.partition('.')[0]}"

    @property
    def other(self) -> str:
        """Return the name of the peer or the limit."""
        return self.what.partition(" : ")[2]


LINES = (
    Line("worktime", "adding working days /s : chinesecalendar in a loop", "加工作日，每秒 : 用 chinesecalendar 逐日数", "additions_per_second", "chinesecalendar_loop_per_second", "times_faster_than_chinesecalendar"),
    Line("worktime", "adding working days /s : looking up in a bare list", "加工作日，每秒 : 直接查列表", "additions_per_second", "bare_list_per_second", "share_of_the_limit"),
    Line("register", "import of CSV, s : reading it with csv", "导入 CSV，秒 : 只用 csv 读一遍", "csv.import.seconds", "csv.limit.seconds", "csv.times_the_limit"),
    Line("register", "rows of CSV imported /s : by hand, same checks", "导入 CSV，每秒行数 : 手写，同样的核对", "by_hand.ours_per_s", "by_hand.by_hand_per_s", "by_hand.ratio", ">= 0.6"),
    Line("register", "import of Excel, s : reading it with openpyxl", "导入 Excel，秒 : 只用 openpyxl 读一遍", "excel.import.seconds", "excel.limit.seconds", "excel.times_the_limit"),
    Line("draw", "drawing, s : hmac.digest in a bare loop", "抽取，秒 : 只算 hmac.digest", "draw_seconds", "hmac_loop_seconds", "draw_over_hmac_loop"),
    Line("draw", "drawing, s : consistent_sampler, times slower", "抽取，秒 : consistent_sampler，慢的倍数", "draw_seconds", "peer_seconds", "peer_over_draw"),
    Line("whole_draw", "1,200 objects and 60 people to the kit, s : commit ddd8a91, no signatures", "1,200 户、60 人，从名册到核验包，秒 : 提交 ddd8a91，都不签名", "kit.seconds", "kit.before_seconds", "kit.ratio", "<= 0.35"),
    Line("year", "a year on 1,203 objects, ms for a step : commit ddd8a91", "1,203 户的一年，每步毫秒 : 提交 ddd8a91", "step.ms", "step.before_ms", "step.ratio", "<= 1.3"),
    Line("year", "… its memory, MB : 200 MB", "…… 内存，MB : 200 MB", "memory.mb", "memory.most_mb", "memory.ratio", "<= 1"),
    Line("definitions", "check in a fresh process, µs for a YAML node : commit ddd8a91", "新进程里检查，每个 YAML 节点微秒 : 提交 ddd8a91", "check.us", "check.before_us", "check.ratio", "<= 1.5"),
    Line("definitions", "… in one that has checked before : commit ddd8a91", "…… 查过一次的进程里 : 提交 ddd8a91", "again.us", "again.before_us", "again.ratio", "<= 1.5"),
    Line("definitions", "exploring a shipped process, s, the worst : its check", "试遍一个随附流程的走法，秒，最差的 : 它的检查", "explore.seconds", "explore.check_seconds", "explore.ratio", "<= 10"),
    Line("definitions", "a case rehearsed among 40,000 enterprises, ms : among 1,203", "四万户的名录里演练一件，毫秒 : 1,203 户", "rehearsal.many_ms", "rehearsal.few_ms", "rehearsal.ratio", "<= 1.2"),
    Line("decisions", "one decision, µs : bare event of transitions, one condition", "一次判定，微秒 : transitions 的空事件，一个条件", "decision.decision_us", "decision.transitions_event_us", "decision.times_transitions", "<= 2.5"),
    Line("decisions", "decisions /s : by hand from a table", "判定，每秒 : 手写查表", "decision.decisions_per_s", "decision.by_hand_per_s", "decision.share_of_by_hand"),
    Line("decisions", "decisions /s : bare events of python-statemachine", "判定，每秒 : python-statemachine 的空事件", "decision.decisions_per_s", "decision.statemachine_events_per_s", "decision.ratio", ">= 2"),
    Line("store", "rows of 100,000 cases /s : executemany", "十万件的各行，每秒 : executemany", "spawn.per_second", "spawn.executemany_per_second", "spawn.ratio", ">= 0.4"),
    Line("application", "100,000 child cases /s : by hand", "十万件子案件，每秒 : 手写", "spawn.ours_per_s", "spawn.by_hand_per_s", "spawn.ratio", ">= 0.6"),
    Line("verification", "verifying 1,000,000 events, s : reading and hashing the same rows", "核验一百万条历史，秒 : 读出并散列同样的行", "full.verify", "full.limit", "full.ratio", "<= 5"),
    Line("verification", "a day's head, s, 10,000 before : 1,000,000 before", "一天的日志头，秒，此前一万条 : 此前一百万条", "head.few_seconds", "head.many_seconds", "head.ratio", "<= 1.2"),
    Line("verification", "a day's seal, s, 10,000 before : 1,000,000 before", "一天的封存，秒，此前一万条 : 此前一百万条", "seal.few_seconds", "seal.many_seconds", "seal.ratio", "<= 1.2"),
    Line("verification", "a night's check of what is new, s, 10,000 before : 1,000,000 before", "一夜核验新增的，秒，此前一万条 : 此前一百万条", "check.few_seconds", "check.many_seconds", "check.ratio", "<= 1.2"),
    Line("application", "due reminders /s : APScheduler's SQL job store", "到期提醒，每秒 : APScheduler 的 SQL 作业库", "reminders.ours_per_s", "reminders.apscheduler_per_s", "reminders.ratio", ">= 12"),
    Line("application", "due reminders /s : by hand", "到期提醒，每秒 : 手写", "reminders_by_hand.ours_per_s", "reminders_by_hand.by_hand_per_s", "reminders_by_hand.ratio"),
    Line("application", "reminders /s, none asleep : a million asleep", "提醒，每秒，没有别的定时 : 另有一百万个未到期", "sleepers.with_none_per_s", "sleepers.with_a_million_per_s", "sleepers.ratio", "<= 1.2"),
    Line("advance", "one durable advance, SQLite /s : by hand", "落盘的一步，SQLite，每秒 : 手写", "sqlite.ours_per_s", "sqlite.by_hand_per_s", "sqlite.ratio", ">= 0.6"),
    Line("advance", "… PostgreSQL, 1 client /s : by hand, pipelined", "…… PostgreSQL，1 个客户端 : 手写，流水线", "one.ours_per_s", "one.by_hand_per_s", "one.ratio", ">= 0.6"),
    Line("advance", "… PostgreSQL, 8 clients /s : by hand, pipelined", "…… PostgreSQL，8 个客户端 : 手写，流水线", "eight.ours_per_s", "eight.by_hand_per_s", "eight.ratio", ">= 0.6"),
    Line("advance", "… SQLite /s : SpiffWorkflow, the same steps", "…… SQLite : SpiffWorkflow，同样的步骤", "spiff.ours_per_s", "spiff.peer_per_s", "spiff.ratio", ">= 2.5"),
    Line("advance", "… SQLite /s : SpiffWorkflow, two bare tasks", "…… SQLite : SpiffWorkflow，两个空任务", "spiff_bare.ours_per_s", "spiff_bare.peer_per_s", "spiff_bare.ratio"),
    Line("advance", "… SQLite /s : SpiffWorkflow, deadline and reminders", "…… SQLite : SpiffWorkflow，带时限和提醒", "spiff_timers.ours_per_s", "spiff_timers.peer_per_s", "spiff_timers.ratio"),
    Line("advance", "… SQLite /s : one step of DBOS", "…… SQLite : DBOS 的一步", "dbos.ours_per_s", "dbos.peer_per_s", "dbos.ratio", ">= 5"),
    Line("advance", "… SQLite /s : one node of Viewflow", "…… SQLite : Viewflow 的一个节点", "viewflow.ours_per_s", "viewflow.peer_per_s", "viewflow.ratio", ">= 8"),
    Line("advance", "… PostgreSQL /s : one job of procrastinate", "…… PostgreSQL : procrastinate 的一个作业", "procrastinate.ours_per_s", "procrastinate.peer_per_s", "procrastinate.ratio"),
    Line("timers", "due among a million, SQLite, /s : swept by hand", "一百万定时中的到期，SQLite，每秒 : 手写的扫描", "sqlite.ours_per_s", "sqlite.by_hand_per_s", "sqlite.ratio", ">= 0.6"),
    Line("timers", "due among a million, PostgreSQL, /s : swept by hand", "一百万定时中的到期，PostgreSQL，每秒 : 手写的扫描", "postgresql.ours_per_s", "postgresql.by_hand_per_s", "postgresql.ratio", ">= 0.6"),
    Line("timers", "start-up with a million timers, SQLite, s : 1 s", "有一百万定时时启动，SQLite，秒 : 1 秒", "sqlite.start_seconds", "sqlite.second", "sqlite.start_seconds", "<= 2"),
    Line("timers", "start-up with a million timers, PostgreSQL, s : 1 s", "有一百万定时时启动，PostgreSQL，秒 : 1 秒", "postgresql.start_seconds", "postgresql.second", "postgresql.start_seconds", "<= 2"),
    Line("province", "a person's tasks among a million cases, ms : 50 ms", "百万案件中一个人的待办，毫秒 : 50 毫秒", "full.list_ms", "targets.list_ms", "full.list_ratio", "<= 1"),
    Line("province", "a section's tasks among a million cases, ms : 50 ms", "百万案件中一个股室的待办，毫秒 : 50 毫秒", "full.section_ms", "targets.list_ms", "full.section_ratio", "<= 1"),
    Line("province", "one step among a million cases, ms : 10 ms", "百万案件中办理一步，毫秒 : 10 毫秒", "full.advance_ms", "targets.advance_ms", "full.advance_ratio", "<= 1"),
    Line("province", "the same with 10,000 inspectors, ms : 10 ms", "同上，检查人员一万名，毫秒 : 10 毫秒", "crowd.advance_ms", "targets.advance_ms", "ratios.crowd", "<= 1"),
    Line("province", "due reminders /s, a million cases : a thousand", "到期提醒，每秒，百万案件 : 一千件", "full.reminders_per_s", "least.reminders_per_s", "full.reminders_ratio", ">= 0.8"),
    Line("province", "step on PostgreSQL, ms, history of 10,000 : of 10", "PostgreSQL 上一步，毫秒，历史一万条 : 十条", "history.10000", "history.10", "ratios.history", "<= 1.2"),
    Line("province", "due reminders /s, two daemons : one", "到期提醒，每秒，两个守护进程 : 一个", "daemons.2", "daemons.1", "ratios.daemons"),
    Line("application", "advance, s, history of 10,000 : of 10", "一步，秒，历史一万条 : 十条", "history.long", "history.short", "history.ratio", "<= 1.2"),
    Line("application", "log of one step, bytes, 100,000 cases : by hand", "一步写入的日志，字节，十万件在办 : 手写", "log.ours_bytes", "log.by_hand_bytes", "log.ratio", "<= 1.4"),
    Line("application", "a newcomer's step, ms, 10,000 inspectors : ten", "新面孔的一步，毫秒，检查人员一万名 : 十名", "newcomer.crowd_ms", "newcomer.few_ms", "newcomer.ratio", "<= 1.3"),
    Line("cli", "ssj --version, ms : import click", "ssj --version，毫秒 : 只导入 click", "version.ours_ms", "version.peer_ms", "version.ratio", "<= 1.1"),
    Line("cli", "ssj task list, ms : import click, SQLAlchemy, ask once", "ssj task list，毫秒 : 导入 click、SQLAlchemy 问一次", "task_list.ours_ms", "task_list.peer_ms", "task_list.ratio", "<= 1.15"),
    Line("cli", "ssj task advance, ms : import click, SQLAlchemy, ask, write once", "ssj task advance，毫秒 : 导入 click、SQLAlchemy，问一次、写一次", "task_advance.ours_ms", "task_advance.peer_ms", "task_advance.ratio", "<= 1.3"),
    Line("pages", "lists of tasks to 50 users, SQLite, /s : pages by hand", "给 50 人看的待办清单，SQLite，每秒 : 手写的网页", "sqlite.views.ours_per_s", "sqlite.views.by_hand_per_s", "sqlite.views.ratio", ">= 0.5"),
    Line("pages", "steps taken in pages by 50 users, SQLite, /s : pages by hand", "50 人在网页上办的步骤，SQLite，每秒 : 手写的网页", "sqlite.advances.ours_per_s", "sqlite.advances.by_hand_per_s", "sqlite.advances.ratio", ">= 0.5"),
    Line("pages", "lists of tasks to 50 users, PostgreSQL, /s : pages by hand", "给 50 人看的待办清单，PostgreSQL，每秒 : 手写的网页", "postgresql.views.ours_per_s", "postgresql.views.by_hand_per_s", "postgresql.views.ratio", ">= 0.5"),
    Line("pages", "steps taken in pages by 50 users, PostgreSQL, /s : pages by hand", "50 人在网页上办的步骤，PostgreSQL，每秒 : 手写的网页", "postgresql.advances.ours_per_s", "postgresql.advances.by_hand_per_s", "postgresql.advances.ratio", ">= 0.5"),
    Line("site", "public site of 100,000 results, s : Jinja2 rendering the same pages bare", "十万条结果的公示网站，秒 : 只用 Jinja2 渲染同样的网页", "full.seconds", "full.bare_seconds", "full.ratio", "<= 2"),
    Line("jobs", "papers /s by four workers, PostgreSQL : by one", "四个办理进程每秒的文书，PostgreSQL : 一个", "four.four_per_s", "four.one_per_s", "four.ratio", ">= 1.5"),
    Line("jobs", "papers /s by four workers until all processes are gone : by one", "四个办理进程每秒的文书，算到进程全部结束 : 一个", "four.four_until_gone_per_s", "four.one_until_gone_per_s", "four.ratio_until_processes_are_gone"),
    Line("jobs", "two cores by four workers, as their processor time says : one core", "两核由四个办理进程用，按处理器时间 : 一核", "four.two_cores", "four.one_core", "four.two_cores", ">= 1.5"),
    Line("jobs", "sleeps of a worker while a job waited for it : none", "有作业等着时办理进程的空等 : 没有", "four.idle", "four.none", "four.idle", "<= 0"),
    Line("jobs", "papers made once, one worker killed, one cut off : asked for", "各做一次的文书，一个进程被杀、一个断开 : 交办的", "faults.papers", "faults.asked", "faults.ratio", ">= 1"),
    Line("jobs", "papers /s by four workers, PostgreSQL : procrastinate", "四个办理进程每秒的文书，PostgreSQL : procrastinate", "procrastinate.ours_per_s", "procrastinate.peer_per_s", "procrastinate.ratio", ">= 0.9"),
    Line("papers", "a PDF of a paper, its HTML read, ms : typst, same text", "一份文书的 PDF，含读 HTML，毫秒 : typst 写同样的文字", "pdf.ours_ms", "pdf.bare_ms", "pdf.ratio", "<= 1.5"),
    Line("papers", "a Word file, its HTML read, ms : python-docx, same text", "一份文书的 Word，含读 HTML，毫秒 : python-docx 写同样的文字", "word.ours_ms", "word.bare_ms", "word.ratio", "<= 1.5"),
    Line("papers", "memory of 2,000 papers, MiB : of 200", "两千份文书的内存，MiB : 二百份", "memory.many_mib", "memory.few_mib", "memory.ratio", "<= 1.1"),
    Line("papers", "answers to 300 questions, µs : to 30", "三百问的答案，微秒 : 三十问", "form.long_us", "form.short_us", "form.ratio", "<= 10"),
)  # fmt: skip
