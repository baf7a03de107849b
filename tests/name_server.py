"""A DNS server on 127.0.0.1, over UDP and TCP, that says what a test wants it to say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dnslib import QTYPE, RCODE, RR, DNSError, DNSRecord
from dnslib.server import DNSHandler, DNSLogger, DNSServer

from tests.journeys.server import free_port

LONGEST_OVER_UDP = 512


class _Handler(DNSHandler):
    def get_reply(self, data: bytes) -> bytes:
        """What is too long for a datagram is cut and marked; dnslib's own cut drops the question too."""
        reply = self.server.resolver.resolve(DNSRecord.parse(data), self)
        if self.protocol == "udp" and len(reply.pack()) > LONGEST_OVER_UDP:
            reply.rr, reply.header.tc = [], 1
        return bytes(reply.pack())


class NameServer:
    """`zone`: lines of a zone file. A name in `fails` answers SERVFAIL, one in `silent` nothing at all.

    `asked` keeps each question as "udp TXT name"; `meanwhile` is called while a question waits for its answer.
    """

    def __init__(self, zone: str = "") -> None:
        self.port = free_port()
        self.zone, self.fails, self.silent, self.asked = zone, set[str](), set[str](), list[str]()
        self.meanwhile: Callable[[], Any] = lambda: None

    @property
    def address(self) -> str:
        """As HEARD_DNS_SERVER takes it."""
        return f"127.0.0.1:{self.port}"

    def resolve(self, request: Any, handler: Any) -> Any:
        """One answer; dnslib calls it."""
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        self.asked.append(f"{handler.protocol} {kind} {name}")
        self.meanwhile()
        if name in self.silent:
            raise DNSError("not a word")
        reply = request.reply()
        records = RR.fromZone(self.zone)
        here = [r for r in records if str(r.rname).rstrip(".").lower() == name]
        for record in here:
            if QTYPE[record.rtype] == kind:
                reply.add_answer(record)
        if name in self.fails:
            reply.header.rcode = RCODE.SERVFAIL
        elif not here:
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


@contextmanager
def answering(zone: str = "") -> Iterator[NameServer]:
    """A name server, stopped at the end."""
    made = NameServer(zone)
    servers = [
        DNSServer(made, "127.0.0.1", made.port, tcp=tcp, handler=_Handler, logger=DNSLogger(logf=lambda _line: None))
        for tcp in (False, True)
    ]
    for server in servers:
        server.start_thread()
    try:
        yield made
    finally:
        for server in servers:
            server.stop()
            server.server.server_close()
