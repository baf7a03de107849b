"""Calls with an Idempotency-Key: the same call again gets the first answer again, and its deed is done once
(draft-ietf-httpapi-idempotency-key-header).

The answer is written in the transaction of its deed, so a kill between the commit and the answer loses neither. What is
refused has done nothing and is not kept: sent again, it is decided anew. An answer may hold secrets, so it is kept
scrambled with the token, of which we have a hash only.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from heard.accounts.models import ApiCall
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _

KEPT = timedelta(hours=24)
LONGEST_KEY = 200


class CallRunning(Refused):
    """The same call is being done at this moment."""

    code, status, retry_after = "idempotency_running", 409, 1

    def __init__(self) -> None:
        super().__init__(
            _("The first call with this Idempotency-Key is still running."), hint=_("Send it again in a second.")
        )


class OtherCall(BadInput):
    """A key is for one call."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key was used for another call, so nothing was done."),
            hint=_("Make a new key for each thing you want done; a UUID is a good one."),
        )


@dataclass
class Call:
    """A call with a key. `hash` is of method, address and body; session and token come with its credentials."""

    key: str
    hash: str
    token: str
    session: DbSession | None = None
    token_id: int = 0


class Replayed(Exception):
    """The call was answered before; this is the answer. No failure: it ends the request before its deed is done again."""

    def __init__(self, status: int, answer: bytes) -> None:
        self.status, self.answer = status, answer


def call_hash(method: str, address: str, body: bytes) -> str:
    """What makes two calls the same."""
    return hashlib.sha256(b"\x1f".join([method.encode(), address.encode(), body])).hexdigest()


def begin(session: DbSession, call: Call) -> None:
    """Before the deed. Raises Replayed when it is done already, OtherCall, and CallRunning.

    SQLite lets one write at a time; on PostgreSQL a lock that ends with the transaction keeps a second process out.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"{call.token_id}\x1f{call.key}".encode()).digest()[:8], signed=True)
        if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}):
            raise CallRunning
    _replay(session, call)


def keep(call: Call, status: int, answer: bytes) -> None:
    """After the deed, in its transaction. Raises Replayed when another process was faster: then this deed is undone."""
    session = call.session
    assert session is not None
    at = now()
    kept = ApiCall(token_id=call.token_id, key=call.key, call_hash=call.hash, status=status, at=at, answer="")
    kept.answer = base64.b64encode(_scrambled(call, at, answer)).decode()
    session.flush()  # of the deed itself, so that what fails below is this row
    try:
        session.add(kept)
        session.flush()
    except IntegrityError:
        session.rollback()
        _replay(session, call)
        raise
    work.due(session, "forget_calls", "all", wait=KEPT)


def forget(session: DbSession) -> None:
    """Erase what is older than a day; what is younger has its hour."""
    session.execute(delete(ApiCall).where(col(ApiCall.at) <= now() - KEPT))
    if oldest := session.exec(select(ApiCall.at).order_by(col(ApiCall.at)).limit(1)).first():
        work.due(session, "forget_calls", "all", wait=oldest + KEPT - now())


def _replay(session: DbSession, call: Call) -> None:
    found = session.get(ApiCall, (call.token_id, call.key))
    if found is None:
        return
    if found.call_hash != call.hash:
        raise OtherCall
    raise Replayed(found.status, _scrambled(call, found.at, base64.b64decode(found.answer)))


def _scrambled(call: Call, at: datetime, answer: bytes) -> bytes:
    """The answer under a stream that nobody can make without the token; twice gives it back."""
    seed = "\x1f".join([call.token, call.key, call.hash, at.isoformat()]).encode()
    stream = hashlib.shake_256(seed).digest(len(answer))
    return bytes(one ^ other for one, other in zip(answer, stream, strict=True))
