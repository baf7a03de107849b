"""In which language somebody reads a poll that speaks several. What is counted does not depend on it: the ids are the same."""

from fastapi import Request

from heard.kit.i18n import LANGUAGE_COOKIE, choose
from polls.frozen import FrozenPoll


def spoken(request: Request, poll: FrozenPoll, *, sent: str = "", recorded: str = "") -> FrozenPoll:
    """The poll in the first of these that it speaks: what the form was `sent` in, ?lang=, what the ballot was `recorded`
    in, the visitor's cookie, their browser's wish; or else in its own language."""
    if not poll.translations:
        return poll
    cookie = request.cookies.get(LANGUAGE_COOKIE, "")
    wish = choose(request.headers.get("accept-language", ""), fallback="")
    wishes = (sent, request.query_params.get("lang", ""), recorded, cookie, wish)
    return poll.in_language(next((w for w in wishes if w in poll.languages), poll.locale))


def recorded_as(poll: FrozenPoll) -> str:
    """What a response keeps of it. Nothing in an anonymous poll: the one ballot in French would have a face."""
    return "" if poll.anonymous else poll.locale


def at(path: str, poll: FrozenPoll) -> str:
    """The address of another page of this poll, in the language that is spoken now."""
    return f"{path}?lang={poll.locale}" if poll.translations else path


def varies(poll: FrozenPoll) -> dict[str, str]:
    """Headers for a page that caches keep: it depends on who asks."""
    return {"Vary": "Accept-Language, Cookie"} if poll.translations else {}
