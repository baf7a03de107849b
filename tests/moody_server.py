"""An SMTP server with a mood for each mail: it refuses, hangs up, is silent. For tests of what is done about it."""

import itertools
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from heard.kit import smtp
from heard.kit.settings import settings


class Moody(socketserver.StreamRequestHandler):
    """A conversation with a server that has a mood for each mail: (stage, reply). A reply "" is silence, "drop" hangs up."""

    def handle(self):
        mood = ("", "")
        self.say("220 sink.example ESMTP")
        for line in self.rfile:
            verb = line.decode().strip().upper()
            if verb.startswith(("EHLO", "HELO", "NOOP", "RSET")):
                self.say("250 OK")
            elif verb.startswith("MAIL"):
                mood = next(self.server.moods)
                if not self.answer(mood, "MAIL", "250 OK"):
                    return
            elif verb.startswith("RCPT"):
                if not self.answer(mood, "RCPT", "250 OK"):
                    return
            elif verb.startswith("DATA"):
                self.say("354 go on")
                text = b"".join(itertools.takewhile(lambda one: one != b".\r\n", self.rfile))
                if mood[0] not in ("DATA",):
                    self.server.taken.append(text)
                if not self.answer(mood, "DATA", "250 kept") or not self.answer(mood, "AFTER", ""):
                    return
            elif verb.startswith("QUIT"):
                self.say("221 bye")
                return

    def answer(self, mood, stage, usual):
        said = mood[1] if mood[0] == stage else usual
        if said == "drop":
            return False
        if said == "" and mood[0] == stage:
            time.sleep(1.5)
        elif said:
            self.say(said)
        return True

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Set `.moods` for the next mails; afterwards all goes well. `.taken`: the mails. Nobody waits longer than a second."""

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    server: Any = Server(("127.0.0.1", 0), Moody)
    server.taken, server.moods = [], itertools.repeat(("", ""))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(settings(), "smtp_url", f"smtp://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setattr(smtp, "TIMEOUT", 1)
    monkeypatch.setattr(smtp, "AFTER_DATA", 1)
    yield server
    server.shutdown()
    server.server_close()


def moody(*moods):
    return itertools.chain(moods, itertools.repeat(("", "")))


def told(server):
    """To whom mails were taken, and under which ids."""
    heads = [text.decode().split("\r\n\r\n")[0] for text in server.taken]
    return [{line.partition(": ")[0]: line.partition(": ")[2] for line in head.split("\r\n")} for head in heads]
