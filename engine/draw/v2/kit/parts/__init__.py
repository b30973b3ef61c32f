"""The parts `verify.py` is put together of: one file for whoever runs it, three that can be read one after the other.

The file begins with the whole of `values`; of the others comes what follows the line that says so. They share no code
with the engine and are written from the protocol page.
"""

from __future__ import annotations

from importlib.resources import files

PARTS = ("values.py", "rules.py", "program.py")
MARK = "# ==== what follows goes into verify.py ====\n"


def assembled() -> bytes:
    """Return the bytes of `verify.py`."""
    first, *rest = (files(__name__).joinpath(name).read_text("utf-8") for name in PARTS)
    return "".join((first, *(part.split(MARK, 1)[1] for part in rest))).encode()
