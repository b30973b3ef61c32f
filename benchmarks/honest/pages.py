"""A list of tasks and a step in pages by hand: Starlette, SQLAlchemy Core, one Jinja template, sessions as rows.

The step is that of `benchmarks.honest.advance_sqlite`, on PostgreSQL that of `benchmarks.honest.advance_postgresql`. Forms carry a token of the session, as anybody's would.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import local
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, Environment
from sqlalchemy import column, create_engine, func, or_, select, table
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from benchmarks.honest.advances import JudgedAdvances

COOKIE = "session"
_TASK = table(
    "task",
    *(
        column(name)
        for name in ("case_id", "key", "title", "case_title", "assignee", "due_on", "due_at", "provisional")
    ),
)
_SESSION = table(
    "web_session", *(column(name) for name in ("id", "sha256", "person", "expires_at", "ended_at"))
)
#: Names of tabs, with the first and the last day of what is due in each.
TABS = {"today": "今天", "overdue": "已逾期", "week": "本周", "all": "全部"}
_LIST = """\
<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>待办</title>
<link rel="stylesheet" href="/static/style.css"></head>
<body><header><a href="/">工作台</a> <a href="/account">{{ person }}</a>
<form method="post" action="/sign-out"><input type="hidden" name="form_token" value="{{ token }}"><button>退出</button></form>
<nav>{% for path, name in links %}<a href="{{ path }}">{{ name }}</a> {% endfor %}</nav></header>
<main><h1>待办</h1>
<p>{% for name, title in tabs.items() %}<a href="/?tab={{ name }}"{% if name == tab %} aria-current="page"{% endif %}>{{ title }} <span>{{ counts[name] }}</span></a> {% endfor %}</p>
<form action="/"><label>编号或名称 <input name="text"></label><button>筛选</button></form>
<form method="post" action="/bulk"><input type="hidden" name="form_token" value="{{ token }}">
<table><thead><tr><th></th><th>案件</th><th>要办的事</th><th>到期</th><th>还剩</th><th>办理人</th></tr></thead><tbody>
{% for one, left, mark in rows %}
<tr><td><input type="checkbox" name="case" value="{{ one.case_id }}" aria-label="选中{{ one.case_id }}"></td>
<td><a href="/cases/{{ one.case_id }}?tab={{ tab }}">{{ one.case_title }}</a><br><span>{{ one.case_id }}</span></td>
<td>{{ one.title }}</td><td><time>{{ one.due_on or "" }}</time>{% if one.provisional %}（暂定）{% endif %}</td>
<td><span class="{{ mark }}">{{ left }}</span></td><td>{{ one.assignee or "可领取" }}</td></tr>
{% endfor %}
</tbody></table><button name="do" value="choose">批量办理</button></form></main></body></html>
"""
_LINKS = [
    ("/", "待办"),
    ("/start", "新建"),
    ("/cases", "案件"),
    ("/plan", "计划"),
    ("/draws", "抽取"),
    ("/registers", "名录"),
]


def token_of(secret: str) -> str:
    """Return what forms of the holder of a secret send back."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


class Pages:
    """The pages, on one database. `clock` tells the time, `left` the working days from one day to another.

    `hand` makes what takes steps; each of the `writers` has its own, in a thread of its own.
    """

    def __init__(
        self,
        url: str,
        hand: Callable[[], JudgedAdvances],
        clock: Callable[[], datetime],
        left: Callable[[date, date], int],
        writers: int = 1,
    ) -> None:
        self.engine = create_engine(url)
        self.clock, self.left = clock, left
        self.own = local()
        self.writer = ThreadPoolExecutor(writers, initializer=lambda: setattr(self.own, "hand", hand()))
        self.template = Environment(loader=DictLoader({"list": _LIST}), autoescape=True).get_template("list")
        routes = [
            Route("/", self.show),
            Route("/cases/{case}/steps/{step}", self.take, methods=["POST"]),
            Route("/cases/{case}/receipt", lambda _: PlainTextResponse("done")),
        ]
        self.app = Starlette(routes=routes)

    def _person(self, connection: Any, secret: str) -> str | None:
        row = connection.execute(select(_SESSION).where(_SESSION.c.id == secret.partition(".")[0])).first()
        digest = hashlib.sha256(secret.encode()).hexdigest()
        if row is None or row.ended_at is not None or not hmac.compare_digest(row.sha256, digest):
            return None
        return None if row.expires_at < _text(self.clock()) else str(row.person)

    def show(self, request: Request) -> Response:
        """Show the first page of the list of tasks, with the counts of the tabs."""
        secret = request.cookies.get(COOKIE, "")
        with self.engine.connect() as connection:
            person = self._person(connection, secret)
            if person is None:
                return PlainTextResponse("signed out", 401)
            today = self.clock().date()
            mine = (_TASK.c.key == f"p:{person}") & or_(
                _TASK.c.assignee.is_(None), _TASK.c.assignee == person
            )
            spans = {
                "today": (_TASK.c.due_on == today.isoformat(),),
                "overdue": (_TASK.c.due_at <= _text(self.clock()),),
                "week": (_TASK.c.due_on >= today.isoformat(), _TASK.c.due_on <= today.isoformat()),
                "all": (),
            }
            counts = {
                name: connection.scalar(select(func.count()).select_from(_TASK).where(mine, *span))
                for name, span in spans.items()
            }
            tab = request.query_params.get("tab", "all")
            rows = connection.execute(
                select(_TASK)
                .where(mine, *spans.get(tab, ()))
                .order_by(_TASK.c.due_at, _TASK.c.case_id)
                .limit(50)
            ).all()
        text = self.template.render(
            person=person,
            token=token_of(secret),
            tabs=TABS,
            tab=tab,
            counts=counts,
            links=_LINKS,
            rows=[(row, *self._words(today, row.due_on)) for row in rows],
        )
        return HTMLResponse(text)

    def _words(self, today: date, due: str | None) -> tuple[str, str]:
        if due is None:
            return "", "none"
        days = self.left(today, date.fromisoformat(due))
        return (f"还有 {days} 个工作日", "later") if days > 2 else (f"还有 {days} 个工作日", "soon")

    async def take(self, request: Request) -> Response:
        """Take a step and send the browser on to the receipt."""
        from starlette.concurrency import run_in_threadpool

        async with request.form() as form:
            typed = {name: str(text) for name, text in form.items()}
        return await run_in_threadpool(self._taken, request, typed)

    def _taken(self, request: Request, typed: dict[str, str]) -> Response:
        secret = request.cookies.get(COOKIE, "")
        with self.engine.connect() as connection:
            person = self._person(connection, secret)
        if person is None or not hmac.compare_digest(typed.get("form_token", ""), token_of(secret)):
            return PlainTextResponse("signed out", 403)
        case, step = request.path_params["case"], request.path_params["step"]
        answers = {"found": typed["q.found"], "count": int(typed["q.count"])}
        taken = self.writer.submit(
            lambda: self.own.hand.advance(case, step, person, answers, request=typed["request_id"])
        )
        taken.result()
        return RedirectResponse(f"/cases/{case}/receipt", 303)


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
