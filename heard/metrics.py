"""GET /metrics: figures for Prometheus or whoever reads its text format, for programs on this very machine.

The format: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4). Requests are counted by each web
process for itself; everything else is in the database and the same from all of them.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from sqlalchemy import func, select, text
from sqlmodel import col

from heard.kit import answered
from heard.kit.clock import now
from heard.kit.db import DbSession, Session
from heard.kit.errors import NotFound
from heard.kit.settings import settings
from heard.kit.work import WorkDue
from insights.models import Delivery

router = APIRouter(include_in_schema=False)
LOCAL = ("127.0.0.1", "localhost", "[::1]")
# Behind a proxy on this machine every visitor of the world comes from a loopback address.
BY_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, object]


@router.get("/metrics")
def metrics(request: Request, session: Session) -> PlainTextResponse:
    """Requests, work that is due, mails that wait, and the size of the database. 404 for everybody elsewhere."""
    if not is_here(request):
        raise NotFound
    return PlainTextResponse("".join(lines(session)), media_type=TYPE, headers={"Cache-Control": "no-store"})


def is_here(request: Request) -> bool:
    """Whether a program of this machine asks for itself, and not a proxy for somebody: by the connection's other end, by the
    name it asks for, and by the absence of what proxies add."""
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    peer = request.client.host if request.client else ""
    try:
        near = ip_address(peer.partition("%")[0]).is_loopback
    except ValueError:
        near = False
    return near and name in LOCAL and not any(header in request.headers for header in BY_PROXY)


def lines(session: DbSession) -> Iterable[str]:
    """The whole text, metric by metric."""
    requests = sorted(answered.counts.items())
    yield from metric(
        "heard_requests_total", "counter", "Requests answered by this process, by what they were about and status.",
        [({"about": about, "status": status}, n) for (about, status), n in requests],
    )  # fmt: skip
    due = session.execute(select(col(WorkDue.kind), func.count()).group_by(col(WorkDue.kind))).all()
    yield from metric("heard_work_waiting", "gauge", "Rows of work by kind.", [({"kind": kind}, n) for kind, n in due])
    late = session.execute(select(func.min(col(WorkDue.due_at))).where(col(WorkDue.due_at) <= now())).scalar()
    waited = max(0.0, (now() - late).total_seconds()) if late else 0.0
    yield from metric("heard_work_late_seconds", "gauge", "How long the oldest work has been due.", [({}, waited)])
    waiting = col(Delivery.status).in_(("queued", "sending"))
    mails = session.execute(select(func.count()).select_from(Delivery).where(waiting)).scalar() or 0
    yield from metric("heard_deliveries_waiting", "gauge", "Briefs on their way to a reader.", [({}, mails)])
    yield from metric("heard_database_bytes", "gauge", "Size of the database.", [({}, size_of_database(session))])


def metric(name: str, kind: str, help: str, values: Iterable[tuple[Labels, float]]) -> Iterable[str]:
    """One metric with its values."""
    yield f"# HELP {name} {help}\n# TYPE {name} {kind}\n"
    for labels, value in values:
        told = ",".join(f'{key}="{escaped(str(one))}"' for key, one in labels.items())
        yield f"{name}{{{told}}} {value}\n" if told else f"{name} {value}\n"


def escaped(value: str) -> str:
    """A label's value as the format wants it."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def size_of_database(session: DbSession) -> int:
    """In bytes; with the -wal beside it on SQLite."""
    if file := settings().sqlite_file:
        there = (file, file.with_name(f"{file.name}-wal"))
        return sum(one.stat().st_size for one in there if one.exists())
    return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar() or 0)
