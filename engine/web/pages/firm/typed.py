"""What was typed about an order, by the firm itself or by the office for it: the same forms, the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.commands.rectification.firm import NewFile
from engine.web.visit import PageVisit

#: The field of the forms that says what is done.
DO = "do"


def typed_act(visit: PageVisit) -> tuple[str, Mapping[str, Any], list[NewFile]]:
    """Return which act was chosen, its answers and its files."""
    typed = visit.typed
    act = typed.one(DO)
    files: list[NewFile] = []
    answers: dict[str, Any] = {}
    if act == "feedback":
        number = typed.one("problem")
        answers["problem"] = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
        answers["text"] = typed.one("text").replace("\r\n", "\n").strip()
        files = [NewFile(one.content, one.name, one.name) for one in typed.files.get("files", ())]
    elif act == "receipt":
        answers = {"paper": typed.one("paper"), "agreed": typed.one("agreed") == "yes"}
    else:
        answers = {name: typed.one(name).strip() for name in ("until", "reason", "contact", "phone")}
    return act, answers, files


def masked(phone: str) -> str:
    """Return a telephone number with its middle left out: enough for its owner to know it by."""
    return f"{phone[:3]}****{phone[-2:]}" if len(phone) > 6 else "****" if phone else ""
