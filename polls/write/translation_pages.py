"""Translations of a poll: which there are, and one of them beside the poll's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts.access import Member, SignedIn
from heard.kit.db import DbSession, Session
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import NATIVE_NAMES, _
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.frozen import FrozenPoll, freeze
from polls.models import Poll
from polls.write import translating
from polls.write.authoring import EditedElsewhere, may_edit
from polls.write.forms import Typed, TypedForm
from polls.write.readiness import PollNotReady
from polls.write.translating import Translation, TranslationFrozen, translation_of

router = APIRouter(include_in_schema=False)


@dataclass
class TranslationsPage:
    """templates/polls/translations.html"""

    member: Member
    poll: FrozenPoll
    at: str
    translations: list[Translation]


@dataclass
class TranslationPage:
    """templates/polls/translation.html. `revision`: the one that the form was made from; `focus`: a field's key."""

    member: Member
    poll: FrozenPoll
    at: str
    translation: Translation
    revision: int
    may_take_out: bool
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    focus: str = ""


@router.get("/m/{community}/polls/{slug}/translations")
def list_translations(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> HTMLResponse:
    """The languages that the poll speaks, or could."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    frozen = freeze(session, poll)
    found = [translation_of(frozen, language) for language in translating.others(frozen)]
    return page(request, "polls/translations.html", TranslationsPage(member, frozen, _at(member, poll), found))


@router.get("/m/{community}/polls/{slug}/translations/{locale}")
def show_translation(
    request: Request, community: str, slug: str, locale: str, account: SignedIn, session: Session
) -> HTMLResponse:
    """The poll's words and their translation side by side."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    return page(request, "polls/translation.html", _shown(session, member, poll, locale))


@router.post("/m/{community}/polls/{slug}/translations/{locale}")
def save_translation(
    request: Request, community: str, slug: str, locale: str, account: SignedIn, session: Session, typed: TypedForm
) -> Response:
    """Keep what is there. The button "use:KEY" only takes an earlier translation over into its field."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    shown = _shown(session, member, poll, locale, typed=typed)
    if (wish := first(typed.form, "do")).startswith("use:"):
        return page(request, "polls/translation.html", _used(shown, wish.removeprefix("use:")))
    yours = {line.text.source: line.said for line in shown.translation.lines}
    try:
        _refuse(typed)
        translating.translate(session, poll, locale, yours, revision=shown.revision, by=account)
    except BadInput as refused:
        shown = replace(shown, message=_("Nothing was saved yet. What you typed is still here."), errors=refused.fields)
        return page(request, "polls/translation.html", shown, status=422)
    except PollNotReady as not_ready:
        words = _("Nothing was saved yet. What you typed is still here.")
        shown = replace(shown, message=words, hint=" ".join(not_ready.gaps), errors=_marked(shown.translation))
        return page(request, "polls/translation.html", shown, status=422)
    except TranslationFrozen as frozen:
        shown = replace(shown, message=frozen.message, hint=frozen.hint)
        return page(request, "polls/translation.html", shown, status=frozen.status)
    except EditedElsewhere as overtaken:
        found = translating.differences(_shown(session, member, poll, locale).translation, yours)
        shown = replace(
            shown, message=overtaken.message, hint=overtaken.hint, differences=found, revision=poll.revision
        )  # the next save is made knowing theirs
        return page(request, "polls/translation.html", shown, status=overtaken.status)
    left = len(_shown(session, member, poll, locale).translation.missing)
    words = _("Saved. Something is still missing.") if left else _("Saved. The translation is complete.")
    return see_other(f"{_at(member, poll)}/translations/{locale}", flash=words)


@router.post("/m/{community}/polls/{slug}/translations/{locale}/removal", status_code=303)
def remove_translation(community: str, slug: str, locale: str, account: SignedIn, session: Session) -> RedirectResponse:
    """Take the translation out."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    _known(freeze(session, poll), locale)
    translating.take_out(session, poll, locale, by=account)
    said = _("The translation (%(language)s) is taken out.") % {"language": NATIVE_NAMES[locale]}
    return see_other(f"{_at(member, poll)}/translations", flash=said)


def _shown(
    session: DbSession, member: Member, poll: Poll, locale: str, *, typed: Typed | None = None
) -> TranslationPage:
    frozen = freeze(session, poll)
    translation, revision = translation_of(frozen, _known(frozen, locale)), poll.revision
    if typed:
        fields = {line.text.source: line.text.key for line in translation.lines}
        sent = {source: first(typed.form, key) for source, key in fields.items() if key in typed.form}
        translation = translating.typed_over(translation, sent)
        given = first(typed.form, "revision")
        revision = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    return TranslationPage(member, frozen, _at(member, poll), translation, revision, may_edit(poll))


def _known(frozen: FrozenPoll, locale: str) -> str:
    if locale not in translating.others(frozen):
        raise NotFound
    return locale


def _used(shown: TranslationPage, key: str) -> TranslationPage:
    then = {line.text.source: line.then for line in shown.translation.lines if line.text.key == key and line.then}
    return replace(shown, translation=translating.typed_over(shown.translation, then), focus=key)


def _refuse(typed: Typed) -> None:
    if typed.refused:
        where = _("It is shown as � in the form; take it out.")
        fields = {name: f"{why} {where}" for name, why in typed.refused.items()}
        raise BadInput(next(iter(fields.values())), fields=fields)


def _marked(translation: Translation) -> dict[str, str]:
    words = _("“%(text)s” has no translation yet.")
    return {
        line.text.key: words % {"text": translating.cut(line.text.source)}
        for line in translation.lines if not line.said
    }  # fmt: skip


def _at(member: Member, poll: Poll) -> str:
    return f"/m/{member.community.slug}/polls/{poll.slug}"
