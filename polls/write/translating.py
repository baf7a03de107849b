"""A poll in another language: what is translated, what is missing, and keeping it.

What somebody may have read stays. While nobody has voted everything may change; from the first vote on a text that has
a translation keeps it, what is missing may be added, and a language that was not offered yet may come as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import delete
from sqlmodel import select

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import tokens
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import LANGUAGES, NATIVE_NAMES, _
from heard.kit.web import clean_text
from polls.frozen import FrozenPoll, freeze
from polls.models import Poll, PollTranslation
from polls.write.authoring import EditedElsewhere, EditionFrozen, last_editor, may_edit
from polls.write.readiness import PollNotReady, missing_words
from polls.write.storing import draft_of
from polls.write.texts import Text, cut, earlier, problems, texts_of


class TranslationFrozen(EditionFrozen):
    """Somebody may have answered the poll in these words."""

    def __init__(self, poll: Poll, language: str) -> None:
        Refused.__init__(
            self,
            _("Somebody has answered “%(title)s”, so its words in %(language)s stay as they are.")
            % {"title": poll.title, "language": NATIVE_NAMES[language]},
            hint=_("What is missing may still be added. Make a new edition for new words."),
        )


@dataclass(frozen=True)
class Line:
    """A text beside its translation ("" when it is missing). `was`, `then`: the text that stood there before, probably,
    and what it was in this language. `settled`: it has been read, and stays."""

    text: Text
    said: str
    settled: bool = False
    was: str = ""
    then: str = ""


@dataclass(frozen=True)
class Translation:
    """A poll beside one of its translations, in reading order. `unused`: translations whose text is in the poll no more."""

    language: str
    lines: tuple[Line, ...]
    unused: Mapping[str, str]

    @property
    def missing(self) -> list[str]:
        """The texts that have no translation."""
        return [line.text.source for line in self.lines if not line.said]

    @property
    def done(self) -> int:
        """How many have one."""
        return len(self.lines) - len(self.missing)

    @property
    def begun(self) -> bool:
        """Whether anything is there."""
        return bool(self.done or self.unused)


def translation_of(frozen: FrozenPoll, language: str) -> Translation:
    """The poll beside its translation, begun or not."""
    stored, texts = frozen.translations.get(language, {}), texts_of(draft_of(frozen))
    unused = {source: said for source, said in stored.items() if source not in {t.source for t in texts}}
    was = earlier([t.source for t in texts if t.source not in stored], unused)
    settled = frozen.frozen or frozen.status in ("closed", "archived")
    lines = (
        Line(t, stored.get(t.source, ""), settled and t.source in stored, old, unused.get(old, ""))
        for t in texts for old in [was.get(t.source, "")]
    )  # fmt: skip
    return Translation(language, tuple(lines), unused)


def others(frozen: FrozenPoll) -> list[str]:
    """The languages that a poll can be translated into."""
    return [language for language in LANGUAGES if language != frozen.locale]


def translate(
    session: DbSession, poll: Poll, language: str, words: Mapping[str, str], *, revision: int, by: Account | None
) -> None:
    """Keep these translations, {source: text}; a text that is not in `words` keeps its own, an empty one loses it.

    A draft may be translated in part; a published poll is translated whole. Raises EditedElsewhere when somebody saved
    since `revision`, TranslationFrozen, BadInput whose `fields` are the keys of texts, and PollNotReady for what is missing.
    """
    session.refresh(poll, with_for_update=True)  # the row is ours until the commit: no second editor, no first vote
    if poll.revision != revision:
        raise EditedElsewhere(poll, last_editor(session, poll))
    frozen = freeze(session, poll)
    before = translation_of(frozen, language)
    given = {line.text: _said(words, line) for line in before.lines}
    if any(line.settled and given[line.text] != line.said for line in before.lines):
        raise TranslationFrozen(poll, language)
    kept = {text.source: said for text, said in given.items() if said}
    if wrong := problems(draft_of(frozen), language, kept):
        fields = {text.key: wrong[text.source] for text in given if text.source in wrong}
        hint = _("Nothing was saved yet. Change it and send it again.")
        raise BadInput(next(iter(wrong.values())), hint=hint, fields=fields)
    missing = [text.source for text, said in given.items() if not said]
    if poll.status != "draft" and (gaps := missing_words(language, missing)):
        raise PollNotReady(frozen, gaps)
    taken = set(kept.values())
    _store(session, poll, language, {**{s: t for s, t in before.unused.items() if t not in taken}, **kept})
    _recorded(session, poll, "poll.translated", language, by)


def _said(words: Mapping[str, str], line: Line) -> str:
    text = clean_text(words.get(line.text.source, line.said)).strip()
    return text if line.text.lines else " ".join(text.split())


def take_out(session: DbSession, poll: Poll, language: str, *, by: Account | None) -> None:
    """The poll speaks this language no more. Raises TranslationFrozen when somebody may have answered in it."""
    session.refresh(poll, with_for_update=True)
    if not may_edit(poll):
        raise TranslationFrozen(poll, language)
    _store(session, poll, language, {})
    _recorded(session, poll, "poll.translation_removed", language, by)


def _store(session: DbSession, poll: Poll, language: str, words: Mapping[str, str]) -> None:
    there = select(PollTranslation.id).where(PollTranslation.poll_id == poll.id, PollTranslation.locale == language)
    session.execute(delete(PollTranslation).where(PollTranslation.id.in_(there)))  # type: ignore[union-attr]
    session.add_all(
        PollTranslation(poll_id=poll.id or 0, locale=language, source_hash=tokens.hashed(s), source=s, text=t)
        for s, t in words.items()
    )


def _recorded(session: DbSession, poll: Poll, action: str, language: str, by: Account | None) -> None:
    poll.revision += 1  # the poll in memory is read again, and another editor is told
    session.add(poll)
    audit.record(session, by, action, poll.slug, community_id=poll.community_id, language=language)
    session.flush()


def carried_over(session: DbSession, poll: Poll, before: str, after: str) -> None:
    """A slip of the pen in the poll's own words was put right: their translations are those of the new words too, and go
    from the old ones where these are said nowhere any more."""
    ours = select(PollTranslation).where(PollTranslation.poll_id == poll.id)
    old = session.exec(ours.where(PollTranslation.source_hash == tokens.hashed(before))).all()
    there = {row.locale for row in session.exec(ours.where(PollTranslation.source_hash == tokens.hashed(after)))}
    session.add_all(
        PollTranslation(
            poll_id=row.poll_id, locale=row.locale, source_hash=tokens.hashed(after), source=after, text=row.text
        )
        for row in old
        if row.locale not in there
    )
    if before not in {text.source for text in texts_of(draft_of(freeze(session, poll)))}:
        for row in old:
            session.delete(row)
    session.flush()


def differences(theirs: Translation, yours: Mapping[str, str]) -> list[str]:
    """What stands differently in the stored translation and in `yours` (source → text), a sentence each."""
    words = _("“%(text)s”: theirs is “%(theirs)s”, yours is “%(yours)s”.")
    return [
        words % {"text": cut(line.text.source), "theirs": cut(line.said) or "–", "yours": cut(yours[line.text.source]) or "–"}
        for line in theirs.lines if yours.get(line.text.source, line.said) != line.said
    ][:20]  # fmt: skip


def typed_over(translation: Translation, typed: Mapping[str, str]) -> Translation:
    """The same with what was typed in place of what is stored."""
    lines = (replace(line, said=typed.get(line.text.source, line.said)) for line in translation.lines)
    return replace(translation, lines=tuple(lines))
