"""Edits of themes: what each does, that runs keep it, and that it can be taken back."""

import threading
from collections.abc import Callable, Collection

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from feedback.answer import actions
from feedback.models import Assignment, Comment, Response, Theme, ThemeEdit, ThemeMove
from feedback.themes import answers_of, edits, moving, undoing
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from feedback.themes.answers_of import Wanted
from feedback.themes.changes import edits_of
from feedback.themes.edits import ThemeMergedAway
from feedback.themes.undoing import LaterEditStands
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import BadInput
from insights.measure import queries as insight_queries
from insights.measure.spoken import themes_in
from polls.frozen import frozen_poll
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.said import ALL, WIFI, placed, say, theme_of

pytestmark = pytest.mark.both(long=True)
TEXT = [Draft("long_text", "What should change?")]
MORE = [
    "The heating is cold again",
    "Cold, cold, cold in the reading room",
    "Repair that heating",
    "Open on Sunday evening",
]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def scene(world) -> "Scene":
    return Scene(world)


class Scene:
    """A poll with sixty comments that were read, and Ravi who changes its themes."""

    def __init__(self, world) -> None:
        self.world, self.poll = world, world.open_poll(TEXT, title="The library")
        self.comments = say(self.poll.id, ALL)
        themes.refresh(self.poll.id)
        with reading() as session:
            self.hours, self.staff, self.cold = (theme_of(session, self.comments[i]).id or 0 for i in range(3))
            self.stood = self.state(session)

    def state(self, session: DbSession) -> dict[int, tuple[int | None, str]]:
        rows = session.execute(select(col(Assignment.comment_id), col(Assignment.theme_id), col(Assignment.placed_by)))
        return {comment: (theme, by) for comment, theme, by in rows}

    def in_(self, theme: int) -> list[int]:
        with reading() as session:
            return sorted(c for c, (t, _by) in self.state(session).items() if t == theme)

    def change(self, verb: Callable, theme: int, *given, **more) -> ThemeEdit | None:
        with writing() as session:
            given = [session.get_one(Theme, g.id) if isinstance(g, At) else g for g in given]
            return verb(session, session.get_one(Theme, theme), *given, by=self.world.people["ravi"], **more)

    def undo(self, edit: ThemeEdit | None) -> None:
        assert edit is not None
        with writing() as session:
            undoing.undo(session, session.get_one(ThemeEdit, edit.id), by=self.world.people["maya"])

    def read_more(self, *, full: bool = False) -> None:
        say(self.poll.id, MORE, later=5)
        themes.refresh(self.poll.id, full=full)


class At(int):
    """A theme's id, given where a verb takes the theme."""

    @property
    def id(self) -> int:
        return int(self)


def together(session: DbSession, poll_id: int, comments: Collection[int]) -> bool:
    found = placed(session, poll_id)
    return len({found[c] for c in comments}) == 1


@pytest.mark.parametrize("full", [False, True])
def test_what_was_merged_stays_together_and_the_old_address_leads_on(scene, session, full):
    both = scene.in_(scene.cold) + scene.in_(scene.staff)
    scene.change(moving.merge, scene.cold, At(scene.staff))
    scene.read_more(full=full)
    gone = session.get_one(Theme, scene.cold)
    assert together(session, scene.poll.id, both)
    assert theme_of(session, both[0]).id == scene.staff == gone.merged_into
    assert {q.comment_id for q in row_of(session, scene, scene.staff).quotes} <= set(scene.in_(scene.staff))


def row_of(session: DbSession, scene: Scene, theme: int) -> theme_queries.ThemeRow:
    return next(r for r in theme_queries.themes_of(session, scene.poll.id, hidden=True) if r.id == theme)


def test_a_coarse_theme_is_merged_whole(scene, session):
    with reading() as before:
        coarse = before.get_one(Theme, scene.cold).parent_id or 0
        below = [t.id for t in before.scalars(select(Theme).where(col(Theme.parent_id) == coarse))]
    members = [c for t in below for c in scene.in_(t)]
    scene.change(moving.merge, coarse, At(scene.staff))
    assert theme_of(session, members[0]).id == scene.staff
    assert together(session, scene.poll.id, members)
    assert {session.get_one(Theme, t).merged_into for t in [coarse, *below]} == {scene.staff}


