"""Visits: the one thing that a GET may count. In memory by subject, hour and kind, written to `visit_counts` every few
seconds; without anything that tells one visitor from another.

`kind`: a person; a preview, drawn by a chat or a social network; a scanner, which opens every link of a mail. Told apart by
what they say of themselves, so the count of persons is an upper bound.
"""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from fastapi import Request
from sqlalchemy import CheckConstraint, func, select
from sqlmodel import Field, SQLModel, col

from heard.kit import logs
from heard.kit.clock import now
from heard.kit.db import DbSession, UtcTime, one_of, upsert, writing

log = logs.logger("heard.visits")
KINDS = ("person", "preview", "scanner")
FLUSH_SECONDS = 10
# Names that drawers of previews and mail scanners give themselves, from their own documents and from server logs.
_PREVIEWS = re.compile(
    r"slack|discord|mastodon|pleroma|misskey|facebookexternalhit|facebot|twitterbot|linkedinbot|telegrambot|whatsapp|skypeuri"
    r"|redditbot|bluesky|cardyb|embedly|iframely|discourse|pinterest|vkshare|viber|signal|matrix|synapse|zulip|mattermost"
    r"|teams|google-pagerenderer|googleimageproxy|opengraph|oembed|wordpress|ghost",
    re.I,
)
_SCANNERS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|safelinks|barracuda|proofpoint|mimecast|fireeye|forcepoint|symantec|trendmicro|ironport"
    r"|headless|phantom|puppeteer|playwright|selenium|curl|wget|python|httpx|java/|go-http|okhttp|libwww|perl|ruby|node|axios"
    r"|scan|preview|monitor|check|validator|archiv",
    re.I,
)


class VisitCount(SQLModel, table=True):
    """How many visits of one kind a subject ("link:12") had in one hour."""

    __tablename__ = "visit_counts"
    __table_args__ = (one_of("kind", KINDS), CheckConstraint("n > 0", name="n"))
    subject: str = Field(primary_key=True, max_length=60)
    hour: datetime = Field(primary_key=True, sa_type=UtcTime)
    kind: str = Field(primary_key=True, max_length=8)
    n: int


def kind_of_visit(method: str, headers: Mapping[str, str]) -> str:
    """person | preview | scanner, by the method and the (lower-case) headers of a request."""
    agent = headers.get("user-agent", "")
    if _PREVIEWS.search(agent):
        return "preview"
    if "prefetch" in f"{headers.get('purpose', '')} {headers.get('sec-purpose', '')} {headers.get('x-moz', '')}":
        return "preview"
    # A browser of a person says what it can read and in which language; it never asks with HEAD.
    speaks = "accept-language" in headers and "text/html" in headers.get("accept", "")
    return "scanner" if method == "HEAD" or not agent or _SCANNERS.search(agent) or not speaks else "person"


class _Counts:
    """What this process has counted and not yet written."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: Counter[tuple[str, datetime, str]] = Counter()
        self.stopped = threading.Event()
        self.thread: threading.Thread | None = None


_counts = _Counts()


def count(subject: str, request: Request) -> None:
    """One more visit; written later."""
    # The edge turns HEAD into GET for the routes and keeps the word (heard/edge.py).
    add(subject, kind_of_visit(getattr(request.state, "method", request.method), request.headers))


def add(subject: str, kind: str, *, by_day: bool = False) -> None:
    """One more, of a kind that is known; `by_day`: no finer time is kept."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    with _counts.lock:
        _counts.waiting[subject, hour.replace(hour=0) if by_day else hour, kind] += 1


def flush() -> None:
    """Write what was counted. What cannot be written now stays for the next time."""
    with _counts.lock:
        counted, _counts.waiting = _counts.waiting, Counter()
    if not counted:
        return
    try:
        with writing() as session:
            put = upsert(session, VisitCount)
            table = VisitCount.__table__  # type: ignore[attr-defined]
            put = put.on_conflict_do_update(
                index_elements=["subject", "hour", "kind"], set_={"n": table.c.n + put.excluded.n}
            )
            # in the order of keys: two processes never wait for each other
            rows = [{"subject": s, "hour": h, "kind": k, "n": n} for (s, h, k), n in sorted(counted.items())]
            session.execute(put, rows)
    except Exception as error:  # whatever it is: the thread lives on, and nothing that was counted is lost
        log.warning("visits.kept", why=type(error).__name__)
        with _counts.lock:
            _counts.waiting.update(counted)


def start() -> None:
    """Write every few seconds from now on, in a thread of its own."""
    if _counts.thread is None:
        _counts.stopped.clear()
        _counts.thread = threading.Thread(target=_run, name="visits", daemon=True)
        _counts.thread.start()


def stop() -> None:
    """Write the rest."""
    if _counts.thread is not None:
        _counts.stopped.set()
        _counts.thread.join()
        _counts.thread = None
    flush()


def _run() -> None:
    while not _counts.stopped.wait(FLUSH_SECONDS):
        flush()


def visits_of(session: DbSession, subjects: list[str]) -> dict[str, Counter[str]]:
    """By subject, how many visits of each kind."""
    rows = session.execute(
        select(col(VisitCount.subject), col(VisitCount.kind), func.sum(VisitCount.n))
        .where(col(VisitCount.subject).in_(subjects))
        .group_by(col(VisitCount.subject), col(VisitCount.kind))
    )
    found: dict[str, Counter[str]] = {subject: Counter() for subject in subjects}
    for subject, kind, n in rows:
        found[subject][kind] = int(n)
    return found
