"""An SMTP server that keeps what it is given and answers what a test wants, and a mail to give it."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from heard.kit import mail
from tests.journeys.server import free_port


class MailServer:
    """`answers` maps MAIL, RCPT or DATA to its reply; `taken`: (recipients, message); `raw`: the bytes of each."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[tuple[list[str], Any]] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.conversations: set[int] = set()
        self.url = ""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """aiosmtpd calls these."""
        self.conversations.add(id(session))
        if reply := self.answers.get("MAIL"):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if reply := self.answers.get("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if reply := self.answers.get("DATA"):
            return reply
        self.senders.append(envelope.mail_from)
        self.raw.append(envelope.content)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((list(envelope.rcpt_tos), message))
        return "250 kept"


@contextmanager
def receiving(*, international: bool = False) -> Iterator[MailServer]:
    """A server for the length of a block."""
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.factory = lambda: SMTP(handler, hostname="sink.example", enable_SMTPUTF8=international)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield handler
    finally:
        controller.stop()


def made(**more: str) -> EmailMessage:
    """A mail; `more` as in mail.message()."""
    values = {
        "to": "claire@board.example",
        "subject": "Hello",
        "text": "Bonjour à tous",
        "html": "<p>x</p>",
        "message_id": "<a@b.example>",
    }
    return mail.message(**(values | more))
