"""The worker's part of finding all themes anew: a proposal beside the themes that stand, and taking it over.

Loads numpy and scikit-network: for the worker, not for web modules.
"""

import numpy as np
from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from feedback.models import Assignment, Theme, ThemeRefit
from feedback.themes import feelings, refits, refreshing
from feedback.themes.identities import NONE, Placed
from feedback.themes.queries import FEWEST
from feedback.themes.refreshing import Stand
from feedback.themes.side_by_side import Named, Places, packed, side_by_side, unpacked
from feedback.themes.words import Words
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing

_TRIES = 3
_A = Assignment.__table__  # type: ignore[attr-defined]


class _Changed(Exception):
    """Somebody changed the themes while we wrote."""


def propose(poll_id: int) -> None:
    """Fill the proposal that was asked for. The same comments and themes give the same proposal, byte for byte."""
    with reading() as session:
        asked, stand = session.get(ThemeRefit, poll_id), refreshing.read(session, poll_id)
        if asked is None or asked.result or stand is None:
            return
        rests_on, standing = refits.stand_of(session, poll_id), _named(session, poll_id)
    if len(stand.ids) < FEWEST:
        with writing() as session:
            refits.drop(session, poll_id)
        return
    encoder = refreshing.the_encoder()
    placed, words, spoken = refreshing.think(stand, encoder, full=True)
    result = side_by_side(stand.before, placed, words, standing) | {
        "stand": rests_on, "engine": refreshing.engine_of(encoder), "places": packed(stand.ids, placed, spoken),
    }  # fmt: skip
    with writing() as session:
        found = session.get(ThemeRefit, poll_id, with_for_update=True)
        if found is not None and not found.result:  # nobody has called it off
            found.result, found.base, found.made_at = result, stand.last.number if stand.last else 0, now()
            session.add(found)


def _named(session: DbSession, poll_id: int) -> dict[int, Named]:
    themes = session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id))
    return {t.id or 0: Named(t.label, t.named_by == "person" or t.pinned) for t in themes}


def take_over(poll_id: int) -> None:
    """Write the proposal that was taken as a full reading, and have what came since read right after. Twice does nothing.

    Where somebody changed a theme in the last moment nothing is written, and the proposal says that it is stale.
    """
    for _try in range(_TRIES):
        with reading() as session:
            refit, stand = session.get(ThemeRefit, poll_id), refreshing.read(session, poll_id)
            if refit is None or stand is None or refits.state_of(session, refit) != "taking":
                return
        places, words = unpacked(refit.result["places"]), _words(refit)
        kept = np.isin(stand.ids, places.ids)
        known, at = stand.only(kept), np.searchsorted(places.ids, stand.ids[kept])
        placed, spoken = _placed(refit, places, at), [places.spoken[i] for i in at.tolist()]
        felt = feelings.feelings(known.ids.tolist(), known.texts, spoken, known.felt)
        run = refreshing.new_run(poll_id, stand, now(), refit.result["engine"], full=True)
        try:
            with writing() as session:
                refreshing.write(session, run, known, placed, words, spoken)  # holds the themes from here on
                if refits.stand_of(session, poll_id) | {"full": 0} != refit.result["stand"] | {"full": 0}:
                    raise _Changed
                feelings.store(session, felt)
                _read_since(session, poll_id, stand.only(~kept))
                refits.drop(session, poll_id)
            return
        except IntegrityError:
            continue  # a reading wrote this number, or a comment went away under us
        except _Changed:
            return


def _words(refit: ThemeRefit) -> dict[int, Words]:
    return {
        row["id"]: Words(
            row["label"], row["keywords"], [int(quote) for quote in row["quotes"]], row["summary"],
            tuple(row["spot"]) if row.get("spot") else None,
        )
        for row in refit.result["then"]
    }  # fmt: skip


def _placed(refit: ThemeRefit, places: Places, at: np.ndarray) -> Placed:
    """Of the comments at these places, those that are still there."""
    theme = places.theme[at]
    used = set(np.unique(theme).tolist()) - {NONE}
    parents = {row["id"]: row["parent"] for row in refit.result["then"] if row["id"] in used}
    return Placed(theme, places.score[at], parents)


def _read_since(session: DbSession, poll_id: int, since: Stand) -> None:
    """What readings placed since the proposal was made joins anew, by the ordinary way; but not out of what people hold."""
    again = since.ids[since.before.read & ~since.before.pinned].tolist()
    if again:
        machines = delete(_A).where(_A.c.comment_id == bindparam("comment"), _A.c.placed_by == "machine")
        session.execute(machines, [{"comment": comment} for comment in again])
    if len(since.ids):
        work.due(session, "themes", f"{poll_id}:now", poll_id=poll_id)
