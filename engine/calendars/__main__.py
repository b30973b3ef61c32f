"""Write the shipped years, as they were read, beside their files: ``python -m engine.calendars``."""

from __future__ import annotations

from engine.calendars.kept_years import written
from engine.calendars.load import NATIONAL, read_national

if __name__ == "__main__":
    NATIONAL.with_suffix(".json").write_text(written(read_national()), encoding="utf-8")
