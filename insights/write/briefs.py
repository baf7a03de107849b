"""Writing a brief: facts gathered and frozen, findings, words, the support check, and the row that no longer moves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import Account, Community
from heard.kit import tokens
from heard.kit.clock import now, today
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from insights.measure import measures, queries
from insights.measure.measures import Facts
from insights.models import AUDIENCES, Brief, Finding
from insights.write.composing import frozen, text_of, worded
from insights.write.shown import Tree
from insights.write.support import Sentence

USUAL_DAYS = 30
DECIDE_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Composed:
    """A brief before it is stored: everything but its row."""

    community_id: int
    slug: str
    audience: str
    locale: str
    since: date
    until: date
    facts: Facts
    facts_hash: str
    tree: dict[str, Any]  # the wording; each sentence as {"text", "position"}
    sentences: list[Sentence]  # in the order of their positions, from 1
    behind: dict[int, list[str]]


def write_brief(
    session: DbSession, community: Community, audience: str, since: date | None = None, until: date | None = None, *,
    by: Account | None, locale: str = "",
) -> Brief:  # fmt: skip
    """A brief on what the community said from `since` to `until` (the last 30 days), stored with its frozen facts.

    Reads much before it writes: where votes are waiting, compose() in a reading session and keep() what it gives.
    Raises BadInput for an unknown audience or days the wrong way round, Unsupported for a sentence without ground.
    """
    return keep(session, compose(session, community, audience, since, until, locale=locale), by=by)


def compose(
    session: DbSession,
    community: Community,
    audience: str,
    since: date | None = None,
    until: date | None = None,
    *,
    locale: str = "",
) -> Composed:
    """The brief as it would be written now; reads only. Raises as write_brief."""
    return compose_each(session, community, [audience], since, until, locale=locale)[0]


def compose_each(
    session: DbSession,
    community: Community,
    audiences: Sequence[str],
    since: date | None = None,
    until: date | None = None,
    *,
    locale: str = "",
) -> list[Composed]:
    """The briefs for these audiences, from one set of facts that is gathered once; reads only. Raises as write_brief."""
    for audience in audiences:
        _known(audience)
    since, until = period(since, until)
    gathered = queries.gather(session, community, since, until)
    facts = measures.facts_of(gathered)
    locale, facts_hash = locale or community.locale, measures.hash_of(facts)
    made = []
    for audience in audiences:
        with speaking(locale):
            tree = worded(facts, audience, today() + DECIDE_WITHIN)
        sentences: list[Sentence] = []
        kept = frozen(tree, sentences)
        made.append(
            Composed(
                community.id or 0, community.slug, audience, locale, since, until, facts, facts_hash, kept, sentences,
                gathered.behind,
            )
        )  # fmt: skip
    return made


def _known(audience: str) -> None:
    if audience not in AUDIENCES:
        raise BadInput(
            _("There is no audience “%(audience)s”.") % {"audience": audience[:40]},
            hint=_("Audiences: %(names)s.") % {"names": ", ".join(AUDIENCES)},
            fields={"audience": _("product or leadership")},
        )


def period(since: date | None, until: date | None) -> tuple[date, date]:
    """The days a brief is about; the last 30 when nothing is said. Raises BadInput."""
    until = until or max(today(), since or today())
    since = since or max(date.min + timedelta(days=USUAL_DAYS), until) - timedelta(days=USUAL_DAYS - 1)
    if since > until:
        raise BadInput(
            _("The period ends (%(until)s) before it begins (%(since)s).") % {"since": since, "until": until},
            hint=_("Put the earlier day first."),
            fields={"since": _("Later than the last day.")},
        )
    return since, until


def keep(session: DbSession, composed: Composed, *, by: Account | None) -> Brief:
    """Store a composed brief with a row for each sentence and what stands behind it."""
    brief = Brief(
        community_id=composed.community_id, audience=composed.audience, locale=composed.locale, since=composed.since,
        until=composed.until, token_hash=tokens.hashed(tokens.fresh()), facts=composed.facts, facts_hash=composed.facts_hash,
        subject=composed.tree["subject"]["text"], text=composed.tree, created_at=now(), created_by=by.id if by else None,
    )  # fmt: skip
    session.add(brief)
    session.flush()
    brief.token_hash = tokens.hashed(token_of(brief))
    for position, sentence in enumerate(composed.sentences, 1):
        evidence = {"facts": list(sentence.evidence), "comments": _comments(sentence, composed)}
        session.add(
            Finding(
                brief_id=brief.id or 0, position=position, sentence=sentence.text[:1000], evidence=json.dumps(evidence)
            )
        )
    audit.record(
        session,
        by,
        "brief.written",
        str(brief.id),
        community_id=brief.community_id,
        audience=brief.audience,
        facts=brief.facts_hash,
    )
    session.flush()
    return brief


def _comments(sentence: Sentence, composed: Composed) -> list[str]:
    """The comments behind a sentence: those of the themes it rests on, as they were when it was written."""
    found: dict[str, None] = {}
    for path in sentence.evidence:
        steps = path.split("/")
        if steps[0] == "themes" and len(steps) > 1:
            found |= dict.fromkeys(composed.behind.get(composed.facts["themes"][int(steps[1])]["id"], ()))
    return list(found)


def token_of(brief: Brief) -> str:
    """The secret part of its address /b/{token}."""
    return tokens.derived("brief", brief.id)


def address_of(brief: Brief, token: str = "") -> str:
    """The whole address at which it is read; with a delivery's token, as its reader."""
    return f"{settings().base_url}/b/{token or token_of(brief)}"


def same_brief(session: DbSession, composed: Composed) -> Brief | None:
    """A brief stored before that says the same to the same audience in the same language."""
    return session.exec(
        select(Brief)
        .where(
            Brief.community_id == composed.community_id, Brief.audience == composed.audience, Brief.locale == composed.locale,
            Brief.since == composed.since, Brief.until == composed.until, Brief.facts_hash == composed.facts_hash,
        )
        .order_by(col(Brief.id).desc())
    ).first()  # fmt: skip


def plain_text(brief: Brief, tree: Tree | None = None, *, address: str = "", foot: str = "") -> str:
    """The plain text of a stored brief, in its own language; `tree`: its wording as it is shown, else as it was made."""
    with speaking(brief.locale):
        return text_of(
            tree or brief.text, brief.audience, brief.facts_hash, address=address or address_of(brief), foot=foot
        )


def briefs_of(session: DbSession, community_id: int, limit: int = 200) -> list[Brief]:
    """The community's briefs, newest first. Seeks ix_briefs_community."""
    query = (
        select(Brief)
        .where(Brief.community_id == community_id)
        .order_by(col(Brief.created_at).desc(), col(Brief.id).desc())
    )
    return list(session.exec(query.limit(limit)))
