"""An address of every kind of page, in the deployment the walks of the browser look at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from served_workbench import ServedWorkbench

from engine.app.queries.draws import CODE_LENGTH
from engine.web.page_kinds import PAGE_KINDS
from engine.web.visit import PageKind

AXE = Path(__file__).parent / "browser" / "axe" / "axe.min.js"
#: Rules of WCAG 2.0 to 2.2, A and AA, and the good practices axe knows.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Nothing is looked up for elements that break no rule, and no paths to those that do: the pages say less, and sooner.
FAULTS_ALONE = {"resultTypes": ["violations"], "selectors": False}
RULES = {"runOnly": TAGS, **FAULTS_ALONE}
#: The case that is drawn, and a plan nobody has filled in.
BATCH, PLAN = "batch-1", "annual_plan-1"
#: In place of the code of the commitment, which a walk fills in.
CODE = "CODE"
#: Kinds whose address names something: its parts.
PARTS: Mapping[str, Mapping[str, str]] = {
    "step": {"case": PLAN, "step": "consult"},
    "verb": {"case": PLAN, "verb": "claim"},
    "register-import": {"kind": "objects"},
    "register-undo": {"kind": "objects"},
    "person-kept": {"person": "leading"},
    **{
        name: {"workflow": "inspection"}
        for name in ("definition", "definition-text", "conditions", "preview", "trial")
    },
    "versions": {"workflow": "inspection"},
    "impact": {"workflow": "inspection"},
    "register": {"kind": "objects"},
    "register-entry": {"kind": "people", "entry": "leading"},
    "start-case": {"workflow": "annual_plan"},
    "figure": {"row": "late"},
    "ceremony": {"case": BATCH, "number": "1"},
    "draw-check": {"case": BATCH, "number": "1", "code": CODE},
    "draw": {"case": BATCH, "number": "1"},
}


def walked() -> list[PageKind]:
    """Return the kinds of page there is a page to look at of."""
    return [kind for kind in PAGE_KINDS if kind.page and "GET" in kind.methods]


def walked_address(kind: PageKind) -> str:
    """Return the address of a kind. Raises KeyError for one whose parts are not in the table."""
    parts = {"case": BATCH, **PARTS.get(kind.name, {})}
    return re.sub(r"\{([a-z]+)(?::path)?\}", lambda found: parts[found[1]], kind.path)


def address_in(served: ServedWorkbench, kind: PageKind) -> str:
    """Return the address of a kind in a workbench that is served."""
    if kind.name == "set-up":
        return served.link
    code = served.desk.draw(1).name[:CODE_LENGTH]
    return served.address + walked_address(kind).replace(CODE, code)
