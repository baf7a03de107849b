"""Random histories of edits with updates and full readings between (T3): every edit survives, and all of them can be taken back.

The model beside the database knows of each edit only what it means: where its comments are, what themes are called, which
are marked. `history` is seeded, so that a failure can be seen again.
"""

import random
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from sqlmodel import col

from feedback.models import Assignment, Comment, Theme, ThemeEdit
from feedback.themes import edits, moving, undoing
from feedback.themes import refreshing as themes
from heard.accounts.models import Account
from heard.kit.db import DbSession, reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, WIFI, say

TEXT = [Draft("long_text", "What should change?")]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@dataclass
class Model:
    """What the edits that stand mean. places: {comment: theme, None alone} of all that a person placed."""

    places: dict[int, int | None] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    marks: dict[tuple[str, int], bool] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)


class History:
    """One poll, one chance, one model with a stack of what it was before each edit."""

    def __init__(self, world, seed: int) -> None:
        self.chance, self.world = random.Random(seed), world
        self.poll = world.open_poll(TEXT, title=f"History {seed}")
        self.texts = self.chance.sample(ALL, 36)
        self.later = self.chance.sample([t for t in ALL if t not in self.texts] + WIFI, 30)
        say(self.poll.id, self.texts)
        themes.refresh(self.poll.id)
        self.model, self.stack, self.by = Model(), [], world.people["ravi"]
        self.minute, self.done = 0, 0

    def step(self) -> None:
        """An edit, or taking the last one back, or a reading."""
        what = self.chance.choices(["edit", "undo", "update", "full"], [6, 1, 1, 1])[0]
        if what == "edit":
            with writing() as session:
                self.edit(session)
        elif what == "undo":
            self.undo()
        else:
            self.read(full=what == "full")
        self.check()

    def read(self, *, full: bool) -> None:
        with reading() as session:
            held = self.members_of_marked(session)
        if self.later:
            new, self.later = self.later[:4], self.later[4:]
            self.minute += 5
            say(self.poll.id, new, later=self.minute)
            self.texts += new
        themes.refresh(self.poll.id, full=full)
        with reading() as session:
            after = self.state(session)
        assert {c: after[c][0] for c in held} == held

    def members_of_marked(self, session: DbSession) -> dict[int, int]:
        marked = {t for (_mark, t), on in self.model.marks.items() if on}
        above = {t.id: t.parent_id for t in self.themes(session)}
        return {c: t for c, (t, _by) in self.state(session).items() if t and {t, above[t]} & marked}

    def edit(self, session: DbSession) -> None:
        state, by = self.state(session), session.get_one(Account, self.by.id)
        sizes = {t: [c for c, (its, _by) in state.items() if its == t] for t, _by in state.values() if t}
        fine = [t for t in self.themes(session) if t.id in sizes]
        one, other = self.chance.sample(fine, 2)
        mine = sizes[one.id]
        before, name = deepcopy(self.model), f"Name {self.done}"
        kind = self.chance.choice(["rename", "merge", "split", "move", "alone", "pin", "hide", "merge coarse"])
        if kind == "rename":
            edits.rename(session, one, name, by=by)
            self.model.names[one.id] = name
        elif kind == "merge" and len(fine) > 3:
            moving.merge(session, one, other, by=by)
            self.model.places |= dict.fromkeys(mine + sizes[other.id], other.id)
            self.model.gone[one.id] = other.id
        elif kind == "merge coarse" and len({t.parent_id for t in fine}) > 3 and one.parent_id != other.parent_id:
            parts = [t.id for t in fine if t.parent_id == one.parent_id]
            moving.merge(session, session.get_one(Theme, one.parent_id), other, by=by)
            self.model.places |= dict.fromkeys([c for t in [*parts, other.id] for c in sizes[t]], other.id)
            self.model.gone |= dict.fromkeys([*parts, one.parent_id], other.id)
        elif kind == "split" and len(mine) > 1:
            chosen = self.chance.sample(mine, self.chance.randint(1, len(mine) - 1))
            new = moving.split(session, one, chosen, name, by=by).details["new"]
            self.model.places |= dict.fromkeys(mine, one.id) | dict.fromkeys(chosen, new)
            self.model.names[new] = name
        elif kind in ("move", "alone"):
            chosen = self.chance.sample(mine, self.chance.randint(1, min(3, len(mine))))
            to = other if kind == "move" else None
            moving.move(session, one, chosen, to, by=by)
            self.model.places |= dict.fromkeys(chosen, to.id if to else None)
        elif kind in ("pin", "hide"):
            target = self.chance.choice([one, session.get_one(Theme, one.parent_id)])
            on = not getattr(target, "pinned" if kind == "pin" else "hidden")
            made = (edits.pin if kind == "pin" else edits.hide)(session, target, on=on, by=by)
            # Hiding may take the coarse theme along, and showing again what is below: the edit says which.
            self.model.marks |= {(kind, t): on for t in {target.id, *made.details.get("themes", [])}}
        else:
            return
        self.stack.append(before)
        self.done += 1

    def undo(self) -> None:
        with writing() as session:
            newest = undoing.newest_of(session, self.poll.id)
            if newest is None:
                assert not self.stack
                return
            undoing.undo(session, session.get_one(ThemeEdit, newest), by=session.get_one(Account, self.by.id))
        self.model = self.stack.pop()

    def check(self) -> None:
        with reading() as session:
            state, there = self.state(session), {t.id: t for t in self.themes(session)}
        assert {c: where[0] for c, where in state.items() if where[1] == "person"} == self.model.places
        assert {t: there[t].label for t in self.model.names} == self.model.names
        assert {t: there[t].merged_into for t in self.model.gone} == self.model.gone
        assert {
            (mark, t): getattr(there[t], "pinned" if mark == "pin" else "hidden") for mark, t in self.model.marks
        } == self.model.marks  # fmt: skip

    def state(self, session: DbSession) -> dict[int, tuple[int | None, str]]:
        query = select(col(Assignment.comment_id), col(Assignment.theme_id), col(Assignment.placed_by))
        return {c: (t, by) for c, t, by in session.execute(query.where(col(Assignment.poll_id) == self.poll.id))}

    def themes(self, session: DbSession) -> list[Theme]:
        return list(session.scalars(select(Theme).where(col(Theme.poll_id) == self.poll.id).order_by(col(Theme.id))))

    def partition(self, poll_id: int) -> set[frozenset[str]]:
        """Which texts are together, after a full reading."""
        themes.refresh(poll_id, full=True)
        with reading() as session:
            rows = session.execute(
                select(col(Assignment.theme_id), col(Comment.text))
                .join(Comment, col(Comment.id) == col(Assignment.comment_id))
                .where(col(Assignment.poll_id) == poll_id)
            ).all()
        return {frozenset(text for its, text in rows if its == theme) for theme, _text in rows}


def survives(world, seed: int, steps: int) -> None:
    history = History(world, seed)
    for _ in range(steps):
        history.step()
    while history.stack:
        history.undo()
        history.check()
    untouched = world.open_poll(TEXT, title=f"Untouched {seed}")
    say(untouched.id, history.texts)
    assert history.partition(history.poll.id) == history.partition(untouched.id)


@pytest.mark.parametrize("seed", range(5))
def test_edits_survive_a_history_and_can_be_taken_back(world, seed):
    survives(world, seed, steps=6)


@pytest.mark.long
def test_a_hundred_histories_of_edits_survive(world):
    for seed in range(100, 200):
        survives(world, seed, steps=20)
