"""The card of a poll, and what its pages tell whoever links to them. Results stand there only where anybody may see them."""

from dataclasses import dataclass, replace
from datetime import datetime

from feedback.cards.card import Card, Preview, Row, preview_of, sentence
from feedback.collect import languages, queries
from feedback.collect.layout import pages_of
from feedback.collect.results_view import headline
from feedback.collect.tallies import PollResults
from feedback.collect.visibility import is_public
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, ngettext, number, percent, speaking
from heard.kit.settings import settings
from heard.kit.zones import day_in
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion, QuestionResult
from polls.preview import minutes

MOST_ROWS = 4
MOST_STEPS = 5  # bars of a scale, which must not lose its middle
BY_INVITATION = ("link", "sign_in")


@dataclass(frozen=True)
class Told:
    """What may be told of a poll's results: nothing before somebody has answered."""

    results: PollResults
    question: FrozenQuestion  # the first that somebody answered
    result: QuestionResult

    @property
    def finding(self) -> str:
        """What came out, in a sentence."""
        return headline(self.results)


def poll_card(session: DbSession, poll: FrozenPoll) -> Card:
    """What is on it at this moment, in the language that the poll speaks."""
    return _made(session, poll)[0]


def poll_preview(session: DbSession, poll: FrozenPoll, *, results: bool = False) -> Preview:
    """The tags of the ballot's page, or with `results` of the results' page, whose description holds the finding."""
    card, told = _made(session, poll)
    at = f"{settings().base_url}/p/{poll.slug}"
    with speaking(poll.locale):
        shown = _is_asked(poll) or told is not None
        alone = poll.questions[0].wording if len(poll.questions) == 1 and shown else ""
        return preview_of(
            card, title=poll.title, address=languages.at(f"{at}/results" if results else at, poll),
            image=languages.at(f"{at}/card.png", poll),
            told=[
                _counted(poll, told) if told and results else "", poll.intro if shown else "",
                alone if alone != poll.title else "", _offered(card), _who(poll),
            ],
        )  # fmt: skip


def _made(session: DbSession, poll: FrozenPoll) -> tuple[Card, Told | None]:
    with speaking(poll.locale):
        card, told = _plain(session, poll), _told(session, poll)
        card = _with_results(poll, card, told) if told else _with_question(poll, card)
        return replace(card, alt=_in_words(card, told)), told


def _plain(session: DbSession, poll: FrozenPoll) -> Card:
    """What anybody learns from the poll's page, whoever may answer it: its title, and until when."""
    return Card(poll.community_name, poll.title, poll.locale, poll.accent, state=_state(session, poll))


def _state(session: DbSession, poll: FrozenPoll) -> str:
    def there(at: datetime) -> dict[str, str]:
        return {"day": day(day_in(at, poll.zone))}

    if poll.phase == "open":
        return _("Open until %(day)s") % there(poll.closes_at) if poll.closes_at else ""
    if poll.phase == "not_yet":
        return _("Opens on %(day)s") % there(poll.opens_at) if poll.opens_at else _("Opens soon")
    closed = queries.span_of(session, poll.id).closed_at
    return _("Closed on %(day)s") % there(closed) if closed else _("Closed")


def _is_asked(poll: FrozenPoll) -> bool:
    """Whether the page shows its questions to anybody."""
    return poll.phase == "open" and poll.voter_rule not in BY_INVITATION


def _with_question(poll: FrozenPoll, card: Card) -> Card:
    if not _is_asked(poll):
        foot = {"link": _("By personal link"), "sign_in": _("For people with an account")}.get(poll.voter_rule, "")
        return replace(card, foot=foot if poll.phase != "closed" else "")
    if len(poll.questions) > 1:
        first = pages_of(poll)[0] if poll.paged else poll.questions  # no more than the page shows who comes to it
        asked = [q.wording for q in first if not q.conditions]
        count = ngettext("%(n)s question", "%(n)s questions", len(poll.questions)) % {"n": number(len(poll.questions))}
        takes = minutes.minutes_words(minutes.minutes(poll.questions))
        rows = tuple(Row(wording) for wording in asked[:3])
        return replace(card, mark="dot", rows=rows, of=len(poll.questions), foot=f"{count} · {takes}")
    question = poll.questions[0]
    kind = question.its_kind
    labels = [o.label for o in kind.items(question) or question.options if not o.moderated]
    foot = {"circle": _("Choose one"), "box": _("Choose several")}.get(kind.mark, _("One question"))
    return replace(
        _asking(poll, card, question), text="" if labels else poll.intro, mark=kind.mark, foot=foot,
        rows=tuple(map(Row, labels[:MOST_ROWS])), of=len(labels),
    )  # fmt: skip


