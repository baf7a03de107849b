"""What a reader answers to a brief: one decision (agreed, or decided otherwise) and one question, open to change until somebody
acted on it.

The answer goes to the theme's record (insights/decide/records.py), to whoever approved the brief (a mail, and the page of
briefs), to the audit log, and to webhooks.
"""

import json
from datetime import date, timedelta

from sqlmodel import col, select

from feedback.models import Theme
from heard.accounts import audit
from heard.kit import tokens, work
from heard.kit.clock import now, today
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, day, speaking
from heard.kit.web import clean_text
from insights import events
from insights.decide.asked import Asked, asked_of, theme_in
from insights.models import Brief, Decision, Delivery, Finding
from insights.write import shown
from polls.models import Poll

LONGEST_NOTE, LONGEST_WHO = 2000, 200
DECISIONS = ("agree", "decide")  # one takes the place of the other
SETTLED = timedelta(minutes=10)  # so long a change waits for the next one: who tries this and that is one mail


class DecisionActedOn(Refused):
    """The answer has become an action or a poll, so it stays. What was there is kept."""

    code, status = "decision_acted_on", 409

    def __init__(self) -> None:
        super().__init__(
            _("Your answer was taken up already, so it stays as it is."),
            hint=_("Reply to the mail to say what has changed."),
        )


class NotYourLink(Refused):
    """The brief's own address is for whoever it was passed on to; nobody can answer there."""

    code, status = "not_a_readers_link", 403

    def __init__(self) -> None:
        super().__init__(
            _("From this address the brief can be read, and not answered."),
            hint=_("Open it from the mail that was sent to you."),
        )


def asked_in(session: DbSession, brief: Brief) -> Asked:
    """What a brief asks, as it is shown to readers."""
    tree = shown.to_readers(session, brief, quotes=False)
    with speaking(brief.locale):
        return asked_of(tree)


def record(
    session: DbSession, delivery: Delivery, kind: str, *, note: str = "", who: str = "", due_on: date | None = None
) -> Decision:
    """Keep a reader's answer. The same one again changes nothing; another decision, or another question, takes its place.

    Raises BadInput with a line for each field, DecisionActedOn.
    """
    session.refresh(delivery, with_for_update=True)  # two tabs: one after the other
    brief = session.get_one(Brief, delivery.brief_id)
    asked = asked_in(session, brief)
    note, who = _clean(note), _clean(who)
    if kind == "agree":
        note, who, due_on = asked.decision, asked.who, asked.due_on
    if kind == "ask":
        who, due_on = "", None
    _check(kind, asked, note, who, due_on)
    answer = _given(session, delivery, kind)
    if answer and (answer.kind, answer.note, answer.who, answer.due_on) == (kind, note, who, due_on):
        return answer
    if answer and (answer.action_id is not None or answer.poll_id is not None):
        raise DecisionActedOn()
    before = said(answer) if answer else ""
    answer = answer or Decision(brief_id=brief.id or 0, delivery_id=delivery.id or 0, kind=kind, at=now())
    answer.kind, answer.note, answer.who, answer.due_on, answer.at = kind, note, who, due_on, now()
    answer.theme_id = _theme(session, brief, kind)
    session.add(answer)
    session.flush()
    wait = SETTLED if before else timedelta(0)
    work.due(session, "tell_decision", answer.id, wait=wait, decision_id=answer.id, told=before)
    audit.record(
        session, None, "decision.recorded", str(answer.id), community_id=brief.community_id, kind=kind, brief=brief.id,
        delivery=delivery.id, changed=bool(before),
    )  # fmt: skip
    events.decision_recorded(session, brief, answer)
    return answer


def _given(session: DbSession, delivery: Delivery, kind: str) -> Decision | None:
    """What this one takes the place of."""
    kinds = DECISIONS if kind in DECISIONS else (kind,)
    mine = select(Decision).where(Decision.delivery_id == delivery.id, col(Decision.kind).in_(kinds))
    return session.exec(mine.order_by((col(Decision.kind) == kind).desc()).limit(1)).first()


def said(answer: Decision) -> str:
    """A mark of what an answer says, by which a change is known."""
    return tokens.hashed("\x1f".join([answer.kind, answer.note, answer.who, str(answer.due_on)]))


def _clean(text: str) -> str:
    return clean_text(text).strip()


def _check(kind: str, asked: Asked, note: str, who: str, due_on: date | None) -> None:
    faults = {}
    if kind not in asked.kinds:
        faults["kind"] = _("This brief asks for no decision; a question can be asked.")
    if not note:
        faults["note"] = _("Write the question.") if kind == "ask" else _("Write what is decided.")
    if len(note) > LONGEST_NOTE:
        faults["note"] = _("At most %(n)s characters.") % {"n": LONGEST_NOTE}
    if len(who) > LONGEST_WHO:
        faults["who"] = _("At most %(n)s characters.") % {"n": LONGEST_WHO}
    if kind == "decide" and due_on is not None and due_on < today():
        faults["due_on"] = _("%(day)s is past; name a day to come.") % {"day": day(due_on)}
    if faults:
        raise BadInput(
            _("Your answer was not kept: %(why)s") % {"why": next(iter(faults.values()))},
            hint=_("Mend what is named, and send it again."), fields=faults,
        )  # fmt: skip


def _theme(session: DbSession, brief: Brief, kind: str) -> int | None:
    """The theme that the answer is about, if it is still there."""
    place = brief.text.get("decision") if kind != "ask" else brief.text.get("ask")
    sentence = (place[0] if isinstance(place, list) and place else place) or {}
    position = (sentence.get("sentence") or sentence).get("position")
    row = session.exec(
        select(Finding.evidence).where(Finding.brief_id == brief.id, Finding.position == position)
    ).first()
    found = theme_in(brief.facts, json.loads(row)["facts"]) if row else None
    here = (
        select(Theme.id).join(Poll, col(Poll.id) == col(Theme.poll_id)).where(Poll.community_id == brief.community_id)
    )
    return session.exec(here.where(Theme.id == found)).first() if found else None


def of_delivery(session: DbSession, delivery_id: int | None) -> dict[str, Decision]:
    """What a reader has answered, by kind."""
    rows = session.exec(select(Decision).where(Decision.delivery_id == delivery_id)).all()
    return {row.kind: row for row in rows}


def delivery_at(session: DbSession, hashed: str) -> Delivery | None:
    """The delivery behind a token; None for the brief's own address."""
    return session.exec(select(Delivery).where(Delivery.token_hash == hashed)).first()


def delivery_to_answer(session: DbSession, hashed: str) -> Delivery:
    """The same for who wants to answer. Raises NotYourLink for the brief's own address, NotFound for none."""
    if found := delivery_at(session, hashed):
        return found
    if session.exec(select(Brief.id).where(Brief.token_hash == hashed)).first():
        raise NotYourLink()
    raise NotFound(_("There is no brief at this address."), hint=_("Open it from the mail again, or ask its sender."))