@pytest.mark.parametrize("full", [False, True])
def test_what_was_split_off_stays_apart_from_the_rest(scene, session, full):
    members = scene.in_(scene.cold)
    made = scene.change(moving.split, scene.cold, members[:4], "Frozen fingers")
    scene.read_more(full=full)
    new = session.get_one(Theme, made.details["new"])
    assert (new.label, new.named_by) == ("Frozen fingers", "person")
    assert {c for c, t in placed(session, scene.poll.id).items() if t == new.id} >= set(members[:4])
    assert new.id not in {placed(session, scene.poll.id)[c] for c in members[4:]}


@pytest.mark.parametrize("full", [False, True])
def test_moved_comments_stay_where_they_were_put(scene, session, full):
    members = scene.in_(scene.cold)
    scene.change(moving.move, scene.cold, members[:2], At(scene.staff))
    scene.change(moving.move, scene.cold, members[2:3], None)
    scene.read_more(full=full)
    after = placed(session, scene.poll.id)
    assert [after[c] for c in members[:3]] == [scene.staff, scene.staff, None]


@pytest.mark.parametrize("mark", ["pin", "hide"])
def test_a_full_reading_moves_nothing_out_of_a_theme_that_is_pinned_or_hidden(scene, session, monkeypatch, mark):
    members = scene.in_(scene.cold)
    with reading() as before:
        stood = before.get_one(Theme, scene.cold)
    scene.change(getattr(edits, mark), scene.cold, on=True)
    everything_new(monkeypatch)
    scene.read_more(full=True)
    assert set(members) <= {c for c, t in placed(session, scene.poll.id).items() if t == scene.cold}
    assert session.get_one(Theme, scene.cold).parent_id == stood.parent_id


def everything_new(monkeypatch) -> None:
    """From now on, a full reading finds themes that share nothing with those that stand."""
    cluster = themes.identities.cluster

    def other(answers):
        found = cluster(answers)
        theme = found.theme.copy()
        theme[:] = [i % len(found.parent) for i in range(len(theme))]
        return type(found)(**{**vars(found), "theme": theme})

    monkeypatch.setattr(themes.identities, "cluster", other)


def test_edits_hold_even_when_a_full_reading_finds_wholly_other_themes(scene, session, monkeypatch):
    cold, staff = scene.in_(scene.cold), scene.in_(scene.staff)
    scene.change(moving.merge, scene.cold, At(scene.staff))
    made = scene.change(moving.split, scene.staff, staff[:3], "Kind words")
    scene.change(edits.rename, scene.hours, "When we are open")
    everything_new(monkeypatch)
    themes.refresh(scene.poll.id, full=True)
    after = placed(session, scene.poll.id)
    assert {after[c] for c in cold + staff[3:]} == {scene.staff}
    assert {after[c] for c in staff[:3]} == {made.details["new"]}
    assert session.get_one(Theme, scene.hours).label == "When we are open"


def test_edits_are_taken_back_one_by_one_the_newest_first(scene, session):
    members, told = scene.in_(scene.cold), []
    told.append(scene.change(edits.rename, scene.cold, "Cold rooms"))
    told.append(scene.change(moving.split, scene.cold, members[:4], "Frozen fingers"))
    told.append(scene.change(moving.merge, scene.cold, At(scene.staff)))
    told.append(scene.change(moving.move, scene.staff, members[5:7], None))
    told.append(scene.change(edits.hide, scene.staff, on=True))
    told.append(scene.change(edits.pin, scene.hours, on=True))
    with pytest.raises(LaterEditStands):
        scene.undo(told[0])
    for edit in reversed(told):
        scene.undo(edit)
        scene.undo(edit)
    assert scene.state(session) == scene.stood
    assert not [t for t in session.scalars(select(Theme)) if t.hidden or t.pinned or t.named_by == "person"]
    assert session.get_one(Theme, scene.cold).merged_into is None
    assert all(edit.undone_at for edit in session.scalars(select(ThemeEdit)))


