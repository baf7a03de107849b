"""A ballot that is filled in page by page: each page is kept, the last one sends all of it.

A page is a section, or a question where there are no sections. Pages whose questions are all hidden are passed over.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response

from feedback.collect import ballots, begun, intake, languages, queries, replaced, voters
from feedback.collect.ballot_view import MANY, BallotPage, Leaf, again, carried_over, empty, on_page, refused
from feedback.collect.ballots import AlreadyVoted, Answers, OldBallot, PollClosed
from feedback.collect.begun import Begun
from feedback.collect.layout import pages_of, seed_of, unseen
from feedback.collect.prefill import TAKEN
from feedback.collect.receipts import receipt_of
from feedback.collect.replaced import Outdated
from feedback.collect.voters import Voter
from feedback.integrity import arrivals, networks
from feedback.integrity.arrivals import Arrival
from heard.accounts.members import LONGEST
from heard.kit import tokens
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import BadInput, Unavailable
from heard.kit.i18n import _, day
from heard.kit.settings import settings
from heard.kit.web import Form, first, secure_cookie, see_other
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion
from polls.publish import links

YEAR = 365
LONGEST_QUERY = 2000  # of prefilled answers that go along from page to page
SECRET = {"X-Robots-Tag": "noindex, nofollow"}


class _Turn(NamedTuple):
    """What a page that was sent meets. `receipt`: this ballot was recorded before (a double click, or an old page)."""

    poll: FrozenPoll
    nonce: str
    cookie: str
    voter: Voter
    kept: Begun | None
    fields: dict[str, list[str]]  # all that is filled in, this page included
    place: int
    receipt: str = ""
    link_id: int | None = None
    network: str | None = None  # in memory only: a network begins so many in an hour


def show(request: Request, session: DbSession, shown: BallotPage, voter: Voter) -> Response:
    """The page somebody is on: the first one, the one they left, or the one they ask for."""
    poll, token = shown.poll, request.query_params.get("resume", "")[:100]
    kept = begun.find(session, poll, token, None if token else voter)
    if token and kept is None:
        if receipt := _recorded(session, poll, token):
            return see_other(f"/r/{receipt}")
        if older := replaced.begun_before(session, poll, token):
            shown = carried_over(shown, Outdated(older))
        else:
            shown = replace(shown, lost=True)
    if kept and not token:
        shown = replace(shown, state="begun", submission=kept.token, begun_at=day(kept.saved_at))
        return on_page(request, shown)
    wanted = request.query_params.get("page", "")
    place = 1
    if kept:
        place = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else kept.place
        place = min(place, _first_unseen(poll, kept))
        shown = replace(shown, values={**_not_yet_seen(shown.values, kept), **kept.fields}, submission=kept.token)
    return _leaf(request, shown, place, kept, known=voter.known and not poll.anonymous)


async def turn(
    request: Request, poll: FrozenPoll, form: Form, fault: BadInput | Unavailable | None, older: Outdated | None = None
) -> Response:
    """Keep the page that was sent; then the next one, the one before, or the receipt. `older`: it is of an older edition."""
    wish = first(form, "do")
    nonce = first(form, "submission") or tokens.fresh()
    at = await asyncio.to_thread(_look_up, request, poll, form, nonce)
    if at.receipt:
        return see_other(f"/r/{at.receipt}")
    if wish == "restart":
        await asyncio.to_thread(_forget, at)
        return see_other(_address(request, poll, form))
    if older:
        at = at._replace(fields=older.fields)
        kept = await asyncio.to_thread(_keep, at, 1)
        return _kept_answer(request, form, at, kept, 1, flash=f"{replaced.message()} {replaced.hint()}")
    try:
        if fault:
            raise fault
        ballots.must_be_current(poll, form)
        if wish in ("back", "save"):
            return await _left(request, form, at, wish)
        return await _filled_in(request, form, at, wish)
    except (BadInput, Unavailable) as refusal:
        place = _place_of(poll, refusal, at.place)
        if isinstance(refusal, OldBallot):
            place = _first_unseen(poll, at.kept) if at.kept else 1
        if place != at.place:
            at = at._replace(kept=await asyncio.to_thread(_keep, at, place))
        shown = refused(_again(poll, nonce, form), at.fields, refusal)
        return _leaf(request, shown, place, at.kept, status=refusal.status, headers=again(refusal))


async def _left(request: Request, form: Form, at: _Turn, wish: str) -> Response:
    """Go back, or leave it for later: nothing is checked."""
    before = _asked_pages(at.poll, at.fields)
    place = max((p for p in before if p < at.place), default=1) if wish == "back" else at.place
    kept = await asyncio.to_thread(_keep, at, place)
    return _kept_answer(request, form, at, kept, place, saved=wish == "save")


async def _filled_in(request: Request, form: Form, at: _Turn, wish: str) -> Response:
    """Check this page; then the next one, or record the whole."""
    poll, here = at.poll, [q.id for q in pages_of(at.poll)[at.place - 1]]
    added = [i for i in unseen(poll, ballots.said_so_far(poll, at.fields), form) if i in here]
    if added:
        shown = replace(_again(poll, at.nonce, form), values=at.fields)
        return _leaf(request, shown, at.place, at.kept, added=added)
    ballots.said_so_far(poll, at.fields, strict=here)
    following = min((p for p in _asked_pages(poll, at.fields) if p > at.place), default=0)
    if following or wish == "next":
        kept = await asyncio.to_thread(_keep, at, following or at.place)
        flash = ""
        if not following:
            flash = _("That was the last question. Send your answers now.")
        elif wish == "send":
            flash = _("Because of your answer there is one more page.")
        return _kept_answer(request, form, at, kept, following or at.place, flash=flash)
    answers = ballots.from_form(poll, at.fields)
    seed = seed_of(poll, at.kept.id) if at.kept else empty(poll, at.nonce).seed
    arrival = await asyncio.to_thread(_came, request, at, form)
    ballot = voters.ballot_of(
        poll, at.voter, voters.submission_of(poll.id, at.nonce), answers, at.voter.source, option_seed=seed, link_id=at.link_id,
        draft_id=at.kept.id if at.kept else None, language=languages.recorded_as(poll),
        arrival=arrival,
    )  # fmt: skip
    receipt = (await intake.submit_soon(ballot)).receipt
    answer = see_other(languages.at(f"/r/{receipt}", poll) if poll.anonymous else f"/r/{receipt}")
    _remember(answer, at, everybody=True)
    return answer


def _look_up(request: Request, poll: FrozenPoll, form: Form, nonce: str) -> _Turn:
    """Raises PollClosed, NeedsLink, NeedsSignIn, AlreadyVoted."""
    if poll.phase != "open":
        raise PollClosed(poll, poll.phase)
    cookie = request.cookies.get(voters.cookie_name()) or voters.cookie_for(nonce)
    with reading() as session:  # its own: the vote path is async, and intake writes
        voter = voters.who_votes(
            request, session, poll, nonce, cookie=cookie, token=first(form, "t"), member=first(form, "member")
        )
        kept = begun.find(session, poll, nonce, voter)
        receipt = "" if kept else _recorded(session, poll, nonce)
        changes = poll.may_change and not poll.anonymous
        if not receipt and not changes and voter.known and queries.has_voted(session, poll.id, voter.key):
            raise AlreadyVoted(poll)
        link_id = links.link_to(session, first(form, "via"), poll.series_id)
    place = first(form, "page")
    place_now = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else 1
    place_now = max(1, min(place_now, len(pages_of(poll))))
    fields = _with_page(poll, kept.fields if kept else {}, form, place_now)
    return _Turn(
        poll, nonce, cookie, voter, kept, fields, place_now, receipt, link_id, networks.hashed(poll.id, request)
    )


def _again(poll: FrozenPoll, nonce: str, form: Form) -> BallotPage:
    shown = empty(poll, nonce, first(form, "t"), first(form, "via")[:100])
    return replace(shown, member=first(form, "member")[:LONGEST])


def _came(request: Request, at: _Turn, form: Form) -> Arrival:
    with reading() as session:  # its own: the vote path is async, and intake writes
        return arrivals.by_form(request, session, at.poll, at.nonce, form, last_page=at.kept is not None)


def _with_page(poll: FrozenPoll, before: Mapping[str, Sequence[str]], form: Form, place: int) -> dict[str, list[str]]:
    """What was kept before, with the questions of this page as they were sent now.

    A question that was seen and left empty gets an empty field, so that it is known as seen; one that was hidden on the page
    keeps what was said to it before.
    """
    here = [q for q in pages_of(poll)[place - 1] if not q.conditions or _seen(q, form)]
    names = {q.name for q in here}
    kept = {name: list(sent) for name, sent in before.items() if name.partition("-")[0] not in names}
    sent = {name: values for name, values in begun.own_fields(poll, form).items() if name.partition("-")[0] in names}
    return {**kept, **{name: [""] for name in names}, **sent}


def _seen(question: FrozenQuestion, form: Form) -> bool:
    return "shown" not in form or any(question.name in sent.split() for sent in form["shown"])


def _keep(at: _Turn, place: int) -> Begun:
    with writing() as session:
        return begun.keep(session, at.poll, at.nonce, at.voter, at.fields, place, network=at.network)


def _forget(at: _Turn) -> None:
    with writing() as session:
        begun.forget(session, at.poll, at.nonce, at.voter)


def _kept_answer(
    request: Request, form: Form, at: _Turn, kept: Begun, place: int, *, saved: bool = False, flash: str = ""
) -> Response:
    more = {"resume": kept.token, "page": str(place), **({"kept": "1"} if saved else {})}
    answer = see_other(_address(request, at.poll, form, more), flash=flash)
    _remember(answer, at)
    return answer


def _remember(answer: Response, at: _Turn, *, everybody: bool = False) -> None:
    """The voter cookie. In an anonymous poll nothing that is only begun is tied to a browser."""
    if at.poll.voter_rule in voters.BY_COOKIE and (everybody or not at.poll.anonymous):
        secure_cookie(answer, voters.cookie_name(), at.cookie, days=YEAR)


def _address(request: Request, poll: FrozenPoll, form: Form, more: Mapping[str, str] | None = None) -> str:
    along = {name: token for name in ("t", "via", "member") if (token := first(form, name)[:LONGEST])}
    query = _prefilling(request) + urlencode({**along, **(more or {})})
    return f"/p/{poll.slug}" + (f"?{query}" if query else "")


def _prefilling(request: Request) -> str:
    """What the address says beforehand goes along from page to page; ends with "&" when there is anything."""
    query = urlencode([(name, value) for name, value in request.query_params.multi_items() if name not in TAKEN])
    return f"{query}&" if query and len(query) <= LONGEST_QUERY else ""


def _recorded(session: DbSession, poll: FrozenPoll, nonce: str) -> str:
    """The receipt of the ballot with this nonce if it was recorded, or ""."""
    receipt = receipt_of(poll.id, voters.submission_of(poll.id, nonce))
    return receipt if queries.has_receipt(session, receipt) else ""


def _not_yet_seen(values: Mapping[str, list[str]], kept: Begun) -> dict[str, list[str]]:
    """Prefilled fields of questions that no page has shown so far."""
    seen = {name.partition("-")[0] for name in kept.fields}
    return {name: sent for name, sent in values.items() if name.partition("-")[0] not in seen}


def _first_unseen(poll: FrozenPoll, kept: Begun) -> int:
    """The first page that asks something it has not shown yet: nobody jumps over it, and after an edit all begin there."""
    answers = ballots.said_so_far(poll, kept.fields)
    waiting = (
        at
        for at, asked in enumerate(pages_of(poll), 1)
        if any(q.id in answers and q.name not in kept.fields for q in asked)
    )
    return next(waiting, len(pages_of(poll)))


def _asked_pages(poll: FrozenPoll, fields: Mapping[str, Sequence[str]]) -> list[int]:
    """The numbers of the pages that have something to ask, from 1."""
    return _with_something(poll, ballots.said_so_far(poll, fields))


def _with_something(poll: FrozenPoll, answers: Answers) -> list[int]:
    return [at for at, asked in enumerate(pages_of(poll), 1) if any(q.id in answers for q in asked)]


def _place_of(poll: FrozenPoll, refusal: Exception, here: int) -> int:
    """The page of the first question in trouble; this one when it has one."""
    fields = refusal.fields if isinstance(refusal, BadInput) else {}
    places = [at for at, asked in enumerate(pages_of(poll), 1) if any(q.name in fields for q in asked)]
    return here if here in places or not places else places[0]


def _leaf(
    request: Request,
    shown: BallotPage,
    place: int,
    kept: Begun | None,
    *,
    known: bool = False,
    status: int = 200,
    added: Sequence[int] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    poll, answers = shown.poll, ballots.said_so_far(shown.poll, shown.values)
    places = _with_something(poll, answers) or [1]
    place = min((p for p in places if p >= place), default=places[-1])
    address: Callable[[int], str] = lambda at: _page_address(shown, kept, at)  # noqa: E731
    leaf = Leaf(
        place, places.index(place) + 1, len(places), counted=len(answers) > MANY, known=known,
        query="?" + _prefilling(request).rstrip("&") if _prefilling(request) else "",
        resume=settings().base_url + address(0) if kept else "", kept="kept" in request.query_params,
        elsewhere={
            q.name: address(at) for at, asked in enumerate(pages_of(poll), 1) if at != place for q in asked
        } if kept else {},
    )  # fmt: skip
    shown = replace(shown, leaf=leaf)
    if kept:
        shown = replace(shown, submission=kept.token, seed=seed_of(poll, kept.id))
    return on_page(
        request, shown, status=status, added=added, headers={**SECRET, **(headers or {})} if kept else headers
    )


def _page_address(shown: BallotPage, kept: Begun | None, at: int) -> str:
    query = {
        "t": shown.token,
        "via": shown.via,
        "member": shown.member,
        "resume": kept.token if kept else "",
        "page": str(at or ""),
    }
    return f"/p/{shown.poll.slug}?" + urlencode({name: value for name, value in query.items() if value})
