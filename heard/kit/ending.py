"""Whether this process is about to end: what would stay open for long (live results) ends by itself then. Set by patience.py,
whose connections are told by uvicorn before it waits for them."""

from threading import Event

soon = Event()
