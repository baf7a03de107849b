"""What becomes of a reader's answer: a question becomes a draft poll, a decision an action with an owner and a day."""

import re
from datetime import date

from sqlmodel import select

from feedback.answer import actions
from feedback.models import Action, Theme
from heard.accounts import audit
from heard.accounts.models import Account, Community
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, speaking
from insights.decide.asked import asked_of
from insights.models import Brief, Decision
from insights.write import shown
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.write import authoring

LONGEST_WORDING, LONGEST_TITLE = 1000, 200
# A question that begins so is answered with yes or no; “which”, “what”, “why”, “how” ask for words.
_YES_NO = re.compile(
    r"^\W*(?:(?:do|does|did|is|are|was|were|would|could|should|will|can|may|have|has|shall)\s|(?:don|isn|aren|wouldn|shouldn|can)[’']t\s"
    r"|est-ce qu|(?:faut|faudrait|devrait|doit|peut|pourrait)-(?:il|on|t-on)|(?:devons|devrions|voulons|pouvons)-nous"
    r"|(?:voulez|souhaitez|pouvez|êtes|avez|aimeriez|seriez|pensez|devriez|voudriez|utilisez)-vous|êtes-vous)",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"^\W*(?:how many|how often|combien)\b", re.IGNORECASE)
_HOW_LIKELY = re.compile(
    r"^\W*(?:how (?:satisfied|happy|likely|easy|good|useful)|à quel point|dans quelle mesure)\b", re.IGNORECASE
)


class AlreadyTakenUp(Refused):
    """The answer has become an action before."""

    code, status = "already_taken_up", 409


def kind_for(question: str) -> str:
    """The kind of question that suits these words: yes_no, number, rating, long_text. Pure."""
    if _YES_NO.match(question):
        return "yes_no"
    if _HOW_LIKELY.match(question):
        return "rating"
    return "number" if _HOW_MANY.match(question) else "long_text"


def poll_of(session: DbSession, community: Community, decision: Decision, *, by: Account) -> Poll:
    """The draft that asks what the reader asked; made once, and again only when it was deleted."""
    session.refresh(decision, with_for_update=True)
    made = session.get(Poll, decision.poll_id) if decision.poll_id else None
    if made is not None:
        return made
    poll = draft_poll(session, community, decision.note, by=by)
    decision.poll_id = poll.id
    session.add(decision)
    audit.record(session, by, "decision.asked_on", str(decision.id), community_id=community.id, poll=poll.slug)
    session.flush()
    return poll


def poll_of_brief(session: DbSession, community: Community, brief: Brief, *, by: Account) -> Poll:
    """A draft of the question with which a brief closes. Raises BadInput where it has none."""
    with speaking(brief.locale):
        question = asked_of(shown.to_readers(session, brief, quotes=False)).question
    return draft_poll(session, community, question, by=by)


def draft_poll(session: DbSession, community: Community, question: str, *, by: Account) -> Poll:
    """A draft poll with one question, in the community's language. Raises BadInput for a question without words."""
    wording = " ".join(question.split())
    return authoring.create_poll(
        session,
        community,
        wording[:LONGEST_TITLE].strip(),
        [Draft(kind_for(wording), wording[:LONGEST_WORDING].strip())],
        by=by,
    )


def act_on(
    session: DbSession, community: Community, decision: Decision, *, theme_id: int | None, title: str, public_note: str,
    status: str, owner_id: int | None, due_on: date | None, by: Account,
) -> Action:  # fmt: skip
    """Make an action of a decision: those who spoke read it on their receipts. Raises AlreadyTakenUp, BadInput."""
    session.refresh(decision, with_for_update=True)
    if decision.action_id is not None:
        raise AlreadyTakenUp(
            _("An action was made of this decision before."), hint=_("Say what came next on the theme's page.")
        )
    theme = _theme_here(session, community, theme_id)
    action = actions.publish_action(session, theme, title, public_note, status, by=by, owner_id=owner_id, due_on=due_on)
    decision.action_id, decision.theme_id = action.id, theme.id
    session.add(decision)
    audit.record(session, by, "decision.acted_on", str(decision.id), community_id=community.id, made=action.id)
    session.flush()
    return action


def _theme_here(session: DbSession, community: Community, theme_id: int | None) -> Theme:
    query = select(Theme).join(Poll, Poll.id == Theme.poll_id).where(Poll.community_id == community.id)  # type: ignore[arg-type]
    theme = session.exec(query.where(Theme.id == theme_id, Theme.merged_into == None)).first() if theme_id else None  # noqa: E711
    if theme is None:
        raise BadInput(
            _("An action answers a theme; this one is not there (any more)."), hint=_("Choose the theme that it answers."),
            fields={"theme": _("Choose a theme.")},
        )  # fmt: skip
    return theme
