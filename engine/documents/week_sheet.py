"""What a section has to do this week, as a page to print."""

from __future__ import annotations

from engine.app.ports.worklist import Week
from engine.documents.form_sheet import page_template
from engine.language import current_language, say


def week_page(week: Week, section: str) -> bytes:
    """Return the sheet as one HTML file; `section` is the section's title."""
    page = page_template("week_sheet.html").render(
        say=lambda text, **values: say(text, **values).render(),
        language=current_language(),
        week=week,
        section=section,
    )
    return page.encode("utf-8", "replace")
