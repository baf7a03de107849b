"""Who votes, as a key of 43 characters that says nothing about the person and joins no two polls.

Level by level: an open poll draws a key for each submission; the others make it from what tells voters apart (a cookie, a
personal link, an account, a token of the community's own site, or the name that an API client gives) by HMAC with the
poll's id. Only the check-ins
of one trial share a key: that of a participant.
"""

from typing import NamedTuple

from fastapi import Request

from feedback.collect.ballots import Answers, Ballot
from feedback.integrity.arrivals import NOWHERE, Arrival
from heard.accounts import members
from heard.accounts.access import session_cookie
from heard.accounts.models import Community
from heard.accounts.signin import account_of_session
from heard.kit import limits, tokens
from heard.kit.db import DbSession
from heard.kit.errors import Forbidden, NotSignedIn
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.announce import participants
from polls.frozen import FrozenPoll
from polls.models import Invitation
from polls.publish import invitations

BY_COOKIE = ("browser", "network")  # voter rules whose ballots are told apart by a cookie


def key_of(poll_id: int, what: str, who: object) -> str:
    """The key of one voter in one poll. `what` says what `who` is: browser, frame, invitation, account, api."""
    return tokens.derived("voter", poll_id, what, who, size=32)


def key_for_submission(poll_id: int, submission_id: str) -> str:
    """A key for one submission only: open polls, and the responses of anonymous ones. A retry has the same."""
    return tokens.derived("ballot", poll_id, submission_id, size=32)


def submission_of(poll_id: int, nonce: str) -> str:
    """The submission id of a page's form; a stored or exported one leads neither to the nonce nor to the receipt."""
    return OWN + tokens.derived("submission", poll_id, nonce)


OWN = "~"  # submission ids that begin with it are ours; clients of the API may not choose one


def cookie_name() -> str:
    """The voter cookie; __Host- ties it to this very host, which browsers allow on https only."""
    return "__Host-heard-voter" if settings().https else "heard-voter"


def cookie_for(nonce: str) -> str:
    """The value of a new voter cookie, made from the form's nonce: a double click must not make two voters."""
    return tokens.derived("cookie", nonce)


def frame_cookie_name() -> str:
    """The cookie of a frame: one for each site that shows frames of ours, so two sites are two browsers."""
    return "__Host-heard-frame" if settings().https else "heard-frame"


def frame_cookie_for(nonce: str) -> str:
    """The value of a new one; as above."""
    return tokens.derived("frame", nonce)


class NeedsLink(Forbidden):
    """Only invited people vote, each by a link of their own."""

    code = "needs_link"

    def __init__(self) -> None:
        super().__init__(
            _("This poll needs a personal link."),
            hint=_("Open the link from your invitation, whole as it is. If it is lost, ask the organiser for it."),
        )


class OfTestMail(Forbidden):
    """The link of a mail that a manager sent to themselves."""

    code = "test_link"

    def __init__(self) -> None:
        super().__init__(
            _("This is the link of a test mail, so it does not vote."),
            hint=_("In the real mail each person has a link of their own."),
        )


class NeedsSignIn(NotSignedIn):
    """One ballot for each account."""

    def __init__(self, poll: FrozenPoll, member_url: str = "") -> None:
        super().__init__(
            _("Sign in to answer this poll."),
            hint=_("There is one ballot for each account."),
            link=f"/sign-in?next=/p/{poll.slug}",
        )
        self.member_url = member_url  # where members of the community's own site come from, signed in


class Voter(NamedTuple):
    """Who is voting. `known`: told apart from others, so that a second ballot is recognised."""

    key: str
    known: bool
    invitation_id: int | None = None
    source: str = "page"  # "email": by a link that was mailed to them; "embed": in a frame
    member: str = ""  # what the form carries for a member of the host site (heard.accounts.members.pass_of)