def test_taking_a_split_back_brings_along_what_joined_since(scene, session):
    members = scene.in_(scene.cold)
    made = scene.change(moving.split, scene.cold, members[:4], "Frozen fingers")
    new = made.details["new"]
    joined = say(scene.poll.id, ["It is freezing cold, my fingers"], later=5)
    themes.refresh(scene.poll.id)
    with writing() as joining:
        joining.execute(update(Assignment).where(col(Assignment.comment_id) == joined[0]).values(theme_id=new))
        actions.publish_action(joining, joining.get_one(Theme, new), "Gloves", "For all.", "done", by=None)
    scene.undo(made)
    themes.refresh(scene.poll.id, full=True)
    assert theme_of(session, joined[0]).id != new
    assert session.get_one(Theme, new).merged_into == scene.cold
    assert theme_queries.gathered(session, scene.poll.id, {scene.cold}) == {scene.cold, new}


def test_undo_after_a_full_reading_gives_the_comments_back(scene, session):
    members = scene.in_(scene.cold)
    edit = scene.change(moving.merge, scene.cold, At(scene.staff))
    themes.refresh(scene.poll.id, full=True)
    scene.undo(edit)
    assert {placed(session, scene.poll.id)[c] for c in members} == {scene.cold}
    assert {by for _theme, by in scene.state(session).values()} == {"machine"}


def test_a_theme_that_an_edit_emptied_waits_for_its_undo(scene, session):
    members = scene.in_(scene.cold)
    edit = scene.change(moving.move, scene.cold, members, At(scene.staff))
    themes.refresh(scene.poll.id, full=True)
    assert scene.cold not in {t.id for t in theme_queries.themes_of(session, scene.poll.id)}
    scene.undo(edit)
    assert scene.in_(scene.cold) == members
    session.rollback()
    assert row_of(session, scene, scene.cold).count == len(members)


@pytest.mark.parametrize("verb", ["rename", "merge", "into", "move", "split", "pin"])
def test_whoever_edits_a_theme_merged_away_is_told_where_it_went(scene, session, verb):
    scene.change(moving.merge, scene.cold, At(scene.staff))
    scene.change(moving.merge, scene.staff, At(scene.hours))
    gone, members = scene.cold, scene.in_(scene.hours)
    asked = {
        "rename": lambda: scene.change(edits.rename, gone, "Cold"),
        "merge": lambda: scene.change(moving.merge, gone, At(scene.hours)),
        "into": lambda: scene.change(moving.merge, scene.hours, At(gone)),
        "move": lambda: scene.change(moving.move, scene.hours, members[:1], At(gone)),
        "split": lambda: scene.change(moving.split, gone, members[:1], "Cold"),
        "pin": lambda: scene.change(edits.pin, gone, on=True),
    }
    with pytest.raises(ThemeMergedAway) as told:
        asked[verb]()
    assert session.get_one(Theme, scene.hours).label in told.value.message
    assert told.value.link == f"/m/garden/themes/{scene.hours}"
    assert len(session.scalars(select(ThemeEdit)).all()) == 2


def test_a_theme_is_not_merged_into_itself_nor_into_one_of_another_poll(scene, session):
    with pytest.raises(BadInput):
        scene.change(moving.merge, scene.cold, At(scene.cold))
    other = scene.world.open_poll(TEXT, title="Elsewhere")
    say(other.id, ALL)
    themes.refresh(other.id)
    foreign = session.scalars(select(Theme.id).where(col(Theme.poll_id) == other.id)).first()
    with pytest.raises(BadInput):
        scene.change(moving.merge, scene.cold, At(foreign))


@pytest.mark.parametrize("which", ["none", "all", "of another theme", "unknown"])
def test_a_split_that_cannot_be_changes_nothing(scene, session, which):
    mine = scene.in_(scene.cold)
    chosen = {
        "none": [], "all": mine, "of another theme": [mine[0], *scene.in_(scene.staff)[:1]], "unknown": [mine[0], 7],
    }[which]  # fmt: skip
    with pytest.raises(BadInput):
        scene.change(moving.split, scene.cold, chosen, "New")
    assert scene.state(session) == scene.stood
    assert not session.scalars(select(ThemeEdit)).all()


