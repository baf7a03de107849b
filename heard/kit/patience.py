"""How long a connection is waited for whose request does not come. uvicorn itself waits for ever: its keep-alive timer runs
between requests only, and one byte stops it.

Connections are looked at once a second, all together: a timer for each request would cost every vote. Looks are counted and
not seconds, so that a process that was held up blames nobody for it.
"""

import asyncio
from weakref import WeakSet

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from heard.kit import ending

EVERY = 1.0  # seconds between two looks
LOOKS = 10  # for all headers of a request; for the next ENOUGH bytes of its body
ENOUGH = 1000  # who sends 20 MB over a poor line sends hundreds of times that

_looked_after: WeakSet[ServerState] = WeakSet()


class Patient(HttpToolsProtocol):
    """uvicorn's protocol, and how long it has been waiting."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As there. The first connection of a server begins the looking."""
        super().connection_made(transport)
        self._looks, self._came, self._counted = 0, 0, 0
        if self.server_state not in _looked_after:
            _looked_after.add(self.server_state)
            self.loop.call_later(EVERY, _look, self.loop, self.server_state)

    def shutdown(self) -> None:
        """As there; and whatever streams for as long as somebody listens is told."""
        ending.soon.set()
        super().shutdown()

    def on_body(self, body: bytes) -> None:
        """As there, and counted."""
        self._came += len(body)
        super().on_body(body)

    def look(self) -> None:
        """Close it when LOOKS have passed and its request has not come on."""
        if not self._waits_for_them() or (self._in_body() and self._came - self._counted >= ENOUGH):
            self._looks, self._counted = 0, self._came
            return
        self._looks += 1
        if self._looks > LOOKS:
            self.transport.abort()  # close() would wait until they have read what was sent to them

    def _waits_for_them(self) -> bool:
        """Whether it is their turn: not while we think, keep them from sending, or rest between two requests."""
        if self.transport.is_closing() or self.flow.read_paused or self.pipeline:
            return False
        if self.cycle is None or self.cycle.response_complete:
            # Between requests uvicorn's own timer runs. Whatever they send stops it, be it an empty line.
            return self.timeout_keep_alive_task is None or self._in_body()
        return self.cycle.more_body and not self.cycle.waiting_for_100_continue

    def _in_body(self) -> bool:
        """Or what it was when it was answered: a body too large is refused before it has come."""
        return self.cycle is not None and self.cycle.more_body and self.cycle.scope is self.scope


def _look(loop: asyncio.AbstractEventLoop, state: ServerState) -> None:
    loop.call_later(EVERY, _look, loop, state)
    for connection in list(state.connections):
        if isinstance(connection, Patient):
            connection.look()
