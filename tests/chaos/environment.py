"""The deployment a run works on: one process, a few people, three ways out of the house and an inbox."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from engine.app.commands import Caller
from engine.app.commands.publish_definitions import Published, publish
from engine.app.ports.store import Clock
from engine.deployment.home import SETTINGS, Home, find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.deployment.set_up import lay_out, load_definitions, put_entries
from engine.lifecycle.command import SYSTEM
from engine.synthetic.registers import sample_registers

HERE = Path(__file__).parent
#: Who may act on a case. The first alone holds the role, the others stand beside as those a task is handed to.
PEOPLE = ("leading", "leading2", "leading3")
#: The ways out of the house; what is sent over the last two reaches the receiver.
LOG, WEBHOOK, MAIL = "log", "hook", "mail"


def set_up_bureau(path: Path, database: str, clock: Clock, *, webhook_port: int, mail_port: int) -> Home:
    """Make the deployment on an empty database and publish its process; returns it."""
    home = lay_out(path)
    for file in (*home.workflows.glob("*.yaml"), *home.forms.glob("*.yaml")):
        if file.name != "bureau.yaml":
            file.unlink()
    shutil.copy(HERE / "drill.yaml", home.workflows)
    shutil.copy(HERE / "drill_result.yaml", home.forms)
    plain = {"gather_above": 0, "timeout_seconds": 1}
    settings = {
        "database": database,
        "synchronous": "FULL",
        # By its earlier name, which the older version beside reads, too.
        "belated_minutes": 1_000_000,
        "channels": {
            LOG: {"path": "logs/messages.jsonl", "gather_above": 0, "most_bytes": 10**9},
            WEBHOOK: {"kind": "webhook", "url": f"http://127.0.0.1:{webhook_port}/", **plain},
            MAIL: {"host": "127.0.0.1", "port": mail_port, "from": "ssj@example.org", **plain},
            "inbox": {},
        },
    }
    # JSON is YAML.
    (path / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
    home = find_home(str(path))
    application = open_application(home, clock=clock, store=open_deployment_store(home, create=True))
    with closing(application.store):
        outcome = publish(application, Caller(SYSTEM), load_definitions(home))
        assert isinstance(outcome, Published), str(outcome)
        people = sample_registers("chaos", objects=1)["people"]
        leading = next(one for one in people if one.id == PEOPLE[0])
        known = [one for one in people if one.id != PEOPLE[0]]
        ours = [replace(leading, id=name, name=f"{leading.name}{name}") for name in PEOPLE]
        mailed = [
            replace(one, data={**one.data, "email": f"{one.id}@example.org"}) for one in (*ours, *known)
        ]
        put_entries(application, "people", mailed, "sample")
    return home
