"""Mailings over the API: counted first, sent to the number that was named, stopped and resumed."""

from fastapi import APIRouter

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import limits, mail
from heard.kit.db import Session, reading, release
from heard.kit.paging import Paged, part_of
from polls.access import access_poll_by_key
from polls.publish import mailing_letters, mailing_mails, mailing_queries, mailings
from polls.publish.mailing_letters import Chosen
from polls.publish.schemas import LetterIn, MailingIn, MailingOut, MailingPlan, MailingsPart, TestOut

router = APIRouter(prefix="/api/v1", tags=["mailings"], route_class=ApiRoute)


@router.get("/polls/{slug}/mailings")
def list_mailings(slug: str, key: Bearer, session: Session, part: Paged) -> MailingsPart:
    """What was mailed about a poll, newest first."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    rows = mailing_queries.mailings_of(session, poll)
    found, following = part_of(rows, part, lambda row: (-row.id,), types=(int,))
    return MailingsPart(mailings=[MailingOut.of(row) for row in found], next=following)


@router.post("/polls/{slug}/mailings/plans")
def plan_mailing(slug: str, sent: LetterIn, key: Bearer, session: Session) -> MailingPlan:
    """Who would get it, and who is held back and why. Nothing is stored or sent."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    release(session)  # counting a long list keeps no vote from being written
    with reading() as read:  # its own, after the release
        _letter, _planned, plan = mailing_letters.counted(read, member.community, poll, _chosen(sent))
    return MailingPlan.of(plan)


@router.post("/polls/{slug}/mailings/tests")
def try_mailing(slug: str, sent: LetterIn, key: Bearer, session: Session) -> TestOut:
    """Send the mail to your own address, at once, and tell what the server said."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    letter, _planned = mailing_letters.clean_letter(session, member.community, poll, _chosen(sent))
    release(session)  # nothing is open while the mail is on its way
    limits.spend("mailing test", str(member.account.id), "20/hour")
    outcome = mail.send(mailing_mails.sample_mail(letter, member.community, member.account))
    return TestOut(to=member.account.email, state=outcome.state, detail=outcome.detail)


@router.post("/polls/{slug}/mailings", status_code=201)
def send_mailing(slug: str, sent: MailingIn, key: Bearer, session: Session) -> MailingOut:
    """Send it to the number of people that the plan named. 409 other_count when it would go to more or fewer now."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    release(session)  # as above
    with reading() as read:  # its own, after the release
        letter, planned, plan = mailing_letters.counted(read, member.community, poll, _chosen(sent))
    mailings.check_count(plan, sent.count)
    made = mailings.begin(session, planned, plan, subject=letter.subject, words=letter.words, by=member.account)
    return MailingOut.of(mailing_queries.figures_of(session, made))


@router.get("/polls/{slug}/mailings/{mailing_id}")
def read_mailing(slug: str, mailing_id: int, key: Bearer, session: Session) -> MailingOut:
    """How far a mailing is, what came of it, and the first of the mails that could not be delivered."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    mailing = mailings.mailing_of(session, poll, mailing_id)
    return MailingOut.of(mailing_queries.figures_of(session, mailing), mailing_queries.failed_of(session, mailing))


@router.post("/polls/{slug}/mailings/{mailing_id}/stopping")
def stop_mailing(slug: str, mailing_id: int, key: Bearer, session: Session) -> MailingOut:
    """Send no more of it. What is out cannot be called back."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    mailing = mailings.mailing_of(session, poll, mailing_id)
    mailings.stop(session, mailing, by=member.account)
    return MailingOut.of(mailing_queries.figures_of(session, mailing))


@router.post("/polls/{slug}/mailings/{mailing_id}/resumption")
def resume_mailing(slug: str, mailing_id: int, key: Bearer, session: Session) -> MailingOut:
    """Send what has waited for a person to decide."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    mailing = mailings.mailing_of(session, poll, mailing_id)
    mailings.resume(session, mailing, by=member.account)
    return MailingOut.of(mailing_queries.figures_of(session, mailing))


def _chosen(sent: LetterIn) -> Chosen:
    return Chosen(sent.list_id or 0, sent.of or 0, sent.subject, sent.words)
