"""A draft reworded by the operator's language model, when a manager asks for it.

The model sees a sentence in which every figure, day and quotation is a mark such as [[1]]: so nothing that people wrote leaves
this machine, and no order hidden in an answer reaches it. Its words pass the check of a person's edit and more
(kept_parts.changed, strict), or ours stay. Sentences without a figure or quotation are not sent: nothing would hold them.
"""

import re
from typing import NamedTuple

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry
from heard.kit import language_model, work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import Refused
from heard.kit.i18n import _, speaking
from heard.kit.language_model import LanguageModelAway
from heard.kit.work import WorkDue
from insights.models import Brief, Finding
from insights.write import edits
from insights.write.freezing import BriefApproved, draft
from insights.write.kept_parts import pieces_of, to_protect
from insights.write.shown import edits_of

SYSTEM = (
    "You reword one sentence of a report so that it reads well in %(language)s. Keep its meaning exactly. Marks such as [[1]] "
    "stand for figures and names: keep each mark once, as it is, in the same order. Add no figures, no causes, no opinions, no "
    "quotation marks. As many sentences as there are. Answer with the sentence alone."
)
LANGUAGES = {"en": "English", "fr": "French"}
_MARK = re.compile(r"\[\[(\d{1,3})\]\]")


class NoLanguageModel(Refused):
    """The operator has set none up. Nothing was sent anywhere."""

    code, status = "no_language_model", 409

    def __init__(self) -> None:
        super().__init__(_("No language model is set up."), hint="HEARD_LLM_URL=http://127.0.0.1:11434/v1")


class Rewording(NamedTuple):
    """How far it is. taken: sentences in the model's words; kept: asked for, and ours stayed; away: it stopped, as the model
    could not be used."""

    waiting: bool
    taken: int
    kept: int
    away: bool


def ask(session: DbSession, brief: Brief, *, by: Account | None) -> None:
    """Have the worker reword a draft. Raises NoLanguageModel, BriefApproved."""
    if not language_model.is_set():
        raise NoLanguageModel()
    draft(session, brief)
    work.due(session, "reword", brief.id, brief_id=brief.id)
    audit.record(session, by, "brief.rewording_asked", str(brief.id), community_id=brief.community_id)
    session.flush()


def undo(session: DbSession, brief: Brief, *, by: Account | None) -> int:
    """Our own words again wherever the model's stand. How many. Raises BriefApproved."""
    draft(session, brief)
    rows = session.exec(_by_the_model(brief)).all()
    taken = sum(bool(row.edited) for row in rows)
    for row in rows:
        edits.put(session, brief, row, "", by=None)
    audit.record(session, by, "brief.rewording_undone", str(brief.id), community_id=brief.community_id, sentences=taken)
    session.flush()
    return taken


def state_of(session: DbSession, brief: Brief) -> Rewording:
    """How far the rewording of a brief is."""
    rows = session.exec(_by_the_model(brief)).all()
    asked = select(WorkDue.id).where(WorkDue.kind == "reword", WorkDue.key == str(brief.id))
    last = select(AuditEntry.action).where(
        AuditEntry.community_id == brief.community_id, AuditEntry.subject == str(brief.id),
        col(AuditEntry.action).in_(["brief.reworded", "brief.not_reworded"]),
    )  # fmt: skip
    taken = sum(bool(row.edited) for row in rows)
    return Rewording(
        session.exec(asked).first() is not None, taken, len(rows) - taken,
        session.exec(last.order_by(col(AuditEntry.id).desc()).limit(1)).first() == "brief.not_reworded",
    )  # fmt: skip


def _by_the_model(brief: Brief):  # type: ignore[no-untyped-def]
    """Sentences that the model was asked for: `edited` "" where ours stayed."""
    return select(Finding).where(Finding.brief_id == brief.id, Finding.by_model)


def reword(brief_id: int) -> None:
    """Ask for each sentence that nobody has touched, with no transaction open; each answer is kept by itself. Running it again
    goes on where it was."""
    with reading() as session:
        brief = session.get(Brief, brief_id)
        rows = _untouched(session, brief) if brief and brief.approved_at is None else []
        locale = brief.locale if brief else "en"
    away = False
    for finding_id, text in rows:
        answer = ""
        try:
            answer = _asked(text, locale)
        except LanguageModelAway as fault:
            if not fault.answered:
                away = True
                break
        try:
            with writing() as session:
                _keep(session, finding_id, answer)
        except BriefApproved:
            break
    with writing() as session:
        if brief := session.get(Brief, brief_id):
            taken = sum(bool(row.edited) for row in session.exec(_by_the_model(brief)))
            word = "brief.not_reworded" if away else "brief.reworded"
            audit.record(session, None, word, str(brief_id), community_id=brief.community_id, sentences=taken)


def _untouched(session: DbSession, brief: Brief) -> list[tuple[int, str]]:
    places = edits.editable(brief.text)
    query = select(Finding.id, Finding.position).where(Finding.brief_id == brief.id, col(Finding.edited_at).is_(None))
    found = {position: number for number, position in session.exec(query)}
    texts = [(found[place], edits.ours_at(brief.text, place)) for place in places if place in found]
    with speaking(brief.locale):
        return [(number or 0, text) for number, text in texts if protected(text)[1]]


def _asked(text: str, locale: str) -> str:
    """The model's words with what was protected put back; "" where a mark is missing or twice."""
    with speaking(locale):
        told, parts = protected(text)
    system = SYSTEM % {"language": LANGUAGES.get(locale, "English")}
    answer = language_model.complete(system, told, longest=2 * len(told) + 200)
    return edits.as_we_write(restored(answer, parts), locale)


def protected(text: str) -> tuple[str, list[str]]:
    """A sentence with marks for its figures, days, addresses and quotations, and these in their order. In the language of this
    context. Pure."""
    parts: list[str] = []

    def mark(piece: str) -> str:
        parts.append(piece)
        return f"[[{len(parts)}]]"

    told = "".join(
        mark(piece) if quoted else to_protect().sub(lambda found: mark(found[0]), piece)
        for piece, quoted in pieces_of(text)
    )
    return told, parts


def restored(answer: str, parts: list[str]) -> str:
    """The answer with the parts in the place of their marks; "" where it does not have each once. Pure."""
    if sorted(int(n) for n in _MARK.findall(answer)) != list(range(1, len(parts) + 1)):
        return ""
    return _MARK.sub(lambda found: parts[int(found[1]) - 1], answer)


def _keep(session: DbSession, finding_id: int, text: str) -> None:
    """The model's words, if they say the same and nobody has touched the sentence meanwhile; else a note that ours stayed."""
    finding = session.get_one(Finding, finding_id)
    brief = session.get_one(Brief, finding.brief_id)
    draft(session, brief)
    session.refresh(finding, with_for_update=True)
    if finding.edited_at is not None:
        return
    own = edits.ours_at(brief.text, finding.position)
    if not text or text == own or edits.wrong_with(brief, finding, text, edits_of(session, brief), strict=True):
        text = ""
    edits.put(session, brief, finding, text, by=None)
    finding.edited_at, finding.by_model = now(), True
    session.add(finding)
