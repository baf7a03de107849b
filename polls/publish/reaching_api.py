"""How a poll reaches people, over the API: who may frame it, personal links, translations, and polls to begin with."""

from typing import Literal

from fastapi import APIRouter

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from heard.kit.errors import NotFound
from heard.kit.i18n import speaking
from heard.kit.paging import Paged, part_of, with_next
from polls.access import access_community_by_key, access_poll_by_key
from polls.frozen import FrozenPoll, freeze
from polls.publish import framing, invitations
from polls.publish.framing import Choice
from polls.publish.schemas import (
    FramingIn,
    FramingOut,
    InvitationOut,
    InvitationsIn,
    InvitationsMade,
    InvitationsPart,
    TemplateOut,
    TemplatesPart,
    TranslationIn,
    TranslationOut,
    TranslationsPart,
)
from polls.write import gallery, transfer, translating

router = APIRouter(prefix="/api/v1", tags=["polls"], route_class=ApiRoute)
Locale = Literal["en", "fr"]


@router.get("/communities/{slug}/templates")
def list_templates(slug: str, key: Bearer, session: Session, part: Paged) -> TemplatesPart:
    """Polls to begin with, in the community's language."""
    member = access_community_by_key(session, key, slug, to="publish")
    with speaking(member.community.locale):
        rows = list(enumerate(gallery.gallery()))
    found, following = part_of(rows, part, lambda row: (row[0],), types=(int,))
    made = [
        TemplateOut(name=one.name, title=one.title, why=one.why, minutes=one.minutes, file=transfer.written(one.draft, "json"))
        for _at, one in found
    ]  # fmt: skip
    return TemplatesPart(templates=made, next=following)


@router.get("/polls/{slug}/framing")
def read_framing(slug: str, key: Bearer, session: Session) -> FramingOut:
    """Which sites may show the poll inside their pages."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    return FramingOut.of(framing.choice_of(poll.embed_on))


@router.put("/polls/{slug}/framing")
def choose_framing(slug: str, sent: FramingIn, key: Bearer, session: Session) -> FramingOut:
    """Say which sites may show the poll inside their pages."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    framing.let_frame(session, poll, Choice(sent.who, "\n".join(sent.sites)), by=member.account)
    return FramingOut.of(framing.choice_of(poll.embed_on))


@router.get("/polls/{slug}/invitations")
def list_invitations(slug: str, key: Bearer, session: Session, part: Paged) -> InvitationsPart:
    """The personal links of a poll, by number. Each is a key to one ballot."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    after = part.after(int)
    rows = invitations.personal_links(session, poll, after=after[0] if after else 0, limit=part.limit + 1)
    found, following = with_next(rows, part, lambda link: (link.number,))
    return InvitationsPart(invitations=[InvitationOut.of(link) for link in found], next=following)


@router.post("/polls/{slug}/invitations", status_code=201)
def create_invitations(slug: str, sent: InvitationsIn, key: Bearer, session: Session) -> InvitationsMade:
    """Make more personal links of a poll whose voter_rule is link."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    invitations.invite(session, poll, sent.count, by=member.account)
    return InvitationsMade(made=sent.count)


@router.get("/polls/{slug}/translations")
def list_translations(slug: str, key: Bearer, session: Session, part: Paged) -> TranslationsPart:
    """The languages that the poll speaks beside its own, or could."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    frozen = freeze(session, poll)
    found, following = part_of(translating.others(frozen), part, lambda locale: (locale,), types=(str,))
    made = [TranslationOut.of(translating.translation_of(frozen, locale), poll.revision) for locale in found]
    return TranslationsPart(translations=made, next=following)


@router.get("/polls/{slug}/translations/{locale}")
def read_translation(slug: str, locale: Locale, key: Bearer, session: Session) -> TranslationOut:
    """The poll's words and their translation side by side."""
    _member, poll = access_poll_by_key(session, key, slug, to="publish")
    frozen = freeze(session, poll)
    return TranslationOut.of(translating.translation_of(frozen, _other(frozen, locale)), poll.revision)


@router.put("/polls/{slug}/translations/{locale}")
def translate_poll(slug: str, locale: Locale, sent: TranslationIn, key: Bearer, session: Session) -> TranslationOut:
    """Keep translations by their text. A draft may be translated in part, a published poll as a whole."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    _other(freeze(session, poll), locale)
    revision = poll.revision if sent.revision is None else sent.revision
    translating.translate(session, poll, locale, sent.texts, revision=revision, by=member.account)
    return TranslationOut.of(translating.translation_of(freeze(session, poll), locale), poll.revision)


@router.delete("/polls/{slug}/translations/{locale}", status_code=204)
def remove_translation(slug: str, locale: Locale, key: Bearer, session: Session) -> None:
    """Take a translation out. 409 edition_frozen when somebody may have answered in it."""
    member, poll = access_poll_by_key(session, key, slug, to="publish")
    translating.take_out(session, poll, _other(freeze(session, poll), locale), by=member.account)


def _other(frozen: FrozenPoll, locale: str) -> str:
    if locale not in translating.others(frozen):
        raise NotFound()
    return locale
