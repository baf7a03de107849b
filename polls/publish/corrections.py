"""Putting a slip of the pen right after the first vote. What is one, polls/publish/slips.py says; anything else is a new edition.

The edition and all ids stay, so answers, results and receipts stay what they are. Both texts are kept, and shown on the
overview and beside the results.
"""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, number
from heard.kit.web import clean_text
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import kind_of
from polls.models import Correction, Option, Poll, Question
from polls.publish.slips import is_slip
from polls.write import translating
from polls.write.drafts import LONGEST


class NotACorrection(Refused):
    """The new text says something else, and people answered the old one."""

    code, status = "not_a_correction", 422

    def __init__(self, before: str, after: str) -> None:
        words = _("“%(before)s” → “%(after)s” changes more than a slip of the pen.")
        super().__init__(
            words % {"before": before[:200], "after": after[:200]},
            hint=_(
                "Answers belong to the words people saw: a letter or two may be put right, no figure, no “not” and no "
                "other word. For new words, make a new edition."
            ),
            fields={"text": _("This changes more than a slip of the pen.")},
        )


class Part(NamedTuple):
    """A text that can be put right. `key`: title, intro, q12-wording, q12-option-34 …"""

    key: str
    part: str
    text: str
    question_id: int | None = None
    option_id: int | None = None
    others: tuple[str, ...] = ()  # the other options of its question

    @property
    def longest(self) -> int:
        """How many characters there is room for."""
        return LONGEST[self.part]


class CorrectionRow(NamedTuple):
    """A correction as it is shown."""

    at: datetime
    part: str
    before: str
    after: str


def parts_of(poll: FrozenPoll) -> list[Part]:
    """Every text of the poll that can be put right, in the order in which people read it."""
    parts = [Part("title", "title", poll.title), Part("intro", "intro", poll.intro)]
    for q in poll.questions:
        kind = kind_of(q.kind)
        for name in ("section", "section_intro", "wording", "help"):
            parts.append(Part(f"{q.name}-{name}", name, getattr(q, name), q.id))
        for option in q.options:
            if (option.role == "option" and kind.has_options) or (option.role == "row" and kind.has_rows):
                others = tuple(o.label for o in q.options if o.id != option.id)
                parts.append(Part(f"{q.name}-option-{option.id}", "option", option.label, q.id, option.id, others))
    return [part for part in parts if part.text.strip()]


def correct(session: DbSession, poll: Poll, key: str, text: str, *, by: Account | None) -> None:
    """Put one text right. `key` is that of a Part.

    Raises NotACorrection; BadInput for a text that is not there, is empty or too long, and for a poll that nobody has
    answered: that one is simply edited.
    """
    session.refresh(poll, with_for_update=True)
    if not poll.frozen:
        raise BadInput(
            _("Nobody has answered “%(title)s” yet, so there is nothing to correct.") % {"title": poll.title},
            hint=_("Edit the poll itself; all its words may still change."),
        )
    part = next((p for p in parts_of(freeze(session, poll)) if p.key == key), None)
    if part is None:
        words = _("This poll has no text “%(key)s”.") % {"key": key[:60]}
        raise BadInput(words, hint=_("Reload the page and choose one of its texts."), fields={"part": words})
    text = clean_text(text).strip()
    if len(text) > part.longest:
        values = {"n": number(len(text)), "most": number(part.longest)}
        words = _("This has %(n)s characters; %(most)s are the most there is room for.") % values
        raise BadInput(words, fields={"text": words})
    if not is_slip(part.text, text, part.others):
        raise NotACorrection(part.text, text)
    _write(session, poll, part, text)
    session.add(
        Correction(
            poll_id=poll.id or 0, part=part.part, question_id=part.question_id, option_id=part.option_id,
            before=part.text, after=text, at=now(), account_id=by.id if by else None,
        )
    )  # fmt: skip
    poll.revision += 1
    session.add(poll)
    session.flush()
    translating.carried_over(session, poll, part.text, text)
    audit.record(session, by, "poll.corrected", poll.slug, community_id=poll.community_id, part=part.key)
    session.flush()


def _write(session: DbSession, poll: Poll, part: Part, text: str) -> None:
    if part.option_id:
        option = session.get_one(Option, part.option_id)
        option.label = text
        session.add(option)
    elif part.question_id:
        question = session.get_one(Question, part.question_id)
        setattr(question, part.part, text)
        session.add(question)
    else:
        setattr(poll, part.part, text)


def corrections_of(session: DbSession, poll_id: int) -> list[CorrectionRow]:
    """The corrections of a poll, the first one first. Seeks ix_corrections_poll."""
    query = select(Correction.at, Correction.part, Correction.before, Correction.after)
    rows = session.exec(query.where(Correction.poll_id == poll_id).order_by(col(Correction.id)))
    return [CorrectionRow(*row) for row in rows]
