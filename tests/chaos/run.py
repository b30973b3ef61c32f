"""One run from its stage to its report."""

from __future__ import annotations

from contextlib import ExitStack, closing

from engine.app.audit.verify_deployment import verify
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from tests.chaos.check import Findings, check
from tests.chaos.fold import text_of
from tests.chaos.processes import prepare
from tests.chaos.report import Report
from tests.chaos.rows import open_rows
from tests.chaos.workload import Plan, Run


def run_plan(plan: Plan) -> Report:
    """Run the programme and check what it left."""
    with ExitStack() as stack:
        run = prepare(plan, stack)
        run.work()
        run.come_to_rest()
        found = _checked(run)
        return Report(plan.database, plan.seed, run.seconds, dict(run.injected), found)


def _checked(run: Run) -> Findings:
    with open_rows(run.url) as rows:
        logs = [home / "logs" / "messages.jsonl" for home in run.homes]
        found = check(rows, run.journals, run.received, logs, text_of(run.clock.now()))
        if "://" not in run.url:
            whole = rows.one("PRAGMA integrity_check")
            if whole != "ok":
                found.blame("broken chains", f"the database file itself: {whole}")
    with closing(open_deployment_store(find_home(str(run.home)))) as store, store.read() as transaction:
        for finding in verify(transaction):
            found.blame("findings of ssj audit verify", str(finding))
    for worker in run.everybody():
        for code in worker.own_ends:
            found.blame("processes that ended by themselves", f"{worker.name} with {code}")
    for sentence in run.stuck:
        found.blame("not brought to an end", sentence)
    return found
