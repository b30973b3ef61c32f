"""A test message: whether a channel works is seen by what it brings, not by its settings."""

from __future__ import annotations

from engine.app.access.command import CommandContext, command
from engine.app.ports.records import InboxEntry, OutboxItem
from engine.kernel.instants import to_text
from engine.language import say

__all__ = ["send_test_message"]


@command("channel.test")
def send_test_message(context: CommandContext, channel: str) -> str:
    """Send oneself a test message on a channel of the deployment; return its id. What becomes of it is in the log of deliveries."""
    if channel not in context.services.channels:
        known = list(context.services.channels)
        raise context.refusal(
            "channel", say("没有渠道“{channel}”；有：{known}", channel=channel, known=known)
        )
    name = f"test:{channel}:{context.by}:{to_text(context.now)}"
    title = str(say("测试消息"))
    text = str(
        say(
            "这是一条测试消息，由 {person} 发出；收到就说明渠道“{channel}”能用。",
            person=context.by,
            channel=channel,
        )
    )
    if channel == "inbox":
        entry = InboxEntry(
            id=name,
            recipient=context.by,
            case=None,
            about="test",
            title=title,
            text=text,
            urgent=True,
            created_at=context.now,
        )
        context.transaction.inbox.put([entry])
    else:
        item = OutboxItem(
            id=name,
            kind="message",
            channel=channel,
            recipient=context.by,
            case=None,
            payload={"about": "test", "title": title, "text": text, "urgent": True},
            created_at=context.now,
        )
        context.transaction.outbox.put([item])
    return name
