"""Messages in the words of the bureau: a channel whose texts are made by a template of `forms/templates`.

The template runs in the sandbox of documents, with its limits of time and size. A deadline must be announced whatever the
template does: where it fails, the message goes out in the words it came with, followed by what is wrong.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.app.delivery.deliver import Channel, Outcome
from engine.app.delivery.quiet_hours import MESSAGE
from engine.app.ports.records import OutboxItem
from engine.deployment.home import Home
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.documents import PublishedTexts
    from engine.documents.template_folder import Folder

#: No message is longer, in bytes of UTF-8.
MAX_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class TemplatedChannel:
    """Hands messages to `channel` with their text made by `template`; what is no message goes through as it is.

    The template sees ``about``, ``title``, ``text``, ``case``, ``recipient``, ``urgent``, and, in a digest, ``messages``
    with the same names.
    """

    channel: Channel
    template: str
    #: Where the template is looked for: asked for each batch, since it may be published anew.
    folders: Callable[[], tuple[Folder, ...]]

    @property
    def batch(self) -> int:
        """Return how many items at most go into one `send`."""
        return self.channel.batch

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Hand over the items in the words of the template."""
        folders = self.folders() if any(item.kind == MESSAGE for item in items) else ()
        return self.channel.send([self._worded(item, folders) for item in items])

    def _worded(self, item: OutboxItem, folders: tuple[Folder, ...]) -> OutboxItem:
        if item.kind != MESSAGE:
            return item
        from engine.documents.render import RenderError, render

        given = {
            "about": str(item.payload.get("about", "")),
            "title": str(item.payload.get("title", "")),
            "text": str(item.payload.get("text", "")),
            "case": item.case or "",
            "recipient": item.recipient or "",
            "urgent": bool(item.payload.get("urgent")),
            "messages": list(item.payload.get("messages", ())),
        }
        try:
            made = render(self.template, given, folders)
        except RenderError as problem:
            return self._as_it_came(item, problem.message)
        # Templates are HTML and escape what they are given; a message is plain text.
        text = html.unescape(made.decode()).strip()
        if not text:
            return self._as_it_came(item, say("模板没有写出任何文字"))
        if len(text.encode()) > MAX_BYTES:
            return self._as_it_came(item, say("模板写出的文字超过 {most} 字节", most=MAX_BYTES))
        return replace(item, payload={**item.payload, "text": text})

    def _as_it_came(self, item: OutboxItem, problem: Message) -> OutboxItem:
        text = say(
            "{text}\n（消息模板“{template}”有误，已按原文发送：{problem}）",
            text=item.payload.get("text", ""),
            template=self.template,
            problem=problem,
        )
        return replace(item, payload={**item.payload, "text": str(text)})


def worded(
    channels: Mapping[str, Channel],
    home: Home,
    published: Callable[[], PublishedTexts | None] = lambda: None,
) -> dict[str, Channel]:
    """Return the channels, those with a ``template`` in the settings speaking by it.

    `published` gives the published templates; where none were ever published those of the folder speak.
    """
    from engine.deployment.rendering import published_folder

    def folders() -> tuple[Folder, ...]:
        texts = published()
        return (home.forms / "templates",) if texts is None else (published_folder(texts),)

    found = dict(channels)
    for name, channel in channels.items():
        template = (home.channels.get(name) or {}).get("template")
        if template:
            found[name] = TemplatedChannel(channel, str(template), folders)
    return found
