"""Who calls the API, and whether the call is well made: token, body, Idempotency-Key, If-Match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.app.queries.definitions import list_definitions, show_definition
from engine.app.queries.people.web_sessions import Visitor, find_visitor, find_visitor_of_token
from engine.kernel.budget import JSON_ERRORS, TEXT, BudgetExceededError, read_json
from engine.kernel.refusal import Refusal
from engine.language import Message, in_language, say
from engine.web.api.call import ApiCall, answered
from engine.web.api.description import description
from engine.web.api.operations import BY_ROUTE, DESCRIPTION, ApiOperation
from engine.web.api.problems import PREFIX, problem
from engine.web.visit import Answer
from engine.web.workbench import MAX_JSON_BYTES

if TYPE_CHECKING:
    from engine.lifecycle.model.form import Form
    from engine.web.workbench import Workbench

_KEY = re.compile(r"[!-~]{1,100}", re.ASCII)
_TAG = re.compile(r'"(\d{1,9})"', re.ASCII)


def api_answer(
    workbench: Workbench,
    route: str,
    method: str,
    parts: Mapping[str, str],
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes | None,
    session: str,
    language: str,
) -> Answer:
    """Return the answer to one call; `body` is None where it was too large."""
    asked = headers.get("accept-language") or language or "zh_CN"
    with workbench.application.reading(), in_language(asked):
        visitor = _visitor(workbench, method, headers, session)
        if route == DESCRIPTION and isinstance(visitor, Message) and "authorization" not in headers:
            # What can be called is no secret: a program reads it before it has a token. The forms of the bureau are left out.
            return answered(description([]))
        if isinstance(visitor, Message):
            return problem(401, PREFIX + "not-signed-in", str(visitor))
        with visitor.acting():
            if route == DESCRIPTION:
                return answered(description(_forms(workbench, visitor)))
            operation = BY_ROUTE.get((method, route))
            if operation is None:
                return problem(405, PREFIX + "method", str(say("没有这个地址，或不能这样调用")))
            return _call(workbench, operation, visitor, parts, query, headers, body)


def _visitor(
    workbench: Workbench, method: str, headers: Mapping[str, str], session: str
) -> Visitor | Message:
    """Return who calls; by the session of the workbench only what is read, since a page of another could send it."""
    kind, _, text = headers.get("authorization", "").partition(" ")
    found: Visitor | None = None
    if kind.casefold() == "bearer":
        found = find_visitor_of_token(workbench.application, text.strip())
        if found is None:
            return say("令牌不对、已过期，或已撤销")
    elif session and method == "GET":
        found = find_visitor(workbench.application, session, workbench.settings)
    return found or say("请用令牌调用：Authorization: Bearer 令牌")


def _call(
    workbench: Workbench,
    operation: ApiOperation,
    visitor: Visitor,
    parts: Mapping[str, str],
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes | None,
) -> Answer:
    read = read_body(headers, body) if operation.writes else {}
    if isinstance(read, Answer):
        return read
    key, rev = headers.get("idempotency-key"), headers.get("if-match")
    if key is not None and _KEY.fullmatch(key) is None:
        return problem(422, PREFIX + "request", str(say("Idempotency-Key 应为 1 到 100 个可见的 ASCII 字符")))
    tag = _TAG.fullmatch(rev.strip()) if rev is not None else None
    if rev is not None and tag is None:
        return problem(412, PREFIX + "changed", str(say("If-Match 应为查看案件时所得的 ETag")))
    call = ApiCall(
        workbench=workbench,
        visitor=visitor,
        parts=parts,
        query=query,
        body=read,
        # Of two people with the same key neither answers for the other.
        request_id=f"api-{visitor.actor.id}-{key}" if key else None,
        if_rev=int(tag[1]) if tag else None,
    )
    return operation.answer(call)


def too_slow() -> Answer:
    """Return the problem of a body that did not arrive in time."""
    return problem(408, PREFIX + "body", str(say("请求的内容传得太慢，没有收完，什么也没有办；请重新发送")))


def read_body(headers: Mapping[str, str], body: bytes | None) -> Mapping[str, Any] | Answer:
    """Return the object a body holds, or the problem it is; None is a body that was too large."""
    if body is None:
        most = MAX_JSON_BYTES // 1000
        return problem(413, PREFIX + "body", str(say("请求的内容太大；最多 {most} KB", most=most)))
    if headers.get("content-type", "").partition(";")[0].strip().casefold() != "application/json":
        return problem(415, PREFIX + "body", str(say("请求的内容应为 application/json")))
    try:
        # Numbers with a point are kept as they are written: nothing is decided by floats.
        read = read_json(body, TEXT, parse_float=str)
    except BudgetExceededError as problem_found:
        return problem(422, PREFIX + "body", str(problem_found.message))
    except JSON_ERRORS:
        return problem(422, PREFIX + "body", str(say("请求的内容不是正确的 JSON")))
    if not isinstance(read, Mapping):
        return problem(422, PREFIX + "body", str(say("请求的内容应为 JSON 对象")))
    return read


def _forms(workbench: Workbench, visitor: Visitor) -> list[Form]:
    """Return the forms of the definitions in force, each once."""
    versions = list_definitions(workbench.application, visitor.actor.id)
    if isinstance(versions, Refusal):
        return []
    found: dict[str, Form] = {}
    for name in dict.fromkeys(version.workflow for version in versions):
        process = show_definition(workbench.application, visitor.actor.id, name)
        if not isinstance(process, Refusal):
            found |= process.workflow.forms
    return [found[name] for name in sorted(found)]
