"""Asking a language model for names of themes, one by one: read, ask with nothing open, write. Running it twice asks once.

What is sent and what is taken: feedback/themes/fit_names.py. A model that is away changes nothing; it is asked again later.
"""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from feedback.models import Assignment, Comment, Theme
from feedback.themes import queries
from feedback.themes.edits import locked
from feedback.themes.fit_names import SYSTEM, Told, fitting, told
from feedback.themes.followed_quotes import parts_of
from feedback.themes.model_names import fingerprint, is_the_machines, taken_as
from feedback.themes.shaped import hidden_in
from heard.kit import language_model, logs, work
from heard.kit.db import DbSession, reading, writing
from heard.kit.language_model import LanguageModelAway
from polls.models import Poll

LONGEST_ANSWER = 200
SOME = 5
"""Themes that one job asks about: a small model takes ten seconds for each, and other work waits for its turn."""
PATIENCE = 2
"""Failures in a job, after which the model is left alone for now."""
TRIES = 6
WAIT = timedelta(minutes=10)
"""Before the second try; then twice as long each time: five hours in all."""

log = logs.logger("themes")


class _Asked(NamedTuple):
    """A theme that wants a name, with all that decides about it."""

    theme: int
    made_from: str
    told: Told
    texts: list[str]
    anonymous: bool


def name_themes(poll_id: int, tries: int = 0) -> None:
    """Ask for names of some themes that want one, and have the rest asked for. What does not fit is not asked for again."""
    if not language_model.is_set():
        return
    with reading() as session:
        waiting = [theme.id or 0 for theme in _wanting(session, poll_id)]
    done, failed, first = 0, 0, tries % max(1, len(waiting))  # each try begins with another one
    for theme_id in waiting[first:] + waiting[:first]:
        with reading() as session:
            asked = _read(session, poll_id, theme_id)
        if asked is None:
            continue
        if done + failed == SOME or failed == PATIENCE:
            break
        said = _said(asked)
        if said is None:
            failed += 1
            continue
        name = fitting(said, asked.told.keywords, asked.texts, anonymous=asked.anonymous)
        with writing() as session:
            _store(session, poll_id, asked, name)
        done += 1
    else:
        if not failed:
            return
    _go_on(poll_id, tries, wait=not done)


def _said(asked: _Asked) -> str | None:
    """What the model answers; "" where it is nothing that a name can be in, None where it is away."""
    try:
        return language_model.complete(SYSTEM, asked.told.as_message(), longest=LONGEST_ANSWER)
    except LanguageModelAway as fault:
        log.warning("themes.not_named", theme=asked.theme, why=fault.message)
        return "" if fault.answered else None


def _go_on(poll_id: int, tries: int, *, wait: bool) -> None:
    """The rest is asked for at once; where the model gave nothing, later, a few times, and after that with the next reading."""
    if wait and tries + 1 >= TRIES:
        return
    with writing() as session:
        pause = WAIT * 2**tries if wait else timedelta(0)
        work.due(session, "name_themes", poll_id, wait=pause, poll_id=poll_id, tries=tries + wait)


def _wanting(session: DbSession, poll_id: int) -> list[Theme]:
    """The themes that readers see, that the machine named, and whose words the model was not asked about."""
    poll = session.get(Poll, poll_id)
    if poll is None or queries.held_back(session, poll):
        return []
    themes = list(session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id).order_by(col(Theme.id))))
    hidden = hidden_in(themes)
    return [t for t in themes if is_the_machines(t) and t.id not in hidden and t.model_label_for != fingerprint(t)]


def _read(session: DbSession, poll_id: int, theme_id: int) -> _Asked | None:
    """The theme with its answers, if there is enough to tell of it, and it still wants a name."""
    themes = {t.id or 0: t for t in session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id))}
    poll, theme = session.get(Poll, poll_id), themes.get(theme_id)
    if poll is None or theme is None or theme.model_label_for == fingerprint(theme):
        return None
    parts = [part.id for part in parts_of(themes, theme) if not part.hidden] or [theme_id]
    rows = session.execute(
        select(col(Comment.id), col(Comment.text))
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id))
        .where(col(Assignment.theme_id).in_(parts))
        .order_by(col(Comment.id))
    ).all()
    texts = {row[0]: row[1] for row in rows}
    quotes = [texts[int(quote)] for quote in theme.quotes if int(quote) in texts]
    sent = told(theme.keywords, quotes, list(texts.values()), anonymous=poll.anonymous)
    return _Asked(theme_id, fingerprint(theme), sent, list(texts.values()), poll.anonymous) if sent else None


def _store(session: DbSession, poll_id: int, asked: _Asked, name: str) -> None:
    """The name, or that there is none, unless the theme changed meanwhile; none that another theme of its level has."""
    themes = locked(session, poll_id)
    theme = themes.get(asked.theme)
    if theme is None or not is_the_machines(theme) or fingerprint(theme) != asked.made_from:
        return
    others = {
        taken_as(other, other.label) for other in themes.values() if other is not theme and other.merged_into is None
    }
    theme.model_label, theme.model_label_for = "" if taken_as(theme, name) in others else name, asked.made_from
    theme.label = theme.model_label or theme.label
    session.add(theme)
