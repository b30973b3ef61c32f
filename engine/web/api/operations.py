"""The table of the operations of the API; the description and the routes are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.language import Message, say
from engine.web.api import acting, reading
from engine.web.api.call import ApiCall
from engine.web.visit import Answer

BASE = "/api/v1"
DESCRIPTION = "/api/openapi.json"
_PAGED: Mapping[str, str] = {"after": "string", "limit": "integer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiOperation:
    """One operation: method and path, what it does, which queries it takes, which body."""

    id: str
    method: str
    path: str
    title: Message
    answer: Callable[[ApiCall], Answer]
    query: Mapping[str, str] = field(default_factory=dict)
    #: Name of the schema of its body; "" without one.
    body: str = ""
    #: It answers with an ETag, and takes ``If-Match`` where it writes.
    tagged: bool = False

    @property
    def writes(self) -> bool:
        """Tell whether it changes something."""
        return self.method == "POST"


def _reads(
    name: str, path: str, title: Message, answer: Callable[[ApiCall], Answer], **query: str
) -> ApiOperation:
    return ApiOperation(id=name, method="GET", path=BASE + path, title=title, answer=answer, query=query)


OPERATIONS: tuple[ApiOperation, ...] = (
    _reads("me", "/me", say("谁在调用"), reading.me),
    _reads(
        "tasks",
        "/tasks",
        say("本人的待办"),
        reading.tasks,
        tab="string",
        text="string",
        workflow="string",
        **_PAGED,
    ),
    _reads(
        "cases",
        "/cases",
        say("看得到的案件"),
        reading.cases,
        text="string",
        workflow="string",
        state="string",
        parent="string",
        section="string",
        open="boolean",
        **_PAGED,
    ),
    ApiOperation(
        id="start",
        method="POST",
        path=f"{BASE}/cases",
        title=say("启动案件"),
        answer=acting.start,
        body="NewCase",
    ),
    ApiOperation(
        id="case",
        method="GET",
        path=f"{BASE}/cases/{{case}}",
        title=say("一件案件和可办的步骤"),
        answer=reading.case,
        tagged=True,
    ),
    _reads("history", "/cases/{case}/history", say("案件的历史"), reading.history, **_PAGED),
    _reads("events", "/events", say("游标之后发生的事"), reading.events, **_PAGED),
    _reads("tree", "/cases/{case}/tree", say("案件及其全部子案件"), reading.tree),
    _reads("documents", "/cases/{case}/documents", say("案件的文书"), reading.documents),
    ApiOperation(
        id="step",
        method="POST",
        path=f"{BASE}/cases/{{case}}/steps/{{step}}",
        title=say("办理一步"),
        answer=acting.step,
        body="Step",
        tagged=True,
    ),
    ApiOperation(
        id="verb",
        method="POST",
        path=f"{BASE}/cases/{{case}}/verbs/{{verb}}",
        title=say("领取、转办、退回、催办等"),
        answer=acting.verb,
        body="Verb",
        tagged=True,
    ),
    _reads("register", "/registers/{kind}", say("名录"), reading.register, **_PAGED),
    _reads("register-entry", "/registers/{kind}/{entry}", say("名录的一条"), reading.register_entry),
    _reads("draws", "/draws", say("抽取"), reading.draws),
    _reads("draw", "/draws/{case}/{number}", say("一次抽取"), reading.draw),
    _reads("figures", "/figures", say("指标、进度与督导"), reading.figures, year="integer"),
    _reads("definitions", "/definitions", say("已发布的流程"), reading.definitions),
    _reads("deliveries", "/deliveries", say("送出的消息和结果"), reading.deliveries, status="string"),
    _reads("inbox", "/inbox", say("收件箱"), reading.inbox),
    ApiOperation(
        id="acknowledge",
        method="POST",
        path=f"{BASE}/inbox/acknowledge",
        title=say("确认已读"),
        answer=acting.acknowledged,
        body="Acknowledge",
    ),
)

#: Method and path -> operation.
BY_ROUTE: Mapping[tuple[str, str], ApiOperation] = {(one.method, one.path): one for one in OPERATIONS}
#: Every path, the more exact ones first.
API_PATHS: tuple[str, ...] = (DESCRIPTION, *dict.fromkeys(one.path for one in OPERATIONS))
