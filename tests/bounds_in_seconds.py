"""The uses of the machine's running time that remain, by file: how many of which kind, and why.

`test_bounds_in_seconds.py` holds this list against the code.
"""

from __future__ import annotations

from collections.abc import Mapping

_BETWEEN = "a pause between two looks or two requests; nothing is refused or judged by its length"
_CHAOS = "what breaks and when is drawn in seconds; what is checked are counts; its ends are HUNG"

#: File -> how many of which kind, and the reason.
BOUNDS: Mapping[str, tuple[Mapping[str, int], str]] = {
    "engine: backup.py": (
        {"timeout": 1},
        "how long a backup waits for a writer of SQLite; then it says so, leaves nothing, and can be asked again",
    ),
    "engine: kept_connections.py": (
        {"monotonic": 1},
        "how long a connection that rests is used again without the pool asking the server; nothing is refused by it",
    ),
    "tests: test_browser_visit_form.py": (
        {"timeout": 1},
        "the page that ends the browser never answers: the wait for that is what is caught",
    ),
    "tests: people_at_pages.py": (
        {"timeout": 1},
        "the wait for the page a click leads to is HUNG: how long a page takes is not asked",
    ),
    "engine: daemon_tasks.py": (
        {"monotonic": 1},
        "the time a batch of messages may go on; what it has not begun stays waiting",
    ),
    "engine: __init__.py": (
        {"monotonic": 2},
        "hands the channels their time of a batch; what a batch has not begun stays waiting, as no failed try",
    ),
    "engine: smtp.py": (
        {"monotonic": 1, "timeout": 3},
        "a setting: the wait for one answer of a server that may be dead; the message is tried again",
    ),
    "engine: webhook.py": (
        {"monotonic": 1, "timeout": 2},
        "a setting: the wait for one answer of a service that may be dead; the message is tried again",
    ),
    "engine: call.py": (
        {"monotonic": 1, "timeout": 2},
        "a setting: the wait for one answer of a system that may be dead; the call is made again under the same id",
    ),
    "engine: worker_process.py": (
        {"timeout": 1},
        "how long a daemon that ends waits for its worker; the piece the worker was at is done by the next one",
    ),
    "engine: compacting.py": (
        {"timeout": 1},
        "the wait of SQLite for another writer; where it runs out the file is written anew the next night",
    ),
    "engine: time_stamps.py": (
        {"timeout": 1},
        "a setting: the wait for one answer of an authority that may be dead; the stamp is asked for again",
    ),
    "engine: daemon.py": (
        {"monotonic": 1},
        "for how long one count answers requests for metrics; nothing is decided by it",
    ),
    "engine: health.py": (
        {"timeout": 1},
        "a monitor gets its answer 503 instead of none while the check before is under way; no work is stopped",
    ),
    "engine: ticker.py": (
        {"monotonic": 1},
        "tells a set clock from a slow machine, and the age of the last sweep; no work is stopped by it",
    ),
    "engine: notifier.py": (
        {"monotonic": 1},
        "calls for work at most once a second; daemons look by themselves as well",
    ),
    "engine: connections.py": (
        {"timeout": 1},
        "how long a command waits for another writer; then it says that nothing was saved, and can be asked again",
    ),
    "engine: leader_election.py": (
        {"timeout": 1, "join": 1},
        "a pause between two looks at whether to stop, and how long the end waits for a server that may be dead; a call for work ends the pause at once",
    ),
    "engine: commit_watch.py": (
        {"wait": 1, "join": 1},
        "a pause after an error, and how long the end waits for the thread; the sweep looks for work all the same",
    ),
    "engine: asgi.py": (
        {"current_time": 4, "fail_after": 2},
        "a body that does not come would keep its place for ever: 30 seconds without a byte, ten minutes in all; nothing was saved and it can be sent again; the same for what is read out and thrown away before a body too large is refused",
    ),
    "engine: serving.py": (
        {"timeout": 1, "join": 1},
        "how long the end of the workbench waits for a page that is under way; what the page has saved stays, the rest is undone",
    ),
    "engine: store.py": (
        {"timeout": 1},
        "as in engines.py, for the threads of one process; the sweep tries again at its next turn",
    ),
    "tests: processes.py": ({"sleep": 1}, _CHAOS),
    "tests: client.py": ({"sleep": 3}, _CHAOS),
    "tests: clockwork.py": ({"sleep": 1}, _CHAOS),
    "tests: journal.py": ({"sleep": 1}, _CHAOS),
    "tests: workload.py": ({"monotonic": 9, "sleep": 6}, _CHAOS),
    "tests: rows.py": ({"timeout": 1}, "the checker's reading of an SQLite file whose writers may be killed"),
    "tests: server.py": ({"monotonic": 3, "sleep": 2}, _CHAOS),
    "tests: workers.py": ({"monotonic": 5, "sleep": 1}, _CHAOS),
    "tests: test_workers.py": ({"sleep": 6}, _BETWEEN),
    "tests: conftest.py": (
        {"sleep": 1},
        "the package that brings PostgreSQL waits ten seconds of its own for a start; it is asked five times",
    ),
    "tests: test_contract_moving.py": (
        {"sleep": 1},
        "when the process is killed; whatever it has come to by then, the same must hold",
    ),
    "tests: test_contract_transactions.py": (
        {"wait": 1},
        "gives a writer time to do wrong; a slow machine sees less, and fails nothing",
    ),
    "tests: slow_receiver.py": ({"sleep": 1}, "how long a receiver keeps a sender waiting, as the test asks"),
    "tests: test_crash_daemons.py": (
        {"sleep": 1, "monotonic": 3},
        "waits for the instant the timers are set to; the time of the takeover is held against the lease of it",
    ),
    "tests: running_documents.py": (
        {"timeout": 1},
        "passes on the bound of its caller, which is HUNG unless said otherwise",
    ),
    "tests: chromium.py": (
        {"timeout": 1, "monotonic": 4, "sleep": 2, "wait": 2},
        "its bound is HUNG; the browser gives no sign but an answer to a question",
    ),
    "tests: deleted_bodies.py": (
        {"alarm": 1},
        "its bound is HUNG; a thread that waits for ever uses no processor time",
    ),
    "tests: hung_run.py": ({"monotonic": 2, "sleep": 1}, "the one bound that ends a hung run"),
    "tests: daemon_office.py": ({"sleep": 1}, "a sweep that is under way when the daemon is told to stop"),
    "tests: test_runtime_delivery.py": (
        {"wait": 1},
        "gives a renewal time to do wrong; a slow machine sees less, and fails nothing",
    ),
    "tests: test_lock.py": (
        {"sleep": 1},
        "gives two holders time to meet; a slow machine fails nothing",
    ),
    "tests: test_runtime_mail_half.py": (
        {"timeout": 2, "sleep": 1},
        "the time-out of a mail server that hangs is what is tested; it must run out",
    ),
    "tests: test_smtp.py": (
        {"timeout": 4},
        "the time-out of a mail server that hangs is what is tested; it must run out",
    ),
    "tests: test_ticker.py": (
        {"wait_for": 7, "sleep": 3, "monotonic": 1},
        "gives a ticker time to call once too often; a slow machine sees less, and fails nothing",
    ),
    "tests: test_webhook.py": (
        {"timeout": 2},
        "the time-out of a service that hangs is what is tested; it must run out",
    ),
    "tests: test_site_swap.py": (
        {"sleep": 1},
        "when a process is killed; what must hold holds at any moment",
    ),
    "tests: run_cost.py": ({"sleep": 1}, _BETWEEN),
    "tests: slow_machine.py": (
        {"monotonic": 4, "sleep": 3},
        "makes a machine slow: stops and continues by the clock, and kills what has hung",
    ),
    "tests: test_store_processes.py": (
        {"sleep": 1},
        "when a process is killed; what must hold holds at any moment",
    ),
    "tests: concurrent_acts.py": ({"wait": 1}, "threads begin at one barrier; the wait ends only a hung run"),
    "tests: test_every_paper.py": ({"timeout": 1}, "ends only a hung run of a foreign program"),
    "tests: test_contract_together.py": (
        {"wait": 1},
        "threads begin at one barrier; the wait ends only a hung run",
    ),
    "tests: test_chromium.py": (
        {"sleep": 1},
        "the half of a page that comes late, which is what is waited for",
    ),
    "tests: test_store.py": ({"join": 1, "wait": 1}, "ends only a hung run"),
    "tests: test_leader_election.py": (
        {"wait": 4},
        "threads wait for an event; the wait ends only a hung run",
    ),
    "tests: test_connections.py": ({"timeout": 1}, "the time-out is what is tested"),
    "tests: test_commit_watch.py": (
        {"sleep": 2},
        "what must not come is given a moment to come",
    ),
    "tests: test_web_attacks.py": (
        {"sleep": 1},
        "a body that does not come is what is tested",
    ),
}
