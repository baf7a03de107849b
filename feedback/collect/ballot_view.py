"""What a ballot's page shows, at /p and inside a frame."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Request, Response

from feedback.cards.card import Preview
from feedback.collect import ballots, replaced
from feedback.collect.layout import Part, ballot_id, pages_of, parts_of, seed_of
from feedback.collect.replaced import Outdated
from feedback.collect.results_view import ResultsPage
from feedback.collect.visibility import is_public
from feedback.integrity import pace
from heard.kit.errors import Refused, Unavailable
from heard.kit.web import Form, first, page
from polls.frozen import FrozenPoll
from polls.preview import minutes
from polls.publish import framing

# Votes in a frame come from an opaque origin, without cookies: any site may send them, none may read more with them.
FROM_ANYWHERE = {"Access-Control-Allow-Origin": "*"}
MANY = 5  # with more questions than these, a poll that goes page by page says which page this is


@dataclass
class Leaf:
    """One page of a ballot that goes page by page. `place`: its number among all pages; `number` of `count`: among those
    that are asked, as far as the answers tell."""

    place: int
    number: int
    count: int
    counted: bool  # said in words
    query: str = ""  # what the form's address keeps
    resume: str = ""  # the address to go on with later, once something is kept
    kept: bool = False  # it was saved just now
    known: bool = False  # this browser finds it without the address too
    elsewhere: Mapping[str, str] = field(
        default_factory=dict
    )  # the page of each field in trouble that is not on this one

    @property
    def last(self) -> bool:
        """Whether nothing comes after it."""
        return self.number == self.count


@dataclass
class BallotPage:
    """What templates/feedback/ballot.html and templates/embed/ballot.html show."""

    poll: FrozenPoll
    state: str  # open | begun | closed | not_yet | needs_link | needs_sign_in | test | voted (and cannot be changed)
    submission: str = ""
    token: str = ""  # of a personal link
    via: str = ""  # of the tracked link they came by
    member: str = ""  # what shows that they are a member of the community's own site
    values: Mapping[str, list[str]] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    voted: bool = False  # and sending again changes it
    results: bool = False  # a link to them can be shown to anybody
    community_name: str = ""
    community_slug: str = ""
    accent: str = ""
    parts: list[Part] = field(default_factory=list)
    added: int = 0  # questions that the last answers brought
    seed: int | None = None
    leaf: Leaf | None = None
    newer: str = ""  # state "closed": where the newest edition is, if a later one has opened
    lost: bool = False  # the address to go on with leads nowhere any more
    begun_at: str = ""  # state "begun": the day
    minutes: str = ""  # how long it takes, where it begins
    invited: str = ""  # whose invitation it is, as far as a second person may see the address
    member_url: str = ""  # state "needs_sign_in": the page of the community's own site that sends its members here
    query: str = ""  # state "needs_sign_in": what the address says, to come back to
    outcome: ResultsPage | None = None  # in a frame that takes no answer: what came out, where its visitor may see it
    preview: Preview | None = None  # for whoever links to it; none where the form was refused
    seen: str = ""  # when this form was shown, signed (feedback/integrity/pace)
    read_in_mail: bool = False  # an answer was chosen in a mail
    styles: list[str] = field(default_factory=list)  # of templates/assets, beside app.css: what its questions need
    scripts: list[str] = field(default_factory=list)


def empty(poll: FrozenPoll, nonce: str, token: str = "", via: str = "") -> BallotPage:
    """A ballot with nothing filled in."""
    return BallotPage(
        poll, poll.phase, nonce, token, via, results=is_public(poll), community_name=poll.community_name,
        community_slug=poll.community if poll.listed else "", accent=poll.accent,
        seed=seed_of(poll, ballot_id(poll, nonce)),
    )  # fmt: skip


def refused(shown: BallotPage, form: Form, refusal: Refused) -> BallotPage:
    """The same with what was typed and why it was not taken."""
    return replace(shown, values=form, message=refusal.message, hint=refusal.hint, errors=refusal.fields)


def carried_over(shown: BallotPage, older: Outdated) -> BallotPage:
    """The same with what fits of an older edition's form, and why it stands here again."""
    return replace(shown, values=older.fields, message=replaced.message(), hint=replaced.hint())


def laid_out(shown: BallotPage, added: Collection[int] = ()) -> BallotPage:
    """The same with its questions in parts, as far as its values let them be seen."""
    answers = ballots.said_so_far(shown.poll, shown.values)
    only = pages_of(shown.poll)[shown.leaf.place - 1] if shown.leaf else None
    parts = parts_of(shown.poll, answers, shown.seed, only=only, added=added)
    own = sorted({name for part in parts for asked in part.asked for name in asked.question.its_kind.assets})
    return replace(
        shown, parts=parts, added=len(added), minutes=_minutes(shown, answers), seen=_seen(shown),
        styles=[name for name in own if name.endswith(".css")],
        scripts=[
            *(["ballot.js"] if shown.poll.has_conditions else []), *(name for name in own if name.endswith(".js")),
            *(["copy.js"] if shown.leaf and shown.leaf.kept else []),
        ],
    )  # fmt: skip


def _seen(shown: BallotPage) -> str:
    """Of a form that came back with a refusal, when it was shown first."""
    before = first(dict(shown.values), pace.SHOWN)
    if pace.is_genuine(shown.poll.id, shown.submission, before):
        return before
    return pace.stamp(shown.poll.id, shown.submission, read_in_mail=shown.read_in_mail)


def _minutes(shown: BallotPage, answers: ballots.Answers) -> str:
    """Told before the first page, of the questions that are asked as far as the answers tell; one question needs no estimate."""
    asked = [q for q in shown.poll.questions if q.id in answers]
    begins = shown.leaf is None or shown.leaf.number == 1
    return minutes.minutes_words(minutes.minutes(asked)) if begins and len(asked) > 1 else ""


def again(refusal: Refused) -> dict[str, str]:
    """The headers of a refusal."""
    return {"Retry-After": "5"} if isinstance(refusal, Unavailable) else {}


def on_page(
    request: Request, shown: BallotPage, *, status: int = 200, added: Collection[int] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The ballot on its own page."""
    if shown.state == "needs_link" and status == 200:
        status = 403
    shown = laid_out(shown, added) if shown.state == "open" else shown
    own = bool(shown.token or shown.state == "begun" or (shown.leaf and shown.leaf.resume))  # somebody's own page
    findable = shown.poll.findable and not own
    return page(request, "feedback/ballot.html", shown, status=status, headers=headers, findable=findable)


def in_frame(
    request: Request, shown: BallotPage, *, status: int = 200, added: Collection[int] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The ballot inside a frame of another site."""
    shown = laid_out(shown, added) if shown.state == "open" else shown
    return framed(request, "embed/ballot.html", shown, shown.poll, status=status, headers=headers)


def framed(
    request: Request, template: str, shown: Any, poll: FrozenPoll, *, status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """A page that the sites of the poll's list may frame; whoever else does, the browser refuses."""
    headers = {**FROM_ANYWHERE, **(headers or {})}
    answer = page(request, template, shown, status=status, frames=framing.ancestors(poll.embed_on), headers=headers)
    if "X-Frame-Options" in answer.headers:  # of "nobody": the policy alone says who, here
        del answer.headers["X-Frame-Options"]
    return answer
