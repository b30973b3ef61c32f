"""Pages as HTML: one environment, escaped, every sentence through the catalogue; refusals are pages too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, pass_eval_context
from jinja2.filters import do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup, escape

from engine import __version__
from engine.language import SOURCE_LANGUAGE, Message, Term, current_language, say, translate
from engine.site.draw_status import status_text
from engine.web.forms.questions import place_id
from engine.web.guards import TOKEN_FIELD
from engine.web.visit import Answer, PageVisit, address_of
from engine.web.words.due import due_words
from engine.web.words.migration import migration_verdict
from engine.web.words.names import PageNames, named, sources_in_words
from engine.web.words.next_links import next_link

if TYPE_CHECKING:
    from engine.app.queries.cases import TaskView
    from engine.kernel.refusal import Refusal

_TEMPLATES = Path(__file__).with_name("templates")
#: Code of a reason -> status of the answer; of other codes it is 422.
STATUSES = {
    "not-allowed": 403,
    "case": 404,
    "unknown-person": 404,
    "document": 404,
    "register": 404,
    "draw": 404,
    "workflow": 404,
    "state": 409,
    "closed": 409,
    "conflict": 409,
    "version": 409,
    "changed": 412,
    "request": 409,
    "clock": 503,
}


def status_of(refusal: Refusal) -> int:
    """Return the status a refusal is answered with."""
    codes = [reason.code for reason in refusal.reasons]
    return next((STATUSES[code] for code in codes if code in STATUSES), 422)


def page(
    visit: PageVisit,
    template: str,
    *,
    status: int = 200,
    cookies: dict[str, str | None] | None = None,
    **words: Any,
) -> Answer:
    """Return a page made of a template."""
    text = (
        _environment()
        .get_template(template)
        .render({"visit": visit, "bench": visit.workbench, "called": PageNames(visit), **words})
    )
    return Answer(body=text.encode(), status=status, cookies=cookies or {})


def refused(visit: PageVisit, refusal: Refusal, typed: Sequence[tuple[str, str]] = ()) -> Answer:
    """Return the page of a refusal: every reason, its basis, what comes next, and what was `typed` for nothing."""
    return page(visit, "refused.html", status=status_of(refusal), refusal=refusal, typed=typed)


def sentence(visit: PageVisit, status: int, title: Message, text: Message) -> Answer:
    """Return a page that says one thing."""
    return page(visit, "sentence.html", status=status, title=title, text=text)


def _say(text: str, /, **values: Any) -> str:
    return str(say(text, **values))


@pass_context
def _token(context: Context) -> Markup:
    """Return the hidden field by which a form proves that it is one of ours."""
    visit: PageVisit = context["visit"]
    return Markup(f'<input type="hidden" name="{TOKEN_FIELD}" value="{escape(visit.form_token)}">')  # noqa: S704 - escaped


def _in_words(value: Any) -> Any:
    return translate(value) if isinstance(value, Term) else value


@pass_eval_context
def _joined(context: EvalContext, values: Iterable[Any], between: str = "") -> Any:
    """Join what a page lists, texts of definitions in its language."""
    return do_join(context, [_in_words(value) for value in values], between)


def _titles(view: TaskView, names: Sequence[str]) -> list[str]:
    return [view.process.title_of(name) for name in names]


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return str(say("{items}", items=[_plain(one) for one in value]))
    if isinstance(value, Mapping):
        return str(say("{items}", items=[f"{name} {_plain(one)}" for name, one in value.items()]))
    return "–" if value in (None, "") else str(value)


def _draw_status(status: str) -> str:
    return status_text(status, current_language())


def _language_query(visit: PageVisit) -> str:
    """Return the query that shows this page in the other language."""
    kept = {name: text for name, text in visit.query.items() if name != "language"}
    other = "en" if visit.language == SOURCE_LANGUAGE else "zh_CN"
    return urlencode({**kept, "language": other})


@pass_context
def _named(context: Context, message: Any) -> str:
    return named(context["visit"], message)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        # A text of a definition is shown in the language of the page.
        finalize=_in_words,
    )
    environment.filters["join"] = _joined
    environment.globals.update(
        token=_token,
        titles=_titles,
        plain=_plain,
        draw_status=_draw_status,
        language_query=_language_query,
        say=_say,
        shown=translate,
        address_of=address_of,
        due_words=due_words,
        next_link=next_link,
        migration_verdict=migration_verdict,
        place_id=place_id,
        token_field=TOKEN_FIELD,
        version=__version__,
        source_language=SOURCE_LANGUAGE,
    )
    environment.filters["named"] = _named
    environment.filters["sources"] = sources_in_words
    return environment
