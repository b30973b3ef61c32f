"""Write the texts of the statements for SQLite: ``python -m engine.store.sql.kept``."""

from __future__ import annotations

from engine.store.sql.kept.keep import written
from engine.store.sql.kept.kept_statements import TEXTS

if __name__ == "__main__":
    TEXTS.write_text(written(), encoding="utf-8")
