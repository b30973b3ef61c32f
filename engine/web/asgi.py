"""The workbench as an ASGI application: requests become visits, answers become responses; use cases run in threads."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from python_multipart.exceptions import FormParserError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from engine.language import current_language, in_language, say
from engine.store.sql.connections import MAX_OVERFLOW, POOL_SIZE
from engine.web.api.gate import api_answer, too_slow
from engine.web.api.operations import API_PATHS
from engine.web.forms.typed import Typed, TypedFile
from engine.web.forms.unsent import unsent_of
from engine.web.guards import HEADERS, PUBLIC_HEADERS, TOKEN_FIELD, form_token, is_from_here, is_ours
from engine.web.page_kinds import PAGE_KINDS
from engine.web.pages import sign_in
from engine.web.rendering import sentence
from engine.web.visit import Answer, PageKind, PageVisit, SignInNeededError, go_to
from engine.web.workbench import MAX_FORM_BYTES, MAX_JSON_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from engine.web.workbench import Workbench

SESSION_COOKIE, VISIT_COOKIE, LANGUAGE_COOKIE = "ssj_session", "ssj_visit", "ssj_language"
FIRM_COOKIE = "ssj_firm"
#: Fields and files of one form at most.
MAX_FIELDS, MAX_FILES = 5_000, 100
_STATIC = Path(__file__).with_name("static")


#: Seconds the next piece of a body may take, and the whole of one.
PIECE_SECONDS, BODY_SECONDS = 30, 600
#: Of what is too large, so many bytes are taken in and dropped so that the answer is read.
MAX_READ_OUT = 1_000_000_000


class TooLargeError(Exception):
    """The body of a request is larger than it may be."""


class TooSlowError(Exception):
    """The body of a request takes longer than it may."""


def make_app(workbench: Workbench) -> Starlette:
    """Return the application that answers for a deployment."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # As many threads as the pool has connections: more would only wait for each other.
        anyio.to_thread.current_default_thread_limiter().total_tokens = POOL_SIZE + MAX_OVERFLOW
        yield

    routes: list[Route | Mount] = [
        Route(kind.path, _page_endpoint(workbench, kind), methods=list(kind.methods), name=kind.name)
        for kind in PAGE_KINDS
    ]
    routes += [
        Route(path, _api_endpoint(workbench), methods=["GET", "POST"], name=f"api:{path}")
        for path in API_PATHS
    ]
    routes.append(Mount("/static", StaticFiles(directory=_STATIC), name="static"))
    routes.append(Mount("/public", _PublicSite(workbench), name="public"))
    app = Starlette(
        routes=routes, lifespan=lifespan, exception_handlers={HTTPException: _plain_error(workbench)}
    )
    app.add_middleware(_Headers)
    return app


class _PublicSite:
    """The public site, from the folder it is built into; a word where none was built."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._workbench.site.is_dir():
            raise HTTPException(404)
        await StaticFiles(directory=self._workbench.site, html=True)(scope, receive, send)


class _Headers:
    """Adds the headers that every answer has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        chosen = PUBLIC_HEADERS if path == "/public" or path.startswith("/public/") else HEADERS
        if path.startswith("/static/"):
            chosen = {**HEADERS, "Cache-Control": "no-cache"}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in chosen.items()
                        if name.lower().encode() not in known
                    ),
                ]
            await send(message)

        await self._app(scope, receive, sending)


