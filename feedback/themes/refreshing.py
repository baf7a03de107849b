"""The themes of a poll, kept up to date: read the comments, think with nothing open, write.

Themes have two levels: coarse ones without a parent, and fine ones below. Every comment that was read has an
assignment, to a fine theme or to none. Old comments keep their theme and themes keep their ids; what people named or
answered is never taken from them.

Loads numpy and scikit-network: for the worker, not for web modules.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from feedback import events
from feedback.models import Action, Assignment, Comment, Response, Theme, ThemeEdit, ThemeRun
from feedback.themes import comment_vectors, embedding, encoding, feelings, identities, model_names, readings
from feedback.themes import map as theme_map
from feedback.themes import words as theme_words
from feedback.themes.embedding import Encoder, Progress
from feedback.themes.followed_quotes import follow_quotes
from feedback.themes.identities import NONE, Before, Placed
from feedback.themes.queries import FEWEST, run_of, waits_for_steps
from feedback.themes.readings import ReadingStopped, Telling
from feedback.themes.shaped import followed, held_in, needed
from feedback.themes.similarity import Answers
from feedback.themes.text import language
from heard.kit.clock import now
from heard.kit.db import DbSession, reading, writing
from heard.kit.settings import settings
from polls.models import Poll

YOUNG = 300
"""Comments up to which themes are not settled: they are found anew when the poll has grown by `GROWN`."""
GROWN = 1.3
_TRIES = 3
_A, _C = Assignment.__table__, Comment.__table__  # type: ignore[attr-defined]


def refresh(poll_id: int, *, full: bool = False) -> ThemeRun | None:
    """Bring a poll's themes up to date; `full` clusters everything anew. Running it twice changes nothing.

    Returns the run, the earlier one when there was nothing to do or the reading was stopped, or None while there are fewer
    than 3 comments (or when another worker was faster three times).
    """
    for _try in range(_TRIES):
        with reading() as session:
            stand = read(session, poll_id)
        if stand is None or not _anything_to_do(stand, full):
            return _rest(poll_id, stand)
        try:
            with readings.telling(poll_id, len(stand.ids)) as tell:
                return _run(poll_id, stand, full, tell)
        except ReadingStopped:
            return stand.last
        except IntegrityError:
            continue  # another worker wrote this number, or a comment went away under us: read again
    return None


def _rest(poll_id: int, stand: "Stand | None") -> ThemeRun | None:
    """Nothing to do: neither is a reading left that fell silent."""
    with reading() as session:
        silent = poll_id in readings.silent(session)
    if silent:
        with writing() as session:
            readings.ended(session, poll_id)
    return stand.last if stand else None


def _run(poll_id: int, stand: "Stand", full: bool, tell: Telling) -> ThemeRun | None:
    began, encoder = now(), the_encoder()
    if not stand.stepwise and encoding.spread(poll_id, len(stand.ids), encoder, tell):
        tell.look()
        return stand.last
    placed, words, spoken = think(stand, encoder, tell, full=_is_full(stand, full))
    felt = feelings.feelings(stand.ids.tolist(), stand.texts, spoken, stand.felt)
    tell(len(stand.ids), len(stand.ids))
    run = new_run(poll_id, stand, began, engine_of(encoder), full=_is_full(stand, full))
    with writing() as session:
        run = write(session, run, stand, placed, words, spoken)
        feelings.store(session, felt)
        readings.ended(session, poll_id)
    return run


def new_run(poll_id: int, stand: "Stand", began: datetime, engine: str, *, full: bool) -> ThemeRun:
    """The run that follows the last one, as it is before it is written."""
    return ThemeRun(
        poll_id=poll_id, number=(stand.last.number if stand.last else 0) + 1, kind="full" if full else "update",
        engine=engine, comments=0, started_at=began, finished_at=began,
    )  # fmt: skip


WORDS = "words"
"""The engine of a run without the model: answers are compared by their words alone."""


def engine_of(encoder: Encoder | None) -> str:
    """What a run says that answers were compared by."""
    return encoder.name if encoder else WORDS


def the_encoder() -> Encoder | None:
    """The sentence encoder, made once a process; None where the model package is absent."""
    return _encoder_in(settings().data_folder / "models")


@cache
def _encoder_in(folder: Path) -> Encoder | None:
    return embedding.encoder(folder)


@dataclass(frozen=True)
class Stand:
    """What was read: comments in the order they were said, and what stands of their themes."""

    ids: np.ndarray  # int64 (n,)
    texts: list[str]
    languages: list[str]
    score: np.ndarray  # float32 (n,), of the last run
    before: Before
    last: ThemeRun | None
    last_full: int  # comments of the last full run
    felt: feelings.Felt
    spots: dict[int, theme_map.Spot]  # where themes stand on the map
    anonymous: bool
    stepwise: bool  # an anonymous poll that takes votes: its comments are read in steps, by one worker
    edits: tuple[int, int]  # how many people made, and took back
    edited: bool  # by people, since the last run began

    def only(self, which: np.ndarray) -> "Stand":
        """The same as if there were these comments only; which bool (n,)."""
        before, chosen = self.before, np.flatnonzero(which).tolist()
        rows = replace(before, theme=before.theme[which], read=before.read[which], pinned=before.pinned[which])
        return replace(
            self, ids=self.ids[which], texts=[self.texts[i] for i in chosen],
            languages=[self.languages[i] for i in chosen], score=self.score[which], before=rows,
        )  # fmt: skip


def read(session: DbSession, poll_id: int) -> Stand | None:
    """What stands of a poll; None where it is gone."""
    poll = session.get(Poll, poll_id)
    if poll is None:
        return None
    query = (
        select(_C.c.id, _C.c.text, _C.c.language, _A.c.comment_id, _A.c.theme_id, _A.c.score, _A.c.placed_by)
        .join_from(_C, _A, _A.c.comment_id == _C.c.id, isouter=True)
        .where(_C.c.poll_id == poll_id)
        .order_by(_C.c.said_at, _C.c.id)
    )
    if waits_for_steps(poll):
        query = query.join(Response, col(Response.id) == _C.c.response_id).where(
            or_(col(Response.released).is_(True), _A.c.comment_id.is_not(None))
        )
    rows = session.execute(query).all()
    themes = session.execute(
        select(
            col(Theme.id), col(Theme.parent_id), col(Theme.named_by), col(Theme.pinned), col(Theme.hidden), col(Theme.x), col(Theme.y)
        ).where(col(Theme.poll_id) == poll_id)
    ).all()  # fmt: skip
    held, ids = held_in(themes), np.array([r.theme_id or NONE for r in rows], np.int64)
    placed = np.array([r.placed_by == "person" for r in rows], bool)
    shaped = {t.id for t in themes if t.named_by == "person" or t.pinned or t.hidden} | set(ids[placed].tolist()) - {
        NONE
    }
    answered = session.scalars(select(col(Action.theme_id)).where(col(Action.poll_id) == poll_id))
    full = run_of(session, poll_id, kind="full")
    before = Before(
        theme=ids,
        read=np.array([r.comment_id is not None for r in rows], bool),
        pinned=placed | np.isin(ids, list(held)),
        parents={t.id: t.parent_id for t in themes if t.parent_id is not None},
        kept=frozenset(shaped | set(answered)),
        held=held,
    )
    last = run_of(session, poll_id)
    return Stand(
        ids=np.array([r.id for r in rows], np.int64), texts=[r.text for r in rows], languages=[r.language for r in rows],
        score=np.array([r.score or 0 for r in rows], np.float32), before=before, last=last,
        last_full=full.comments if full else 0, felt=feelings.felt(session, poll),
        spots={t.id: (t.x, t.y) for t in themes if t.x is not None and t.y is not None}, anonymous=poll.anonymous,
        stepwise=waits_for_steps(poll), edits=_edits(session, poll_id),
        edited=bool(last and _edited(session, poll_id, last.started_at)),
    )  # fmt: skip


def _edits(session: DbSession, poll_id: int) -> tuple[int, int]:
    both = select(func.count(), func.count(col(ThemeEdit.undone_at))).where(col(ThemeEdit.poll_id) == poll_id)
    made, undone = session.execute(both).one()
    return made, undone


def _edited(session: DbSession, poll_id: int, since: datetime) -> bool:
    late = or_(col(ThemeEdit.at) >= since, col(ThemeEdit.undone_at) >= since)
    return bool(
        session.scalars(select(col(ThemeEdit.id)).where(col(ThemeEdit.poll_id) == poll_id, late).limit(1)).first()
    )


def _anything_to_do(stand: Stand, full: bool) -> bool:
    count = len(stand.ids)
    if count < FEWEST and not stand.before.parents:
        return False
    return full or stand.edited or not stand.before.read.all() or stand.last is None or stand.last.comments != count


def _is_full(stand: Stand, full: bool) -> bool:
    """Asked for; or nothing stands yet; or the poll is young and has grown, when its first themes were a guess."""
    count = len(stand.ids)
    if count < FEWEST:
        return False
    grown = stand.last_full < YOUNG and count >= GROWN * stand.last_full
    return full or not stand.before.parents or not (stand.before.theme != NONE).any() or grown


def think(
    stand: Stand, encoder: Encoder | None, tell: Progress | None = None, *, full: bool
) -> tuple[Placed, dict[int, theme_words.Words], list[str]]:
    """With nothing open: where every comment belongs, what the themes are called, which language each is in."""
    vectors = comment_vectors.of(stand.ids.tolist(), stand.texts, encoder, tell)
    return _think(stand, vectors, encoder, full=full)


def _think(
    stand: Stand, vectors: np.ndarray | None, encoder: Encoder | None, *, full: bool
) -> tuple[Placed, dict[int, theme_words.Words], list[str]]:
    spoken = _languages(stand, full=full)
    answers = Answers(stand.texts, vectors, spoken)
    placed = identities.refit(answers, stand.before) if full else identities.update(answers, stand.before, stand.score)
    words = theme_words.words_of(stand.ids, stand.texts, vectors, placed, encoder, spoken, anonymous=stand.anonymous)
    spots = theme_map.spots(answers, placed.theme, placed.score, stand.spots)
    return placed, {key: replace(said, spot=spots.get(key)) for key, said in words.items()}, spoken


def _languages(stand: Stand, *, full: bool) -> list[str]:
    """The language of each comment; on an update only of the new ones, judged beside some of the old."""
    if full:
        return language(stand.texts)
    new, old = np.flatnonzero(~stand.before.read).tolist(), np.flatnonzero(stand.before.read).tolist()[-500:]
    found = language([stand.texts[i] for i in [*new, *old]])
    judged = dict(zip(new, found, strict=False))
    return [judged.get(i, known) for i, known in enumerate(stand.languages)]


def write(
    session: DbSession, run: ThemeRun, stand: Stand, placed: Placed, words: dict[int, theme_words.Words], spoken: list[str]
) -> ThemeRun:  # fmt: skip
    """What was found, as a run. Raises IntegrityError where another worker has written one since `stand` was read."""
    session.add(run)
    session.flush()  # refused when another worker has written this number: before anything else is touched
    at, poll_id = run.started_at, run.poll_id
    alive = set(session.scalars(select(_C.c.id).where(_C.c.poll_id == poll_id)))
    there = np.array([i in alive for i in stand.ids.tolist()], bool)
    ids = _store_themes(session, poll_id, placed, words, at)
    # As people left them meanwhile: nobody changes themes while we hold them.
    themes = {t.id or 0: t for t in session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id))}
    steps, held = {i: t.merged_into for i, t in themes.items() if t.merged_into}, held_in(themes.values())
    theme = np.array([followed(steps, ids.get(t, NONE)) for t in placed.theme.tolist()], np.int64)
    free = there & ~np.isin(stand.before.theme, list(held))
    _store_assignments(session, poll_id, stand, theme, placed.score, there, free)
    _store_languages(session, stand, spoken, there)
    if _edits(session, poll_id) != stand.edits or any(t.hidden for t in themes.values()):
        follow_quotes(session, themes, themes)
    model_names.keep(session, themes.values())
    session.flush()
    model_names.ask(session, poll_id)
    _drop_empty(session, poll_id)
    run.comments, run.finished_at = int(there.sum()), now()
    session.add(run)
    session.flush()
    events.themes_refreshed(session, run)
    return run


def _store_themes(
    session: DbSession, poll_id: int, placed: Placed, words: dict[int, theme_words.Words], at: datetime
) -> dict[int, int]:
    """Every theme in use, made or brought up to date, coarse ones first. Returns {number or id: id}."""
    standing = {
        t.id or 0: t
        for t in session.scalars(
            select(Theme).where(col(Theme.poll_id) == poll_id).order_by(col(Theme.id)).with_for_update()
        )
    }
    ids: dict[int, int] = {}
    for key, parent in [*((c, None) for c in dict.fromkeys(placed.parents.values())), *placed.parents.items()]:
        said = words[key]
        theme = standing.get(key) or Theme(poll_id=poll_id, label=said.label, born_at=at, emerged=key in placed.emerged)
        if theme.named_by != "person" and not (theme.pinned and theme.id):
            theme.label = said.label
        theme.x, theme.y = said.spot or (None, None)
        theme.keywords, theme.quotes, theme.summary = said.keywords, [str(q) for q in said.quotes], said.summary
        if not (theme.pinned and theme.id):
            theme.parent_id = ids[parent] if parent is not None else None
        session.add(theme)
        session.flush()
        ids[key] = theme.id or 0
    return ids


def _store_assignments(
    session: DbSession, poll_id: int, stand: Stand, theme: np.ndarray, score: np.ndarray, there: np.ndarray, free: np.ndarray
) -> None:  # fmt: skip
    """New rows for new comments; old rows only where their theme moved, and never one that a person placed or moved, or
    whose theme is held: not even while we were thinking."""
    new = np.flatnonzero(there & ~stand.before.read)
    moved = np.flatnonzero(free & stand.before.read & ~stand.before.pinned & (theme != stand.before.theme))
    rows = [
        {"comment_id": int(stand.ids[i]), "poll_id": poll_id, "theme_id": int(theme[i]) or None,
         "score": float(score[i]), "placed_by": "machine"}
        for i in new
    ]  # fmt: skip
    if rows:
        session.execute(insert(_A), rows)
    if len(moved):
        session.execute(
            update(_A)
            .where(
                _A.c.comment_id == bindparam("comment"), _A.c.placed_by == "machine",
                _A.c.theme_id.is_not_distinct_from(bindparam("stood")),
            )
            .values(theme_id=bindparam("theme"), score=bindparam("near")),
            [
                {"comment": int(stand.ids[i]), "stood": int(stand.before.theme[i]) or None,
                 "theme": int(theme[i]) or None, "near": float(score[i])}
                for i in moved
            ],
        )  # fmt: skip


def _store_languages(session: DbSession, stand: Stand, spoken: list[str], there: np.ndarray) -> None:
    changed = [i for i in np.flatnonzero(there) if spoken[i] and spoken[i] != stand.languages[i]]
    if changed:
        # One by one, in the order of days and random ids: PostgreSQL would take many at once in the order in which they
        # first came, and keep them so (feedback/collect/counters.py).
        session.execute(
            update(_C).where(_C.c.id == bindparam("comment")).values(language=bindparam("spoken")),
            [{"comment": int(stand.ids[i]), "spoken": spoken[i]} for i in changed],
        )


def _drop_empty(session: DbSession, poll_id: int) -> None:
    """Themes without comments go; those that a person named, answered or edited stay, to be filled again or led on from."""
    used = select(_A.c.theme_id).where(_A.c.poll_id == poll_id, _A.c.theme_id.is_not(None))
    answered = select(col(Action.theme_id)).where(col(Action.poll_id) == poll_id)
    parents = select(col(Theme.parent_id)).where(col(Theme.poll_id) == poll_id, col(Theme.parent_id).is_not(None))
    machines = delete(Theme).where(
        col(Theme.poll_id) == poll_id, col(Theme.named_by) == "machine", col(Theme.id).not_in(answered),
        col(Theme.merged_into).is_(None), *[col(Theme.id).not_in(ids) for ids in needed(poll_id)],
    )  # fmt: skip
    session.execute(machines.where(col(Theme.parent_id).is_not(None), col(Theme.id).not_in(used)))
    session.execute(machines.where(col(Theme.parent_id).is_(None), col(Theme.id).not_in(parents)))