def test_the_same_edit_twice_is_one(scene, session):
    first = scene.in_(scene.cold)[:1]
    scene.change(moving.move, scene.cold, first, At(scene.cold))
    assert scene.change(moving.move, scene.cold, first, At(scene.cold)) is None
    assert scene.change(edits.pin, scene.cold, on=False) is None
    assert scene.change(edits.hide, scene.cold, on=False) is None
    assert len(session.scalars(select(ThemeEdit)).all()) == 1


def test_answers_follow_a_merge_to_the_receipts_and_back(scene, session, world):
    scene.world.vote(scene.poll, {"q1": "It is so cold, the heating is broken again"})
    themes.refresh(scene.poll.id)
    with writing() as acting:
        response = acting.scalars(
            select(col(Response.id)).join(Comment, col(Comment.response_id) == col(Response.id))
        ).one()
        spoken = theme_queries.themes_spoken_to(acting, response)
        home = acting.get_one(Theme, min(t for t in spoken if acting.get_one(Theme, t).parent_id))
        actions.publish_action(acting, home, "New boiler", "In May.", "done", by=None)
        other = scene.staff if home.id != scene.staff else scene.hours
    edit = scene.change(moving.merge, home.id, At(other))
    with reading() as after:
        assert [a.title for a in actions.actions_for_response(after, response)] == ["New boiler"]
        assert actions.we_did(after, scene.world.the_community(after).id)[0].action.theme_id == other
    scene.undo(edit)
    assert [a.title for a in actions.actions_for_response(session, response)] == ["New boiler"]


def test_a_hidden_theme_is_in_no_brief_and_not_told_in_public(scene, session):
    with writing() as acting:
        theme = acting.get_one(Theme, scene.cold)
        actions.publish_action(acting, theme, "New boiler", "In May.", "done", by=None)
        label, above = theme.label, theme.parent_id
    scene.change(edits.hide, scene.cold, on=True)
    themes.refresh(scene.poll.id, full=True)
    shown = theme_queries.themes_of(session, scene.poll.id)
    mine = set(scene.in_(scene.cold))
    did = actions.we_did(session, scene.world.the_community(session).id)[0]
    assert scene.cold not in {t.id for t in shown}
    assert not mine & {q.comment_id for t in shown for q in t.quotes}
    assert not mine & {
        said.comment
        for t in session.scalars(select(Theme).where(col(Theme.id) == above))
        for said in answers_of.found(session, scene.poll.id, Wanted(t))
    }
    assert (did.action.title, did.action.theme, did.said, did.quote) == ("New boiler", "", 0, "")
    assert label in {t.label for t in theme_queries.themes_of(session, scene.poll.id, hidden=True)}


@pytest.mark.parametrize("kind", ["merge", "split", "move", "pin", "hide", "rename", "undo"])
@pytest.mark.parametrize("full", [False, True])
def test_an_edit_that_lands_while_a_run_thinks_stands(scene, session, monkeypatch, kind, full):
    members, think = scene.in_(scene.cold), themes._think
    undone = scene.change(moving.merge, scene.cold, At(scene.staff)) if kind == "undo" else None
    everything_new(monkeypatch)
    do = {
        "merge": lambda: scene.change(moving.merge, scene.cold, At(scene.staff)),
        "split": lambda: scene.change(moving.split, scene.cold, members[:4], "Frozen"),
        "move": lambda: scene.change(moving.move, scene.cold, members[:4], None),
        "pin": lambda: scene.change(edits.pin, scene.cold, on=True),
        "hide": lambda: scene.change(edits.hide, scene.cold, on=True),
        "rename": lambda: scene.change(edits.rename, scene.cold, "Cold rooms"),
        "undo": lambda: scene.undo(undone),
    }[kind]  # fmt: skip
    seen = []

    def meanwhile(*given, **more):
        if not seen:
            do()
            with reading() as after:
                seen.append(scene.state(after))
        return think(*given, **more)

    say(scene.poll.id, MORE, later=5)
    monkeypatch.setattr(themes, "_think", meanwhile)
    themes.refresh(scene.poll.id, full=full)
    after = scene.state(session)
    placed_by_hand = {c: where for c, where in seen[0].items() if where[1] == "person"}
    assert {c: after[c] for c in placed_by_hand} == placed_by_hand
    if kind in ("pin", "hide"):
        assert {after[c][0] for c in members} == {scene.cold}
    if kind == "rename":
        assert session.get_one(Theme, scene.cold).label == "Cold rooms"
    if kind == "merge":
        assert scene.cold not in {theme for theme, _by in after.values()}
    for theme in session.scalars(select(Theme).where(col(Theme.parent_id).is_not(None))):
        assert {after[int(q)][0] for q in theme.quotes} <= {theme.id}


