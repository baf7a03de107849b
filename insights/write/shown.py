"""A brief as it is shown: its stored wording with the edits put in, and of its quotes those that a person let in.

Page, mail, PDF, plain text and API all show what `shown` gives. The stored wording (Brief.text) stays as it was made. What
somebody withdrew since is shown nowhere, in a brief that was approved before neither: its figures stay, the words go.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlmodel import col, select

from feedback.models import Comment
from heard.kit.db import DbSession
from heard.kit.i18n import speaking
from insights.measure.measures import Facts
from insights.models import Brief, BriefQuote, Finding
from insights.write import personal
from insights.write.kept_parts import days_in

Tree = dict[str, Any]
Quote = Mapping[str, Any]
Edits = Mapping[int, str]
Words = Mapping[str, str]
"""Comment → the words of it that are shown."""


def shown(tree: Tree, edits: Edits, quotes: Words) -> Tree:
    """The wording with edited sentences, and with only these quotes; the tree itself stays as it is. Pure.

    `edits`: position → words. A decision whose edited words name a day is asked, one whose words do not is none.
    """
    made: Tree = _within(tree, edits, quotes)
    asked = made.get("decision")
    if asked and asked["sentence"].get("position") in edits:
        made["decision"] = asked | {"needed": any(days_in(asked["sentence"]["text"]))}
    return made


def _within(child: Any, edits: Edits, quotes: Words) -> Any:
    if isinstance(child, list):
        kept = [_within(one, edits, quotes) for one in child]
        return [new for old, new in zip(child, kept, strict=True) if not _is_quote(old) or new is not None]
    if not isinstance(child, dict):
        return child
    if _is_quote(child):
        words = quotes.get(child["comment"])
        return child | {"text": words} if words else None
    if "position" in child and "text" in child:
        return child | {"text": edits.get(child["position"], child["text"])}
    made = {name: _within(one, edits, quotes) for name, one in child.items()}
    if child.get("quote") and made["quote"] is None and "wrote" in made:
        made["wrote"] = None  # who wrote it
    return made


def quotes_in(tree: Any) -> Iterator[Quote]:
    """Every quote of a wording, in reading order: {text, comment, path}. Pure."""
    if _is_quote(tree):
        yield tree
    elif isinstance(tree, dict | list):
        for child in tree.values() if isinstance(tree, dict) else tree:
            yield from quotes_in(child)


def sentences_in(tree: Any) -> Iterator[Tree]:
    """Every sentence of a wording, in reading order: {text, position}. Pure."""
    if isinstance(tree, dict) and "position" in tree and "text" in tree:
        yield tree
    elif isinstance(tree, dict | list):
        for child in tree.values() if isinstance(tree, dict) else tree:
            yield from sentences_in(child)


def _is_quote(child: Any) -> bool:
    return isinstance(child, dict) and "comment" in child and "text" in child


def to_readers(session: DbSession, brief: Brief, *, quotes: bool = True) -> Tree:
    """What readers see: with the quotes that a person let in, or with none."""
    return _shown(session, brief, let_in(session, brief) if quotes else {})


def to_read(session: DbSession, brief: Brief) -> Tree:
    """What somebody reads before a draft is approved by the API or taken by a command: beside the quotes let in, those in
    which nothing of a person was found. An approved brief, as its readers see it."""
    if brief.approved_at is not None:
        return to_readers(session, brief)
    harmless = dict.fromkeys(personal.harmless(list(quotes_in(brief.text))), False)
    return _shown(session, brief, harmless | let_in(session, brief))


def _shown(session: DbSession, brief: Brief, which: Mapping[str, bool]) -> Tree:
    standing = still_said(session, which)
    quotes = [quote for quote in quotes_in(brief.text) if quote["comment"] in standing or quote["comment"] not in which]
    words = personal.words_of(quotes, which)
    with speaking(brief.locale):
        return shown(brief.text, edits_of(session, brief), words)


def facts_now(session: DbSession, brief: Brief) -> Facts:
    """The frozen facts without the words of comments that were withdrawn since; where there are some, another hash comes out."""
    said = {quote["comment"] for quote in quotes_in(brief.facts)}
    gone = said - still_said(session, said)
    return _silenced(brief.facts, gone) if gone else brief.facts


def _silenced(child: Any, gone: Collection[str]) -> Any:
    if isinstance(child, list):
        return [_silenced(one, gone) for one in child]
    if not isinstance(child, dict):
        return child
    if _is_quote(child) and child["comment"] in gone:
        return child | {"text": ""}
    return {name: _silenced(one, gone) for name, one in child.items()}


def still_said(session: DbSession, comments: Iterable[str]) -> set[str]:
    """Those of these comments that stand: withdrawing an answer, changing it or setting it aside takes its comment away."""
    ids, found = [int(comment) for comment in comments], set[str]()
    for start in range(0, len(ids), 500):
        rows = session.exec(select(Comment.id).where(col(Comment.id).in_(ids[start : start + 500])))
        found |= {str(comment) for comment in rows}
    return found


def let_in(session: DbSession, brief: Brief) -> dict[str, bool]:
    """The comments that a person let in, each with whether it goes as it was written."""
    return dict(
        session.exec(select(BriefQuote.comment, BriefQuote.as_written).where(BriefQuote.brief_id == brief.id)).all()
    )


def edits_of(session: DbSession, brief: Brief) -> dict[int, str]:
    """The words that stand for ours, by position."""
    query = select(Finding.position, Finding.edited).where(Finding.brief_id == brief.id, Finding.edited != "")
    return dict(session.exec(query).all())