def voter_on_page(
    session: DbSession, poll: FrozenPoll, nonce: str, *, cookie: str, token: str, signed_in: str, member: str = ""
) -> Voter:
    """The voter of a page: by cookie, personal link or session, as the poll asks.

    `cookie` is the voter cookie or the one that is about to be set, `token` that of a personal link, `signed_in` the
    session cookie, `member` a token of the host site.
    Raises NeedsLink, NeedsSignIn, OfTestMail, NotAMember, TokenExpired. In a check-in, who takes part in the trial is told
    by their own link: one key in all its check-ins, so that their answers pair.
    """
    if token == invitations.TEST:
        raise OfTestMail
    if poll.trial_id is not None and token:
        person = participants.find(session, poll.trial_id, token)
        if person is not None and person.state == "joined":
            return Voter(participants.voter_key(poll.trial_id, person.id or 0), known=True)
        if poll.voter_rule == "link":
            raise NeedsLink
    if poll.voter_rule == "sign_in" and member:
        community = session.get_one(Community, poll.community_id)
        whose = members.who(community, member)
        return Voter(key_of(poll.id, "member", whose), known=True, member=members.pass_of(community, whose))
    invitation = invitations.find(session, poll.id, token) if token else None
    if invitation is None and poll.voter_rule == "link":
        raise NeedsLink
    key, known = _key(session, poll, nonce, cookie, signed_in, invitation)
    if invitation is None:
        return Voter(key, known)
    # Of few who were mailed, a ballot of an anonymous poll must not say that it is one of theirs.
    mailed = invitation.contact_id is not None and not poll.anonymous
    return Voter(key, known, invitation.id, "email" if mailed else "page")


def who_votes(
    request: Request, session: DbSession, poll: FrozenPoll, nonce: str, *, cookie: str, token: str, member: str = ""
) -> Voter:
    """The same for a request, which also counts personal links that are nobody's. Raises TooMany."""
    signed_in = request.cookies.get(session_cookie(), "")
    try:
        return voter_on_page(session, poll, nonce, cookie=cookie, token=token, signed_in=signed_in, member=member)
    except members.NotAMember:
        limits.guessed(request)
        raise
    except NeedsLink:
        if token:
            limits.guessed(request)
        raise


def _key(
    session: DbSession, poll: FrozenPoll, nonce: str, cookie: str, signed_in: str, invitation: Invitation | None
) -> tuple[str, bool]:
    """The key, and whether it tells this voter from others. A personal link tells more than a browser, less than an account."""
    if poll.voter_rule == "sign_in":
        account = account_of_session(session, signed_in)
        if account is None:
            home = session.get_one(Community, poll.community_id)
            raise NeedsSignIn(poll, home.member_url if home.member_key > 0 else "")
        return key_of(poll.id, "account", account.id), True
    if invitation is not None and poll.voter_rule != "open":
        return key_of(poll.id, "invitation", invitation.id), True
    return by_cookie(poll, nonce, cookie)[:2]


def by_cookie(poll: FrozenPoll, nonce: str, cookie: str) -> Voter:
    """The voter of an open poll, or of one that tells browsers apart, who came without a link. Nothing has to be looked up."""
    if poll.voter_rule == "open":
        return Voter(key_for_submission(poll.id, submission_of(poll.id, nonce)), known=False)
    return Voter(key_of(poll.id, "browser", cookie), known=True)


def voter_in_frame(poll: FrozenPoll, nonce: str, cookie: str) -> Voter:
    """The voter of a frame. Without its cookie nothing tells them from others: one ballot for each submission."""
    if cookie and poll.voter_rule in BY_COOKIE:
        return Voter(key_of(poll.id, "frame", cookie), known=True, source="embed")
    return Voter(key_for_submission(poll.id, submission_of(poll.id, nonce)), known=False, source="embed")


def ballot_of(
    poll: FrozenPoll,
    voter: Voter,
    submission_id: str,
    answers: Answers,
    source: str,
    *,
    language: str = "",
    option_seed: int | None = None,
    link_id: int | None = None,
    draft_id: int | None = None,
    arrival: Arrival = NOWHERE,
) -> Ballot:
    """The ballot of this voter. In an anonymous poll the response's key is the submission's, and the voter's goes to turnout."""
    apart = poll.anonymous and voter.known
    return Ballot(
        poll, submission_id, key_for_submission(poll.id, submission_id) if apart else voter.key, answers, source,
        language=language, invitation_id=voter.invitation_id, turnout_key=voter.key if apart else None,
        option_seed=option_seed, link_id=None if poll.anonymous else link_id, draft_id=draft_id,
        set_aside=arrival.set_aside, network=arrival.network,
    )  # fmt: skip