def _with_results(poll: FrozenPoll, card: Card, told: Told) -> Card:
    closed, n = queries.is_closed(poll), number(told.results.n)
    if closed:
        foot = ngettext("%(n)s response", "%(n)s responses", told.results.n) % {"n": n}
        card = replace(card, before=told.question.wording, title=told.finding)
    else:
        count = ngettext("%(n)s response so far", "%(n)s responses so far", told.results.n) % {"n": n}
        foot = f"{count} · {_today(poll)}"
        card = _asking(poll, card, told.question)
    rows, of = bars(told.question, told.result)
    scale = not told.question.its_kind.nominal
    return replace(card, rows=rows, of=of, scale=scale, foot=foot, text="" if rows or closed else told.finding)


def _asking(poll: FrozenPoll, card: Card, question: FrozenQuestion) -> Card:
    """The question as title; the poll's own title, where it says something else, above it."""
    return replace(card, before=poll.title if poll.title != question.wording else "", title=question.wording)


def _told(session: DbSession, poll: FrozenPoll) -> Told | None:
    if not is_public(poll):
        return None
    results = queries.poll_results(session, poll)
    result = next((r for r in results.questions if r.n), None)
    question = poll.question(result.id) if result else None
    return Told(results, question, result) if result and question else None


def bars(question: FrozenQuestion, result: QuestionResult) -> tuple[tuple[Row, ...], int]:
    """The options with their bars, and how many there are: of options without an order the first by votes, of a scale all
    of its steps or none. Below 30 answers counts only, from 1,000 on one decimal (trust.md, 3.7)."""
    options, most = list(result.options), max((o.count for o in result.options), default=0)
    if question.its_kind.nominal and len(options) > MOST_ROWS:
        options = sorted(options, key=lambda o: -o.count)[:MOST_ROWS]
    elif len(options) > MOST_STEPS:
        return (), 0
    decimals = 1 if result.n >= 1000 else 0
    rows = tuple(
        Row(
            getattr(o, "words", o.label),  # numbers and days are written as the reader writes them
            number(o.count) + (f" · {percent(o.share, decimals)}" if result.n >= 30 else ""), o.share,
            o.count == most and most > 0,
        )
        for o in options
    )  # fmt: skip
    return rows, len(result.options)


def _counted(poll: FrozenPoll, told: Told) -> str:
    """The finding, the base and the day: for the description of the results' page."""
    n = ngettext("%(n)s response", "%(n)s responses", told.results.n) % {"n": number(told.results.n)}
    return f"{told.finding} {n}{'' if queries.is_closed(poll) else f', {_today(poll)}'}."


def _today(poll: FrozenPoll) -> str:
    return _("as of %(day)s") % {"day": day(day_in(now(), poll.zone))}


def _offered(card: Card) -> str:
    """The options to choose from, or the questions; "" where there are bars."""
    if not card.rows or card.rows[0].share is not None:
        return ""
    if card.mark == "dot":
        return f"{sentence(card.foot)} {' '.join(sentence(row.label) for row in card.rows)}"
    return f"{card.foot}: {', '.join(row.label for row in card.rows)}{' …' if card.of > len(card.rows) else '.'}"


def _who(poll: FrozenPoll) -> str:
    """What can always be said of it."""
    if poll.phase == "closed":
        words = _("A poll of %(community)s. It takes no more answers.")
    elif poll.phase == "not_yet":
        words = _("A poll of %(community)s. It is not open yet.")
    elif poll.voter_rule == "link":
        words = _("A poll of %(community)s, for the people it invited.")
    elif poll.voter_rule == "sign_in":
        words = _("A poll of %(community)s, for people with an account.")
    else:
        words = _("A poll of %(community)s. Anybody with the link can answer, without an account.")
    return words % {"community": poll.community_name}


def _in_words(card: Card, told: Told | None) -> str:
    """The alternative text: the question; with bars the finding and n."""
    if not told:
        return " ".join(filter(None, (sentence(card.title), _offered(card) or sentence(card.foot))))
    said = told.finding if told.finding != card.title else ""
    question = card.before if told.finding == card.title else card.title
    return " ".join(filter(None, (sentence(question), said or card.title, sentence(card.foot))))