def _bounded(request: Request, most: int) -> Request:
    """Return the request with a body that ends in TooLargeError once it is larger than `most`, in TooSlowError once it takes too long."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and (len(length) > 18 or int(length) > most):
        raise TooLargeError
    seen = 0
    last = anyio.current_time() + BODY_SECONDS

    async def receive() -> Message:
        nonlocal seen
        try:
            with anyio.fail_after(min(PIECE_SECONDS, last - anyio.current_time())):
                message = await request.receive()
        except TimeoutError:
            raise TooSlowError from None
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLargeError
        return message

    return Request(request.scope, receive)


async def _read_out(request: Request) -> None:
    """Take in the rest of a body and drop it, within bounds: a browser reads no answer before it has sent what it began."""
    left, last = MAX_READ_OUT, anyio.current_time() + BODY_SECONDS
    with suppress(TimeoutError, ClientDisconnect):
        while left > 0:
            with anyio.fail_after(min(PIECE_SECONDS, last - anyio.current_time())):
                message = await request.receive()
            left -= len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                return


async def _typed(request: Request) -> Typed:
    """Return what was typed into the form of a request; of files the digests."""
    texts: dict[str, list[str]] = {}
    files: dict[str, list[TypedFile]] = {}
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FORM_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    content = await value.read()
                    digest = hashlib.sha256(content).hexdigest()
                    # Some browsers send the whole path, with the separators of their system.
                    called = value.filename.replace("\\", "/").rpartition("/")[2][:200]
                    files.setdefault(name, []).append(TypedFile(called, digest, content))
            else:
                # A browser ends every line of a text by two characters (HTML, 4.10.22.4), one of which no answer may hold.
                texts.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Typed(texts, files)


def _cookies(request: Request) -> Mapping[str, str]:
    jar: SimpleCookie = SimpleCookie()
    jar.load(request.headers.get("cookie", "")[:4096])
    return {name: morsel.value for name, morsel in jar.items()}


def _page_endpoint(workbench: Workbench, kind: PageKind) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            typed = await _typed(_bounded(request, MAX_FORM_BYTES)) if request.method == "POST" else Typed()
        except TooLargeError:
            await _read_out(request)
            return _response(workbench, await run_in_threadpool(_too_large, workbench, request))
        except TooSlowError:
            return _response(workbench, await run_in_threadpool(_too_slow, workbench, request))
        except (MultiPartException, FormParserError):
            return Response("400", status_code=400, media_type="text/plain")
        answer = await run_in_threadpool(_answer, workbench, kind, request, typed)
        return _response(workbench, answer)

    return endpoint


def _visit(workbench: Workbench, request: Request, typed: Typed) -> tuple[PageVisit, dict[str, str | None]]:
    """Return the visit of a request, and the cookies that go with its answer."""
    from engine.app.queries.people.web_sessions import find_visitor

    cookies = _cookies(request)
    secret = cookies.get(SESSION_COOKIE, "")
    application = workbench.application
    visitor = find_visitor(application, secret, workbench.settings) if secret else None
    setting: dict[str, str | None] = {}
    if secret and visitor is None:
        setting[SESSION_COOKIE], secret = None, ""
    mark = secret or cookies.get(VISIT_COOKIE, "")
    if not mark:
        mark = setting[VISIT_COOKIE] = workbench.request_id()
    asked = request.query_params.get("language") or cookies.get(LANGUAGE_COOKIE) or "zh_CN"
    with in_language(asked):
        language = current_language()
    if "language" in request.query_params:
        setting[LANGUAGE_COOKIE] = language
    query = request.url.query
    visit = PageVisit(
        workbench=workbench,
        visitor=visitor,
        secret=secret,
        form_token=form_token(mark),
        language=language,
        method=request.method,
        path=request.url.path,
        address=request.url.path + (f"?{query}" if query else ""),
        origin=request.client.host if request.client else "",
        host=str(request.base_url).rstrip("/"),
        query=dict(request.query_params),
        parts={name: str(value) for name, value in request.path_params.items()},
        typed=typed,
        firm_secret=cookies.get(FIRM_COOKIE, ""),
    )
    return visit, setting


def _answer(workbench: Workbench, kind: PageKind, request: Request, typed: Typed) -> Answer:
    # Who asks, and what they ask for, is read on one connection.
    with workbench.application.reading():
        visit, setting = _visit(workbench, request, typed)
        with in_language(visit.language):
            answer = _judged(visit, kind, request)
    kept = dict(answer.cookies)
    return Answer(
        body=answer.body,
        status=answer.status,
        type=answer.type,
        headers=answer.headers,
        cookies={**setting, **kept},
    )


def _judged(visit: PageVisit, kind: PageKind, request: Request) -> Answer:
    """Return the answer of a page, or why it is not given: nobody signed in, or a form that is not ours."""
    if kind.signed_in and visit.visitor is None:
        return _unsent(visit, kind, request) or _to_sign_in(visit)
    if visit.method == "POST" and not is_ours(
        request.headers, visit.typed.one(TOKEN_FIELD), visit.form_token
    ):
        return sentence(
            visit,
            403,
            say("这张表单没有办理"),
            say("它不是从本工作台的页面发出的，或者登录已经换过。请返回重新打开页面，再提交一次。"),
        )
    try:
        if visit.visitor is None:
            return kind.answer(visit)
        with visit.visitor.acting():
            return kind.answer(visit)
    except SignInNeededError:
        return _to_sign_in(visit)


def _unsent(visit: PageVisit, kind: PageKind, request: Request) -> Answer | None:
    """Return the page to sign in on that carries what was typed into a form; None where nothing was."""
    if visit.method != "POST" or not is_from_here(request.headers):
        return None
    unsent = unsent_of(visit.address, visit.typed, again=kind.edits)
    return sign_in.ask_again(visit, unsent) if unsent is not None else None


def _to_sign_in(visit: PageVisit) -> Answer:
    from urllib.parse import urlencode

    back = visit.address if visit.method == "GET" else "/"
    return go_to("sign-in", query=urlencode({"next": back}) if back != "/" else "")


def _too_large(workbench: Workbench, request: Request) -> Answer:
    visit, _ = _visit(workbench, request, Typed())
    with in_language(visit.language):
        most = MAX_FORM_BYTES // 1_000_000
        return sentence(
            visit, 413, say("提交的内容太大"), say("一次最多 {most} MB；请减少附件后再提交。", most=most)
        )


def _too_slow(workbench: Workbench, request: Request) -> Answer:
    visit, _ = _visit(workbench, request, Typed())
    with in_language(visit.language):
        return sentence(
            visit,
            408,
            say("提交没有收完"),
            say("内容传得太慢，已停止接收，什么也没有办。请检查网络，返回后重新提交。"),
        )


def _response(workbench: Workbench, answer: Answer) -> Response:
    response = Response(answer.body, status_code=answer.status, headers=dict(answer.headers), media_type=None)
    response.headers["content-type"] = answer.type
    for name, value in answer.cookies.items():
        if value is None:
            response.delete_cookie(name, path="/", secure=workbench.secure, httponly=True, samesite="lax")
        else:
            response.set_cookie(name, value, path="/", secure=workbench.secure, httponly=True, samesite="lax")
    return response


def _api_endpoint(workbench: Workbench) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body: bytes | None
        try:
            body = await _bounded(request, MAX_JSON_BYTES).body()
        except TooLargeError:
            body = None
        except TooSlowError:
            with in_language(request.headers.get("accept-language") or "zh_CN"):
                return _response(workbench, too_slow())
        route = request.scope["route"].path
        asked = (cookies := _cookies(request)).get(SESSION_COOKIE, "")
        answer = await run_in_threadpool(
            api_answer,
            workbench,
            route,
            request.method,
            {name: str(value) for name, value in request.path_params.items()},
            dict(request.query_params),
            request.headers,
            body,
            asked,
            cookies.get(LANGUAGE_COOKIE, ""),
        )
        return _response(workbench, answer)

    return endpoint


def _plain_error(workbench: Workbench) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer what no page is for: unknown addresses and methods."""

    async def handler(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        return _response(workbench, await run_in_threadpool(_nothing_here, workbench, request, status))

    return handler


def _nothing_here(workbench: Workbench, request: Request, status: int) -> Answer:
    if request.url.path.startswith("/api/"):
        from engine.web.api.problems import problem

        return problem(status, "about:blank", str(say("没有这个地址，或不能这样调用")))
    visit, _ = _visit(workbench, request, Typed())
    with in_language(visit.language):
        return sentence(visit, status, say("没有这个页面"), say("地址可能输错了，或者页面已经移走。"))
