"""A draft over the API: other words for its sentences, its quotes, approval."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from heard.kit.taken import Taken
from insights.access import access_brief_by_key
from insights.send import approving
from insights.write import edits, quoting
from insights.write.edits import SentenceRow
from insights.write.quoting import QuoteRow
from insights.write.schemas import QUOTES_TAKEN, QuotesTaken

router = APIRouter(prefix="/api/v1", tags=["briefs"], route_class=ApiRoute)


class SentenceOut(BaseModel):
    """A sentence that may get other words. by: "" (ours), person, model. `began`: names the words it has now; give it back with
    others, and nobody's words are overwritten unseen."""

    position: int
    text: str
    original: str
    by: str
    began: str

    @classmethod
    def of(cls, row: SentenceRow) -> "SentenceOut":
        """From its row."""
        return cls(**row._asdict())


class SentencesOut(BaseModel):
    """The sentences of a brief in reading order, without those on how it was measured."""

    sentences: list[SentenceOut]


class SentenceIn(Taken):
    """Other words, with the same figures, quotations and names; "" brings ours back."""

    text: str = Field(max_length=edits.LONGEST)
    began: str = Field(default="", max_length=64, description="`began` of the words that these replace.")


class QuoteOut(BaseModel):
    """A quote as it would be shown. `found`: what of a person was found in it and is masked: e-mail, link, number, handle, name.
    `as_written`: somebody read it and said that what looks like a name is none, so names are not masked."""

    comment: str
    text: str
    found: list[str]
    let_in: bool
    as_written: bool

    @classmethod
    def of(cls, row: QuoteRow) -> "QuoteOut":
        """From its row."""
        text = row.written if row.as_written else row.text
        return cls(comment=row.comment, text=text, found=list(row.found), let_in=row.let_in, as_written=row.as_written)


class QuotesOut(BaseModel):
    """The quotes of a brief, in reading order."""

    quotes: list[QuoteOut]


class QuotesIn(Taken):
    """The quotes that may go, by `comment`; no others."""

    comments: list[str] = Field(max_length=1000)
    as_written: list[str] = Field(
        default=[], max_length=1000, description="Those of them in which what looks like a name is none."
    )


class ApprovalIn(Taken):
    """How a draft is approved."""

    quotes: QuotesTaken = Field(default="ticked", description=QUOTES_TAKEN)


class ApprovalOut(BaseModel):
    """From when on its words stay."""

    approved_at: datetime


@router.get("/briefs/{brief_id}/sentences")
def read_sentences(brief_id: int, key: Bearer, session: Session) -> SentencesOut:
    """The sentences of a brief that may get other words while it is a draft."""
    _member, brief = access_brief_by_key(session, key, brief_id, to="read")
    return SentencesOut(sentences=[SentenceOut.of(row) for row in edits.sentences_of(session, brief)])


@router.patch("/briefs/{brief_id}/sentences/{position}")
def edit_sentence(brief_id: int, position: int, sent: SentenceIn, key: Bearer, session: Session) -> SentenceOut:
    """Other words for a sentence of a draft. Its figures, quotations and names stay, and what is behind it."""
    member, brief = access_brief_by_key(session, key, brief_id, to="publish")
    edits.edit(session, brief, position, sent.text, began=sent.began, by=member.account)
    return SentenceOut.of(next(row for row in edits.sentences_of(session, brief) if row.position == position))


@router.get("/briefs/{brief_id}/quotes")
def read_quotes(brief_id: int, key: Bearer, session: Session) -> QuotesOut:
    """The quotes of a brief, what of a person was found in each, and which may go."""
    _member, brief = access_brief_by_key(session, key, brief_id, to="read")
    return QuotesOut(quotes=[QuoteOut.of(row) for row in quoting.quotes_of(session, brief)])


@router.post("/briefs/{brief_id}/quotes")
def choose_quotes(brief_id: int, sent: QuotesIn, key: Bearer, session: Session) -> QuotesOut:
    """Let these quotes of a draft go, and no others."""
    member, brief = access_brief_by_key(session, key, brief_id, to="publish")
    quoting.let_in(session, brief, set(sent.comments), set(sent.as_written), by=member.account)
    return QuotesOut(quotes=[QuoteOut.of(row) for row in quoting.quotes_of(session, brief)])


@router.post("/briefs/{brief_id}/approval")
def approve_brief(brief_id: int, sent: ApprovalIn, key: Bearer, session: Session) -> ApprovalOut:
    """Approve a draft: its words and quotes stay, and readers whose brief waits for it get it. Twice changes nothing."""
    member, brief = access_brief_by_key(session, key, brief_id, to="publish")
    quoting.choose(session, brief, sent.quotes, by=member.account)
    approving.approve(session, brief, by=member.account)
    return ApprovalOut(approved_at=brief.approved_at)