def test_a_run_that_dies_half_way_leaves_edits_and_themes_as_they_were(scene, session, monkeypatch):
    scene.change(moving.merge, scene.cold, At(scene.staff))
    with reading() as before:
        stood = scene.state(before)
    say(scene.poll.id, WIFI, later=5)

    def dies(*_given):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(themes, "_drop_empty", dies)
        with pytest.raises(SystemExit):
            themes.refresh(scene.poll.id, full=True)
    with reading() as half_way:
        assert scene.state(half_way) == stood
    themes.refresh(scene.poll.id, full=True)
    assert {scene.state(session)[c] for c, where in stood.items() if where[1] == "person"} == {(scene.staff, "person")}


def test_two_edits_at_once_are_done_one_after_the_other(scene, session):
    members, go, faults = scene.in_(scene.cold), threading.Barrier(2, timeout=20), []

    def both(verb, *given):
        go.wait()
        try:
            scene.change(verb, *given)
        except (BadInput, ThemeMergedAway) as refused:
            faults.append(refused)

    two = [
        threading.Thread(target=both, args=(moving.merge, scene.cold, At(scene.staff))),
        threading.Thread(target=both, args=(moving.split, scene.cold, members[:3], "Frozen")),
    ]
    for one in two:
        one.start()
    for one in two:
        one.join()
    made = session.scalars(select(ThemeEdit).order_by(col(ThemeEdit.id))).all()
    assert len(made) + len(faults) == 2
    after = placed(session, scene.poll.id)
    assert {after[c] for c in members[3:]} == {scene.staff}
    assert len({after[c] for c in members[:3]}) == 1
    for edit in reversed(made):
        scene.undo(edit)
    with reading() as again:
        assert scene.state(again) == scene.stood


def test_a_comment_that_is_withdrawn_takes_its_moves_along(scene, session):
    members = scene.in_(scene.cold)
    edit = scene.change(moving.move, scene.cold, members[:3], None)
    with writing() as leaving:
        leaving.execute(delete(Comment).where(col(Comment.id) == members[0]))
    scene.undo(edit)
    assert members[0] not in session.scalars(select(col(ThemeMove.comment_id))).all()
    assert {scene.state(session)[c] for c in members[1:3]} == {(scene.cold, "machine")}


def test_a_brief_leaves_hidden_themes_and_answers_to_them_out(scene, session):
    with writing() as acting:
        actions.publish_action(acting, acting.get_one(Theme, scene.cold), "New boiler", "In May.", "done", by=None)
    scene.change(edits.hide, scene.cold, on=True)
    poll, days = frozen_poll(session, scene.poll.slug), insight_queries._ALWAYS
    themes_told = {t.id for t in themes_in(session, poll, days, None, {})[1]}
    assert scene.cold not in themes_told
    assert scene.staff in themes_told
    assert insight_queries._actions(session, scene.world.the_community(session), days) == []


def test_the_list_says_what_was_done_in_words(scene, session):
    scene.change(edits.rename, scene.cold, "Cold rooms")
    scene.change(moving.merge, scene.cold, At(scene.staff))
    rows = edits_of(session, session.get_one(Poll, scene.poll.id), limit=5)
    assert rows[0].words.startswith("Merged “Cold rooms” into “")
    assert rows[1].words.endswith("to “Cold rooms”")
    assert [row.newest for row in rows] == [True, False]
